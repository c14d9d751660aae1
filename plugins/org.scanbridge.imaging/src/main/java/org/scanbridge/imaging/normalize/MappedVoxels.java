package org.scanbridge.imaging.normalize;

import java.util.Arrays;
import java.util.BitSet;
import java.util.function.DoubleUnaryOperator;

import org.scanbridge.imaging.parallel.Chunks;
import org.scanbridge.imaging.volume.Volume;

/** Maps the voxels of an image one by one. */
final class MappedVoxels {

    private MappedVoxels() {
    }

    /** The image with its foreground mapped, and its background mapped too or set to a constant. */
    static Volume map(final Volume image, final BitSet foreground, final Background background, final float constant,
        final DoubleUnaryOperator curve) {
        final float[] x = image.voxels();
        final float[] y = new float[x.length];
        if (background == Background.MAPPED) {
            Chunks.forEach(x.length, (c, from, to) -> map(x, y, from, to, curve));
        } else {
            Chunks.forEach(x.length, (c, from, to) -> map(x, y, from, to, foreground, constant, curve));
        }
        return image.withVoxels(y);
    }

    private static void map(final float[] x, final float[] y, final int from, final int to, final BitSet foreground,
        final float constant, final DoubleUnaryOperator curve) {
        int done = from;
        for (int v = foreground.nextSetBit(from); v >= 0 && v < to;) {
            final int end = Math.min(to, foreground.nextClearBit(v));
            Arrays.fill(y, done, v, constant);
            map(x, y, v, end, curve);
            done = end;
            v = foreground.nextSetBit(end);
        }
        Arrays.fill(y, done, to, constant);
    }

    private static void map(final float[] x, final float[] y, final int from, final int to,
        final DoubleUnaryOperator curve) {
        for (int v = from; v < to; v++) {
            y[v] = (float)curve.applyAsDouble(x[v]);
        }
    }
}

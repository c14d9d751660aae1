package org.scanbridge.imaging.normalize;

import java.util.Arrays;
import java.util.BitSet;
import java.util.function.DoubleUnaryOperator;

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
            map(x, y, 0, x.length, curve);
            return image.withVoxels(y);
        }
        int done = 0;
        for (int v = foreground.nextSetBit(0); v >= 0;) {
            final int end = foreground.nextClearBit(v);
            Arrays.fill(y, done, v, constant);
            map(x, y, v, end, curve);
            done = end;
            v = foreground.nextSetBit(end);
        }
        Arrays.fill(y, done, y.length, constant);
        return image.withVoxels(y);
    }

    private static void map(final float[] x, final float[] y, final int from, final int to,
        final DoubleUnaryOperator curve) {
        for (int v = from; v < to; v++) {
            y[v] = (float)curve.applyAsDouble(x[v]);
        }
    }
}

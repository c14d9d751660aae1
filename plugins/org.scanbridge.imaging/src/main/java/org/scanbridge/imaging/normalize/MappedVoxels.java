package org.scanbridge.imaging.normalize;

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
        for (int v = 0; v < x.length; v++) {
            y[v] = background == Background.MAPPED || foreground.get(v) ? (float)curve.applyAsDouble(x[v]) : constant;
        }
        return image.withVoxels(y);
    }
}

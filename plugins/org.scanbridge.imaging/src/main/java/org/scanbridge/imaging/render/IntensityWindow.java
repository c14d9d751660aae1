package org.scanbridge.imaging.render;

import java.util.Arrays;

import org.scanbridge.imaging.normalize.ForegroundChoice;
import org.scanbridge.imaging.normalize.ScanPadding;
import org.scanbridge.imaging.stats.Percentiles;
import org.scanbridge.imaging.volume.Volume;

/**
 * Which intensities become black and white.
 *
 * @param black this and everything below is black
 * @param white this and everything above is white, above {@code black}
 */
public record IntensityWindow(double black, double white) {

    private static final int MAX_VALUES = 1 << 17;

    /** @throws IllegalArgumentException if the window is empty or not finite */
    public IntensityWindow {
        if (!(black < white) || !Double.isFinite(black) || !Double.isFinite(white)) {
            throw new IllegalArgumentException("window [" + black + ", " + white + "] must be finite and increasing");
        }
    }

    /**
     * The window between two percentiles of a volume's finite voxels (of every m-th voxel in large volumes), in CT without what lies
     * around the scan ({@link ScanPadding}), which would leave the tissues in the upper half of the grays.
     *
     * @param lower percentile that becomes black, in [0, 100]
     * @param upper percentile that becomes white, in [lower, 100]
     * @return the window; around the common value if both percentiles are equal, [0, 1] without finite voxels
     */
    public static IntensityWindow percentiles(final Volume volume, final double lower, final double upper) {
        final float[] x = volume.voxels();
        final int step = (x.length - 1) / MAX_VALUES + 1;
        final float[] values = new float[(x.length - 1) / step + 1];
        final float padding =
            ScanPadding.of(volume).filter(p -> ForegroundChoice.isCt(volume)).map(ScanPadding::value).orElse(Float.NaN);
        int n = 0;
        for (int v = 0; v < x.length; v += step) {
            if (Float.isFinite(x[v]) && x[v] != padding) {
                values[n++] = x[v];
            }
        }
        if (n == 0) {
            return new IntensityWindow(0, 1);
        }
        final double[] q = Percentiles.of(Arrays.copyOf(values, n), lower, upper);
        final double half = Math.max(0.5, Math.ulp((float)q[0]));
        return q[0] < q[1] ? new IntensityWindow(q[0], q[1]) : new IntensityWindow(q[0] - half, q[0] + half);
    }

    /** Gray level in [0, 255]; NaN is black. */
    public int gray(final double value) {
        return Double.isNaN(value) ? 0
            : (int)Math.rint(255 * Math.max(0, Math.min(1, (value - black) / (white - black))));
    }
}

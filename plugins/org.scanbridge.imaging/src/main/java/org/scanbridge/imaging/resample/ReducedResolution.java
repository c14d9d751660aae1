package org.scanbridge.imaging.resample;

import java.util.Arrays;

import org.scanbridge.imaging.filter.Lines;

import net.imglib2.parallel.TaskExecutor;

/**
 * What is left of an image that was scanned at lower resolution: resampled along each axis to a coarser grid, smoothed
 * as by {@link Resampler} before, and linearly back, without an array for the coarse image. The coarse voxels lie
 * in the middle of the field of view, as where {@link Anchor#EXTENT} keeps it, so that a mirrored image gives the mirrored
 * result; beyond the outermost ones their values are held.
 */
public final class ReducedResolution {

    private final double[] m_zoom;

    /**
     * @param zoom share of the resolution that is left along i, j, k, each in (0, 1]; 1 leaves an axis alone
     * @throws IllegalArgumentException if one is out of range
     */
    public ReducedResolution(final double... zoom) {
        if (zoom.length != 3 || Arrays.stream(zoom).anyMatch(z -> !(z > 0 && z <= 1))) {
            throw new IllegalArgumentException(
                "reduced resolution needs 3 shares in (0, 1], not " + Arrays.toString(zoom));
        }
        m_zoom = zoom.clone();
    }

    /**
     * @param voxels values, i fastest
     * @param target where to; may be {@code voxels} itself
     * @param size numbers of voxels along i, j, k
     * @param workers what lines are shared out to
     */
    public void apply(final float[] voxels, final float[] target, final int[] size, final TaskExecutor workers) {
        float[] source = voxels;
        for (int a = 0; a < 3; a++) {
            if (m_zoom[a] < 1 && size[a] > 1) {
                final int n = size[a];
                final double step = 1 / m_zoom[a];
                final int coarse = (int)Math.max(1, Math.rint(n * m_zoom[a]));
                final double first = ((n - 1) - (coarse - 1) * step) / 2;
                final AxisResampling down = new AxisResampling(n, coarse, first, step, Resampler.sigma(step),
                    Interpolation.LINEAR);
                final AxisResampling up = new AxisResampling(coarse, n, -first * m_zoom[a], m_zoom[a], 0, Interpolation.LINEAR);
                Lines.map(source, target, size, a, n, workers, () -> {
                    final Lines.Operation lower = down.operation();
                    final Lines.Operation back = up.operation();
                    return (from, to, lanes) -> {
                        final double[] between = new double[coarse * lanes];
                        lower.apply(from, between, lanes);
                        back.apply(between, to, lanes);
                    };
                });
                source = target;
            }
        }
        if (source != target) {
            System.arraycopy(voxels, 0, target, 0, voxels.length);
        }
    }
}

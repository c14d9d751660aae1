package org.scanbridge.learning.anomaly;

import org.scanbridge.imaging.filter.GaussianBlur;
import org.scanbridge.imaging.filter.MedianFilter;
import org.scanbridge.imaging.parallel.Chunks;
import org.scanbridge.imaging.volume.Geometry;
import org.scanbridge.learning.LearningException;
import org.scanbridge.learning.anomaly.ResidualOptions.Smoothing;

/**
 * How unusual each voxel is: the difference of image and reconstruction, as {@link ResidualOptions} says, 0 outside. A
 * difference outside counts as 0 for its neighbors, so that nothing leaks in. Whatever gives the expected image, an
 * auto-encoder or a blur, is measured in the same way.
 */
public final class ResidualMap {

    private final ResidualOptions m_options;

    /** @param options what to do to the difference */
    public ResidualMap(final ResidualOptions options) {
        m_options = options;
    }

    /**
     * Refuses what cannot be smoothed, before anything is computed.
     *
     * @param geometry the grid
     * @param name what to call the image in messages, such as {@code subject 7}
     * @throws LearningException if the box of the median has too many voxels
     */
    void requireFitting(final Geometry geometry, final String name) {
        if (m_options.smoothing() != Smoothing.MEDIAN || m_options.radius() == 0) {
            return;
        }
        final int[] radius = radius(geometry);
        long box = 1;
        for (final int r : radius) {
            // the radius is at most 50 mm, but a voxel may be as small as it likes
            box = Math.min(box * (2L * r + 1), Integer.MAX_VALUE);
        }
        if (box > MedianFilter.LARGEST_BOX) {
            throw new LearningException("The median of \"Smoothing radius (mm)\" " + m_options.radius() + " has a box of "
                + edge(radius[0]) + "×" + edge(radius[1]) + "×" + edge(radius[2]) + " voxels in the image of " + name
                + ", more than the " + MedianFilter.LARGEST_BOX + " voxels that it may have. Learn with a smaller"
                + " \"Smoothing radius (mm)\", or with \"Smoothing\" Gaussian.");
        }
    }

    private static long edge(final int radius) {
        return 2L * radius + 1;
    }

    /**
     * @param image x, i fastest
     * @param expected x̂
     * @param inside where the map is not 0
     * @param geometry the grid
     * @return the map, at least 0, in the unit of the image
     */
    public float[] of(final float[] image, final float[] expected, final boolean[] inside, final Geometry geometry) {
        final float[] residual = new float[image.length];
        for (int v = 0; v < residual.length; v++) {
            residual[v] = inside[v] ? sided(image[v] - expected[v]) : 0;
        }
        if (m_options.smoothing() == Smoothing.NONE || m_options.radius() == 0) {
            return residual;
        }
        if (m_options.smoothing() == Smoothing.MEDIAN) {
            return new MedianFilter(radius(geometry)).apply(residual, geometry.size(), inside);
        }
        final double r = m_options.radius();
        final GaussianBlur blur =
            new GaussianBlur(r / geometry.spacing(0), r / geometry.spacing(1), flat(geometry) ? 0 : r / geometry.spacing(2));
        Chunks.withWorkers(residual.length, workers -> blur.smooth(residual, residual, geometry.size(), workers));
        for (int v = 0; v < residual.length; v++) {
            residual[v] = inside[v] ? residual[v] : 0;
        }
        return residual;
    }

    private float sided(final float difference) {
        return switch (m_options.side()) {
            case BOTH -> Math.abs(difference);
            case BRIGHTER -> Math.max(difference, 0);
            case DARKER -> Math.max(-difference, 0);
        };
    }

    private static boolean flat(final Geometry geometry) {
        return geometry.size(2) == 1;
    }

    private int[] radius(final Geometry geometry) {
        final int[] radius = new int[3];
        for (int a = 0; a < 3; a++) {
            radius[a] = a == 2 && flat(geometry) ? 0
                : (int)Math.max(1, Math.round(m_options.radius() / geometry.spacing(a)));
        }
        return radius;
    }
}

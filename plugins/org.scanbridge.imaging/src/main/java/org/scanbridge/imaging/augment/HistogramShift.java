package org.scanbridge.imaging.augment;

import java.util.List;
import java.util.Map;

import org.scanbridge.imaging.random.SeededRandom;

/**
 * Bends the intensity scale at random places, as MONAI's {@code RandHistogramShift}: of control points spread evenly
 * over the foreground's range, each inner one moves to a random place between its neighbors, and intensities follow
 * linearly in between. The curve never falls, so bright stays brighter than dark. A constant foreground stays.
 *
 * @param points number of control points, both ends included, in [3, 100]
 */
public record HistogramShift(int points) implements Augmentation {

    /** 10 control points, as MONAI. */
    public static final HistogramShift DEFAULT = new HistogramShift(10);

    private static final String SHIFT = "histogram shift (largest, share of range)";

    private static final int MAX_POINTS = 100;

    /** @throws IllegalArgumentException if there are too few or too many control points */
    public HistogramShift {
        if (points < 3 || points > MAX_POINTS) {
            throw new IllegalArgumentException(
                "a histogram shift needs 3 to " + MAX_POINTS + " control points, not " + points);
        }
    }

    @Override
    public List<String> parameterNames() {
        return List.of(SHIFT);
    }

    @Override
    public Transformation draw(final SeededRandom random) {
        final double[] even = new double[points];
        for (int p = 0; p < points; p++) {
            even[p] = (double)p / (points - 1);
        }
        final double[] moved = even.clone();
        double largest = 0;
        // In turn, as MONAI does: a point moves between its neighbor's new and its other neighbor's old place.
        for (int p = 1; p < points - 1; p++) {
            moved[p] = random.uniform(moved[p - 1], moved[p + 1]);
            largest = Math.max(largest, Math.abs(moved[p] - even[p]));
        }
        return IntensityChange.of(Map.of(SHIFT, largest), (image, target) -> {
            final float[] x = image.voxels();
            final ForegroundIntensities fg = new ForegroundIntensities(image);
            final double range = fg.max() - fg.min();
            fg.map(target, v -> range > 0 ? fg.min() + range * at(moved, (x[v] - fg.min()) / range) : x[v]);
        });
    }

    /** The curve at a place in [0, 1]. */
    private static double at(final double[] moved, final double x) {
        final int last = moved.length - 1;
        final int p = Math.min(last - 1, (int)(x * last));
        return moved[p] + (x * last - p) * (moved[p + 1] - moved[p]);
    }
}

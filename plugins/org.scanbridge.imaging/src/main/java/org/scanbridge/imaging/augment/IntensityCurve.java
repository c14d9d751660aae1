package org.scanbridge.imaging.augment;

import java.util.List;
import java.util.Map;

import org.scanbridge.imaging.random.SeededRandom;

/**
 * Maps the foreground's intensities, brought to [0, 1] by their minimum and maximum, through a random smooth curve: a cubic
 * Bézier curve B(t) = Σ C(3, n) tⁿ (1 - t)³⁻ⁿ Pₙ (Zhou et al.: Models Genesis, Medical Image Analysis 67, 2021). With inner
 * points drawn from the unit square and the ends (0, 0) and (1, 1) it never falls, so bright stays brighter than dark; with
 * the ends (0, 1) and (1, 0) it never rises, which turns the contrast around. A curve that may do both has ends of random
 * height and is stretched to reach from 0 to 1, so that tissues may change their order or become alike. The foreground keeps
 * its range; a constant one stays.
 *
 * @param falling share of curves that turn the contrast around, in [0, 1]
 * @param winding share of curves that may rise and fall; together with {@code falling} at most 1
 */
public record IntensityCurve(double falling, double winding) implements Augmentation {

    /** Half of the curves rise, as in the paper; a quarter fall, a quarter may do both. */
    public static final IntensityCurve DEFAULT = new IntensityCurve(0.25, 0.25);

    private static final String KIND = "intensity curve (0 rises, 1 falls, 2 both)";

    private static final String SHIFT = "intensity curve (largest shift, share of range)";

    /** Places of the curve's parameter, and of the table of its heights. */
    private static final int PLACES = 2048;

    /** @throws IllegalArgumentException if a share is none, or both together are above 1 */
    public IntensityCurve {
        if (!(falling >= 0 && winding >= 0 && falling + winding <= 1)) {
            throw new IllegalArgumentException("shares of falling and of winding intensity curves, " + falling + " and "
                + winding + ", must not be negative and together be at most 1");
        }
    }

    @Override
    public List<String> parameterNames() {
        return List.of(KIND, SHIFT);
    }

    @Override
    public Transformation draw(final SeededRandom random) {
        final double which = random.nextDouble();
        final int kind = which < falling ? 1 : which < falling + winding ? 2 : 0;
        final double[] x = {0, random.nextDouble(), random.nextDouble(), 1};
        final double[] y = {kind == 1 ? 1 : 0, random.nextDouble(), random.nextDouble(), kind == 1 ? 0 : 1};
        if (kind == 2) {
            y[0] = random.nextDouble();
            y[3] = random.nextDouble();
        }
        final double[] heights = heights(x, y);
        if (kind == 2) {
            stretch(heights);
        }
        double largest = 0;
        for (int p = 0; p <= PLACES; p++) {
            largest = Math.max(largest, Math.abs(heights[p] - (double)p / PLACES));
        }
        return IntensityChange.of(Map.of(KIND, (double)kind, SHIFT, largest), (image, target) -> {
            final float[] voxels = image.voxels();
            final ForegroundIntensities fg = new ForegroundIntensities(image);
            final double low = fg.min();
            final double range = fg.max() - low;
            fg.map(target, v -> range > 0 ? low + range * at(heights, (voxels[v] - low) / range) : voxels[v]);
        });
    }

    /**
     * Heights of a cubic Bézier curve over evenly spread abscissas from 0 to 1, linear between {@value #PLACES} places of
     * its parameter.
     *
     * @param x abscissas of its four points, from 0 to 1, which makes them grow along the curve
     * @param y heights of its points
     */
    static double[] heights(final double[] x, final double[] y) {
        final double[] heights = new double[PLACES + 1];
        double px = x[0];
        double py = y[0];
        int p = 0;
        for (int n = 1; n <= PLACES; n++) {
            final double t = (double)n / PLACES;
            final double nx = n == PLACES ? 1 : bezier(x, t);
            final double ny = bezier(y, t);
            for (; p <= PLACES && (double)p / PLACES <= nx; p++) {
                heights[p] = nx > px ? py + (ny - py) * ((double)p / PLACES - px) / (nx - px) : ny;
            }
            px = nx;
            py = ny;
        }
        return heights;
    }

    private static double bezier(final double[] c, final double t) {
        final double u = 1 - t;
        return u * u * u * c[0] + 3 * t * u * u * c[1] + 3 * t * t * u * c[2] + t * t * t * c[3];
    }

    private static void stretch(final double[] heights) {
        double min = Double.POSITIVE_INFINITY;
        double max = Double.NEGATIVE_INFINITY;
        for (final double h : heights) {
            min = Math.min(min, h);
            max = Math.max(max, h);
        }
        for (int p = 0; p < heights.length && max > min; p++) {
            heights[p] = (heights[p] - min) / (max - min);
        }
    }

    /** The height at an abscissa in [0, 1]. */
    static double at(final double[] heights, final double x) {
        final double place = x * PLACES;
        final int p = Math.min(PLACES - 1, (int)place);
        return heights[p] + (place - p) * (heights[p + 1] - heights[p]);
    }
}

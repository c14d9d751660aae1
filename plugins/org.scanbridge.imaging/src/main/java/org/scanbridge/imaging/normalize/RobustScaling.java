package org.scanbridge.imaging.normalize;

import org.scanbridge.imaging.stats.Percentiles;

/**
 * (x - median)/(Q₃ - Q₁): the z-score's relative that outliers cannot bend, as scikit-learn's {@code RobustScaler}.
 * Pooled over several images like {@link PercentileScaling}. A foreground with Q₁ = Q₃ becomes 0; so does the
 * background, by default.
 * <p>
 * Of 1, 2, 3, 4, 100: median 3, quartiles 2 and 4, result -1, -0.5, 0, 0.5, 48.5.
 */
public record RobustScaling() implements IntensityMethod {

    private static final double[] QUARTILES = {25, 50, 75};

    @Override
    public IntensityStatistics statistics() {
        return new PooledValues(PercentileScaling.MAX_VALUES_PER_IMAGE, values -> {
            final double[] q = Percentiles.of(values, QUARTILES);
            return new IntensityMap(Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY, q[1],
                q[2] > q[0] ? 1 / (q[2] - q[0]) : 0, 0);
        });
    }

    @Override
    public float backgroundValue() {
        return 0;
    }
}

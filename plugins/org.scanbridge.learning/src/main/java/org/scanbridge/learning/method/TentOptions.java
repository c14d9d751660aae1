package org.scanbridge.learning.method;

import java.util.Map;
import java.util.TreeMap;

/**
 * Options of {@link TestEntropyMinimization}.
 *
 * @param steps optimizer steps; at least 1
 * @param batch target patches per step; at least 1
 * @param learningRate of Adam, in (0, 1]
 * @param statisticsPatches patches for the final statistics of batch normalization; at least 1
 */
public record TentOptions(int steps, int batch, double learningRate, int statisticsPatches) {

    /** @throws IllegalArgumentException if a component is outside the range given above */
    public TentOptions {
        if (steps < 1 || batch < 1 || statisticsPatches < 1) {
            throw new IllegalArgumentException("Tent with " + steps + " steps of " + batch + " patches and "
                + statisticsPatches + " patches for the statistics: all at least 1.");
        }
        if (!(learningRate > 0 && learningRate <= 1)) {
            throw new IllegalArgumentException("Learning rate of Tent " + learningRate + ": above 0, at most 1.");
        }
    }

    /** Adam at 1e-3 as in the paper, 50 steps of 4 patches. */
    public static TentOptions defaults() {
        return new TentOptions(50, 4, 1e-3, AdaptiveBatchNorm.DEFAULT_PATCHES);
    }

    /** The same with another number of steps. */
    public TentOptions withSteps(final int value) {
        return new TentOptions(value, batch, learningRate, statisticsPatches);
    }

    /** The same with another learning rate. */
    public TentOptions withLearningRate(final double value) {
        return new TentOptions(steps, batch, value, statisticsPatches);
    }

    /** All options by name, for the provenance. */
    public Map<String, String> asMap() {
        return new TreeMap<>(Map.of("steps", "" + steps, "batch", "" + batch, "learningRate", "" + learningRate,
            "statisticsPatches", "" + statisticsPatches));
    }
}

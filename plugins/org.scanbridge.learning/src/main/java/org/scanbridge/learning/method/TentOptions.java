package org.scanbridge.learning.method;

import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

import org.scanbridge.tensorflow.DeviceChoice;

/**
 * Options of {@link TestEntropyMinimization}.
 *
 * @param steps optimizer steps; at least 1
 * @param batch target patches per step; at least 1
 * @param learningRate of Adam, in (0, 1]
 * @param statisticsPatches patches for the final statistics of batch normalization; at least 1
 * @param device where to train
 */
public record TentOptions(int steps, int batch, double learningRate, int statisticsPatches,
    DeviceChoice device) {

    /** @throws IllegalArgumentException if a component is outside the range given above */
    public TentOptions {
        Objects.requireNonNull(device, "device");
        if (steps < 1 || batch < 1 || statisticsPatches < 1) {
            throw new IllegalArgumentException("Tent with " + steps + " steps of " + batch + " patches and "
                + statisticsPatches + " patches for the statistics: all at least 1.");
        }
        if (!(learningRate > 0 && learningRate <= 1)) {
            throw new IllegalArgumentException("Learning rate of Tent " + learningRate + ": above 0, at most 1.");
        }
    }

    /** On the device that TensorFlow chooses. */
    public TentOptions(final int steps, final int batch, final double learningRate, final int statisticsPatches) {
        this(steps, batch, learningRate, statisticsPatches, DeviceChoice.AUTO);
    }

    /** Adam at 1e-3 as in the paper, 50 steps of 4 patches. */
    public static TentOptions defaults() {
        return new TentOptions(50, 4, 1e-3, AdaptiveBatchNorm.DEFAULT_PATCHES);
    }

    /** The same with another number of steps. */
    public TentOptions withSteps(final int value) {
        return new TentOptions(value, batch, learningRate, statisticsPatches, device);
    }

    /** The same with another learning rate. */
    public TentOptions withLearningRate(final double value) {
        return new TentOptions(steps, batch, value, statisticsPatches, device);
    }

    /** The same on another device. */
    public TentOptions withDevice(final DeviceChoice value) {
        return new TentOptions(steps, batch, learningRate, statisticsPatches, value);
    }

    /** All options by name, for the provenance. */
    public Map<String, String> asMap() {
        return new TreeMap<>(Map.of("steps", "" + steps, "batch", "" + batch, "learningRate", "" + learningRate,
            "statisticsPatches", "" + statisticsPatches, "device", device.toString()));
    }
}

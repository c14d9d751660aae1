package org.scanbridge.learning.anomaly;

import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

import org.scanbridge.learning.architecture.AutoEncoderSpec;
import org.scanbridge.learning.architecture.AutoEncoderSpec.Code;
import org.scanbridge.learning.architecture.PatchSize;
import org.scanbridge.learning.graph.AutoEncoderGraphSpec.Distance;
import org.scanbridge.learning.graph.OptimizerSpec;
import org.scanbridge.learning.train.Schedule;
import org.scanbridge.tensorflow.DeviceChoice;

/**
 * Options of {@link AnomalyTraining}. Start from {@link #defaults()} and change what is needed.
 *
 * @param network what to train
 * @param steps at least 1
 * @param batch patches per step; at least 1
 * @param learningRate at the start; above 0, at most 1; falls as half a cosine to 0
 * @param distance of image and reconstruction
 * @param beta weight of the divergence, for a variational auto-encoder; 0 to 1000; 1 for the evidence lower bound
 * @param mirror whether half of the patches are mirrored along i
 * @param heldOut share of the subjects whose images are not learned from, but tell what is normal; above 0, at most 0.9; not
 *            looked at if there are validation cases
 * @param residual what becomes of the difference of image and reconstruction
 * @param seed everything random derives from it and the step number
 * @param device where to train
 */
public record AnomalyOptions(AutoEncoderSpec network, int steps, int batch, double learningRate, Distance distance,
    double beta, boolean mirror, double heldOut, ResidualOptions residual, long seed, DeviceChoice device) {

    /** @throws IllegalArgumentException if a component is outside the range given above; in the words of the dialog */
    public AnomalyOptions {
        Objects.requireNonNull(network, "network");
        Objects.requireNonNull(distance, "distance");
        Objects.requireNonNull(residual, "residual");
        Objects.requireNonNull(device, "device");
        check(steps >= 1, "Steps " + steps + ": at least 1.");
        check(batch >= 1, "Batch size " + batch + ": at least 1 patch.");
        check(learningRate > 0 && learningRate <= 1, "Learning rate " + learningRate + ": above 0, at most 1.");
        check(beta >= 0 && beta <= 1000, "Beta " + beta + ": 0 to 1000.");
        check(heldOut > 0 && heldOut <= 0.9, "Held out " + heldOut + ": above 0, at most 0.9 of the subjects.");
    }

    /**
     * An auto-encoder of 32×32×32 patches with a dense code of 64 numbers, 1000 steps of 4 patches, distance L1. Patches
     * rather than whole volumes: of few images they make many examples, at the images' own resolution, and a step takes a
     * fraction of a second on two cores; a patch as large as the images makes it whole volumes.
     */
    public static AnomalyOptions defaults() {
        return new AnomalyOptions(new AutoEncoderSpec(PatchSize.cube(32), 8, 4, 64, Code.DENSE, false), 1000, 4, 1e-3,
            Distance.L1, 1, true, 0.2, ResidualOptions.defaults(), 1, DeviceChoice.AUTO);
    }

    /** The same with another network. */
    public AnomalyOptions withNetwork(final AutoEncoderSpec value) {
        return new AnomalyOptions(value, steps, batch, learningRate, distance, beta, mirror, heldOut, residual, seed, device);
    }

    /** The same with another number of steps. */
    public AnomalyOptions withSteps(final int value) {
        return new AnomalyOptions(network, value, batch, learningRate, distance, beta, mirror, heldOut, residual, seed, device);
    }

    /** The same with another treatment of residuals. */
    public AnomalyOptions withResidual(final ResidualOptions value) {
        return new AnomalyOptions(network, steps, batch, learningRate, distance, beta, mirror, heldOut, value, seed, device);
    }

    /** The same with another share of subjects held out. */
    public AnomalyOptions withHeldOut(final double value) {
        return new AnomalyOptions(network, steps, batch, learningRate, distance, beta, mirror, value, residual, seed, device);
    }

    /** The same with another seed. */
    public AnomalyOptions withSeed(final long value) {
        return new AnomalyOptions(network, steps, batch, learningRate, distance, beta, mirror, heldOut, residual, value, device);
    }

    OptimizerSpec optimizer() {
        return OptimizerSpec.adam();
    }

    Schedule schedule() {
        return Schedule.of(Schedule.Kind.COSINE);
    }

    /** All options that the weights depend on, by name, for the provenance. */
    public Map<String, String> asMap() {
        final Map<String, String> map = new TreeMap<>();
        map.put("network", network.toString());
        map.put("steps", "" + steps);
        map.put("batch", "" + batch);
        map.put("learningRate", "" + learningRate);
        map.put("optimizer", optimizer().toString());
        map.put("schedule", schedule().toString());
        map.put("distance", distance.toString());
        map.put("beta", "" + beta);
        map.put("mirror", "" + mirror);
        map.put("heldOut", "" + heldOut);
        map.put("seed", "" + seed);
        map.put("device", device.toString());
        return map;
    }

    private static void check(final boolean ok, final String message) {
        if (!ok) {
            throw new IllegalArgumentException(message);
        }
    }
}

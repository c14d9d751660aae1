package org.scanbridge.learning.method;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

import org.scanbridge.learning.graph.OptimizerSpec;
import org.scanbridge.learning.graph.PatchDiscriminatorSpec;
import org.scanbridge.learning.train.Schedule;
import org.scanbridge.learning.train.StepMetrics;
import org.scanbridge.tensorflow.DeviceChoice;

/**
 * Options of {@link ImageTranslation}. Start from {@link #defaults()} and change what is needed.
 *
 * @param sources names of the source sites; at least one
 * @param targets names of the target sites; empty for all others
 * @param steps of all players; at least 1
 * @param batch patches of each side per step; at least 1
 * @param learningRate of the generators at the start; above 0, at most 1
 * @param discriminatorLearningRate of the discriminators at the start; above 0, at most 1
 * @param optimizer of all players
 * @param schedule how the learning rates change over the steps
 * @param cycleWeight λ; at least 0
 * @param identityWeight μ; at least 0
 * @param pool how many generated patches of the past each discriminator may see again; 0 to 10000
 * @param discriminator architecture of both discriminators
 * @param mirror whether half of the patches are mirrored along i
 * @param seed everything random derives from it and the step number
 * @param device where to train
 */
public record ImageTranslationOptions(List<String> sources, List<String> targets, int steps, int batch, double learningRate,
    double discriminatorLearningRate, OptimizerSpec optimizer, Schedule schedule, double cycleWeight, double identityWeight,
    int pool, PatchDiscriminatorSpec discriminator, boolean mirror, long seed, DeviceChoice device) {

    /** @throws IllegalArgumentException if a component is outside the range given above */
    public ImageTranslationOptions {
        sources = List.copyOf(sources);
        targets = List.copyOf(targets);
        Objects.requireNonNull(optimizer, "optimizer");
        Objects.requireNonNull(schedule, "schedule");
        Objects.requireNonNull(discriminator, "discriminator");
        Objects.requireNonNull(device, "device");
        check(steps >= 1, "Steps " + steps + ": at least 1.");
        check(batch >= 1, "Batch size " + batch + ": at least 1 patch of each side.");
        check(learningRate > 0 && learningRate <= 1, "Learning rate " + learningRate + ": above 0, at most 1.");
        check(discriminatorLearningRate > 0 && discriminatorLearningRate <= 1,
            "Discriminator learning rate " + discriminatorLearningRate + ": above 0, at most 1.");
        check(cycleWeight >= 0 && cycleWeight <= 1000, "Cycle weight " + cycleWeight + ": 0 to 1000.");
        check(identityWeight >= 0 && identityWeight <= 1000, "Identity weight " + identityWeight + ": 0 to 1000.");
        check(pool >= 0 && pool <= 10_000, "Image pool " + pool + ": 0 to 10000 patches.");
    }

    /**
     * The numbers of the paper: Adam at 2e-4 with β₁ 0.5, constant for the first half of the steps and then falling in a
     * straight line, cycle weight 10, identity weight 5, a pool of 50, single images, and the discriminator of width 64
     * whose scores see 70 voxels. 200 000 steps, which is 200 times through a thousand images. For generators that start
     * from nothing.
     *
     * @param sources names of the source sites
     */
    public static ImageTranslationOptions paper(final List<String> sources) {
        return new ImageTranslationOptions(sources, List.of(), 200_000, 1, 2e-4, 2e-4, OptimizerSpec.adam(0.5),
            Schedule.of(Schedule.Kind.HALF_LINEAR), 10, 5, 50, new PatchDiscriminatorSpec(64, 3, true), true, 1,
            DeviceChoice.AUTO);
    }

    /**
     * For generators that start as a copy, and a training of minutes. Other than in the paper: 300 steps of 2 patches of
     * each side, a discriminator of width 16 whose scores see 34 voxels, learning rates of 1e-3 and 5e-4, cycle weight 1 and
     * identity weight ½. A copy has no cycle loss, and with the paper's weights any way out of it costs more than the
     * discriminators pay for: the generators stay there.
     *
     * @param sources names of the source sites
     */
    public static ImageTranslationOptions defaults(final List<String> sources) {
        return paper(sources).withSteps(300).withBatch(2).withLearningRates(1e-3, 5e-4).withWeights(1, 0.5)
            .withDiscriminator(new PatchDiscriminatorSpec(16, 2, true));
    }

    /** The same with other target sites. */
    public ImageTranslationOptions withTargets(final List<String> value) {
        return new ImageTranslationOptions(sources, value, steps, batch, learningRate, discriminatorLearningRate, optimizer,
            schedule, cycleWeight, identityWeight, pool, discriminator, mirror, seed, device);
    }

    /** The same with another number of steps. */
    public ImageTranslationOptions withSteps(final int value) {
        return new ImageTranslationOptions(sources, targets, value, batch, learningRate, discriminatorLearningRate,
            optimizer, schedule, cycleWeight, identityWeight, pool, discriminator, mirror, seed, device);
    }

    /** The same with another batch size. */
    public ImageTranslationOptions withBatch(final int value) {
        return new ImageTranslationOptions(sources, targets, steps, value, learningRate, discriminatorLearningRate,
            optimizer, schedule, cycleWeight, identityWeight, pool, discriminator, mirror, seed, device);
    }

    /** The same with other learning rates at the start. */
    public ImageTranslationOptions withLearningRates(final double generators, final double discriminators) {
        return new ImageTranslationOptions(sources, targets, steps, batch, generators, discriminators, optimizer, schedule,
            cycleWeight, identityWeight, pool, discriminator, mirror, seed, device);
    }

    /** The same with other weights of cycle and identity. */
    public ImageTranslationOptions withWeights(final double cycle, final double identity) {
        return new ImageTranslationOptions(sources, targets, steps, batch, learningRate, discriminatorLearningRate,
            optimizer, schedule, cycle, identity, pool, discriminator, mirror, seed, device);
    }

    /** The same with another pool. */
    public ImageTranslationOptions withPool(final int value) {
        return new ImageTranslationOptions(sources, targets, steps, batch, learningRate, discriminatorLearningRate,
            optimizer, schedule, cycleWeight, identityWeight, value, discriminator, mirror, seed, device);
    }

    /** The same with another architecture of the discriminators. */
    public ImageTranslationOptions withDiscriminator(final PatchDiscriminatorSpec value) {
        return new ImageTranslationOptions(sources, targets, steps, batch, learningRate, discriminatorLearningRate,
            optimizer, schedule, cycleWeight, identityWeight, pool, value, mirror, seed, device);
    }

    /** The same with another seed. */
    public ImageTranslationOptions withSeed(final long value) {
        return new ImageTranslationOptions(sources, targets, steps, batch, learningRate, discriminatorLearningRate,
            optimizer, schedule, cycleWeight, identityWeight, pool, discriminator, mirror, value, device);
    }

    /** By what a step, counted from 1, multiplies the learning rates at the start. */
    double factor(final int step, final List<StepMetrics> curve) {
        return schedule.factor(step, steps, curve);
    }

    /** All options by name, for the provenance. */
    public Map<String, String> asMap() {
        final Map<String, String> map = new TreeMap<>();
        map.put("sources", String.join(", ", sources));
        map.put("targets", String.join(", ", targets));
        map.put("steps", "" + steps);
        map.put("batch", "" + batch);
        map.put("learningRate", "" + learningRate);
        map.put("discriminatorLearningRate", "" + discriminatorLearningRate);
        map.put("optimizer", optimizer.toString());
        map.put("schedule", schedule.toString());
        map.put("cycleWeight", "" + cycleWeight);
        map.put("identityWeight", "" + identityWeight);
        map.put("pool", "" + pool);
        map.put("discriminator", discriminator.toString());
        map.put("mirror", "" + mirror);
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

package org.scanbridge.learning.method;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

import org.scanbridge.learning.data.PatchAugmentation;
import org.scanbridge.learning.data.PatchCenters;
import org.scanbridge.learning.graph.OptimizerSpec;
import org.scanbridge.learning.graph.SegmentationLossSpec.DiceForm;
import org.scanbridge.learning.train.Schedule;
import org.scanbridge.learning.train.StepMetrics;
import org.scanbridge.learning.train.Stopping;
import org.scanbridge.tensorflow.DeviceChoice;

/**
 * Options of {@link SegmentationTraining}. Start from {@link #defaults()} and change what is needed.
 *
 * @param steps optimizer steps; at least 1
 * @param batch patches per step; at least 1
 * @param learningRate the optimizer's step size at the start; positive
 * @param seed everything random derives from it and the step number
 * @param validationInterval steps between validations (the last step is always validated); at least 1
 * @param centers around which voxels patches are drawn
 * @param loss what is made small
 * @param frozenBlocks how many blocks, counted from the input (enc0.a first), keep their weights; 0 trains all
 * @param optimizer how gradients change the weights
 * @param schedule how the learning rate changes over the steps
 * @param stopping what validations are judged by, and when they end the training early
 * @param mirror whether half of the patches are mirrored along i
 * @param augmentation what else happens to training patches
 * @param device where to train
 */
public record SegmentationOptions(int steps, int batch, double learningRate, long seed, int validationInterval,
    PatchCenters centers, LossOptions loss, int frozenBlocks, OptimizerSpec optimizer, Schedule schedule,
    Stopping stopping, boolean mirror, PatchAugmentation augmentation, DeviceChoice device) {

    /** Without augmentation but mirroring, on the device that TensorFlow chooses. */
    public SegmentationOptions(final int steps, final int batch, final double learningRate, final long seed,
        final int validationInterval, final double foregroundFraction, final LossOptions loss, final int frozenBlocks,
        final OptimizerSpec optimizer, final Schedule schedule, final Stopping stopping, final boolean mirror) {
        this(steps, batch, learningRate, seed, validationInterval, PatchCenters.onForeground(foregroundFraction), loss,
            frozenBlocks, optimizer, schedule, stopping, mirror, PatchAugmentation.NONE, DeviceChoice.AUTO);
    }

    /** @throws IllegalArgumentException if a component is outside the range given above */
    public SegmentationOptions {
        Objects.requireNonNull(centers, "centers");
        Objects.requireNonNull(loss, "loss");
        Objects.requireNonNull(optimizer, "optimizer");
        Objects.requireNonNull(schedule, "schedule");
        Objects.requireNonNull(stopping, "stopping");
        Objects.requireNonNull(augmentation, "augmentation");
        Objects.requireNonNull(device, "device");
        check(steps >= 1, "Steps " + steps + ": at least 1.");
        check(batch >= 1, "Batch size " + batch + ": at least 1.");
        check(learningRate > 0 && learningRate <= 1, "Learning rate " + learningRate + ": above 0, at most 1.");
        check(validationInterval >= 1, "Validation interval " + validationInterval + ": at least 1 step.");
        check(frozenBlocks >= 0, "Frozen blocks " + frozenBlocks + ": 0 or more.");
    }

    /** 400 steps of 4 patches, Adam at 2e-3 with linear decay in the second half, Dice + cross-entropy. */
    public static SegmentationOptions defaults() {
        return new SegmentationOptions(400, 4, 2e-3, 1, 50, 0.33, LossOptions.defaults(), 0, OptimizerSpec.adam(),
            Schedule.of(Schedule.Kind.HALF_LINEAR), Stopping.NEVER, true);
    }

    /** The learning rate of a step counted from 1, after the steps of the curve. */
    public double rate(final int step, final List<StepMetrics> curve) {
        return learningRate * schedule.factor(step, steps, curve);
    }

    /** The same with another number of steps. */
    public SegmentationOptions withSteps(final int value) {
        return new SegmentationOptions(value, batch, learningRate, seed, validationInterval, centers, loss,
            frozenBlocks, optimizer, schedule, stopping, mirror, augmentation, device);
    }

    /** The same with another batch size. */
    public SegmentationOptions withBatch(final int value) {
        return new SegmentationOptions(steps, value, learningRate, seed, validationInterval, centers, loss,
            frozenBlocks, optimizer, schedule, stopping, mirror, augmentation, device);
    }

    /** The same with another learning rate. */
    public SegmentationOptions withLearningRate(final double value) {
        return new SegmentationOptions(steps, batch, value, seed, validationInterval, centers, loss,
            frozenBlocks, optimizer, schedule, stopping, mirror, augmentation, device);
    }

    /** The same with another seed. */
    public SegmentationOptions withSeed(final long value) {
        return new SegmentationOptions(steps, batch, learningRate, value, validationInterval, centers, loss,
            frozenBlocks, optimizer, schedule, stopping, mirror, augmentation, device);
    }

    /** The same with another validation interval. */
    public SegmentationOptions withValidationInterval(final int value) {
        return new SegmentationOptions(steps, batch, learningRate, seed, value, centers, loss, frozenBlocks,
            optimizer, schedule, stopping, mirror, augmentation, device);
    }

    /** The same with another share of patches on labeled voxels. */
    public SegmentationOptions withForegroundFraction(final double value) {
        return withCenters(PatchCenters.onForeground(value));
    }

    /** The same with patches around other voxels. */
    public SegmentationOptions withCenters(final PatchCenters value) {
        return new SegmentationOptions(steps, batch, learningRate, seed, validationInterval, value, loss, frozenBlocks,
            optimizer, schedule, stopping, mirror, augmentation, device);
    }

    /** The same with another loss. */
    public SegmentationOptions withLoss(final LossOptions value) {
        return new SegmentationOptions(steps, batch, learningRate, seed, validationInterval, centers, value,
            frozenBlocks, optimizer, schedule, stopping, mirror, augmentation, device);
    }

    /** The same with other class weights. */
    public SegmentationOptions withClassWeights(final List<Double> value) {
        return withLoss(loss.withClassWeights(value));
    }

    /** The same with another form of the Dice loss. */
    public SegmentationOptions withDiceForm(final DiceForm value) {
        return withLoss(loss.withDiceForm(value));
    }

    /** The same with other frozen blocks. */
    public SegmentationOptions withFrozenBlocks(final int value) {
        return new SegmentationOptions(steps, batch, learningRate, seed, validationInterval, centers, loss, value,
            optimizer, schedule, stopping, mirror, augmentation, device);
    }

    /** The same with another optimizer. */
    public SegmentationOptions withOptimizer(final OptimizerSpec value) {
        return new SegmentationOptions(steps, batch, learningRate, seed, validationInterval, centers, loss,
            frozenBlocks, value, schedule, stopping, mirror, augmentation, device);
    }

    /** The same with another schedule. */
    public SegmentationOptions withSchedule(final Schedule value) {
        return new SegmentationOptions(steps, batch, learningRate, seed, validationInterval, centers, loss,
            frozenBlocks, optimizer, value, stopping, mirror, augmentation, device);
    }

    /** The same with another end. */
    public SegmentationOptions withStopping(final Stopping value) {
        return new SegmentationOptions(steps, batch, learningRate, seed, validationInterval, centers, loss,
            frozenBlocks, optimizer, schedule, value, mirror, augmentation, device);
    }

    /** The same with another augmentation. */
    public SegmentationOptions withAugmentation(final PatchAugmentation value) {
        return new SegmentationOptions(steps, batch, learningRate, seed, validationInterval, centers, loss,
            frozenBlocks, optimizer, schedule, stopping, mirror, value, device);
    }

    /** The same on another device. */
    public SegmentationOptions withDevice(final DeviceChoice value) {
        return new SegmentationOptions(steps, batch, learningRate, seed, validationInterval, centers, loss,
            frozenBlocks, optimizer, schedule, stopping, mirror, augmentation, value);
    }

    /** All options by name, for the provenance. */
    public Map<String, String> asMap() {
        final Map<String, String> map = new TreeMap<>();
        map.put("steps", "" + steps);
        map.put("batch", "" + batch);
        map.put("learningRate", "" + learningRate);
        map.put("seed", "" + seed);
        map.put("validationInterval", "" + validationInterval);
        map.put(centers.rule() == PatchCenters.Rule.FOREGROUND ? "foregroundFraction" : "foregroundSubset",
            "" + centers.share());
        loss.addTo(map);
        map.put("frozenBlocks", "" + frozenBlocks);
        map.put("optimizer", optimizer.toString());
        map.put("schedule", schedule.toString());
        map.put("stopping", stopping.toString());
        map.put("mirror", "" + mirror);
        map.put("device", device.toString());
        map.put("augmentation", augmentation.isNone() ? "none" : augmentation.toString());
        return map;
    }

    private static void check(final boolean ok, final String message) {
        if (!ok) {
            throw new IllegalArgumentException(message);
        }
    }
}

package org.scanbridge.learning.method;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import org.scanbridge.learning.graph.SegmentationLossSpec.DiceForm;

/**
 * Options of {@link SegmentationTraining}. Start from {@link #defaults()} and change what is needed.
 *
 * @param steps optimizer steps; at least 1
 * @param batch patches per step; at least 1
 * @param learningRate Adam's step size (Kingma and Ba, ICLR 2015) at the start; positive
 * @param seed everything random derives from it and the step number
 * @param validationInterval steps between validations (the last step is always validated); at least 1
 * @param foregroundFraction share of patches centered on a labeled voxel, classes equally likely; the others are
 *            centered anywhere in the patient; [0, 1]
 * @param diceWeight weight of the Dice loss (Milletari et al., 3DV 2016; Delisle et al., eq. 2); ≥ 0
 * @param crossEntropyWeight weight of the cross-entropy; ≥ 0; not both weights 0
 * @param classWeights one weight per class, background first, for both losses; empty for equal weights, of the
 *            foreground only in the Dice loss
 * @param frozenBlocks how many blocks, counted from the input (enc0.a first), keep their weights; 0 trains all
 * @param schedule how the learning rate changes over the steps
 * @param diceForm how the Dice loss treats several classes; {@link DiceForm#POOLED} is eq. 2
 * @param mirror whether half of the patches are mirrored along i
 */
public record SegmentationOptions(int steps, int batch, double learningRate, long seed, int validationInterval,
    double foregroundFraction, double diceWeight, double crossEntropyWeight, List<Double> classWeights, int frozenBlocks,
    Schedule schedule, DiceForm diceForm, boolean mirror) {

    /** How the learning rate changes from the first step (p = 0) to the last (p = 1). */
    public enum Schedule {
        /** Stays as it is. */
        CONSTANT,
        /** Times (1 - p)^0.9, as in nnU-Net (Isensee et al., Nature Methods 2021). */
        POLYNOMIAL,
        /** Stays as it is for the first half, then falls in a straight line to 2 %. */
        HALF_LINEAR,
        /** Times 1 / (1 + 10 p)^0.75, as in DANN (Ganin et al., JMLR 2016). */
        DANN;

        /** The factor at progress p in [0, 1]. */
        public double factor(final double p) {
            return switch (this) {
                case CONSTANT -> 1;
                case HALF_LINEAR -> Math.min(1, 2 * (1 - p) + 0.02);
                case POLYNOMIAL -> Math.pow(1 - p, 0.9);
                case DANN -> Math.pow(1 + 10 * p, -0.75);
            };
        }
    }

    /** @throws IllegalArgumentException if a component is outside the range given above */
    public SegmentationOptions {
        classWeights = List.copyOf(classWeights);
        check(steps >= 1, "Steps " + steps + ": at least 1.");
        check(batch >= 1, "Batch size " + batch + ": at least 1.");
        check(learningRate > 0 && learningRate <= 1, "Learning rate " + learningRate + ": above 0, at most 1.");
        check(validationInterval >= 1, "Validation interval " + validationInterval + ": at least 1 step.");
        check(foregroundFraction >= 0 && foregroundFraction <= 1,
            "Foreground fraction " + foregroundFraction + ": 0 to 1.");
        check(diceWeight >= 0 && crossEntropyWeight >= 0 && diceWeight + crossEntropyWeight > 0,
            "Loss weights " + diceWeight + " (Dice) and " + crossEntropyWeight
                + " (cross-entropy): not negative, and one above 0.");
        check(classWeights.stream().allMatch(w -> w >= 0) && (classWeights.isEmpty()
            || classWeights.stream().anyMatch(w -> w > 0)), "Class weights " + classWeights
                + ": not negative, and one above 0.");
        check(frozenBlocks >= 0, "Frozen blocks " + frozenBlocks + ": 0 or more.");
    }

    /** 400 steps of 4 patches, Adam at 2e-3 with linear decay in the second half, Dice + cross-entropy. */
    public static SegmentationOptions defaults() {
        return new SegmentationOptions(400, 4, 2e-3, 1, 50, 0.33, 1, 1, List.of(), 0, Schedule.HALF_LINEAR,
            DiceForm.MEAN, true);
    }

    /** The same with another number of steps. */
    public SegmentationOptions withSteps(final int value) {
        return new SegmentationOptions(value, batch, learningRate, seed, validationInterval, foregroundFraction,
            diceWeight, crossEntropyWeight, classWeights, frozenBlocks, schedule, diceForm, mirror);
    }

    /** The same with another batch size. */
    public SegmentationOptions withBatch(final int value) {
        return new SegmentationOptions(steps, value, learningRate, seed, validationInterval, foregroundFraction,
            diceWeight, crossEntropyWeight, classWeights, frozenBlocks, schedule, diceForm, mirror);
    }

    /** The same with another learning rate. */
    public SegmentationOptions withLearningRate(final double value) {
        return new SegmentationOptions(steps, batch, value, seed, validationInterval, foregroundFraction, diceWeight,
            crossEntropyWeight, classWeights, frozenBlocks, schedule, diceForm, mirror);
    }

    /** The same with another seed. */
    public SegmentationOptions withSeed(final long value) {
        return new SegmentationOptions(steps, batch, learningRate, value, validationInterval, foregroundFraction,
            diceWeight, crossEntropyWeight, classWeights, frozenBlocks, schedule, diceForm, mirror);
    }

    /** The same with another validation interval. */
    public SegmentationOptions withValidationInterval(final int value) {
        return new SegmentationOptions(steps, batch, learningRate, seed, value, foregroundFraction, diceWeight,
            crossEntropyWeight, classWeights, frozenBlocks, schedule, diceForm, mirror);
    }

    /** The same with another share of patches on labeled voxels. */
    public SegmentationOptions withForegroundFraction(final double value) {
        return new SegmentationOptions(steps, batch, learningRate, seed, validationInterval, value, diceWeight,
            crossEntropyWeight, classWeights, frozenBlocks, schedule, diceForm, mirror);
    }

    /** The same with other class weights. */
    public SegmentationOptions withClassWeights(final List<Double> value) {
        return new SegmentationOptions(steps, batch, learningRate, seed, validationInterval, foregroundFraction,
            diceWeight, crossEntropyWeight, value, frozenBlocks, schedule, diceForm, mirror);
    }

    /** The same with other frozen blocks. */
    public SegmentationOptions withFrozenBlocks(final int value) {
        return new SegmentationOptions(steps, batch, learningRate, seed, validationInterval, foregroundFraction,
            diceWeight, crossEntropyWeight, classWeights, value, schedule, diceForm, mirror);
    }

    /** The same with another schedule. */
    public SegmentationOptions withSchedule(final Schedule value) {
        return new SegmentationOptions(steps, batch, learningRate, seed, validationInterval, foregroundFraction,
            diceWeight, crossEntropyWeight, classWeights, frozenBlocks, value, diceForm, mirror);
    }

    /** The same with another form of the Dice loss. */
    public SegmentationOptions withDiceForm(final DiceForm value) {
        return new SegmentationOptions(steps, batch, learningRate, seed, validationInterval, foregroundFraction,
            diceWeight, crossEntropyWeight, classWeights, frozenBlocks, schedule, value, mirror);
    }

    /** All options by name, for the provenance. */
    public Map<String, String> asMap() {
        final Map<String, String> map = new TreeMap<>();
        map.put("steps", "" + steps);
        map.put("batch", "" + batch);
        map.put("learningRate", "" + learningRate);
        map.put("seed", "" + seed);
        map.put("validationInterval", "" + validationInterval);
        map.put("foregroundFraction", "" + foregroundFraction);
        map.put("diceWeight", "" + diceWeight);
        map.put("crossEntropyWeight", "" + crossEntropyWeight);
        map.put("classWeights", classWeights.toString());
        map.put("frozenBlocks", "" + frozenBlocks);
        map.put("schedule", schedule.name());
        map.put("diceForm", diceForm.name());
        map.put("mirror", "" + mirror);
        return map;
    }

    private static void check(final boolean ok, final String message) {
        if (!ok) {
            throw new IllegalArgumentException(message);
        }
    }
}

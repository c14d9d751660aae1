package org.scanbridge.learning.train;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What one optimizer step measured; the numbers are those before the step's update. NaN where a number does not exist.
 *
 * @param step counted from 1
 * @param loss the segmentation loss
 * @param dice 1 minus the Dice part of the loss: soft foreground Dice on the step's patches, in [0, 1]
 * @param learningRate of this step
 * @param domainLoss cross-entropy of the domain head in nats; ln(number of sites) is chance
 * @param domainAccuracy share of patches whose site the domain head tells, in [0, 1]
 * @param lambda strength of the reversed gradient
 * @param validationDice mean foreground Dice on the validation cases after this step, where it was measured
 * @param others what else the method measured in this step, by the name that the user sees, in this order
 */
public record StepMetrics(int step, double loss, double dice, double learningRate, double domainLoss,
    double domainAccuracy, double lambda, double validationDice, Map<String, Double> others) {

    /** Name of the cross-entropy on the validation cases, where it is measured. */
    public static final String VALIDATION_LOSS = "Validation Loss";

    /** Name of the area under the ROC curve on the validation cases, where it is measured. */
    public static final String VALIDATION_AUC = "Validation AUC";

    /** Name of what a {@link Validator} says without labels, where there is one. */
    public static final String LABEL_FREE_SCORE = "Label-free Score";

    /** Copies the map; a record of a training before there was one has none. */
    public StepMetrics {
        others = others == null ? Map.of() : Collections.unmodifiableMap(new LinkedHashMap<>(others));
    }

    /** Without others. */
    public StepMetrics(final int step, final double loss, final double dice, final double learningRate,
        final double domainLoss, final double domainAccuracy, final double lambda, final double validationDice) {
        this(step, loss, dice, learningRate, domainLoss, domainAccuracy, lambda, validationDice, Map.of());
    }

    /** The same with a validation result. */
    public StepMetrics withValidationDice(final double value) {
        return new StepMetrics(step, loss, dice, learningRate, domainLoss, domainAccuracy, lambda, value, others);
    }
}

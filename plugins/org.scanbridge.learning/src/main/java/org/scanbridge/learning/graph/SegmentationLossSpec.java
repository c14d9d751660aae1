package org.scanbridge.learning.graph;

import java.util.List;

/**
 * The segmentation loss: diceWeight · Dice loss + crossEntropyWeight · cross-entropy.
 *
 * @param diceForm how the Dice loss treats several classes
 * @param diceWeight ≥ 0
 * @param diceClassWeights weight of each class in the Dice loss, background first
 * @param crossEntropyWeight ≥ 0
 * @param crossEntropyClassWeights weight of each class in the cross-entropy, background first
 */
public record SegmentationLossSpec(DiceForm diceForm, double diceWeight, List<Double> diceClassWeights,
    double crossEntropyWeight, List<Double> crossEntropyClassWeights) {

    /** How a Dice loss treats several classes. */
    public enum DiceForm {
        /** Overlaps and volumes are added up over the classes first (Delisle et al., eq. 2). */
        POOLED,
        /** Mean of the classes' own Dice losses: small classes count as much as big ones. */
        MEAN
    }

    /** Copies the lists. */
    public SegmentationLossSpec {
        diceClassWeights = List.copyOf(diceClassWeights);
        crossEntropyClassWeights = List.copyOf(crossEntropyClassWeights);
    }
}

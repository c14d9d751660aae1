package org.scanbridge.learning.graph;

import java.util.List;

/**
 * The segmentation loss: diceWeight · overlap loss + crossEntropyWeight · loss per voxel. For networks of regions, the
 * weights of classes are those of the regions.
 *
 * @param diceForm the overlap loss
 * @param diceWeight ≥ 0
 * @param diceClassWeights weight of each class in the Dice loss, background first
 * @param crossEntropyWeight ≥ 0
 * @param crossEntropyClassWeights weight of each class in the cross-entropy, background first
 * @param focalGamma γ ≥ 0 of the focal loss (Lin et al., ICCV 2017), which cares less for voxels that are right already; 0
 *            is the cross-entropy
 * @param tverskyAlpha weight of false positives in the Tversky loss; ≥ 0. That of false negatives is 1 minus it
 * @param partial whether voxels may be not annotated, see {@link org.scanbridge.learning.architecture.NetworkSpec#UNANNOTATED}.
 *            They have no part in the loss; a batch without any annotated voxel has a loss of 0
 */
public record SegmentationLossSpec(DiceForm diceForm, double diceWeight, List<Double> diceClassWeights,
    double crossEntropyWeight, List<Double> crossEntropyClassWeights, double focalGamma, double tverskyAlpha,
    boolean partial) {

    /** How a Dice loss treats several classes. */
    public enum DiceForm {
        /** Overlaps and volumes are added up over the classes first (Delisle et al., eq. 2). */
        POOLED,
        /** Mean of the classes' own Dice losses: small classes count as much as big ones. */
        MEAN,
        /**
         * As {@link #MEAN}, but false positives and false negatives may count differently (Salehi et al., MLMI 2017): for
         * structures that a network would rather overlook. With equal weights it is the Dice loss.
         */
        TVERSKY
    }

    /** Without focal and Tversky parameters. */
    public SegmentationLossSpec(final DiceForm diceForm, final double diceWeight, final List<Double> diceClassWeights,
        final double crossEntropyWeight, final List<Double> crossEntropyClassWeights) {
        this(diceForm, diceWeight, diceClassWeights, crossEntropyWeight, crossEntropyClassWeights, 0, 0.5, false);
    }

    /** Copies the lists. */
    public SegmentationLossSpec {
        diceClassWeights = List.copyOf(diceClassWeights);
        crossEntropyClassWeights = List.copyOf(crossEntropyClassWeights);
    }
}

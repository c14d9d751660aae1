package org.scanbridge.learning.train;

import java.util.Objects;

/**
 * What the validations are for: which step's weights are kept, and when to stop because nothing gets better.
 *
 * @param measure what is compared
 * @param patience validations without a new best after which the training ends; 0 to do all steps
 * @param best whether the weights of the best validation are kept, where there are validations; else the last step's
 */
public record Stopping(Measure measure, int patience, boolean best) {

    /** What a validation is judged by. */
    public enum Measure {
        /** Mean Dice of the foreground classes on whole images; the higher the better. */
        DICE,
        /** Mean cross-entropy per voxel in nats; the lower the better. */
        LOSS,
        /**
         * Area under the ROC curve of the foreground's probability over all voxels, mean of the images; the higher the
         * better (Ghafoorian et al., MICCAI 2017).
         */
        AUC,
        /** What a {@link Validator} says, which needs no labels; the higher the better. */
        LABEL_FREE,
        /**
         * The Dice and what a {@link Validator} says: the step whose worse rank of the two among all validations is the smallest,
         * so that neither site pays for the other.
         */
        BOTH;

        /** Whether the Dice counts, alone or beside something else. */
        boolean isByDice() {
            return this == DICE || this == BOTH;
        }

        /** Whether a {@link Validator} is needed. */
        public boolean isLabelFree() {
            return this == LABEL_FREE || this == BOTH;
        }
    }

    /** All steps, the best by Dice. */
    public static final Stopping NEVER = new Stopping(Measure.DICE, 0, true);

    /** @throws IllegalArgumentException if the patience is negative */
    public Stopping {
        Objects.requireNonNull(measure, "measure");
        if (patience < 0) {
            throw new IllegalArgumentException("Patience " + patience + ": 0 (never stop) or more validations.");
        }
    }
}

package org.scanbridge.learning.train;

import java.util.List;
import java.util.Optional;

/** What to tell the user of a training whose validations could not tell one step from another. */
final class Unjudged {

    private static final String KEPT = " So there is no best step, and the weights of the last one are kept.";

    private Unjudged() {
    }

    /**
     * Looks at all validations of a training.
     *
     * @param validations the steps after which there was one
     * @param measure what the steps are judged by
     * @return empty if there was no validation, or one that could be judged
     */
    static Optional<String> notice(final List<StepMetrics> validations, final Stopping.Measure measure) {
        if (validations.isEmpty()) {
            return Optional.empty();
        }
        final boolean choice = new StepChoice(measure).best(validations).isPresent();
        if (!choice) {
            return Optional.of("None of the " + validations.size() + " validations gave " + words(measure) + KEPT);
        }
        if (measure.isByDice() && validations.stream().allMatch(m -> m.validationDice() == 0)) {
            return Optional.of("The validation Dice is 0 at each of the " + validations.size() + " validations: the network found "
                + "nothing of any class in the validation's images, or not where it is, or their segmentations are empty."
                + (measure == Stopping.Measure.DICE ? KEPT : "")
                + " Look whether the validation's segmentations have any class, and whether images and labels of training and"
                + " validation lie on each other and are normalized alike; set \"Steps\" higher, or raise \"Share of patches on"
                + " foreground\".");
        }
        return Optional.empty();
    }

    private static String words(final Stopping.Measure measure) {
        return switch (measure) {
            case DICE -> "a Dice: no class occurs in the validation's images or in what the network found there.";
            case LOSS -> "a loss that is a number: the validation's images hold no annotated voxels, or the network gives none.";
            case AUC -> "an area under the ROC curve: it needs an image with voxels of both kinds, of some class and of none, and"
                + " probabilities that are numbers. Choose another measure for \"Validations are judged by\", or other subjects.";
            case LABEL_FREE -> "a score without labels that is a number.";
            case BOTH -> "both a Dice and a score without labels that are numbers.";
        };
    }
}

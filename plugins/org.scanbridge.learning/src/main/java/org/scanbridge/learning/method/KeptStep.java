package org.scanbridge.learning.method;

import org.scanbridge.learning.train.Stopping.Measure;

/** Which step's weights an adaptation keeps. The labels of target images have no say in any of them. */
public enum KeptStep {

    /** None is chosen: the mean over the last part of the steps. */
    AVERAGE(Measure.DICE),

    /** The one with the best Dice on the source's validation images. */
    SOURCE(Measure.DICE),

    /** The one with the most evidence, without labels, for its segmentations of the target's training images. */
    EVIDENCE(Measure.LABEL_FREE),

    /** The one whose worse rank by the two is the best. */
    BOTH(Measure.BOTH);

    private final Measure m_measure;

    KeptStep(final Measure measure) {
        m_measure = measure;
    }

    /** What validations are judged by. */
    public Measure measure() {
        return m_measure;
    }

    /** What is written into the provenance. */
    String words() {
        return switch (this) {
            case AVERAGE -> "mean of the last steps, not chosen";
            case SOURCE -> "Dice on validation images of the source";
            case EVIDENCE -> "evidence without labels at the target";
            case BOTH -> "worse rank of source Dice and evidence without labels at the target";
        };
    }
}

package org.scanbridge.imaging.split;

/** The role of a subject in an experiment. */
public enum Part {

    /** Seen by training. */
    TRAINING,

    /** Chooses between models; never trained on. */
    VALIDATION,

    /** Looked at once, at the end. */
    TEST
}

package org.scanbridge.learning.data;

/** What a case is used for. A subject has one role only: the trainings refuse a subject that has both. */
public enum Role {
    /** Its patches (and labels, at a source site) update the weights. */
    TRAIN,
    /** Only measures Dice between steps and so decides which step's network is kept. */
    VALIDATION
}

package org.scanbridge.learning.graph;

/** What to do about a step that is too large for the memory, for messages. */
public final class StepSize {

    /** In the words of all dialogs, whose titles differ; the beginning of a sentence, without its end. */
    public static final String ADVICE = "Use fewer patches per step, smaller patches or a network with fewer channels";

    private StepSize() {
    }
}

package org.scanbridge.learning.graph;

/** What to do about a step that is too large for the memory, for messages. */
public final class StepSize {

    /** In the titles of the dialogs; the beginning of a sentence, without its end. */
    public static final String ADVICE = "Use fewer \"Patches per step\", or a network with a smaller \"Patch size\" or fewer"
        + " \"Channels at full resolution\"";

    private StepSize() {
    }
}

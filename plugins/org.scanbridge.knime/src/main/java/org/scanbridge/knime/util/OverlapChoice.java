package org.scanbridge.knime.util;

import org.knime.node.parameters.widget.choices.Label;
import org.scanbridge.imaging.labels.OverlapRule;

/** {@link OverlapRule} as users see it. */
public enum OverlapChoice {
        /** {@link OverlapRule#SMALLER}. */
        @Label(value = "The smaller class", description = "The class with fewer voxels of its own: a lesion inside an organ"
            + " survives, whatever its number.")
        SMALLER(OverlapRule.SMALLER),

        /** {@link OverlapRule#HIGHER}. */
        @Label(value = "The higher number", description = "The class with the higher label value.")
        HIGHER(OverlapRule.HIGHER),

        /** {@link OverlapRule#LOWER}. */
        @Label(value = "The lower number", description = "The class with the lower label value.")
        LOWER(OverlapRule.LOWER),

        /** {@link OverlapRule#KEEP_ALL}. */
        @Label(value = "Keep all: a class for each combination", description = "Nothing is lost: voxels of several classes"
            + " become a class of their own, such as \"liver + lesion\". Classes keep their numbers; combinations get those"
            + " after the highest one, the same in the whole study: pairs first, then of three and so on, each in the order of"
            + " the numbers of their classes. Where numbers run out at 255, the lowest that are free. A region with the"
            + " class \"liver\" holds all its combinations, and the Segmentation Writer writes them into each of their"
            + " structures.")
        KEEP_ALL(OverlapRule.KEEP_ALL);

    private final OverlapRule m_rule;

    OverlapChoice(final OverlapRule rule) {
        m_rule = rule;
    }

    /** The rule. */
    public OverlapRule rule() {
        return m_rule;
    }
}

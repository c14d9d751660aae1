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
        LOWER(OverlapRule.LOWER);

    private final OverlapRule m_rule;

    OverlapChoice(final OverlapRule rule) {
        m_rule = rule;
    }

    /** The rule. */
    public OverlapRule rule() {
        return m_rule;
    }
}

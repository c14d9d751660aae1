package org.scanbridge.knime.nodes.domainadaptationlearner;

import org.knime.core.node.InvalidSettingsException;
import org.knime.node.parameters.NodeParameters;
import org.knime.node.parameters.Widget;
import org.knime.node.parameters.migration.LoadDefaultsForAbsentFields;
import org.knime.node.parameters.widget.number.NumberInputWidget;
import org.knime.node.parameters.widget.number.NumberInputWidgetValidation.MinValidation.IsNonNegativeValidation;
import org.scanbridge.learning.graph.EntropyTerm;

/** Settings of the entropy minimization. */
@LoadDefaultsForAbsentFields
final class EntropyParameters implements NodeParameters {

    private static final EntropyTerm DEFAULTS = EntropyTerm.defaults();

    @Widget(title = "Weight", description = """
            How much this counts beside the segmentation loss, from 0 to 1000. With much \
            more than the default, segmentations become certain before they become right.""")
    @NumberInputWidget(minValidation = IsNonNegativeValidation.class, stepSize = 0.05)
    double m_weight = DEFAULTS.weight();

    /** @throws IllegalArgumentException if a number is out of range */
    EntropyTerm term() {
        return new EntropyTerm(m_weight);
    }

    @Override
    public void validate() throws InvalidSettingsException {
        try {
            term();
        } catch (final IllegalArgumentException e) {
            throw new InvalidSettingsException(e.getMessage(), e);
        }
    }
}

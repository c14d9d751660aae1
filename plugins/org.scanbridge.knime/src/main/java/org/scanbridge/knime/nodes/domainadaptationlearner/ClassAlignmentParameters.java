package org.scanbridge.knime.nodes.domainadaptationlearner;

import org.knime.core.node.InvalidSettingsException;
import org.knime.node.parameters.NodeParameters;
import org.knime.node.parameters.Widget;
import org.knime.node.parameters.migration.LoadDefaultsForAbsentFields;
import org.knime.node.parameters.widget.number.NumberInputWidget;
import org.knime.node.parameters.widget.number.NumberInputWidgetValidation.MinValidation.IsNonNegativeValidation;
import org.knime.node.parameters.widget.number.NumberInputWidgetValidation.MinValidation.IsPositiveDoubleValidation;
import org.scanbridge.learning.graph.ClassAlignmentTerm;

/** Settings of the class alignment. */
@LoadDefaultsForAbsentFields
final class ClassAlignmentParameters implements NodeParameters {

    private static final ClassAlignmentTerm DEFAULTS = ClassAlignmentTerm.defaults();

    @Widget(title = "Weight", description = """
            How much this counts beside the segmentation loss, from 0 to 1000. The default is the paper's.""")
    @NumberInputWidget(minValidation = IsNonNegativeValidation.class)
    double m_weight = DEFAULTS.weight();

    @Widget(title = "Temperature", description = """
            The higher, the more the unlikely classes count when predictions are compared. The default is the paper's.""", advanced = true)
    @NumberInputWidget(minValidation = IsPositiveDoubleValidation.class)
    double m_temperature = DEFAULTS.temperature();

    /** @throws IllegalArgumentException if a number is out of range */
    ClassAlignmentTerm term() {
        return new ClassAlignmentTerm(m_weight, m_temperature);
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

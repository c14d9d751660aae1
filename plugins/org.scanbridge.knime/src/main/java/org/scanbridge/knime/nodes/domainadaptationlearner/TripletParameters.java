package org.scanbridge.knime.nodes.domainadaptationlearner;

import org.knime.core.node.InvalidSettingsException;
import org.knime.node.parameters.NodeParameters;
import org.knime.node.parameters.Widget;
import org.knime.node.parameters.migration.LoadDefaultsForAbsentFields;
import org.knime.node.parameters.widget.number.NumberInputWidget;
import org.knime.node.parameters.widget.number.NumberInputWidgetValidation.MinValidation.IsNonNegativeValidation;
import org.knime.node.parameters.widget.number.NumberInputWidgetValidation.MinValidation.IsPositiveDoubleValidation;
import org.knime.node.parameters.widget.number.NumberInputWidgetValidation.MinValidation.IsPositiveIntegerValidation;
import org.scanbridge.learning.graph.TripletTerm;

/** Settings of the triplet loss. */
@LoadDefaultsForAbsentFields
final class TripletParameters implements NodeParameters {

    private static final TripletTerm DEFAULTS = TripletTerm.defaults();

    @Widget(title = "Weight", description = """
            How much this counts beside the segmentation loss, from 0 to 1000. The default is that of MASF.""")
    @NumberInputWidget(minValidation = IsNonNegativeValidation.class, stepSize = 0.002)
    double m_weight = DEFAULTS.weight();

    @Widget(title = "Margin", description = """
            How far different classes must lie apart; above 0, at most 1000. The default is that of MASF.""", advanced = true)
    @NumberInputWidget(minValidation = IsPositiveDoubleValidation.class)
    double m_margin = DEFAULTS.margin();

    @Widget(title = "Dimensions", description = """
            Numbers per class and patch that distances are taken of; 1 to 1024.""", advanced = true)
    @NumberInputWidget(minValidation = IsPositiveIntegerValidation.class)
    int m_dimensions = DEFAULTS.dimensions();

    /** @throws IllegalArgumentException if a number is out of range */
    TripletTerm term() {
        return new TripletTerm(m_weight, m_margin, m_dimensions);
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

package org.scanbridge.knime.nodes.domainadaptationlearner;

import org.knime.core.node.InvalidSettingsException;
import org.knime.node.parameters.NodeParameters;
import org.knime.node.parameters.Widget;
import org.knime.node.parameters.migration.LoadDefaultsForAbsentFields;
import org.knime.node.parameters.widget.number.NumberInputWidget;
import org.knime.node.parameters.widget.number.NumberInputWidgetValidation.MinValidation.IsNonNegativeValidation;
import org.knime.node.parameters.widget.number.NumberInputWidgetValidation.MinValidation.IsPositiveDoubleValidation;
import org.knime.node.parameters.widget.number.NumberInputWidgetValidation.MinValidation.IsPositiveIntegerValidation;
import org.scanbridge.learning.graph.CriticTerm;

/** Settings of the least squares critic. */
@LoadDefaultsForAbsentFields
final class LeastSquaresParameters implements NodeParameters {

    private static final CriticTerm DEFAULTS = CriticTerm.leastSquares();

    @Widget(title = "Weight", description = """
            How much this counts beside the segmentation loss, from 0 to 1000. It rises from 0, as lambda \
            does in DANN.""")
    @NumberInputWidget(minValidation = IsNonNegativeValidation.class)
    double m_weight = DEFAULTS.weight();

    @Widget(title = "Critic steps per step", description = """
            How often the critic learns before the network learns once, on patches of its own; 1 to 100.""")
    @NumberInputWidget(minValidation = IsPositiveIntegerValidation.class)
    int m_criticSteps = DEFAULTS.criticSteps();

    @Widget(title = "Learning rate of the critic", description = """
            That of its Adam optimizer. The critic must stay ahead of the network, or what the network learns from it is worthless.""", advanced = true)
    @NumberInputWidget(minValidation = IsPositiveDoubleValidation.class, stepSize = 0.001)
    double m_criticLearningRate = DEFAULTS.criticLearningRate();

    @Widget(title = "Width of the critic", description = """
            Channels of its first hidden layer.""", advanced = true)
    @NumberInputWidget(minValidation = IsPositiveIntegerValidation.class)
    int m_criticWidth = DEFAULTS.width();

    /** @throws IllegalArgumentException if a number is out of range */
    CriticTerm term() {
        return new CriticTerm(DEFAULTS.objective(), m_weight, DEFAULTS.warmUp(), m_criticWidth, m_criticSteps,
            m_criticLearningRate, DEFAULTS.clip(), DEFAULTS.maskWeight());
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

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

/** Settings of the Wasserstein critic. */
@LoadDefaultsForAbsentFields
final class WassersteinParameters implements NodeParameters {

    private static final CriticTerm DEFAULTS = CriticTerm.wasserstein();

    @Widget(title = "Weight", description = """
            How much the distance counts beside the segmentation loss, from 0 to 1000. It rises from 0 after the critic's \
            lead, as lambda does in DANN. The default is that of PnP-AdaNet and small because nothing bounds the critic's \
            scores: they grow to tens, and with a weight of 1 the network forgets how to segment, at the source too. If \
            the segmentation loss rises in the training curve, lower it.""")
    @NumberInputWidget(minValidation = IsNonNegativeValidation.class, stepSize = 0.001)
    double m_weight = DEFAULTS.weight();

    @Widget(title = "Critic steps per step", description = """
            How often the critic learns before the network learns once, on patches of its own; 1 to 100. The paper has 20; the \
            default of 5 takes a quarter of the time.""")
    @NumberInputWidget(minValidation = IsPositiveIntegerValidation.class)
    int m_criticSteps = DEFAULTS.criticSteps();

    @Widget(title = "Lead of the critic", description = """
            Share of the training, from 0 to 1, in which the critic learns but the network does not listen to it yet.""", advanced = true)
    @NumberInputWidget(minValidation = IsNonNegativeValidation.class, stepSize = 0.05)
    double m_lead = DEFAULTS.warmUp();

    @Widget(title = "Learning rate of the critic", description = """
            That of its RMSProp optimizer; it falls by 2 % every 100 steps. The default is the paper's.""", advanced = true)
    @NumberInputWidget(minValidation = IsPositiveDoubleValidation.class, stepSize = 0.0001)
    double m_criticLearningRate = DEFAULTS.criticLearningRate();

    @Widget(title = "Clipping", description = """
            After every step, the critic's weights are cut off at plus and minus this. The default is the paper's.""", advanced = true)
    @NumberInputWidget(minValidation = IsPositiveDoubleValidation.class, stepSize = 0.01)
    double m_clip = DEFAULTS.clip();

    @Widget(title = "Weight of the second critic", description = """
            How much a second critic counts that sees the class probabilities only; 0 for none. The default is the paper's.""", advanced = true)
    @NumberInputWidget(minValidation = IsNonNegativeValidation.class)
    double m_maskWeight = DEFAULTS.maskWeight();

    @Widget(title = "Width of the critic", description = """
            Channels of its first hidden layer.""", advanced = true)
    @NumberInputWidget(minValidation = IsPositiveIntegerValidation.class)
    int m_criticWidth = DEFAULTS.width();

    /** @throws IllegalArgumentException if a number is out of range */
    CriticTerm term() {
        return new CriticTerm(DEFAULTS.objective(), m_weight, m_lead, m_criticWidth, m_criticSteps, m_criticLearningRate,
            m_clip, m_maskWeight);
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

package org.scanbridge.knime.nodes.domainadaptationlearner;

import org.knime.core.node.InvalidSettingsException;
import org.knime.node.parameters.NodeParameters;
import org.knime.node.parameters.Widget;
import org.knime.node.parameters.migration.LoadDefaultsForAbsentFields;
import org.knime.node.parameters.widget.number.NumberInputWidget;
import org.knime.node.parameters.widget.number.NumberInputWidgetValidation.MinValidation.IsPositiveDoubleValidation;
import org.knime.node.parameters.widget.number.NumberInputWidgetValidation.MinValidation.IsPositiveIntegerValidation;
import org.scanbridge.learning.method.TentOptions;

/** Settings of Tent. */
@LoadDefaultsForAbsentFields
final class TentParameters implements NodeParameters {

    private static final TentOptions DEFAULTS = TentOptions.defaults();

    @Widget(title = "Steps of Tent", description = """
            How often scales and shifts are changed. Few: the entropy keeps falling after the segmentations stop getting better.""")
    @NumberInputWidget(minValidation = IsPositiveIntegerValidation.class)
    int m_steps = DEFAULTS.steps();

    @Widget(title = "Patches per step of Tent", description = """
            How many target patches one step looks at.""", advanced = true)
    @NumberInputWidget(minValidation = IsPositiveIntegerValidation.class)
    int m_batch = DEFAULTS.batch();

    @Widget(title = "Learning rate of Tent", description = """
            That of its Adam optimizer. The default is the paper's.""", advanced = true)
    @NumberInputWidget(minValidation = IsPositiveDoubleValidation.class, stepSize = 0.0005)
    double m_learningRate = DEFAULTS.learningRate();

    /**
     * @param statisticsPatches for the statistics at the end
     * @throws IllegalArgumentException if a number is out of range
     */
    TentOptions options(final int statisticsPatches) {
        return new TentOptions(m_steps, m_batch, m_learningRate, statisticsPatches);
    }

    @Override
    public void validate() throws InvalidSettingsException {
        try {
            options(DEFAULTS.statisticsPatches());
        } catch (final IllegalArgumentException e) {
            throw new InvalidSettingsException(e.getMessage(), e);
        }
    }
}

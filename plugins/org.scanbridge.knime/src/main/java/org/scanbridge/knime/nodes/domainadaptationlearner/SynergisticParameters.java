package org.scanbridge.knime.nodes.domainadaptationlearner;

import org.knime.core.node.InvalidSettingsException;
import org.knime.node.parameters.NodeParameters;
import org.knime.node.parameters.Widget;
import org.knime.node.parameters.migration.LoadDefaultsForAbsentFields;
import org.knime.node.parameters.widget.number.NumberInputWidget;
import org.knime.node.parameters.widget.number.NumberInputWidgetValidation.MinValidation.IsNonNegativeValidation;
import org.knime.node.parameters.widget.number.NumberInputWidgetValidation.MinValidation.IsPositiveDoubleValidation;
import org.knime.node.parameters.widget.number.NumberInputWidgetValidation.MinValidation.IsPositiveIntegerValidation;
import org.scanbridge.learning.graph.SynergisticTerm;

/** Settings of the adaptation of images and features together (SIFA). */
@LoadDefaultsForAbsentFields
final class SynergisticParameters implements NodeParameters {

    private static final SynergisticTerm DEFAULTS = SynergisticTerm.defaults();

    @Widget(title = "Weight of the way back", description = """
            How much it counts that an image made to look like the other site's, and back, is what it was, from 0 to 1000; against 1 \
            for looking real. Higher keeps structures in place; lower lets the look change more. 10 in the paper, whose generators \
            begin from nothing; here they begin as copies, and on generated images 10 held them there.""")
    @NumberInputWidget(minValidation = IsNonNegativeValidation.class)
    double m_cycleWeight = DEFAULTS.cycleWeight();

    @Widget(title = "Weight of the images", description = """
            How much the network's features serve to make images of the source's look, beside the segmentation loss; 0 to 1000. \
            The default is the authors'.""", advanced = true)
    @NumberInputWidget(minValidation = IsNonNegativeValidation.class, stepSize = 0.05)
    double m_encoderWeight = DEFAULTS.encoderWeight();

    @Widget(title = "Weight of the segmentations", description = """
            How much it counts that segmentations of target images look like those of translated source images, from 0 to 1000. It \
            rises from 0, as lambda does in DANN. The default is the authors'.""", advanced = true)
    @NumberInputWidget(minValidation = IsNonNegativeValidation.class, stepSize = 0.05)
    double m_maskWeight = DEFAULTS.maskWeight();

    @Widget(title = "Weight of the features", description = """
            How much it counts that images made of the features do not tell which site these came from, from 0 to 1000. The default \
            is the authors'.""", advanced = true)
    @NumberInputWidget(minValidation = IsNonNegativeValidation.class, stepSize = 0.05)
    double m_auxiliaryWeight = DEFAULTS.auxiliaryWeight();

    @Widget(title = "Width of the generator", description = """
            Channels of its first level, 1 to 1024. More can change the look in more ways and takes longer.""", advanced = true)
    @NumberInputWidget(minValidation = IsPositiveIntegerValidation.class)
    int m_generatorWidth = DEFAULTS.generatorWidth();

    @Widget(title = "Levels of the generator", description = """
            1 to 6. With 1 it sees few voxels at a time and hardly moves structures; 2, the default, did better on generated \
            images.""", advanced = true)
    @NumberInputWidget(minValidation = IsPositiveIntegerValidation.class)
    int m_generatorLevels = DEFAULTS.generatorLevels();

    @Widget(title = "Learning rate of the generators", description = """
            That of the generator and of the decoder that makes images, above 0, at most 1. The paper has 0.0002 and many more \
            steps.""", advanced = true)
    @NumberInputWidget(minValidation = IsPositiveDoubleValidation.class, stepSize = 0.0005)
    double m_generatorLearningRate = DEFAULTS.generatorLearningRate();

    @Widget(title = "Learning rate of the discriminators", description = """
            Above 0, at most 1. The paper has 0.0002 and many more steps.""", advanced = true)
    @NumberInputWidget(minValidation = IsPositiveDoubleValidation.class, stepSize = 0.0002)
    double m_discriminatorLearningRate = DEFAULTS.discriminatorLearningRate();

    /** @throws IllegalArgumentException if a number is out of range */
    SynergisticTerm term() {
        return DEFAULTS.withWeights(m_cycleWeight, m_encoderWeight, m_maskWeight, m_auxiliaryWeight)
            .withGenerator(m_generatorWidth, m_generatorLevels)
            .withLearningRates(m_generatorLearningRate, m_discriminatorLearningRate);
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

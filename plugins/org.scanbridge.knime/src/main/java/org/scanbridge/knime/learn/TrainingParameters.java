package org.scanbridge.knime.learn;

import org.knime.core.node.InvalidSettingsException;
import org.knime.node.parameters.NodeParameters;
import org.knime.node.parameters.Widget;
import org.knime.node.parameters.migration.LoadDefaultsForAbsentFields;
import org.knime.node.parameters.widget.choices.Label;
import org.knime.node.parameters.widget.number.NumberInputWidget;
import org.knime.node.parameters.widget.number.NumberInputWidgetValidation.MinValidation.IsNonNegativeValidation;
import org.knime.node.parameters.widget.number.NumberInputWidgetValidation.MinValidation.IsPositiveDoubleValidation;
import org.knime.node.parameters.widget.number.NumberInputWidgetValidation.MinValidation.IsPositiveIntegerValidation;
import org.scanbridge.learning.graph.OptimizerSpec;
import org.scanbridge.learning.method.LossOptions;
import org.scanbridge.learning.method.SegmentationOptions;
import org.scanbridge.learning.train.Schedule.Kind;
import org.scanbridge.learning.train.Stopping;

/** How long, how fast and on what a network is trained: what all learners have in common. */
@LoadDefaultsForAbsentFields
public final class TrainingParameters implements NodeParameters {

    /** {@link org.scanbridge.learning.train.Schedule.Kind} with texts. */
    enum Schedule {
            @Label(value = "Constant", description = "The learning rate stays as it is.")
            CONSTANT, //
            @Label(value = "Constant, then falling", description = """
                    It stays for the first half of the steps and falls to nearly 0 over the second: the quickest way to a \
                    good result when there are few steps.""")
            HALF_LINEAR, //
            @Label(value = "Polynomial", description = "It falls to 0 as (1 − p)<sup>0.9</sup> with the progress p.")
            POLYNOMIAL, //
            @Label(value = "As in DANN", description = "It falls as (1 + 10 p)<sup>−0.75</sup> with the progress p.")
            DANN;
    }

    @Widget(title = "Steps", description = """
            How often the weights are changed. More steps give better results up to a point and take proportionally \
            longer; the curve in the second output shows whether the loss was still falling.""")
    @NumberInputWidget(minValidation = IsPositiveIntegerValidation.class)
    int m_steps;

    @Widget(title = "Patches per step", description = """
            How many blocks of the network's patch size one step looks at. 4 is what a laptop's memory holds; more makes \
            the steps slower and steadier.""")
    @NumberInputWidget(minValidation = IsPositiveIntegerValidation.class)
    int m_batch;

    @Widget(title = "Learning rate", description = """
            How far one step of the Adam optimizer moves the weights. Halve it if the loss jumps or becomes not a number.""")
    @NumberInputWidget(minValidation = IsPositiveDoubleValidation.class)
    double m_learningRate;

    @Widget(title = "Learning rate over time", description = "How the learning rate changes during the training.")
    Schedule m_schedule;

    @Widget(title = "Steps between validations", description = """
            How often the Dice of the validation subjects is measured. The weights of the best validation are kept. A \
            validation segments whole images, so it takes as long as some steps.""")
    @NumberInputWidget(minValidation = IsPositiveIntegerValidation.class)
    int m_validationInterval;

    @Widget(title = "Share of patches on foreground", description = """
            How many of the patches are centered on a labeled voxel, each class equally often; the others lie anywhere. \
            From 0 to 1. Raise it for small structures.""", advanced = true)
    @NumberInputWidget(minValidation = IsNonNegativeValidation.class)
    double m_foregroundFraction;

    @Widget(title = "Weight of the Dice loss", description = "The loss is a sum of Dice loss and cross-entropy.",
        advanced = true)
    @NumberInputWidget(minValidation = IsNonNegativeValidation.class)
    double m_diceWeight;

    @Widget(title = "Weight of the cross-entropy", description = "The loss is a sum of Dice loss and cross-entropy.",
        advanced = true)
    @NumberInputWidget(minValidation = IsNonNegativeValidation.class)
    double m_crossEntropyWeight;

    @Widget(title = "Mirror patches", description = """
            Shows the network every other patch mirrored, which doubles the images. Switch it off where left and right must \
            be told apart, such as for the left and the right kidney.""")
    boolean m_mirror;

    @Widget(title = "Seed", description = """
            Everything random is drawn from this number. The same seed, settings and data give the same weights, bit for \
            bit, on the same kind of processor. Repeat with other seeds to see how far a result can be trusted.""")
    long m_seed;

    /** The defaults of a supervised training. */
    public TrainingParameters() {
        this(SegmentationOptions.defaults());
    }

    /** @param defaults the options that the dialog starts with */
    public TrainingParameters(final SegmentationOptions defaults) {
        m_steps = defaults.steps();
        m_batch = defaults.batch();
        m_learningRate = defaults.learningRate();
        m_schedule = Schedule.valueOf(defaults.schedule().kind().name());
        m_validationInterval = defaults.validationInterval();
        m_foregroundFraction = defaults.foregroundFraction();
        m_diceWeight = defaults.loss().diceWeight();
        m_crossEntropyWeight = defaults.loss().crossEntropyWeight();
        m_mirror = defaults.mirror();
        m_seed = defaults.seed();
    }

    /**
     * @param frozenBlocks blocks from the input that keep their weights
     * @throws InvalidSettingsException if a number is out of range
     */
    public SegmentationOptions options(final int frozenBlocks) throws InvalidSettingsException {
        try {
            return new SegmentationOptions(m_steps, m_batch, m_learningRate, m_seed, m_validationInterval,
                m_foregroundFraction, LossOptions.defaults().withWeights(m_diceWeight, m_crossEntropyWeight), frozenBlocks,
                OptimizerSpec.adam(),
                org.scanbridge.learning.train.Schedule.of(Kind.valueOf(m_schedule.name())), Stopping.NEVER, m_mirror);
        } catch (final IllegalArgumentException e) {
            throw new InvalidSettingsException(e.getMessage(), e);
        }
    }

    @Override
    public void validate() throws InvalidSettingsException {
        options(0);
    }
}

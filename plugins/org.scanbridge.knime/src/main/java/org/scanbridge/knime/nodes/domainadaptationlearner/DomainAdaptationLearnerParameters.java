package org.scanbridge.knime.nodes.domainadaptationlearner;

import java.util.List;

import org.knime.core.node.InvalidSettingsException;
import org.knime.node.parameters.NodeParameters;
import org.knime.node.parameters.NodeParametersInput;
import org.knime.node.parameters.Widget;
import org.knime.node.parameters.layout.After;
import org.knime.node.parameters.layout.Layout;
import org.knime.node.parameters.layout.Section;
import org.knime.node.parameters.migration.LoadDefaultsForAbsentFields;
import org.knime.node.parameters.widget.choices.Label;
import org.knime.node.parameters.widget.number.NumberInputWidget;
import org.knime.node.parameters.widget.number.NumberInputWidgetValidation.MinValidation.IsNonNegativeValidation;
import org.knime.node.parameters.widget.number.NumberInputWidgetValidation.MinValidation.IsPositiveDoubleValidation;
import org.knime.node.parameters.widget.number.NumberInputWidgetValidation.MinValidation.IsPositiveIntegerValidation;
import org.scanbridge.knime.learn.CaseColumns;
import org.scanbridge.knime.learn.TrainingParameters;
import org.scanbridge.learning.method.DomainAdversarialOptions;

/** Settings of the Domain Adaptation Learner. */
@LoadDefaultsForAbsentFields
public final class DomainAdaptationLearnerParameters implements NodeParameters {

    private static final DomainAdversarialOptions DEFAULTS = DomainAdversarialOptions.defaults();

    @Section(title = "Images")
    interface Images {
    }

    @Section(title = "Adversary")
    @After(Images.class)
    interface Adversary {
    }

    @Section(title = "Training")
    @After(Adversary.class)
    interface Training {
    }

    /** {@link DomainAdversarialOptions.Attachment} with texts. */
    enum Attachment {
            @Label(value = "Bottleneck", description = "The deepest features, as in the paper.")
            BOTTLENECK, //
            @Label(value = "All levels", description = """
                    The features of every level, each seen by the domain head (Kamnitsas et al., 2017).""")
            MULTI_LEVEL, //
            @Label(value = "Last decoder features", description = """
                    The features right before the segmentation, voxel by voxel: best where the sites differ in noise, \
                    sharpness or contrast rather than in anatomy.""")
            LAST_DECODER, //
            @Label(value = "Segmentation", description = "The predicted class probabilities (Tsai et al., 2018).")
            OUTPUT;
    }

    @Layout(Images.class)
    CaseColumns m_columns = new CaseColumns();

    @Layout(Images.class)
    @Widget(title = "Source site", description = """
            Name of the site whose segmentations are used. Left blank, it is the one that comes first in alphabetical \
            order. All others are target sites: their images are used, their segmentations never, not even to choose \
            between weights.""")
    String m_sourceSite = "";

    @Layout(Adversary.class)
    @Widget(title = "Features that must not tell the site", description = """
            Where in the network the domain head looks. It tries to tell the sites apart; the network is trained to make \
            that impossible.""")
    Attachment m_attachment = Attachment.valueOf(DEFAULTS.attachment().name());

    @Layout(Adversary.class)
    @Widget(title = "Largest lambda", description = """
            How strongly the network works against the domain head once the training is under way: it grows from 0 to \
            this by λ(p) = λ (2 / (1 + exp(−γ p)) − 1) with the progress p. 1 is the paper's value; 0 switches the \
            adaptation off.""")
    @NumberInputWidget(minValidation = IsNonNegativeValidation.class)
    double m_lambdaMax = DEFAULTS.lambdaMax();

    @Layout(Adversary.class)
    @Widget(title = "Steepness of lambda", description = "γ in the schedule above; 10 in the paper.", advanced = true)
    @NumberInputWidget(minValidation = IsPositiveDoubleValidation.class)
    double m_lambdaGamma = DEFAULTS.lambdaGamma();

    @Layout(Adversary.class)
    @Widget(title = "Width of the domain head", description = "Channels of its hidden layers.", advanced = true)
    @NumberInputWidget(minValidation = IsPositiveIntegerValidation.class)
    int m_headWidth = DEFAULTS.headWidth();

    @Layout(Adversary.class)
    @Widget(title = "Learning rate of the domain head", description = """
            As a multiple of the network's. The head must stay ahead of the network, or what the network learns from it \
            is worthless.""", advanced = true)
    @NumberInputWidget(minValidation = IsPositiveDoubleValidation.class)
    double m_headLearningRateFactor = DEFAULTS.headLearningRateFactor();

    @Layout(Adversary.class)
    @Widget(title = "Beta 1 of Adam", description = """
            How long the optimizer remembers the direction of earlier steps, from 0 to below 1. Lower than usual, because \
            the two players keep changing each other's direction.""", advanced = true)
    @NumberInputWidget(minValidation = IsNonNegativeValidation.class)
    double m_beta1 = DEFAULTS.beta1();

    @Layout(Adversary.class)
    @Widget(title = "Averaged part of the steps", description = """
            The result has the mean of the weights over this last part of the training, from 0 to 1, which calms the to and \
            fro of the two players. There is no choosing of weights by validation here: the source site's Dice says nothing \
            about the target, and the target's labels are not to be looked at.""", advanced = true)
    @NumberInputWidget(minValidation = IsNonNegativeValidation.class)
    double m_averagedFraction = DEFAULTS.averagedFraction();

    @Layout(Training.class)
    TrainingParameters m_training = new TrainingParameters(DEFAULTS.segmentation());

    /** For KNIME. */
    public DomainAdaptationLearnerParameters() {
        // the defaults need a table
    }

    DomainAdaptationLearnerParameters(final NodeParametersInput input) {
        m_columns = new CaseColumns(input);
    }

    /** @throws InvalidSettingsException if a number is out of range */
    DomainAdversarialOptions options(final String sourceSite) throws InvalidSettingsException {
        try {
            return new DomainAdversarialOptions(m_training.options(0), List.of(sourceSite),
                DomainAdversarialOptions.Attachment.valueOf(m_attachment.name()), m_lambdaMax, m_lambdaGamma, m_headWidth,
                m_headLearningRateFactor, m_beta1, m_averagedFraction);
        } catch (final IllegalArgumentException e) {
            throw new InvalidSettingsException(e.getMessage(), e);
        }
    }

    @Override
    public void validate() throws InvalidSettingsException {
        options("");
    }
}

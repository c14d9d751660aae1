package org.scanbridge.knime.nodes.adversarialnormalizationlearner;

import java.util.Optional;

import org.knime.core.node.InvalidSettingsException;
import org.knime.node.parameters.NodeParameters;
import org.knime.node.parameters.NodeParametersInput;
import org.knime.node.parameters.Widget;
import org.knime.node.parameters.layout.After;
import org.knime.node.parameters.layout.Layout;
import org.knime.node.parameters.layout.Section;
import org.knime.node.parameters.migration.LoadDefaultsForAbsentFields;
import org.knime.node.parameters.updates.Effect;
import org.knime.node.parameters.updates.Effect.EffectType;
import org.knime.node.parameters.updates.EffectPredicate;
import org.knime.node.parameters.updates.EffectPredicateProvider;
import org.knime.node.parameters.updates.ParameterReference;
import org.knime.node.parameters.updates.ValueReference;
import org.knime.node.parameters.widget.choices.Label;
import org.knime.node.parameters.widget.number.NumberInputWidget;
import org.knime.node.parameters.widget.number.NumberInputWidgetValidation.MinValidation.IsNonNegativeValidation;
import org.knime.node.parameters.widget.number.NumberInputWidgetValidation.MinValidation.IsPositiveDoubleValidation;
import org.knime.node.parameters.widget.number.NumberInputWidgetValidation.MinValidation.IsPositiveIntegerValidation;
import org.knime.node.parameters.widget.text.TextInputWidget;
import org.scanbridge.knime.learn.CaseColumns;
import org.scanbridge.knime.learn.TrainingParameters;
import org.scanbridge.knime.util.GuessedColumns;
import org.scanbridge.knime.util.RefusedSetting;
import org.scanbridge.learning.architecture.NetworkOutput;
import org.scanbridge.learning.graph.DiscriminatorSpec;
import org.scanbridge.learning.graph.GeneratorObjective;
import org.scanbridge.learning.graph.OptimizerSpec;
import org.scanbridge.learning.graph.SegmentationLossSpec.DiceForm;
import org.scanbridge.learning.method.AdversarialNormalizationOptions;
import org.scanbridge.learning.method.AdversarialNormalizationOptions.Adversary;

/** Settings of {@link AdversarialNormalizationLearnerNodeFactory}. */
@LoadDefaultsForAbsentFields
public final class AdversarialNormalizationLearnerParameters implements NodeParameters, GuessedColumns {

    private static final AdversarialNormalizationOptions DEFAULTS = AdversarialNormalizationOptions.defaults();

    private static final Adversary ADVERSARY = Adversary.defaults();

    @Section(title = "Images")
    interface Images {
    }

    @Section(title = "Generator")
    @After(Images.class)
    interface Generator {
    }

    @Section(title = "Discriminator")
    @After(Generator.class)
    interface Discriminator {
    }

    @Section(title = "Training")
    @After(Discriminator.class)
    interface Training {
    }

    /** {@link NetworkOutput} of generators with texts. */
    enum Output {
            @Label(value = "Between 0 and 1, starting as a copy", description = """
                    σ(logit(x) + g(x)): for images scaled to the range from 0 to 1. The generator begins by copying the \
                    image, so that few steps suffice.""")
            SIGMOID_RESIDUAL, //
            @Label(value = "Between 0 and 1", description = """
                    σ(g(x)): for images scaled to the range from 0 to 1. The generator must learn to copy first.""")
            SIGMOID, //
            @Label(value = "Not negative", description = "max(g(x), 0): as in the program of the paper.")
            RELU, //
            @Label(value = "Any value, starting as a copy", description = "x + g(x): for images that were z-scored.")
            RESIDUAL;
    }

    /** Kind of discriminator. */
    enum Kind {
            @Label(value = "Convolutions", description = """
                    A few strided convolutions, as in DCGAN: small and fast, enough for patches of up to 32 voxels.""")
            CONVOLUTIONS, //
            @Label(value = "ResNet-18", description = """
                    The discriminator of the paper in three dimensions; ten times the size, for large patches.""")
            RESNET_18, //
            @Label(value = "None", description = """
                    Generator and segmenter without constraint: experiment 6 of the paper.""")
            NONE;
    }

    /** {@link GeneratorObjective} with texts. */
    enum Objective {
            @Label(value = "Look real", description = """
                    −log(1 − p(generated)): the generator is to make images that pass for real ones of some site.""")
            NON_SATURATING, //
            @Label(value = "Look like all sites alike", description = """
                    −(1/K) Σ log p(site): the only one that asks for images whose site cannot be told.""")
            CONFUSION, //
            @Label(value = "Look like another site", description = "−log(1 − p(own site) − p(generated)).")
            NOT_OWN_SITE, //
            @Label(value = "Minimax", description = """
                    log p(generated): equation 1 of the paper to the letter. Hardly teaches the generator anything when the \
                    discriminator is good.""")
            MINIMAX, //
            @Label(value = "Program of the paper", description = """
                    −log softmax(1 − p)(generated): what the authors' program computed in 2019.""")
            SOFTMAX_OF_COMPLEMENT;
    }

    static final class KindReference implements ParameterReference<Kind> {
    }

    static final class HasDiscriminator implements EffectPredicateProvider {
        @Override
        public EffectPredicate init(final PredicateInitializer i) {
            return i.getEnum(KindReference.class).isOneOf(Kind.CONVOLUTIONS, Kind.RESNET_18);
        }
    }

    static final class HasConvolutions implements EffectPredicateProvider {
        @Override
        public EffectPredicate init(final PredicateInitializer i) {
            return i.getEnum(KindReference.class).isOneOf(Kind.CONVOLUTIONS);
        }
    }

    @Layout(Images.class)
    CaseColumns m_columns = new CaseColumns();

    @Layout(Images.class)
    @Widget(title = "Name of the new column", description = "Name of the column with the normalized images.")
    @TextInputWidget(placeholder = "Learned")
    String m_outputColumn = "Learned";

    @Layout(Generator.class)
    @Widget(title = "Intensities", description = "Which intensities the generator makes.")
    Output m_output = Output.valueOf(DEFAULTS.output().name());

    @Layout(Generator.class)
    @Widget(title = "Steps of the first stage", description = """
            In how many of the steps the generator only learns to copy images, by the mean squared error, while segmenter \
            and discriminator learn from its copies. About a seventh of all steps.""")
    @NumberInputWidget(minValidation = IsNonNegativeValidation.class)
    int m_reconstructionSteps = DEFAULTS.reconstructionSteps();

    @Layout(Generator.class)
    @Widget(title = "Weight of copying afterwards", description = """
            Weight of the mean squared error in the second stage. 0 in the paper; a positive weight keeps the images close to \
            what they were.""", advanced = true)
    @NumberInputWidget(minValidation = IsNonNegativeValidation.class)
    double m_reconstructionWeight = DEFAULTS.reconstructionWeight();

    @Layout(Generator.class)
    @Widget(title = "Learning rate in the first stage", description = "Of the generator, as a multiple of the segmenter's.",
        advanced = true)
    @NumberInputWidget(minValidation = IsPositiveDoubleValidation.class)
    double m_generatorFirst = DEFAULTS.generatorFirst();

    @Layout(Generator.class)
    @Widget(title = "Learning rate in the second stage", description = """
            Of the generator, as a multiple of the segmenter's; 0.1 in the paper. Raise it, up to 1, for trainings of a few \
            hundred steps.""")
    @NumberInputWidget(minValidation = IsNonNegativeValidation.class, stepSize = 0.05)
    double m_generatorThen = DEFAULTS.generatorThen();

    @Layout(Discriminator.class)
    @Widget(title = "Discriminator", description = """
            The network that tries to tell the sites of real patches, and which patches were generated.""")
    @ValueReference(KindReference.class)
    Kind m_discriminator = Kind.valueOf(ADVERSARY.shape().name());

    @Layout(Discriminator.class)
    @Widget(title = "The generator is asked to", description = """
            What the generator gains from the discriminator. Only one of these asks for images without a trace of the site; \
            with all others that is left to the segmenter.""")
    @Effect(predicate = HasDiscriminator.class, type = EffectType.SHOW)
    Objective m_objective = Objective.valueOf(ADVERSARY.objective().name());

    @Layout(Discriminator.class)
    @Widget(title = "Lambda", description = """
            Weight of that against the segmentation loss; 1 in the paper. 0 lets the discriminator only watch.""")
    @NumberInputWidget(minValidation = IsNonNegativeValidation.class)
    @Effect(predicate = HasDiscriminator.class, type = EffectType.SHOW)
    double m_lambda = ADVERSARY.lambda();

    @Layout(Discriminator.class)
    @Widget(title = "Growth of lambda", description = """
            Part of the second stage, from 0 to 1, in which lambda grows from 0: a segmenter that knows nothing yet must not \
            be pushed around.""", advanced = true)
    @NumberInputWidget(minValidation = IsNonNegativeValidation.class)
    @Effect(predicate = HasDiscriminator.class, type = EffectType.SHOW)
    double m_lambdaRamp = ADVERSARY.lambdaRamp();

    @Layout(Discriminator.class)
    @Widget(title = "Width of the discriminator", description = """
            Channels of its first layer; 64 for the ResNet-18 of the paper.""", advanced = true)
    @NumberInputWidget(minValidation = IsPositiveIntegerValidation.class)
    @Effect(predicate = HasDiscriminator.class, type = EffectType.SHOW)
    int m_width = ADVERSARY.width();

    @Layout(Discriminator.class)
    @Widget(title = "Convolutions", description = "How many; each halves the patch.", advanced = true)
    @NumberInputWidget(minValidation = IsPositiveIntegerValidation.class)
    @Effect(predicate = HasConvolutions.class, type = EffectType.SHOW)
    int m_blocks = ADVERSARY.blocks();

    @Layout(Discriminator.class)
    @Widget(title = "Learning rate of the discriminator", description = """
            At the start; it falls with that of the segmenter. Raise it if the curve shows that it does not learn to tell the \
            sites, lower it if it is always right.""")
    @NumberInputWidget(minValidation = IsPositiveDoubleValidation.class, stepSize = 0.0001)
    @Effect(predicate = HasDiscriminator.class, type = EffectType.SHOW)
    double m_discriminatorRate = ADVERSARY.learningRate();

    @Layout(Discriminator.class)
    @Widget(title = "Beta 1 of the discriminator's Adam", description = """
            How long its optimizer remembers the direction of earlier steps, from 0 to below 1. Low, because the generator \
            keeps changing it.""", advanced = true)
    @NumberInputWidget(minValidation = IsNonNegativeValidation.class)
    @Effect(predicate = HasDiscriminator.class, type = EffectType.SHOW)
    double m_discriminatorBeta1 = ADVERSARY.optimizer().beta1();

    @Layout(Discriminator.class)
    @Widget(title = "Updates per step", description = "How often the discriminator learns for each step of the others.",
        advanced = true)
    @NumberInputWidget(minValidation = IsPositiveIntegerValidation.class)
    @Effect(predicate = HasDiscriminator.class, type = EffectType.SHOW)
    int m_updates = ADVERSARY.updates();

    @Layout(Discriminator.class)
    @Widget(title = "Dropout of the discriminator", description = """
            Probability, from 0 to below 1, with which each channel is left out after each convolution. It keeps a \
            discriminator with few images from learning them by heart. 0 in the paper; 0.25 in the authors' program of 2020. \
            What the training curve says of recognized sites and patches is measured with channels left out.""",
        advanced = true)
    @NumberInputWidget(minValidation = IsNonNegativeValidation.class)
    @Effect(predicate = HasConvolutions.class, type = EffectType.SHOW)
    double m_dropout = ADVERSARY.dropout();

    @Layout(Discriminator.class)
    @Widget(title = "Replayed patches", description = """
            How many patches that the generator made in earlier steps are kept, from 0 to 10000. Half of the generated patches \
            that the discriminator sees are then older ones, so that it does not forget what the generator used to make. 0 in \
            the paper; 50 in the authors' program of 2020, as in CycleGAN. Each takes the memory of a patch, in checkpoints \
            too.""", advanced = true)
    @NumberInputWidget(minValidation = IsNonNegativeValidation.class)
    @Effect(predicate = HasDiscriminator.class, type = EffectType.SHOW)
    int m_replay = ADVERSARY.replay();

    @Layout(Training.class)
    TrainingParameters m_training = new TrainingParameters(DEFAULTS.segmentation());

    /** For KNIME. */
    public AdversarialNormalizationLearnerParameters() {
        // the defaults need a table
    }

    AdversarialNormalizationLearnerParameters(final NodeParametersInput input) {
        m_columns = new CaseColumns(input);
    }

    /** @throws InvalidSettingsException if a number is out of range */
    AdversarialNormalizationOptions options() throws InvalidSettingsException {
        try {
            return new AdversarialNormalizationOptions(m_training.options(0).withDiceForm(DiceForm.POOLED),
                NetworkOutput.valueOf(m_output.name()), m_reconstructionSteps, m_reconstructionWeight, m_generatorFirst,
                m_generatorThen, adversary());
        } catch (final IllegalArgumentException e) {
            throw new InvalidSettingsException(e.getMessage(), e);
        }
    }

    private Optional<Adversary> adversary() {
        return m_discriminator == Kind.NONE ? Optional.empty()
            : Optional.of(new Adversary(DiscriminatorSpec.Shape.valueOf(m_discriminator.name()), m_width, m_blocks,
                m_discriminatorRate, OptimizerSpec.adam(m_discriminatorBeta1), m_updates,
                GeneratorObjective.valueOf(m_objective.name()), m_lambda, m_lambdaRamp, m_dropout, m_replay));
    }

    @Override
    public boolean reads(final String setting) {
        return m_training.reads(setting);
    }

    @Override
    public void validate() throws InvalidSettingsException {
        RefusedSetting.named(this, AdversarialNormalizationLearnerParameters::check);
    }

    private void check() throws InvalidSettingsException {
        options();
        m_training.refuseThisScanner();
        m_training.checkpoints();
        if (m_outputColumn == null || m_outputColumn.isBlank()) {
            throw new InvalidSettingsException("The new column has no name. Enter one, such as \"Learned\".");
        }
    }
}

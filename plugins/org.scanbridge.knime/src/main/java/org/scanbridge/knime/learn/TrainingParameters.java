package org.scanbridge.knime.learn;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import org.knime.core.node.InvalidSettingsException;
import org.knime.core.webui.node.dialog.defaultdialog.internal.file.FileSelectionWidget;
import org.knime.core.webui.node.dialog.defaultdialog.internal.file.FileSystemOption;
import org.knime.core.webui.node.dialog.defaultdialog.internal.file.SingleFileSelectionMode;
import org.knime.core.webui.node.dialog.defaultdialog.internal.file.WithFileSystem;
import org.knime.node.parameters.NodeParameters;
import org.knime.node.parameters.Widget;
import org.knime.node.parameters.migration.LoadDefaultsForAbsentFields;
import org.knime.node.parameters.updates.Effect;
import org.knime.node.parameters.updates.Effect.EffectType;
import org.knime.node.parameters.updates.EffectPredicate;
import org.knime.node.parameters.updates.EffectPredicateProvider;
import org.knime.node.parameters.updates.ParameterReference;
import org.knime.node.parameters.updates.ValueReference;
import org.knime.node.parameters.widget.choices.ChoicesProvider;
import org.knime.node.parameters.widget.choices.Label;
import org.knime.node.parameters.widget.number.NumberInputWidget;
import org.knime.node.parameters.widget.number.NumberInputWidgetValidation.MinValidation.IsNonNegativeValidation;
import org.knime.node.parameters.widget.number.NumberInputWidgetValidation.MinValidation.IsPositiveDoubleValidation;
import org.knime.node.parameters.widget.number.NumberInputWidgetValidation.MinValidation.IsPositiveIntegerValidation;
import org.knime.node.parameters.widget.text.TextInputWidget;
import org.scanbridge.knime.augment.AugmentationParameters;
import org.scanbridge.knime.data.LabelVolumeValue;
import org.scanbridge.knime.util.ColumnGuess;
import org.scanbridge.knime.util.ColumnGuess.Otherwise;
import org.scanbridge.knime.util.UsedWhileHidden;
import org.scanbridge.learning.data.PatchAugmentation;
import org.scanbridge.learning.data.PatchCenters;
import org.scanbridge.learning.graph.OptimizerSpec;
import org.scanbridge.learning.graph.SegmentationLossSpec.DiceForm;
import org.scanbridge.learning.method.LossOptions;
import org.scanbridge.learning.method.SegmentationOptions;
import org.scanbridge.learning.train.Checkpoints;
import org.scanbridge.learning.train.Schedule.Kind;
import org.scanbridge.learning.train.Stopping;

/** How long, how fast and on what a network is trained: what all learners have in common. */
@LoadDefaultsForAbsentFields
public final class TrainingParameters implements NodeParameters {

    /** {@link OptimizerSpec.Kind} with texts. */
    enum Optimizer {
            @Label(value = "Adam", description = """
                    Adapts the step of every weight by itself and forgives a learning rate that is not quite right, hence the \
                    default.""")
            ADAM, //
            @Label(value = "AdamW", description = "Adam whose weight decay does not depend on the gradients.")
            ADAMW, //
            @Label(value = "SGD", description = """
                    Gradient descent with Nesterov's momentum; needs a well-chosen learning rate, often ten times Adam's.""")
            SGD, //
            @Label(value = "RMSProp", description = "As in DeepMedic.")
            RMSPROP;
    }

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
            DANN, //
            @Label(value = "Steps", description = "It is multiplied by a factor at regular intervals.")
            STEP, //
            @Label(value = "Cosine", description = "It falls to 0 as (1 + cos πp) / 2 with the progress p.")
            COSINE, //
            @Label(value = "On plateaus", description = """
                    It is multiplied by a factor whenever the validation Dice has not risen for some validations.""")
            PLATEAU;
    }

    /** {@link DiceForm} with texts. */
    enum Overlap {
            @Label(value = "Dice, mean of the classes", description = """
                    Small structures count as much as large ones, hence the default.""")
            MEAN, //
            @Label(value = "Dice, all classes together", description = "As in Delisle et al.; large structures count more.")
            POOLED, //
            @Label(value = "Tversky", description = """
                    As the mean of the classes, but wrongly marked and overlooked voxels count differently.""")
            TVERSKY;
    }

    /** {@link Stopping.Measure} with texts. */
    enum Judge {
            @Label(value = "Dice", description = "Mean Dice of the classes on whole images.")
            DICE, //
            @Label(value = "Loss", description = "Cross-entropy on whole images; also tells how sure the network is.")
            LOSS, //
            @Label(value = "AUC", description = """
                    Area under the ROC curve of the foreground's probability over all voxels, mean of the images; for lesions so \
                    small that their Dice jumps, as in Ghafoorian et al. (2017). It does not tell whether a threshold of one \
                    half is right.""")
            AUC;
    }

    /** {@link PatchCenters.Rule} with texts. */
    enum Centers {
            @Label(value = "A share on labeled voxels", description = """
                    A chosen share of the patches is centered on a labeled voxel, each class equally often; the others lie \
                    anywhere in the patient.""")
            FOREGROUND, //
            @Label(value = "Half on a part of the labeled voxels", description = """
                    For small lesions, as in Ghafoorian et al. (2017): of the labeled voxels of each image a part is drawn \
                    once and for all, because the patches of neighboring voxels are nearly the same. Half of the patches \
                    are centered on these voxels, the other half on voxels of the patient without a label.""")
            FIXED_SUBSET;
    }

    static final class OptimizerReference implements ParameterReference<Optimizer> {
    }

    static final class ScheduleReference implements ParameterReference<Schedule> {
    }

    static final class OverlapReference implements ParameterReference<Overlap> {
    }

    static final class CentersReference implements ParameterReference<Centers> {
    }

    static final class HasMomentum implements EffectPredicateProvider {
        @Override
        public EffectPredicate init(final PredicateInitializer i) {
            return i.getEnum(OptimizerReference.class).isOneOf(Optimizer.SGD, Optimizer.RMSPROP);
        }
    }

    static final class FallsInSteps implements EffectPredicateProvider {
        @Override
        public EffectPredicate init(final PredicateInitializer i) {
            return i.getEnum(ScheduleReference.class).isOneOf(Schedule.STEP);
        }
    }

    static final class HasFactor implements EffectPredicateProvider {
        @Override
        public EffectPredicate init(final PredicateInitializer i) {
            return i.getEnum(ScheduleReference.class).isOneOf(Schedule.STEP, Schedule.PLATEAU);
        }
    }

    static final class FallsOnPlateaus implements EffectPredicateProvider {
        @Override
        public EffectPredicate init(final PredicateInitializer i) {
            return i.getEnum(ScheduleReference.class).isOneOf(Schedule.PLATEAU);
        }
    }

    static final class IsShare implements EffectPredicateProvider {
        @Override
        public EffectPredicate init(final PredicateInitializer i) {
            return i.getEnum(CentersReference.class).isOneOf(Centers.FOREGROUND);
        }
    }

    static final class IsSubset implements EffectPredicateProvider {
        @Override
        public EffectPredicate init(final PredicateInitializer i) {
            return i.getEnum(CentersReference.class).isOneOf(Centers.FIXED_SUBSET);
        }
    }

    static final class IsTversky implements EffectPredicateProvider {
        @Override
        public EffectPredicate init(final PredicateInitializer i) {
            return i.getEnum(OverlapReference.class).isOneOf(Overlap.TVERSKY);
        }
    }

    private static final String TENT = "by Tent in the Domain Adaptation Learner, which shows no other setting of the training";

    /** Title of the setting. */
    public static final String SCANNER = "Column with labels of the new scanner";

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
            How far one step of the optimizer moves the weights. Halve it if the loss jumps or becomes not a number.""")
    @NumberInputWidget(minValidation = IsPositiveDoubleValidation.class, stepSize = 0.0001)
    double m_learningRate;

    @Widget(title = "Optimizer", description = "How the gradient of the loss changes the weights.", advanced = true)
    @ValueReference(OptimizerReference.class)
    Optimizer m_optimizer = Optimizer.ADAM;

    @Widget(title = "Momentum", description = """
            How much of its last direction the optimizer keeps, from 0 to below 1.""", advanced = true)
    @NumberInputWidget(minValidation = IsNonNegativeValidation.class)
    @Effect(predicate = HasMomentum.class, type = EffectType.SHOW)
    double m_momentum = 0.9;

    @Widget(title = "Weight decay", description = """
            Draws the weights of the convolutions towards 0, which keeps a network from learning few images by heart. 0 for \
            none; 0.0001 is usual in papers.""", advanced = true)
    @NumberInputWidget(minValidation = IsNonNegativeValidation.class, stepSize = 0.0001)
    double m_weightDecay;

    @Widget(title = "Bound of the gradient", description = """
            Gradients with a larger Euclidean norm are shortened to it, so that one odd patch cannot throw the training \
            off. 0 for no bound; 1 to 10 are usual.""", advanced = true)
    @NumberInputWidget(minValidation = IsNonNegativeValidation.class)
    double m_clipNorm;

    @Widget(title = "Learning rate over time", description = "How the learning rate changes during the training.",
        advanced = true)
    @ValueReference(ScheduleReference.class)
    Schedule m_schedule;

    @Widget(title = "Interval", description = """
            After which share of the training the learning rate falls again, above 0, at most 1.""", advanced = true)
    @NumberInputWidget(minValidation = IsPositiveDoubleValidation.class)
    @Effect(predicate = FallsInSteps.class, type = EffectType.SHOW)
    double m_schedulePeriod = 0.25;

    @Widget(title = "Factor", description = "What the learning rate is multiplied by, above 0, at most 1.", advanced = true)
    @NumberInputWidget(minValidation = IsPositiveDoubleValidation.class)
    @Effect(predicate = HasFactor.class, type = EffectType.SHOW)
    double m_scheduleFactor = 0.3;

    @Widget(title = "Patience", description = "How many validations without a better Dice make the learning rate fall.",
        advanced = true)
    @NumberInputWidget(minValidation = IsPositiveIntegerValidation.class)
    @Effect(predicate = FallsOnPlateaus.class, type = EffectType.SHOW)
    int m_schedulePatience = 3;

    @Widget(title = "Warm-up", description = """
            Over which share of the training the learning rate first rises from almost 0, from 0 to 1. A few percent help \
            where the first steps throw a trained network off.""", advanced = true)
    @NumberInputWidget(minValidation = IsNonNegativeValidation.class)
    double m_warmUp;

    @Widget(title = "Steps between validations", description = """
            How often the Dice of the validation subjects is measured. The weights of the best validation are kept. A \
            validation segments whole images, so it takes as long as some steps.""")
    @NumberInputWidget(minValidation = IsPositiveIntegerValidation.class)
    int m_validationInterval;

    @Widget(title = "Validations are judged by", description = """
            Which number tells the best weights: those of the validation with the best one are kept.""", advanced = true)
    Judge m_judge = Judge.DICE;

    @Widget(title = "Stop after validations without improvement", description = """
            Ends the training early when so many validations in a row were not better than the best before. 0 does all \
            steps, which makes runs comparable.""", advanced = true)
    @NumberInputWidget(minValidation = IsNonNegativeValidation.class)
    int m_patience;

    @Widget(title = "Centers of patches", description = """
            Around which voxels the patches of supervised training lie. Adaptation to another site draws all patches \
            without looking at labels, so that sites cannot be told apart by them; where labels teach what target images \
            show, a share of the patches of all sites lies on labels.""", advanced = true)
    @ValueReference(CentersReference.class)
    Centers m_centers = Centers.FOREGROUND;

    @Widget(title = "Share of patches on foreground", description = """
            How many of the patches are centered on a labeled voxel, each class equally often; the others lie anywhere. \
            From 0 to 1. Raise it for small structures.""", advanced = true)
    @NumberInputWidget(minValidation = IsNonNegativeValidation.class)
    @Effect(predicate = IsShare.class, type = EffectType.SHOW)
    double m_foregroundFraction;

    @Widget(title = "Part of the labeled voxels", description = """
            Which part of the labeled voxels of each image half of the patches are centered on, above 0, at most 1. The \
            paper takes a quarter. The seed decides which ones.""", advanced = true)
    @NumberInputWidget(minValidation = IsPositiveDoubleValidation.class)
    @Effect(predicate = IsSubset.class, type = EffectType.SHOW)
    double m_foregroundSubset = PatchCenters.LESION_SHARE;

    @Widget(title = "Overlap loss", description = "The part of the loss that looks at whole structures.", advanced = true)
    @ValueReference(OverlapReference.class)
    Overlap m_overlap = Overlap.MEAN;

    @Widget(title = "Weight of wrongly marked voxels", description = """
            From 0 to 1; overlooked voxels have the rest. Below 0.5 the network rather marks too much than too little.""",
        advanced = true)
    @NumberInputWidget(minValidation = IsNonNegativeValidation.class)
    @Effect(predicate = IsTversky.class, type = EffectType.SHOW)
    double m_tverskyAlpha = 0.3;

    @Widget(title = "Weight of the overlap loss", description = "The loss is a sum of overlap loss and cross-entropy.",
        advanced = true)
    @NumberInputWidget(minValidation = IsNonNegativeValidation.class)
    double m_diceWeight;

    @Widget(title = "Weight of the cross-entropy", description = "The loss is a sum of overlap loss and cross-entropy.",
        advanced = true)
    @NumberInputWidget(minValidation = IsNonNegativeValidation.class)
    double m_crossEntropyWeight;

    @Widget(title = "Focus on difficult voxels", description = """
            The exponent γ of the focal loss: above 0, voxels that are right already count less in the cross-entropy. 0 is \
            plain cross-entropy; 2 is the paper's value.""", advanced = true)
    @NumberInputWidget(minValidation = IsNonNegativeValidation.class)
    double m_focalGamma;

    @Widget(title = "Class weights", description = """
            How much each class counts, separated by commas, the background first, such as 1, 1, 5; for a network of regions \
            how much each region counts, in their order. Blank: all alike, and the background has no part in the overlap \
            loss.""", advanced = true)
    @TextInputWidget(placeholder = "(all alike)")
    String m_classWeights = "";

    @Widget(title = "Mirror patches", description = """
            Shows the network every other patch mirrored, which doubles the images. Switch it off where left and right must \
            be told apart, such as for the left and the right kidney.""")
    boolean m_mirror;

    @Widget(title = "Seed", description = """
            Everything random is drawn from this number. The same seed, settings and data give the same weights, bit for \
            bit, on the same kind of processor. Repeat with other seeds to see how far a result can be trusted.""")
    long m_seed;

    @Widget(title = "Folder for checkpoints", description = """
            Here the training saves its state from time to time, and shows its curves while it runs in the page \
            training.html. Executed again after an interruption, with the same data and settings, the node goes on where it \
            was and gives the same weights, bit for bit. Each training has a folder of its own in here; delete them when \
            they are no longer needed. Blank: nothing is saved.""", advanced = true)
    @TextInputWidget(placeholder = "(no checkpoints)")
    @FileSelectionWidget(value = SingleFileSelectionMode.FOLDER, placeholder = "(no checkpoints)")
    @WithFileSystem(FileSystemOption.LOCAL)
    @UsedWhileHidden(TENT)
    String m_checkpointFolder = "";

    @Widget(title = "Steps between checkpoints", description = """
            How many steps are lost at most. A checkpoint is about five times as large as the weights. What else is trained, such as \
            discriminators or SIFA's generator, adds three times its weights, and generators the patches that they replay: up to \
            100 with all their channels.""", advanced = true)
    @NumberInputWidget(minValidation = IsPositiveIntegerValidation.class)
    @UsedWhileHidden(TENT)
    int m_checkpointInterval = 100;

    @Widget(title = "Device", description = "What the training runs on.", advanced = true)
    @ValueReference(TrainingDevice.Reference.class)
    @UsedWhileHidden(TENT)
    TrainingDevice m_device = TrainingDevice.AUTO;

    @Widget(title = "Number of the GPU", description = "GPUs are counted from 0.", advanced = true)
    @NumberInputWidget(minValidation = IsNonNegativeValidation.class)
    @Effect(predicate = TrainingDevice.IsGpu.class, type = EffectType.SHOW)
    @UsedWhileHidden(TENT)
    int m_gpu;

    @Widget(title = "Augment patches", description = """
            Changes every patch at random before the network sees it, anew in each step: moves, intensities, noise, artifacts, \
            as chosen below. It makes up for few subjects and for scanners that were not seen, and makes a step longer. Off by \
            default, because whether it helps depends on the study: compare the validation Dice with and without. What is drawn \
            depends on the seed and the step alone. To look at the changes, give the Volume Augmenter the same settings. The \
            setting "Mirror patches" stays in charge of left and right.""")
    @ValueReference(AugmentationParameters.Switch.class)
    boolean m_augment;

    AugmentationParameters m_augmentation = new AugmentationParameters();

    @Widget(title = SCANNER, description = """
            For \"This new scanner (from its images)\": the column with a teacher's segmentations of the new scanner's images, on \
            the grid of the images that the network gets. Blank: "atlas", the name that the Atlas Segmenter gives it.""")
    @ChoicesProvider(TrainingLabelColumns.class)
    @ColumnGuess(port = 1, type = LabelVolumeValue.class, names = TeacherColumn.DEFAULT, otherwise = Otherwise.NONE)
    @Effect(predicate = AugmentationParameters.IsThisScanner.class, type = EffectType.SHOW)
    String m_scannerColumn = "";

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
        m_foregroundFraction = defaults.centers().share();
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
        m_augmentation.validate();
        try {
            final LossOptions loss = new LossOptions(DiceForm.valueOf(m_overlap.name()), m_diceWeight, m_crossEntropyWeight,
                classWeights(), m_focalGamma, m_tverskyAlpha);
            final OptimizerSpec optimizer = new OptimizerSpec(OptimizerSpec.Kind.valueOf(m_optimizer.name()),
                OptimizerSpec.adam().beta1(), m_momentum, m_weightDecay, m_clipNorm);
            final org.scanbridge.learning.train.Schedule schedule = new org.scanbridge.learning.train.Schedule(
                Kind.valueOf(m_schedule.name()), m_schedulePeriod, m_scheduleFactor, m_schedulePatience, m_warmUp);
            return new SegmentationOptions(m_steps, m_batch, m_learningRate, m_seed, m_validationInterval,
                m_foregroundFraction, loss, frozenBlocks, optimizer, schedule,
                new Stopping(Stopping.Measure.valueOf(m_judge.name()), m_patience, true), m_mirror)
                .withDevice(m_device.choice(m_gpu))
                .withAugmentation(m_augment ? m_augmentation.ofPatches() : PatchAugmentation.NONE).withCenters(centers());
        } catch (final IllegalArgumentException e) {
            throw new InvalidSettingsException(e.getMessage(), e);
        }
    }

    /** The column with labels of a new scanner, if patches are painted as its images. */
    public Optional<TeacherColumn> scanner() {
        return m_augment && m_augmentation.isThisScanner()
            ? Optional.of(new TeacherColumn(SCANNER, m_scannerColumn, false)) : Optional.empty();
    }

    /**
     * Whether a column of these settings matters.
     *
     * @param setting its title; true for those of other settings
     */
    public boolean reads(final String setting) {
        return !setting.equals(SCANNER) || scanner().isPresent();
    }

    /** @throws InvalidSettingsException if images of a new scanner are asked for, of a node that has none */
    public void refuseThisScanner() throws InvalidSettingsException {
        if (m_augment) {
            m_augmentation.refuseThisScanner();
        }
    }

    private PatchCenters centers() {
        return m_centers == Centers.FOREGROUND ? PatchCenters.onForeground(m_foregroundFraction)
            : PatchCenters.onSubset(m_foregroundSubset);
    }

    private List<Double> classWeights() throws InvalidSettingsException {
        final List<Double> weights = new ArrayList<>();
        if (m_classWeights != null && !m_classWeights.isBlank()) {
            for (final String text : m_classWeights.split(",")) {
                try {
                    weights.add(Double.valueOf(text.strip()));
                } catch (final NumberFormatException e) {
                    throw new InvalidSettingsException("The class weight \"" + text.strip()
                        + "\" is no number. Give numbers separated by commas, such as 1, 1, 5.", e);
                }
            }
        }
        return weights;
    }

    /**
     * Where the training saves its state.
     *
     * @return empty if it does not
     * @throws InvalidSettingsException if the folder cannot be written, or the interval is below 1
     */
    public Optional<Checkpoints> checkpoints() throws InvalidSettingsException {
        return CheckpointFolder.of(m_checkpointFolder, m_checkpointInterval);
    }

    @Override
    public void validate() throws InvalidSettingsException {
        options(0);
        checkpoints();
    }
}

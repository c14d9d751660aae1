package org.scanbridge.knime.nodes.anomalylearner;

import java.util.Optional;

import org.knime.core.data.DataTableSpec;
import org.knime.core.data.StringValue;
import org.knime.core.node.InvalidSettingsException;
import org.knime.core.webui.node.dialog.defaultdialog.internal.file.FileSelectionWidget;
import org.knime.core.webui.node.dialog.defaultdialog.internal.file.FileSystemOption;
import org.knime.core.webui.node.dialog.defaultdialog.internal.file.SingleFileSelectionMode;
import org.knime.core.webui.node.dialog.defaultdialog.internal.file.WithFileSystem;
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
import org.knime.node.parameters.updates.util.BooleanReference;
import org.knime.node.parameters.widget.choices.ChoicesProvider;
import org.knime.node.parameters.widget.choices.Label;
import org.knime.node.parameters.widget.number.NumberInputWidget;
import org.knime.node.parameters.widget.number.NumberInputWidgetValidation.MinValidation.IsNonNegativeValidation;
import org.knime.node.parameters.widget.number.NumberInputWidgetValidation.MinValidation.IsPositiveDoubleValidation;
import org.knime.node.parameters.widget.number.NumberInputWidgetValidation.MinValidation.IsPositiveIntegerValidation;
import org.knime.node.parameters.widget.text.TextInputWidget;
import org.scanbridge.knime.data.LabelVolumeValue;
import org.scanbridge.knime.data.VolumeValue;
import org.scanbridge.knime.learn.CheckpointFolder;
import org.scanbridge.knime.learn.TrainingDevice;
import org.scanbridge.knime.util.ColumnGuess;
import org.scanbridge.knime.util.ColumnGuess.Otherwise;
import org.scanbridge.knime.util.ColumnGuesses;
import org.scanbridge.knime.util.Columns;
import org.scanbridge.knime.util.GuessedColumns;
import org.scanbridge.knime.util.LabelColumns;
import org.scanbridge.knime.util.RefusedSetting;
import org.scanbridge.knime.util.StudyTable;
import org.scanbridge.knime.util.TextColumns;
import org.scanbridge.knime.util.VolumeColumns;
import org.scanbridge.learning.anomaly.AnomalyOptions;
import org.scanbridge.learning.anomaly.ResidualOptions;
import org.scanbridge.learning.architecture.AutoEncoderSpec;
import org.scanbridge.learning.architecture.PatchSize;
import org.scanbridge.learning.graph.AutoEncoderGraphSpec;
import org.scanbridge.learning.train.Checkpoints;

/** Settings of {@link AnomalyLearnerNodeFactory}. */
@LoadDefaultsForAbsentFields
public final class AnomalyLearnerParameters implements NodeParameters, GuessedColumns {

    private static final AnomalyOptions DEFAULTS = AnomalyOptions.defaults();

    private static final String MASK_COLUMN = "Mask column";

    private static final double PERCENT = 100;

    /** What is trained. */
    enum Method {
            @Label(value = "Auto-encoder", description = "The code of a block is what reconstructs it best.")
            AUTO_ENCODER, //
            @Label(value = "Variational auto-encoder", description = """
                    The code is a normal distribution near the standard one: codes of healthy blocks lie close together, and the \
                    network gives back less of what it has never seen, and less detail.""")
            VARIATIONAL;
    }

    /** {@link AutoEncoderSpec.Code} with texts. */
    enum Code {
            @Label(value = "Dense", description = """
                    One vector for the whole block. The network has to know what a whole block looks like, hence the default.""")
            DENSE, //
            @Label(value = "Spatial", description = """
                    A vector for each place of the lowest resolution. Sharper, but lesions are more easily given back.""")
            SPATIAL;
    }

    /** {@link AutoEncoderGraphSpec.Distance} with texts. */
    enum Distance {
            @Label(value = "Absolute difference", description = "Forgives single voxels that are far off.")
            L1, //
            @Label(value = "Squared difference", description = "Half of it; large differences count most.")
            L2;
    }

    /** {@link ResidualOptions.Side} with texts. */
    enum Side {
            @Label(value = "Brighter or darker", description = "Both count alike.")
            BOTH, //
            @Label(value = "Brighter", description = "Only what is brighter than expected, such as lesions on FLAIR.")
            BRIGHTER, //
            @Label(value = "Darker", description = "Only what is darker than expected, such as lesions on T1.")
            DARKER;
    }

    /** {@link ResidualOptions.Smoothing} with texts. */
    enum Smoothing {
            @Label(value = "None", description = "Every voxel by itself.")
            NONE, //
            @Label(value = "Median", description = "Of a box: removes specks and thin edges, keeps the borders of lesions.")
            MEDIAN, //
            @Label(value = "Gaussian", description = "Weighted mean: also makes lesions out of several weak voxels.")
            GAUSSIAN;
    }

    @Section(title = "Columns")
    interface InputColumns {
    }

    @Section(title = "Network")
    @After(InputColumns.class)
    interface Network {
    }

    @Section(title = "Training")
    @After(Network.class)
    interface Training {
    }

    @Section(title = "Map", description = "What becomes of the difference of an image and what the network made of it. The"
        + " threshold is found under these settings, so the Anomaly Detector uses them, too.")
    @After(Training.class)
    interface Map {
    }

    static final class MaskedReference implements BooleanReference {
    }

    static final class MethodReference implements ParameterReference<Method> {
    }

    static final class SmoothingReference implements ParameterReference<Smoothing> {
    }

    static final class IsVariational implements EffectPredicateProvider {
        @Override
        public EffectPredicate init(final PredicateInitializer i) {
            return i.getEnum(MethodReference.class).isOneOf(Method.VARIATIONAL);
        }
    }

    static final class IsSmoothed implements EffectPredicateProvider {
        @Override
        public EffectPredicate init(final PredicateInitializer i) {
            return i.getEnum(SmoothingReference.class).isOneOf(Smoothing.MEDIAN, Smoothing.GAUSSIAN);
        }
    }

    @Layout(InputColumns.class)
    @Widget(title = "Image column", description = """
            The images of healthy people, one kind, normalized. The Anomaly Detector must later be given images normalized in \
            the same way. Blank: "Normalized", else "Image", else the first image column.""")
    @ChoicesProvider(VolumeColumns.class)
    @ColumnGuess(type = VolumeValue.class, names = {StudyTable.NORMALIZED, StudyTable.IMAGE})
    String m_imageColumn = "";

    @Layout(InputColumns.class)
    @Widget(title = "Look inside a mask only", description = """
            Learns from what is inside a mask, such as the brain without the skull; all else is made background. Off: all that is \
            not constant background.""")
    @ValueReference(MaskedReference.class)
    boolean m_masked;

    @Layout(InputColumns.class)
    @Widget(title = MASK_COLUMN, description = """
            Segmentations on the images' grids; every label but 0 is inside. Blank: "Mask", else "Segmentation", else the first \
            segmentation column.""")
    @ChoicesProvider(LabelColumns.class)
    @ColumnGuess(type = LabelVolumeValue.class, names = {"Mask", StudyTable.SEGMENTATION})
    @Effect(predicate = MaskedReference.class, type = EffectType.SHOW)
    String m_maskColumn = "";

    @Layout(InputColumns.class)
    @Widget(title = "Subject column", description = """
            Says which images belong to one person: all of a person's images are held out, or none. Blank: "Subject".""")
    @ChoicesProvider(TextColumns.class)
    @ColumnGuess(type = StringValue.class, names = StudyTable.SUBJECT, otherwise = Otherwise.NONE)
    String m_subjectColumn = "";

    @Layout(InputColumns.class)
    @Widget(title = "Site column", description = """
            Says which scanner or hospital an image comes from; each is learned from equally often. Blank: "Site".""")
    @ChoicesProvider(TextColumns.class)
    @ColumnGuess(type = StringValue.class, names = StudyTable.SITE, otherwise = Otherwise.NONE)
    String m_siteColumn = "";

    @Layout(Network.class)
    @Widget(title = "Method", description = "What is trained.")
    @ValueReference(MethodReference.class)
    Method m_method = Method.AUTO_ENCODER;

    @Layout(Network.class)
    @Widget(title = "Patch size along i and j", description = """
            Voxels of a block: a multiple of 2 to the number of levels less one, at most as many as the smallest image has. A block \
            that is as large as the images makes one code for a whole image, which needs many more images to learn from.""")
    @NumberInputWidget(minValidation = IsPositiveIntegerValidation.class)
    int m_patchSize = DEFAULTS.network().patchSize().i();

    @Layout(Network.class)
    @Widget(title = "Patch size along k", description = "Slices of a block. 1 looks at single slices.")
    @NumberInputWidget(minValidation = IsPositiveIntegerValidation.class)
    int m_patchSlices = DEFAULTS.network().patchSize().k();

    @Layout(Network.class)
    @Widget(title = "Latent size", description = """
            How many numbers the code has, 1 to 4096. Fewer make the network give back less: less of lesions, and less of what is \
            healthy.""")
    @NumberInputWidget(minValidation = IsPositiveIntegerValidation.class)
    int m_latent = DEFAULTS.network().latent();

    @Layout(Network.class)
    @Widget(title = "Code", description = "What the code looks like.", advanced = true)
    Code m_code = Code.DENSE;

    @Layout(Network.class)
    @Widget(title = "Width", description = """
            Channels at full resolution, 1 to 256; each level below has twice as many. Twice the width makes training about \
            four times as long.""", advanced = true)
    @NumberInputWidget(minValidation = IsPositiveIntegerValidation.class)
    int m_width = DEFAULTS.network().baseWidth();

    @Layout(Network.class)
    @Widget(title = "Levels", description = "Number of resolutions, 2 to 6.", advanced = true)
    @NumberInputWidget(minValidation = IsPositiveIntegerValidation.class)
    int m_levels = DEFAULTS.network().levels();

    @Layout(Training.class)
    @Widget(title = "Steps", description = """
            How often the weights are changed. The curve in the second output shows whether the loss was still falling.""")
    @NumberInputWidget(minValidation = IsPositiveIntegerValidation.class)
    int m_steps = DEFAULTS.steps();

    @Layout(Training.class)
    @Widget(title = "Patches per step", description = "How many blocks one step looks at.")
    @NumberInputWidget(minValidation = IsPositiveIntegerValidation.class)
    int m_batch = DEFAULTS.batch();

    @Layout(Training.class)
    @Widget(title = "Learning rate", description = """
            How far the first step moves the weights; it falls to 0 along half a cosine. Halve it if the loss jumps.""")
    @NumberInputWidget(minValidation = IsPositiveDoubleValidation.class, stepSize = 0.0001)
    double m_learningRate = DEFAULTS.learningRate();

    @Layout(Training.class)
    @Widget(title = "Distance", description = "Of a block and what the network makes of it.", advanced = true)
    Distance m_distance = Distance.L1;

    @Layout(Training.class)
    @Widget(title = "Beta", description = """
            How much the distribution of the codes counts, 0 to 1000. 1 is the evidence lower bound; more blurs.""", advanced = true)
    @NumberInputWidget(minValidation = IsNonNegativeValidation.class)
    @Effect(predicate = IsVariational.class, type = EffectType.SHOW)
    double m_beta = DEFAULTS.beta();

    @Layout(Training.class)
    @Widget(title = "Mirror patches", description = """
            Shows the network every other patch mirrored, which doubles the images. Switch it off where left and right must be \
            told apart.""")
    boolean m_mirror = DEFAULTS.mirror();

    @Layout(Training.class)
    @Widget(title = "Held out (%)", description = """
            Share of the subjects that are not learned from but tell how large differences are in healthy people, above 0 to 90; \
            one subject at least, and of each site by its number of subjects. More make the threshold more reliable.""")
    @NumberInputWidget(minValidation = IsPositiveDoubleValidation.class)
    double m_heldOut = PERCENT * DEFAULTS.heldOut();

    @Layout(Training.class)
    @Widget(title = "Seed", description = """
            Everything random is drawn from this number: weights, patches, who is held out, and the noise of variational codes. The \
            same seed, settings and data give the same weights, bit for bit, on the same kind of processor.""")
    long m_seed = DEFAULTS.seed();

    @Layout(Training.class)
    @Widget(title = "Folder for checkpoints", description = """
            Here the training saves its state from time to time, and shows its curves while it runs in the page training.html. \
            Executed again after an interruption, with the same data and settings, the node goes on where it was and gives the \
            same weights, bit for bit. Blank: nothing is saved.""", advanced = true)
    @TextInputWidget(placeholder = "(no checkpoints)")
    @FileSelectionWidget(value = SingleFileSelectionMode.FOLDER, placeholder = "(no checkpoints)")
    @WithFileSystem(FileSystemOption.LOCAL)
    String m_checkpointFolder = "";

    @Layout(Training.class)
    @Widget(title = "Steps between checkpoints", description = "How many steps are lost at most.", advanced = true)
    @NumberInputWidget(minValidation = IsPositiveIntegerValidation.class)
    int m_checkpointInterval = 100;

    @Layout(Training.class)
    @Widget(title = "Device", description = "What the training runs on.", advanced = true)
    @ValueReference(TrainingDevice.Reference.class)
    TrainingDevice m_device = TrainingDevice.AUTO;

    @Layout(Training.class)
    @Widget(title = "Number of the GPU", description = "GPUs are counted from 0.", advanced = true)
    @NumberInputWidget(minValidation = IsNonNegativeValidation.class)
    @Effect(predicate = TrainingDevice.IsGpu.class, type = EffectType.SHOW)
    int m_gpu;

    @Layout(Map.class)
    @Widget(title = "Unusual is what is", description = "Which differences count. Say which where it is known: half of the noise goes.")
    Side m_side = Side.BOTH;

    @Layout(Map.class)
    @Widget(title = "Smoothing", description = "How neighboring differences are put together.")
    @ValueReference(SmoothingReference.class)
    Smoothing m_smoothing = Smoothing.MEDIAN;

    @Layout(Map.class)
    @Widget(title = "Smoothing radius (mm)", description = """
            Of the median: how far its box reaches to each side, at least a voxel. Of the Gaussian: its standard deviation. Lesions \
            that are smaller vanish. 0 to 50. The median takes the longer the more voxels its box has: for radii of many voxels, take \
            the Gaussian.""")
    @NumberInputWidget(minValidation = IsNonNegativeValidation.class)
    @Effect(predicate = IsSmoothed.class, type = EffectType.SHOW)
    double m_radius = DEFAULTS.residual().radius();

    @Layout(Map.class)
    @Widget(title = "Edge left out (mm)", description = """
            How thick the rim of the head, or of the mask, is in which nothing is looked for: every blur makes differences there. 0 \
            to 50.""")
    @NumberInputWidget(minValidation = IsNonNegativeValidation.class)
    double m_edge = DEFAULTS.residual().edge();

    AnomalyLearnerParameters() {
        // for KNIME
    }

    AnomalyLearnerParameters(final NodeParametersInput input) {
        ColumnGuesses.defaults(this, input);
    }

    @Override
    public boolean reads(final String setting) {
        return m_masked || !MASK_COLUMN.equals(setting);
    }

    /** The index of the mask column. */
    int mask(final DataTableSpec spec) throws InvalidSettingsException {
        return Columns.index(spec, m_maskColumn, LabelVolumeValue.class, MASK_COLUMN);
    }

    /** @throws InvalidSettingsException if a number is out of range */
    AnomalyOptions options() throws InvalidSettingsException {
        if (!(m_heldOut > 0 && m_heldOut <= 90)) {
            throw new InvalidSettingsException("\"Held out (%)\" is " + m_heldOut + "; choose a number above 0, at most 90.");
        }
        try {
            return new AnomalyOptions(
                new AutoEncoderSpec(new PatchSize(m_patchSize, m_patchSize, m_patchSlices), m_width, m_levels, m_latent,
                    AutoEncoderSpec.Code.valueOf(m_code.name()), m_method == Method.VARIATIONAL),
                m_steps, m_batch, m_learningRate, AutoEncoderGraphSpec.Distance.valueOf(m_distance.name()), m_beta, m_mirror,
                m_heldOut / PERCENT, new ResidualOptions(ResidualOptions.Side.valueOf(m_side.name()),
                    ResidualOptions.Smoothing.valueOf(m_smoothing.name()), m_radius, m_edge),
                m_seed, m_device.choice(m_gpu));
        } catch (final IllegalArgumentException e) {
            throw new InvalidSettingsException(e.getMessage(), e);
        }
    }

    /** Where the state is saved; empty if nowhere. */
    Optional<Checkpoints> checkpoints() throws InvalidSettingsException {
        return CheckpointFolder.of(m_checkpointFolder, m_checkpointInterval);
    }

    @Override
    public void validate() throws InvalidSettingsException {
        RefusedSetting.named(this, AnomalyLearnerParameters::check);
    }

    private void check() throws InvalidSettingsException {
        options();
        checkpoints();
    }
}

package org.scanbridge.knime.nodes.imagetranslationlearner;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

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
import org.knime.node.parameters.updates.ValueReference;
import org.knime.node.parameters.widget.choices.ChoicesProvider;
import org.knime.node.parameters.widget.choices.Label;
import org.knime.node.parameters.widget.choices.SuggestionsProvider;
import org.knime.node.parameters.widget.number.NumberInputWidget;
import org.knime.node.parameters.widget.number.NumberInputWidgetValidation.MinValidation.IsNonNegativeValidation;
import org.knime.node.parameters.widget.number.NumberInputWidgetValidation.MinValidation.IsPositiveDoubleValidation;
import org.knime.node.parameters.widget.number.NumberInputWidgetValidation.MinValidation.IsPositiveIntegerValidation;
import org.knime.node.parameters.widget.text.TextInputWidget;
import org.scanbridge.knime.data.VolumeValue;
import org.scanbridge.knime.learn.CaseColumns;
import org.scanbridge.knime.learn.CheckpointFolder;
import org.scanbridge.knime.learn.TrainingDevice;
import org.scanbridge.knime.util.ColumnGuess.Otherwise;
import org.scanbridge.knime.util.ColumnGuess;
import org.scanbridge.knime.util.ColumnGuesses;
import org.scanbridge.knime.util.RefusedSetting;
import org.scanbridge.knime.util.SiteColumn;
import org.scanbridge.knime.util.SourceSite;
import org.scanbridge.knime.util.StudyTable;
import org.scanbridge.knime.util.TextColumns;
import org.scanbridge.knime.util.VolumeColumns;
import org.scanbridge.learning.architecture.NetworkOutput;
import org.scanbridge.learning.architecture.NetworkSpec;
import org.scanbridge.learning.architecture.Norm;
import org.scanbridge.learning.architecture.PatchSize;
import org.scanbridge.learning.graph.PatchDiscriminatorSpec;
import org.scanbridge.learning.method.ImageTranslationOptions;
import org.scanbridge.learning.train.Checkpoints;

/** Settings of {@link ImageTranslationLearnerNodeFactory}. */
@LoadDefaultsForAbsentFields
public final class ImageTranslationLearnerParameters implements NodeParameters {

    private static final ImageTranslationOptions DEFAULTS = ImageTranslationOptions.defaults(List.of());

    @Section(title = "Images")
    interface Images {
    }

    @Section(title = "Generators")
    @After(Images.class)
    interface Generators {
    }

    @Section(title = "Discriminators")
    @After(Generators.class)
    interface Discriminators {
    }

    @Section(title = "Training")
    @After(Discriminators.class)
    interface Training {
    }

    /** What the generators see at once. */
    enum Region {
            @Label(value = "Slices", description = """
                    Squares of single slices, as in the paper: quick, and with room for whole organs. Neighboring slices \
                    are translated one by one.""")
            SLICES, //
            @Label(value = "Cubes", description = "Blocks in three dimensions: slower, but neighboring slices fit together.")
            CUBES;
    }

    /** {@link NetworkOutput} for images in [0, 1] with texts. */
    enum Start {
            @Label(value = "As a copy", description = """
                    σ(logit(x) + g(x)): the generators begin by copying the image, so that few steps suffice. For sites \
                    that differ in brightness, contrast, noise or sharpness.""")
            SIGMOID_RESIDUAL, //
            @Label(value = "From nothing", description = """
                    σ(g(x)): the generators must first learn to make images at all, which takes thousands of steps. For \
                    sites whose contrast is turned around, such as T1 and T2: a copy would have to pass through an image \
                    without any contrast on the way there.""")
            SIGMOID;
    }

    @Layout(Images.class)
    @Widget(title = "Image column", description = """
            The images to learn from, scaled to the range from 0 to 1 with <i>one</i> rule for all of them: in the Volume \
            Normalizer choose minimum and maximum with statistics over the data set. Scaled one by one, the images would \
            lose what this node is to learn, and new images could not be scaled alike. \
            Blank: "Normalized", else "Image", else the first image column.""")
    @ChoicesProvider(VolumeColumns.class)
    @ColumnGuess(type = VolumeValue.class, names = {StudyTable.NORMALIZED, StudyTable.IMAGE})
    String m_imageColumn = "";

    @Layout(Images.class)
    @Widget(title = "Subject column", description = "Says which images belong to one person."
        + " Blank: \"Subject\".")
    @ChoicesProvider(TextColumns.class)
    @ColumnGuess(type = StringValue.class, names = StudyTable.SUBJECT, otherwise = Otherwise.NONE)
    String m_subjectColumn = "";

    @Layout(Images.class)
    @Widget(title = "Site column", description = "Says which scanner or hospital an image comes from."
        + " Blank: \"Site\".")
    @ChoicesProvider(TextColumns.class)
    @ColumnGuess(type = StringValue.class, names = StudyTable.SITE, otherwise = Otherwise.NONE)
    @ValueReference(SiteColumn.class)
    String m_siteColumn = "";

    @Layout(Images.class)
    @Widget(title = "Source sites", description = """
            Names of the sites on one side, separated by commas: usually those that have a good segmentation network. \
            Blank: the first in alphabetical order.""")
    @TextInputWidget(placeholder = "(first site)")
    @SuggestionsProvider(SourceSites.class)
    @ValueReference(SourceSites.Setting.class)
    String m_sourceSites = "";

    @Layout(Images.class)
    @Widget(title = "Target sites", description = """
            Names of the sites on the other side, separated by commas. Blank: all that are no source sites. Images of \
            sites on neither side are left alone.""")
    @TextInputWidget(placeholder = "(all others)")
    @SuggestionsProvider(TargetSites.class)
    @ValueReference(TargetSites.Setting.class)
    String m_targetSites = "";

    @Layout(Images.class)
    @Widget(title = "Translate the images of the tables", description = """
            Translates every image of both tables to the other side's look and measures how well structures stay in place. \
            Without, the third output has no rows; the Learned Normalizer does the same with one of the generators.""")
    boolean m_translate = true;

    @Layout(Images.class)
    @Widget(title = "Name of the new column", description = "Name of the column with the translated images.")
    @TextInputWidget(placeholder = "Translated")
    String m_outputColumn = "Translated";

    @Layout(Generators.class)
    @Widget(title = "Generators see", description = "What part of an image the networks are trained on.")
    Region m_region = Region.SLICES;

    @Layout(Generators.class)
    @Widget(title = "Patch size", description = """
            Edge length in voxels of these squares or cubes; any for 1 level, a multiple of 2 for 2, of 4 for 3. As large as the \
            images allow for squares, 16 to 32 for cubes: their time per step grows with its third power.""")
    @NumberInputWidget(minValidation = IsPositiveIntegerValidation.class)
    int m_patchSize = 48;

    @Layout(Generators.class)
    @Widget(title = "Begin", description = "What the generators do before they have learned anything.")
    Start m_start = Start.SIGMOID_RESIDUAL;

    @Layout(Generators.class)
    @Widget(title = "Channels at full resolution", description = """
            The width of both generators, which are U-Nets with instance normalization; the paper's generators begin with \
            64.""",
        advanced = true)
    @NumberInputWidget(minValidation = IsPositiveIntegerValidation.class)
    int m_baseWidth = 8;

    @Layout(Generators.class)
    @Widget(title = "Levels", description = """
            How many resolutions the generators look at. 1 makes every voxel from 5 voxels along each axis around it, enough \
            for brightness and contrast, and hardly able to move structures. More levels can do more, and harm more: in a test \
            with disks of known gray values, the similarity (NCC) to what the other site would have shown stayed at 0.93 to \
            0.96 with 1 level and fell to 0.74 to 0.87 with 2.""")
    @NumberInputWidget(minValidation = IsPositiveIntegerValidation.class)
    int m_levels = 1;

    @Layout(Generators.class)
    @Widget(title = "Weight of the way back", description = """
            How much it counts that an image translated there and back is what it was; against 1 for looking real. Higher \
            keeps structures in place; lower lets the look change more. 10 in the paper, whose generators begin from \
            nothing; generators that begin as a copy would be held there by it.""")
    @NumberInputWidget(minValidation = IsNonNegativeValidation.class)
    double m_cycleWeight = DEFAULTS.cycleWeight();

    @Layout(Generators.class)
    @Widget(title = "Weight of the identity", description = """
            How much it counts that an image which already looks like the other side's stays as it is. Keeps brightness \
            from drifting; half the weight of the way back, as in the paper. 0 saves a third of the time.""",
        advanced = true)
    @NumberInputWidget(minValidation = IsNonNegativeValidation.class)
    double m_identityWeight = DEFAULTS.identityWeight();

    @Layout(Discriminators.class)
    @Widget(title = "Width of the discriminators", description = "Channels of their first layer; 64 in the paper.",
        advanced = true)
    @NumberInputWidget(minValidation = IsPositiveIntegerValidation.class)
    int m_discriminatorWidth = DEFAULTS.discriminator().width();

    @Layout(Discriminators.class)
    @Widget(title = "Strided convolutions", description = """
            How far each score of a discriminator sees: 16, 34, 70 or 142 voxels with 1 to 4 of them; 3 in the paper. Small \
            regions judge noise, sharpness and brightness; large ones anatomy too, which differs where the patients \
            differ.""",
        advanced = true)
    @NumberInputWidget(minValidation = IsPositiveIntegerValidation.class)
    int m_strided = DEFAULTS.discriminator().strided();

    @Layout(Discriminators.class)
    @Widget(title = "Instance normalization", description = """
            As in the paper. Without, the discriminators judge absolute intensities more directly.""", advanced = true)
    boolean m_discriminatorNorm = DEFAULTS.discriminator().normalized();

    @Layout(Discriminators.class)
    @Widget(title = "Pool of past images", description = """
            How many generated patches of earlier steps each discriminator may see again, so that it does not forget what \
            it learned from them; 50 in the paper.""", advanced = true)
    @NumberInputWidget(minValidation = IsNonNegativeValidation.class)
    int m_pool = DEFAULTS.pool();

    @Layout(Discriminators.class)
    @Widget(title = "Learning rate of the discriminators", description = """
            At the start. Lower it if both discriminators' losses fall to nearly 0: the generators learn nothing from an \
            opponent that is always right.""")
    @NumberInputWidget(minValidation = IsPositiveDoubleValidation.class, stepSize = 0.0002)
    double m_discriminatorRate = DEFAULTS.discriminatorLearningRate();

    @Layout(Training.class)
    @Widget(title = "Steps", description = """
            How often all networks are updated. The losses do not tell when it is enough: look at the images.""")
    @NumberInputWidget(minValidation = IsPositiveIntegerValidation.class)
    int m_steps = DEFAULTS.steps();

    @Layout(Training.class)
    @Widget(title = "Patches of each side per step", description = "As many from the source sites as from the target sites.")
    @NumberInputWidget(minValidation = IsPositiveIntegerValidation.class)
    int m_batch = DEFAULTS.batch();

    @Layout(Training.class)
    @Widget(title = "Learning rate of the generators", description = """
            At the start; it stays for the first half of the steps and falls to nearly 0 over the second, as in the \
            paper.""")
    @NumberInputWidget(minValidation = IsPositiveDoubleValidation.class, stepSize = 0.0005)
    double m_learningRate = DEFAULTS.learningRate();

    @Layout(Training.class)
    @Widget(title = "Mirror patches", description = """
            Shows the networks every other patch mirrored, which doubles the images. Switch it off where left and right \
            must be told apart.""", advanced = true)
    boolean m_mirror = DEFAULTS.mirror();

    @Layout(Training.class)
    @Widget(title = "Seed", description = """
            Everything random is drawn from this number. The same seed, settings and images give the same weights, bit for \
            bit, on the same kind of processor. Repeat with other seeds: the game of four networks ends differently each \
            time.""")
    long m_seed = DEFAULTS.seed();

    @Layout(Training.class)
    @Widget(title = "Folder for checkpoints", description = """
            Here the training saves its state from time to time, and shows its curves while it runs in the page \
            training.html. Executed again after an interruption, with the same images and settings, the node goes on where \
            it was and gives the same weights, bit for bit. Blank: nothing is saved.""", advanced = true)
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

    /** For KNIME. */
    public ImageTranslationLearnerParameters() {
        // the defaults need a table
    }

    ImageTranslationLearnerParameters(final NodeParametersInput input) {
        ColumnGuesses.defaults(this, input);
    }

    /** The columns; segmentations are not read. */
    CaseColumns columns() {
        return new CaseColumns(m_imageColumn, m_subjectColumn, m_siteColumn);
    }

    /** @throws InvalidSettingsException if the numbers do not fit together */
    NetworkSpec generator() throws InvalidSettingsException {
        try {
            final boolean flat = m_region == Region.SLICES;
            return new NetworkSpec(flat ? NetworkSpec.Kind.UNET_2D : NetworkSpec.Kind.UNET_3D, 1, 1, m_baseWidth, m_levels,
                Norm.INSTANCE, flat ? new PatchSize(m_patchSize, m_patchSize, 1) : PatchSize.cube(m_patchSize),
                NetworkOutput.valueOf(m_start.name()));
        } catch (final IllegalArgumentException e) {
            throw new InvalidSettingsException(e.getMessage(), e);
        }
    }

    /**
     * @param sites the sites of the training table
     * @throws InvalidSettingsException if a number is out of range, or a table names no site
     */
    ImageTranslationOptions options(final Collection<String> sites) throws InvalidSettingsException {
        final List<String> sources = names(m_sourceSites);
        return options(sources.isEmpty() ? List.of(SourceSite.of("", sites)) : sources);
    }

    private ImageTranslationOptions options(final List<String> sources) throws InvalidSettingsException {
        try {
            return new ImageTranslationOptions(sources, names(m_targetSites), m_steps, m_batch, m_learningRate,
                m_discriminatorRate, DEFAULTS.optimizer(), DEFAULTS.schedule(), m_cycleWeight, m_identityWeight, m_pool,
                new PatchDiscriminatorSpec(m_discriminatorWidth, m_strided, m_discriminatorNorm), m_mirror, m_seed,
                m_device.choice(m_gpu));
        } catch (final IllegalArgumentException e) {
            throw new InvalidSettingsException(e.getMessage(), e);
        }
    }

    private static List<String> names(final String text) {
        final List<String> names = new ArrayList<>();
        for (final String name : text == null ? new String[0] : text.split(",")) {
            if (!name.isBlank()) {
                names.add(name.strip());
            }
        }
        return names;
    }

    /**
     * Where the training saves its state.
     *
     * @return empty if it does not
     * @throws InvalidSettingsException if the folder cannot be written, or the interval is below 1
     */
    Optional<Checkpoints> checkpoints() throws InvalidSettingsException {
        return CheckpointFolder.of(m_checkpointFolder, m_checkpointInterval);
    }

    @Override
    public void validate() throws InvalidSettingsException {
        RefusedSetting.named(this, ImageTranslationLearnerParameters::check);
    }

    private void check() throws InvalidSettingsException {
        generator();
        options(names(m_sourceSites));
        checkpoints();
        final int smallest = new PatchDiscriminatorSpec(m_discriminatorWidth, m_strided, m_discriminatorNorm).minPatch();
        if (m_patchSize < smallest) {
            throw new InvalidSettingsException("Patch size " + m_patchSize + ": discriminators with " + m_strided
                + " strided convolutions need " + smallest + " voxels or more.");
        }
        if (m_outputColumn == null || m_outputColumn.isBlank()) {
            throw new InvalidSettingsException("The new column has no name. Enter one, such as \"Translated\".");
        }
    }
}

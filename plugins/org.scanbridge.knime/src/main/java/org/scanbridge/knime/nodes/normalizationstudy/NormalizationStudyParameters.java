package org.scanbridge.knime.nodes.normalizationstudy;

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
import org.knime.node.parameters.updates.ValueReference;
import org.knime.node.parameters.widget.choices.ChoicesProvider;
import org.knime.node.parameters.widget.choices.SuggestionsProvider;
import org.knime.node.parameters.widget.number.NumberInputWidget;
import org.knime.node.parameters.widget.number.NumberInputWidgetValidation.MinValidation.IsNonNegativeValidation;
import org.knime.node.parameters.widget.number.NumberInputWidgetValidation.MinValidation.IsPositiveDoubleValidation;
import org.knime.node.parameters.widget.number.NumberInputWidgetValidation.MinValidation.IsPositiveIntegerValidation;
import org.knime.node.parameters.widget.text.TextInputWidget;
import org.scanbridge.knime.data.LabelVolumeValue;
import org.scanbridge.knime.data.VolumeValue;
import org.scanbridge.knime.util.ClassListSuggestions;
import org.scanbridge.knime.util.ColumnGuess.Otherwise;
import org.scanbridge.knime.util.ColumnGuess;
import org.scanbridge.knime.util.ColumnGuesses;
import org.scanbridge.knime.util.LabelColumns;
import org.scanbridge.knime.util.NameLists;
import org.scanbridge.knime.util.NotAnnotated;
import org.scanbridge.knime.util.OutputFolder;
import org.scanbridge.knime.util.RefusedSetting;
import org.scanbridge.knime.util.SiteColumn;
import org.scanbridge.knime.util.StudyTable;
import org.scanbridge.knime.util.TextColumns;
import org.scanbridge.knime.util.VolumeColumns;
import org.scanbridge.learning.method.AdversarialNormalizationOptions;
import org.scanbridge.learning.method.AdversarialNormalizationOptions.Adversary;
import org.scanbridge.learning.method.LossOptions;
import org.scanbridge.learning.graph.SegmentationLossSpec.DiceForm;
import org.scanbridge.learning.study.NormalizationStudyOptions;

/** Settings of {@link NormalizationStudyNodeFactory}. */
@LoadDefaultsForAbsentFields
public final class NormalizationStudyParameters implements NodeParameters {

    @Section(title = "Images")
    interface Images {
    }

    @Section(title = "Repetitions")
    @After(Images.class)
    interface Repetitions {
    }

    @Section(title = "Training")
    @After(Repetitions.class)
    interface Training {
    }

    @Section(title = "Results")
    @After(Training.class)
    interface Results {
    }

    @Layout(Images.class)
    @Widget(title = "Image column", description = """
            The raw images, before any normalization: the study normalizes them itself, in several ways. \
            Blank: "Image", else the first image column.""")
    @ChoicesProvider(VolumeColumns.class)
    @ColumnGuess(type = VolumeValue.class, names = StudyTable.IMAGE)
    String m_imageColumn = "";

    @Layout(Images.class)
    @Widget(title = "Segmentation column", description = "The reference segmentations. Every image needs one."
        + " Blank: \"Segmentation\", else the first segmentation column.")
    @ChoicesProvider(LabelColumns.class)
    @ColumnGuess(type = LabelVolumeValue.class, names = StudyTable.SEGMENTATION)
    String m_segmentationColumn = "";

    @Layout(Images.class)
    @Widget(title = NotAnnotated.TITLE, description = """
            For segmentations that are complete in part: names or label values, separated by commas, of classes that only \
            say that nobody looked there. Such voxels count in no training, no score and no comparison of sites, and are no \
            class of the networks. Where such a class overlaps another, as in <tt>liver + unknown</tt>, the voxels are not \
            annotated either. Blank, the default: everything is annotated, and what has no label is background.""",
        advanced = true)
    @TextInputWidget(placeholder = "(everything is annotated)")
    @SuggestionsProvider(ClassListSuggestions.OfNotAnnotated.class)
    @ValueReference(ClassListSuggestions.OfNotAnnotated.Setting.class)
    String m_notAnnotated = "";

    @Layout(Images.class)
    @Widget(title = "Subject column", description = "Training, validation and test never share a subject."
        + " Blank: \"Subject\".")
    @ChoicesProvider(TextColumns.class)
    @ColumnGuess(type = StringValue.class, names = StudyTable.SUBJECT, otherwise = Otherwise.NONE)
    String m_subjectColumn = StudyTable.SUBJECT;

    @Layout(Images.class)
    @Widget(title = "Site column", description = "Says which scanner or hospital an image comes from."
        + " Blank: \"Site\".")
    @ChoicesProvider(TextColumns.class)
    @ColumnGuess(type = StringValue.class, names = StudyTable.SITE, otherwise = Otherwise.NONE)
    @ValueReference(SiteColumn.class)
    String m_siteColumn = StudyTable.SITE;

    @Layout(Images.class)
    @Widget(title = "Control sites", description = """
            Sites, separated by commas, that differ from the others in intensity scale only. They take part in everything \
            but the first verdict, which says whether networks fail on other sites. Leave blank if there are none.""")
    @TextInputWidget(placeholder = "C")
    @SuggestionsProvider(ControlSites.class)
    @ValueReference(ControlSites.Setting.class)
    String m_controlSites = "";

    @Layout(Repetitions.class)
    @Widget(title = "Repetitions", description = """
            How often everything is repeated with another split, other initial weights and other patches. 3 is the least \
            that says something about chance.""")
    @NumberInputWidget(minValidation = IsPositiveIntegerValidation.class)
    int m_repetitions = 3;

    @Layout(Repetitions.class)
    @Widget(title = "Seed", description = "Of the first repetition; the others count on from there.")
    long m_seed = 1;

    @Layout(Repetitions.class)
    @Widget(title = "Training subjects per site", description = "How many subjects of each site networks are trained on.")
    @NumberInputWidget(minValidation = IsPositiveIntegerValidation.class)
    int m_training = 6;

    @Layout(Repetitions.class)
    @Widget(title = "Validation subjects per site", description = """
            How many subjects of each site decide which step's networks are kept. All others are test subjects.""")
    @NumberInputWidget(minValidation = IsNonNegativeValidation.class)
    int m_validation = 2;

    @Layout(Training.class)
    @Widget(title = "Steps", description = """
            Optimizer steps of each of the trainings. The default is the fast preset: a quarter of an hour on two cores for \
            one repetition of the three synthetic sites.""")
    @NumberInputWidget(minValidation = IsPositiveIntegerValidation.class)
    int m_steps = 300;

    @Layout(Training.class)
    @Widget(title = "Steps of the first stage", description = """
            In how many of these steps the generator only learns to copy images.""")
    @NumberInputWidget(minValidation = IsNonNegativeValidation.class)
    int m_reconstructionSteps = 60;

    @Layout(Training.class)
    @Widget(title = "Patches per step", description = "The same for all trainings.")
    @NumberInputWidget(minValidation = IsPositiveIntegerValidation.class)
    int m_batch = 4;

    @Layout(Training.class)
    @Widget(title = "Patch size", description = "Edge of the cubic patches in voxels, a multiple of 4.")
    @NumberInputWidget(minValidation = IsPositiveIntegerValidation.class)
    int m_patch = 16;

    @Layout(Training.class)
    @Widget(title = "Learning rate", description = "Of the segmenters, with the Adam optimizer.")
    @NumberInputWidget(minValidation = IsPositiveDoubleValidation.class, stepSize = 0.001)
    double m_learningRate = 2e-3;

    @Layout(Training.class)
    @Widget(title = "Learning rate of the generator", description = """
            In the second stage, as a multiple of the segmenter's. 0.1 in the paper, which takes a hundred times as many \
            steps.""", advanced = true)
    @NumberInputWidget(minValidation = IsPositiveDoubleValidation.class)
    double m_generatorFactor = 1;

    @Layout(Training.class)
    @Widget(title = "Learning rate of the discriminator", description = "At the start; it falls with the segmenter's.",
        advanced = true)
    @NumberInputWidget(minValidation = IsPositiveDoubleValidation.class, stepSize = 0.001)
    double m_discriminatorRate = 2e-3;

    @Layout(Training.class)
    @Widget(title = "Lambda", description = "Weight of the adversarial loss in experiments 7 and 7b; 1 in the paper.",
        advanced = true)
    @NumberInputWidget(minValidation = IsNonNegativeValidation.class)
    double m_lambda = 1;

    @Layout(Training.class)
    @Widget(title = "Base width", description = "Channels at full resolution of generator and segmenter.", advanced = true)
    @NumberInputWidget(minValidation = IsPositiveIntegerValidation.class)
    int m_width = 8;

    @Layout(Training.class)
    @Widget(title = "Base width without generator", description = """
            Of the networks that work alone: larger, to have as many weights as generator and segmenter together.""",
        advanced = true)
    @NumberInputWidget(minValidation = IsPositiveIntegerValidation.class)
    int m_wideWidth = 12;

    @Layout(Results.class)
    @Widget(title = "Folder", description = """
            Where the page adversarial-normalization.md and the CSV files are written; those of an earlier study are \
            replaced. Left blank, nothing is written. A path that does not begin at the root is taken inside the folder \
            "ScanBridge" of your home folder.""")
    @TextInputWidget(placeholder = "/path/to/results")
    @FileSelectionWidget(value = SingleFileSelectionMode.FOLDER, placeholder = "/path/to/results")
    @WithFileSystem(FileSystemOption.LOCAL)
    String m_folder = "";

    /** For KNIME. */
    public NormalizationStudyParameters() {
        // the default columns need a table
    }

    NormalizationStudyParameters(final NodeParametersInput input) {
        ColumnGuesses.defaults(this, input);
    }

    /** @throws InvalidSettingsException if a number is out of range */
    NormalizationStudyOptions options() throws InvalidSettingsException {
        final List<String> controls = NameLists.names(m_controlSites);
        try {
            final AdversarialNormalizationOptions defaults = AdversarialNormalizationOptions.defaults();
            // the first stage must always be shorter than the training, while both change
            final AdversarialNormalizationOptions method = defaults.withReconstructionSteps(0)
                .withSegmentation(defaults.segmentation().withSteps(m_steps).withBatch(m_batch)
                    .withLearningRate(m_learningRate).withValidationInterval(Math.max(1, m_steps / 4))
                    .withLoss(LossOptions.defaults().withDiceForm(DiceForm.POOLED)))
                .withReconstructionSteps(m_reconstructionSteps).withGeneratorThen(m_generatorFactor)
                .withAdversary(Optional
                    .of(Adversary.defaults().withLearningRate(m_discriminatorRate).withLambda(m_lambda)));
            return new NormalizationStudyOptions(m_repetitions, m_seed, m_training, m_validation, m_width, m_wideWidth, 3,
                m_patch, method, controls);
        } catch (final IllegalArgumentException e) {
            throw new InvalidSettingsException(e.getMessage(), e);
        }
    }

    /** @throws InvalidSettingsException if it names the background or a number that is no label value */
    NotAnnotated notAnnotated() throws InvalidSettingsException {
        return NotAnnotated.of(m_notAnnotated);
    }

    @Override
    public void validate() throws InvalidSettingsException {
        RefusedSetting.named(this, NormalizationStudyParameters::check);
    }

    private void check() throws InvalidSettingsException {
        options();
        notAnnotated();
        OutputFolder.of(m_folder);
    }
}

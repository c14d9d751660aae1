package org.scanbridge.knime.nodes.segmentationrefiner;

import java.util.ArrayList;
import java.util.List;

import org.knime.core.node.InvalidSettingsException;
import org.knime.node.parameters.NodeParameters;
import org.knime.node.parameters.NodeParametersInput;
import org.knime.node.parameters.Widget;
import org.knime.node.parameters.array.ArrayWidget;
import org.knime.node.parameters.layout.After;
import org.knime.node.parameters.layout.Layout;
import org.knime.node.parameters.layout.Section;
import org.knime.node.parameters.migration.LoadDefaultsForAbsentFields;
import org.knime.node.parameters.updates.Effect;
import org.knime.node.parameters.updates.Effect.EffectType;
import org.knime.node.parameters.updates.ValueReference;
import org.knime.node.parameters.updates.util.BooleanReference;
import org.knime.node.parameters.widget.choices.ChoicesProvider;
import org.knime.node.parameters.widget.choices.Label;
import org.knime.node.parameters.widget.number.NumberInputWidget;
import org.knime.node.parameters.widget.number.NumberInputWidgetValidation.MinValidation;
import org.knime.node.parameters.widget.text.TextInputWidget;
import org.scanbridge.imaging.components.Connectivity;
import org.scanbridge.imaging.crf.CrfOptions;
import org.scanbridge.knime.data.LabelVolumeValue;
import org.scanbridge.knime.data.VolumeValue;
import org.scanbridge.knime.util.ColumnGuess;
import org.scanbridge.knime.util.ColumnGuess.Otherwise;
import org.scanbridge.knime.util.ColumnGuesses;
import org.scanbridge.knime.util.LabelColumns;
import org.scanbridge.knime.util.Neighbors;
import org.scanbridge.knime.util.StudyTable;
import org.scanbridge.knime.util.VolumeColumns;

/** Settings of {@link SegmentationRefinerNodeFactory}. */
@LoadDefaultsForAbsentFields
final class SegmentationRefinerParameters implements NodeParameters {

    @Section(title = "Columns")
    interface InputColumns {
    }

    @Section(title = "Dense CRF", description = "Looks at all pairs of voxels: those that lie close together, and those that lie"
        + " close together and are equally bright, should have the same class.")
    @After(InputColumns.class)
    interface Crf {
    }

    @Section(title = "Small parts")
    @After(Crf.class)
    interface Parts {
    }

    @Section(title = "Output")
    @After(Parts.class)
    interface Output {
    }

    static final class CrfReference implements BooleanReference {
    }

    @Layout(InputColumns.class)
    @Widget(title = "Segmentation column", description = "The segmentations to refine. The dense CRF needs the probabilities beside"
        + " them, in columns such as <tt>prediction p(lesion)</tt>, which the Segmentation Predictor appends with"
        + " \"Probabilities\". Blank: \"prediction\", else the last segmentation column.")
    @ChoicesProvider(LabelColumns.class)
    @ColumnGuess(type = LabelVolumeValue.class, names = "prediction", otherwise = Otherwise.LAST)
    String m_segmentationColumn = "";

    @Layout(InputColumns.class)
    @Widget(title = "Image column", description = "The images that were segmented; the dense CRF compares their intensities. Blank:"
        + " \"Normalized\", else \"Image\", else the first image column.")
    @ChoicesProvider(VolumeColumns.class)
    @ColumnGuess(type = VolumeValue.class, names = {StudyTable.NORMALIZED, StudyTable.IMAGE})
    @Effect(predicate = CrfReference.class, type = EffectType.SHOW)
    String m_imageColumn = "";

    @Layout(InputColumns.class)
    @Widget(title = "Further images", description = "More images of each subject whose intensities count together with the first"
        + " one's, such as T1 beside FLAIR, on the same grid and normalized in the same way. None by default.", advanced = true)
    @ArrayWidget(addButtonText = "Add further image", elementLayout = ArrayWidget.ElementLayout.HORIZONTAL_SINGLE_LINE,
        showSortButtons = true)
    @Effect(predicate = CrfReference.class, type = EffectType.SHOW)
    RefinerImage[] m_furtherImages = {};

    @Layout(Crf.class)
    @Widget(title = "Refine by a dense CRF", description = "Off: only small parts are removed, and no probabilities are needed.")
    @ValueReference(CrfReference.class)
    boolean m_crf = true;

    @Layout(Crf.class)
    @Widget(title = "Smoothness weight", description = "How much voxels close together count, whatever their intensity; 0 switches"
        + " this off.")
    @NumberInputWidget(minValidation = MinValidation.IsNonNegativeValidation.class)
    @Effect(predicate = CrfReference.class, type = EffectType.SHOW)
    double m_smoothnessWeight = 1;

    @Layout(Crf.class)
    @Widget(title = "Smoothness distance (mm)", description = "How far that reaches: a standard deviation. About a voxel; more"
        + " removes small lesions.")
    @NumberInputWidget(minValidation = MinValidation.IsPositiveDoubleValidation.class)
    @Effect(predicate = CrfReference.class, type = EffectType.SHOW)
    double m_smoothnessDistance = 1;

    @Layout(Crf.class)
    @Widget(title = "Appearance weight", description = "How much voxels count that are close together and equally bright; 0"
        + " switches this off.")
    @NumberInputWidget(minValidation = MinValidation.IsNonNegativeValidation.class)
    @Effect(predicate = CrfReference.class, type = EffectType.SHOW)
    double m_appearanceWeight = 2;

    @Layout(Crf.class)
    @Widget(title = "Appearance distance (mm)", description = "How far that reaches: a standard deviation. About the size of what is"
        + " segmented.")
    @NumberInputWidget(minValidation = MinValidation.IsPositiveDoubleValidation.class)
    @Effect(predicate = CrfReference.class, type = EffectType.SHOW)
    double m_appearanceDistance = 4;

    @Layout(Crf.class)
    @Widget(title = "Appearance intensity", description = "Which difference of intensities still counts as equally bright: a"
        + " standard deviation in units of the image. More than its noise, less than what tells the classes apart; the default is"
        + " for images of the Volume Normalizer, whose own standard deviation is about 1. For a CT in Hounsfield units enter"
        + " some 30.")
    @NumberInputWidget(minValidation = MinValidation.IsPositiveDoubleValidation.class)
    @Effect(predicate = CrfReference.class, type = EffectType.SHOW)
    double m_appearanceIntensity = 0.5;

    @Layout(Crf.class)
    @Widget(title = "Updates", description = "How often all voxels ask each other; after five hardly anything changes. 0 leaves the"
        + " probabilities as they are.", advanced = true)
    @NumberInputWidget(minValidation = MinValidation.IsNonNegativeValidation.class)
    @Effect(predicate = CrfReference.class, type = EffectType.SHOW)
    int m_updates = 5;

    @Layout(Parts.class)
    @Widget(title = "Remove parts up to (mm³)", description = "Parts of a class of at most this volume become background, after the"
        + " CRF: those as small as noise makes them. 0, the default, keeps all. The probabilities are not changed. To keep only the"
        + " largest part of an organ, see \"Keep\" of the Segmentation Predictor.")
    @NumberInputWidget(minValidation = MinValidation.IsNonNegativeValidation.class)
    double m_removedVolume;

    @Layout(Parts.class)
    @Widget(title = "Voxels of one part share", description = "What hangs together.", advanced = true)
    Neighbors m_neighbors = Neighbors.CORNERS;

    @Layout(Output.class)
    @Widget(title = "Name of the new column", description = "Name of the column with the refined segmentations; the Segmentation"
        + " Scorer takes it for the name of the model.")
    @TextInputWidget(placeholder = "refined")
    String m_outputColumn = "refined";

    @Layout(Output.class)
    @Widget(title = "Probabilities", description = "Also appends the refined probabilities, one map per class. They take four bytes"
        + " per voxel and map.")
    @Effect(predicate = CrfReference.class, type = EffectType.SHOW)
    boolean m_probabilities;

    SegmentationRefinerParameters() {
        // for KNIME
    }

    SegmentationRefinerParameters(final NodeParametersInput input) {
        ColumnGuesses.defaults(this, input);
    }

    /** The image columns, the first one first. */
    List<String> images() {
        final List<String> names = new ArrayList<>();
        names.add(m_imageColumn);
        for (final RefinerImage image : m_furtherImages == null ? new RefinerImage[0] : m_furtherImages) {
            names.add(image.m_column);
        }
        return names;
    }

    /** What hangs together. */
    Connectivity connectivity() {
        return m_neighbors.connectivity();
    }

    /** The CRF's kernels. */
    CrfOptions crf() {
        return new CrfOptions(m_smoothnessDistance, m_smoothnessWeight, m_appearanceDistance, m_appearanceIntensity,
            m_appearanceWeight, m_updates);
    }

    @Override
    public void validate() throws InvalidSettingsException {
        requireWeight("Smoothness weight", m_smoothnessWeight);
        requireWeight("Appearance weight", m_appearanceWeight);
        requireWeight("Remove parts up to (mm³)", m_removedVolume);
        requirePositive("Smoothness distance (mm)", m_smoothnessDistance);
        requirePositive("Appearance distance (mm)", m_appearanceDistance);
        requirePositive("Appearance intensity", m_appearanceIntensity);
        requireWeight("Updates", m_updates);
        if (m_outputColumn == null || m_outputColumn.isBlank()) {
            throw new InvalidSettingsException("\"Name of the new column\" is blank. Enter a name, such as refined.");
        }
        if (!m_crf && m_removedVolume == 0) {
            throw new InvalidSettingsException("There is nothing to do: \"Refine by a dense CRF\" is off, and \"Remove parts up to"
                + " (mm³)\" is 0. Switch the CRF on, or enter a volume above 0.");
        }
    }

    private static void requireWeight(final String title, final double value) throws InvalidSettingsException {
        // NaN fails too
        if (!(value >= 0 && Double.isFinite(value))) {
            throw new InvalidSettingsException("\"" + title + "\" is " + value + "; choose 0 or a positive number.");
        }
    }

    private static void requirePositive(final String title, final double value) throws InvalidSettingsException {
        if (!(value > 0 && Double.isFinite(value))) {
            throw new InvalidSettingsException("\"" + title + "\" is " + value + "; choose a number above 0.");
        }
    }
}

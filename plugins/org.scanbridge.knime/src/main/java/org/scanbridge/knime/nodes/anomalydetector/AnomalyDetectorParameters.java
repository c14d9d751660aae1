package org.scanbridge.knime.nodes.anomalydetector;

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
import org.knime.node.parameters.updates.util.BooleanReference;
import org.knime.node.parameters.widget.choices.ChoicesProvider;
import org.knime.node.parameters.widget.choices.Label;
import org.knime.node.parameters.widget.number.NumberInputWidget;
import org.knime.node.parameters.widget.number.NumberInputWidgetValidation.MinValidation.IsNonNegativeValidation;
import org.knime.node.parameters.widget.number.NumberInputWidgetValidation.MinValidation.IsPositiveDoubleValidation;
import org.knime.node.parameters.widget.text.TextInputWidget;
import org.scanbridge.knime.data.LabelVolumeValue;
import org.scanbridge.knime.data.VolumeValue;
import org.scanbridge.knime.learn.TrainingImageColumns;
import org.scanbridge.knime.learn.TrainingLabelColumns;
import org.scanbridge.knime.util.ColumnGuess;
import org.scanbridge.knime.util.ColumnGuesses;
import org.scanbridge.knime.util.GuessedColumns;
import org.scanbridge.knime.util.StudyTable;
import org.scanbridge.learning.anomaly.HealthyResiduals;

/** Settings of {@link AnomalyDetectorNodeFactory}. */
@LoadDefaultsForAbsentFields
public final class AnomalyDetectorParameters implements NodeParameters, GuessedColumns {

    static final String MASK_COLUMN = "Mask column";

    static final String REGION_COLUMN = "Region column";

    static final String REFERENCE_COLUMN = "Reference column";

    /** What gets scores of its own. */
    enum Regions {
            @Label(value = "Cubes", description = "That cover the image, whatever it shows.")
            CUBES, //
            @Label(value = "Labels", description = "Of a segmentation, such as lobes or tissues.")
            LABELS;
    }

    @Section(title = "Columns")
    interface InputColumns {
    }

    @Section(title = "Marking")
    @After(InputColumns.class)
    interface Marking {
    }

    @Section(title = "Regions")
    @After(Marking.class)
    interface Parts {
    }

    @Section(title = "Reference")
    @After(Parts.class)
    interface Reference {
    }

    @Section(title = "Output")
    @After(Reference.class)
    interface Output {
    }

    static final class MaskedReference implements BooleanReference {
    }

    static final class SegmentationReference implements BooleanReference {
    }

    static final class ComparedReference implements BooleanReference {
    }

    static final class RegionsReference implements ParameterReference<Regions> {
    }

    static final class IsCubes implements EffectPredicateProvider {
        @Override
        public EffectPredicate init(final PredicateInitializer i) {
            return i.getEnum(RegionsReference.class).isOneOf(Regions.CUBES);
        }
    }

    static final class IsLabels implements EffectPredicateProvider {
        @Override
        public EffectPredicate init(final PredicateInitializer i) {
            return i.getEnum(RegionsReference.class).isOneOf(Regions.LABELS);
        }
    }

    @Layout(InputColumns.class)
    @Widget(title = "Image column", description = """
            The images to look at, normalized as those that were learned from. Blank: "Normalized", else "Image", else the first \
            image column.""")
    @ChoicesProvider(TrainingImageColumns.class)
    @ColumnGuess(port = AnomalyDetectorNodeFactory.IMAGES, type = VolumeValue.class,
        names = {StudyTable.NORMALIZED, StudyTable.IMAGE})
    String m_imageColumn = "";

    @Layout(InputColumns.class)
    @Widget(title = "Look inside a mask only", description = """
            Looks at what is inside a mask; all else is made background. As in the Anomaly Learner. Off: at all that is not constant \
            background.""")
    @ValueReference(MaskedReference.class)
    boolean m_masked;

    @Layout(InputColumns.class)
    @Widget(title = MASK_COLUMN, description = """
            Segmentations on the images' grids; every label but 0 is inside. Blank: "Mask", else "Segmentation", else the first \
            segmentation column.""")
    @ChoicesProvider(TrainingLabelColumns.class)
    @ColumnGuess(port = AnomalyDetectorNodeFactory.IMAGES, type = LabelVolumeValue.class,
        names = {"Mask", StudyTable.SEGMENTATION})
    @Effect(predicate = MaskedReference.class, type = EffectType.SHOW)
    String m_maskColumn = "";

    @Layout(Marking.class)
    @Widget(title = "Healthy voxels marked (%)", description = """
            Sets the threshold: at most this share of the voxels of the held-out healthy images is above it, 0 to 50, to two \
            digits.""")
    @NumberInputWidget(minValidation = IsNonNegativeValidation.class, stepSize = 0.1)
    double m_healthyPercent = 1;

    @Layout(Marking.class)
    @Widget(title = "Segmentation of what is marked", description = "Appends what is above the threshold as a segmentation.")
    @ValueReference(SegmentationReference.class)
    boolean m_segmentation = true;

    @Layout(Marking.class)
    @Widget(title = "Remove parts up to (mm³)", description = """
            Parts of the segmentation of at most this volume are left out: those as small as noise makes them. The shares that are \
            marked are counted before. 0 keeps all.""")
    @NumberInputWidget(minValidation = IsNonNegativeValidation.class)
    @Effect(predicate = SegmentationReference.class, type = EffectType.SHOW)
    double m_removedVolume;

    @Layout(Parts.class)
    @Widget(title = "Regions", description = "What gets scores of its own, in the second output.")
    @ValueReference(RegionsReference.class)
    Regions m_regions = Regions.CUBES;

    @Layout(Parts.class)
    @Widget(title = "Edge of a cube (mm)", description = """
            About the size of what is looked for, or somewhat larger; rounded to voxels. Cubes of which less than a tenth is inside \
            are left out.""")
    @NumberInputWidget(minValidation = IsPositiveDoubleValidation.class)
    @Effect(predicate = IsCubes.class, type = EffectType.SHOW)
    double m_regionSize = 16;

    @Layout(Parts.class)
    @Widget(title = REGION_COLUMN, description = """
            Segmentations on the images' grids whose labels are the regions. Blank: "Regions", else "Segmentation", else the first \
            segmentation column.""")
    @ChoicesProvider(TrainingLabelColumns.class)
    @ColumnGuess(port = AnomalyDetectorNodeFactory.IMAGES, type = LabelVolumeValue.class,
        names = {"Regions", StudyTable.SEGMENTATION})
    @Effect(predicate = IsLabels.class, type = EffectType.SHOW)
    String m_regionColumn = "";

    @Layout(Reference.class)
    @Widget(title = "Compare with a reference", description = "Measures how well the map agrees with what is known to be unusual.")
    @ValueReference(ComparedReference.class)
    boolean m_compared;

    @Layout(Reference.class)
    @Widget(title = REFERENCE_COLUMN, description = """
            Segmentations on the images' grids; every label but 0 is unusual. Rows without one are not compared; a healthy image \
            needs one that is 0 everywhere. Blank: "Segmentation", else the first segmentation column.""")
    @ChoicesProvider(TrainingLabelColumns.class)
    @ColumnGuess(port = AnomalyDetectorNodeFactory.IMAGES, type = LabelVolumeValue.class, names = StudyTable.SEGMENTATION)
    @Effect(predicate = ComparedReference.class, type = EffectType.SHOW)
    String m_referenceColumn = "";

    @Layout(Output.class)
    @Widget(title = "Name of the new column", description = "Name of the column with the maps; the other new columns begin with it.")
    @TextInputWidget(placeholder = "anomaly")
    String m_outputColumn = "anomaly";

    AnomalyDetectorParameters() {
        // for KNIME
    }

    AnomalyDetectorParameters(final NodeParametersInput input) {
        ColumnGuesses.defaults(this, input);
    }

    @Override
    public boolean reads(final String setting) {
        return switch (setting) {
            case MASK_COLUMN -> m_masked;
            case REGION_COLUMN -> m_regions == Regions.LABELS;
            case REFERENCE_COLUMN -> m_compared;
            default -> true;
        };
    }

    @Override
    public void validate() throws InvalidSettingsException {
        require("Healthy voxels marked (%)", m_healthyPercent, 0, HealthyResiduals.MAX_PERCENT);
        require("Remove parts up to (mm³)", m_removedVolume, 0, Double.MAX_VALUE);
        require("Edge of a cube (mm)", m_regionSize, Double.MIN_NORMAL, Double.MAX_VALUE);
        if (m_outputColumn == null || m_outputColumn.isBlank()) {
            throw new InvalidSettingsException("\"Name of the new column\" is blank. Enter a name, such as anomaly.");
        }
    }

    private static void require(final String title, final double value, final double from, final double to)
        throws InvalidSettingsException {
        // NaN fails too
        if (!(value >= from && value <= to)) {
            throw new InvalidSettingsException("\"" + title + "\" is " + value + "; choose "
                + (from > 0 ? "a number above 0." : to < Double.MAX_VALUE ? "a number from 0 to " + to + "." : "0 or a positive number."));
        }
    }
}

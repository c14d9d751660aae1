package org.scanbridge.knime.nodes.segmentationpredictor;

import java.util.EnumSet;
import java.util.Set;

import org.knime.core.data.StringValue;
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
import org.knime.node.parameters.updates.EffectPredicate;
import org.knime.node.parameters.updates.EffectPredicateProvider;
import org.knime.node.parameters.updates.ParameterReference;
import org.knime.node.parameters.updates.ValueReference;
import org.knime.node.parameters.widget.choices.ChoicesProvider;
import org.knime.node.parameters.widget.choices.Label;
import org.knime.node.parameters.widget.choices.SuggestionsProvider;
import org.knime.node.parameters.widget.number.NumberInputWidget;
import org.knime.node.parameters.widget.number.NumberInputWidgetValidation.MaxValidation;
import org.knime.node.parameters.widget.number.NumberInputWidgetValidation.MinValidation;
import org.knime.node.parameters.widget.text.TextInputWidget;
import org.scanbridge.knime.data.VolumeValue;
import org.scanbridge.knime.learn.ChannelColumns;
import org.scanbridge.knime.learn.FurtherImage;
import org.scanbridge.knime.learn.TrainingImageColumns;
import org.scanbridge.knime.learn.TrainingTextColumns;
import org.scanbridge.knime.util.ColumnGuess;
import org.scanbridge.knime.util.ColumnGuess.Otherwise;
import org.scanbridge.knime.util.ColumnGuesses;
import org.scanbridge.knime.util.StudyTable;
import org.scanbridge.learning.predict.FlipAxis;
import org.scanbridge.learning.predict.PredictionOptions;
import org.scanbridge.learning.predict.SlidingWindowPredictor;

/** Settings of the Segmentation Predictor. */
@LoadDefaultsForAbsentFields
public final class SegmentationPredictorParameters implements NodeParameters {

    private static final double MAX_OVERLAP = 0.9;

    /** What of a segmentation is kept. */
    enum Parts {
            @Label(value = "All parts", description = "The segmentation as the network gives it.")
            ALL,

            @Label(value = "Largest part of each class", description = "For organs that come in one piece. Never for"
                + " lesions.")
            LARGEST_OF_EACH_CLASS,

            @Label(value = "Largest part of all classes together", description = "For tissues that touch each other, such"
                + " as those of a brain: what lies apart from the head is removed.")
            LARGEST_OF_FOREGROUND
    }

    /** Which networks of an ensemble segment a subject. */
    enum Members {
            @Label(value = "All networks", description = "For images that no network was trained on.")
            ALL,

            @Label(value = "Networks that have not seen the subject", description = "For honest scores of the subjects that a"
                + " cross-validation was trained on: each is segmented by the network that left out its fold, new subjects by"
                + " all. A subject that all networks have seen gets no segmentation.")
            UNSEEN
    }

    @Section(title = "Columns")
    interface InputColumns {
    }

    @Section(title = "Prediction")
    @After(InputColumns.class)
    interface Prediction {
    }

    @Section(title = "Clean-up")
    @After(Prediction.class)
    interface Cleaning {
    }

    @Section(title = "Maps")
    @After(Cleaning.class)
    interface Maps {
    }

    static final class PartsReference implements ParameterReference<Parts> {
    }

    static final class IsEachClass implements EffectPredicateProvider {
        @Override
        public EffectPredicate init(final PredicateInitializer i) {
            return i.getEnum(PartsReference.class).isOneOf(Parts.LARGEST_OF_EACH_CLASS);
        }
    }

    static final class MembersReference implements ParameterReference<Members> {
    }

    static final class IsUnseen implements EffectPredicateProvider {
        @Override
        public EffectPredicate init(final PredicateInitializer i) {
            return i.getEnum(MembersReference.class).isOneOf(Members.UNSEEN);
        }
    }

    static final class MaxOverlap extends MaxValidation {
        @Override
        protected double getMax() {
            return MAX_OVERLAP;
        }
    }

    @Layout(InputColumns.class)
    @Widget(title = "Image column", description = """
            The images to segment. They must be normalized in the same way as the images the network was trained on. \
            Blank: "Normalized", else "Image", else the first image column.""")
    @ChoicesProvider(TrainingImageColumns.class)
    @ColumnGuess(port = 1, type = VolumeValue.class, names = {StudyTable.NORMALIZED, StudyTable.IMAGE})
    String m_imageColumn = "";

    @Layout(InputColumns.class)
    @Widget(title = "Further images", description = """
            More images of each subject that the network gets together with the first one, such as T1 beside FLAIR: one per \
            input channel of the network, in the order in which it was trained. They must lie on the grid of the first \
            image (the Volume Resampler brings them there) and should be normalized in the same way. None for networks of \
            one channel.""")
    @ArrayWidget(addButtonText = "Add further image", elementLayout = ArrayWidget.ElementLayout.HORIZONTAL_SINGLE_LINE,
        showSortButtons = true)
    FurtherImage[] m_furtherImages = {};

    @Layout(InputColumns.class)
    @Widget(title = "Name of the new column", description = """
            Name of the column with the segmentations. Choose the name of the model, such as "adapted": the Segmentation \
            Scorer and the report use it.""")
    @TextInputWidget(placeholder = "prediction")
    String m_outputColumn = "prediction";

    @Layout(Prediction.class)
    @Widget(title = "Segment with", description = "Matters for an ensemble from a Segmentation Learner with folds.")
    @ValueReference(MembersReference.class)
    Members m_members = Members.ALL;

    @Layout(Prediction.class)
    @Widget(title = "Subject column", description = """
            Says whose images a row has, as it did in the training. Blank: "Subject".""")
    @ChoicesProvider(TrainingTextColumns.class)
    @ColumnGuess(port = 1, type = StringValue.class, names = StudyTable.SUBJECT, otherwise = Otherwise.NONE)
    @Effect(predicate = IsUnseen.class, type = EffectType.SHOW)
    String m_subjectColumn = "";

    @Layout(Prediction.class)
    @Widget(title = "Overlap of the blocks", description = """
            How much of a block its neighbors share, 0 to 0.9. The default of 0.5 shows no seams; less is faster, more \
            hardly helps.""")
    @NumberInputWidget(minValidation = MinValidation.IsNonNegativeValidation.class, maxValidation = MaxOverlap.class)
    double m_overlap = SlidingWindowPredictor.DEFAULT_OVERLAP;

    @Layout(Prediction.class)
    @Widget(title = "Also flipped along the columns", description = """
            Shows each block to the network also mirrored left to right (in axial images), mirrors the result back and \
            averages. It often gains a little accuracy where training saw flipped images, and doubles the time; two such \
            axes take four times as long, three eight times.""")
    boolean m_flipColumns;

    @Layout(Prediction.class)
    @Widget(title = "Also flipped along the rows", description = "The same, mirrored front to back (in axial images).")
    boolean m_flipRows;

    @Layout(Prediction.class)
    @Widget(title = "Also flipped along the slices", description = "The same, mirrored top to bottom (in axial images).")
    boolean m_flipSlices;

    @Layout(Cleaning.class)
    @Widget(title = "Keep", description = """
            Small parts far from an organ are usually errors. A part is what hangs together at faces, edges or corners of \
            voxels; removed parts become background. The maps below are not changed.""")
    @ValueReference(PartsReference.class)
    Parts m_parts = Parts.ALL;

    @Layout(Cleaning.class)
    @Widget(title = "Classes in one piece", description = """
            The names of the classes whose largest part is kept, separated by commas; other classes stay as they are. Blank: \
            all.""")
    @TextInputWidget(placeholder = "(all classes)")
    @Effect(predicate = IsEachClass.class, type = EffectType.SHOW)
    @SuggestionsProvider(NetworkClasses.class)
    @ValueReference(NetworkClasses.Setting.class)
    String m_classesInOnePiece = "";

    @Layout(Maps.class)
    @Widget(title = "Uncertainty", description = """
            Appends a map that is 0 where the network is certain of a class and 1 where all are equally probable to it: the \
            entropy of the probabilities as a share of its largest value, for a network of regions the mean over them. Several \
            networks or flips make it more telling.""")
    boolean m_uncertainty;

    @Layout(Maps.class)
    @Widget(title = "Probabilities", description = """
            Appends one map per class, the background included, or one per region of a network that has some. They take \
            four bytes per voxel and map; off by default \
            because large studies fill the disk.""")
    boolean m_probabilities;

    /** For KNIME. */
    public SegmentationPredictorParameters() {
        // the default column needs a table
    }

    SegmentationPredictorParameters(final NodeParametersInput input) {
        ColumnGuesses.defaults(this, input);
    }

    /** All image columns: the channels of the network's input. */
    ChannelColumns images() {
        return ChannelColumns.of(m_imageColumn, m_furtherImages);
    }

    /** How volumes are segmented. */
    PredictionOptions options() {
        final Set<FlipAxis> flips = EnumSet.noneOf(FlipAxis.class);
        if (m_flipColumns) {
            flips.add(FlipAxis.I);
        }
        if (m_flipRows) {
            flips.add(FlipAxis.J);
        }
        if (m_flipSlices) {
            flips.add(FlipAxis.K);
        }
        return new PredictionOptions(m_overlap, flips, m_uncertainty, m_probabilities);
    }

    @Override
    public void validate() throws InvalidSettingsException {
        if (m_outputColumn == null || m_outputColumn.isBlank()) {
            throw new InvalidSettingsException("The new column has no name. Enter one, such as \"adapted\".");
        }
        // NaN fails too.
        if (!(m_overlap >= 0 && m_overlap <= MAX_OVERLAP)) {
            throw new InvalidSettingsException(
                "\"Overlap of the blocks\" is " + m_overlap + "; choose 0 to " + MAX_OVERLAP + ".");
        }
    }
}

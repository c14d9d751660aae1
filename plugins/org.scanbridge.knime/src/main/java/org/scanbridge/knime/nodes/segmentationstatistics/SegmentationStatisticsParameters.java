package org.scanbridge.knime.nodes.segmentationstatistics;

import java.util.List;
import java.util.Locale;

import org.knime.core.node.InvalidSettingsException;
import org.knime.node.parameters.NodeParameters;
import org.knime.node.parameters.NodeParametersInput;
import org.knime.node.parameters.Widget;
import org.knime.node.parameters.layout.After;
import org.knime.node.parameters.layout.Layout;
import org.knime.node.parameters.layout.Section;
import org.knime.node.parameters.migration.LoadDefaultsForAbsentFields;
import org.knime.node.parameters.updates.ParameterReference;
import org.knime.node.parameters.updates.ValueReference;
import org.knime.node.parameters.widget.choices.ChoicesProvider;
import org.knime.node.parameters.widget.choices.SuggestionsProvider;
import org.knime.node.parameters.widget.message.TextMessage;
import org.knime.node.parameters.widget.number.NumberInputWidget;
import org.knime.node.parameters.widget.number.NumberInputWidgetValidation.MinValidation.IsPositiveIntegerValidation;
import org.knime.node.parameters.widget.text.TextInputWidget;
import org.scanbridge.imaging.features.ClassStatistics;
import org.scanbridge.knime.data.LabelVolumeValue;
import org.scanbridge.knime.data.VolumeValue;
import org.scanbridge.knime.util.ClassListSuggestions;
import org.scanbridge.knime.util.ColumnGuess;
import org.scanbridge.knime.util.ColumnGuesses;
import org.scanbridge.knime.util.KnownClassesNote;
import org.scanbridge.knime.util.LabelColumns;
import org.scanbridge.knime.util.NameLists;
import org.scanbridge.knime.util.StudyTable;
import org.scanbridge.knime.util.VolumeColumns;

/** Settings of {@link SegmentationStatisticsNodeFactory}. */
@LoadDefaultsForAbsentFields
final class SegmentationStatisticsParameters implements NodeParameters {

    private static final int MOST_BINS = 65_536;

    /** Bound to the classes. */
    static final class Classes implements ParameterReference<String> {
    }

    /** Offers the classes. */
    static final class ClassSuggestions extends ClassListSuggestions {

        ClassSuggestions() {
            super(Classes.class);
        }
    }

    @Section(title = "Columns")
    interface InputColumns {
    }

    @Section(title = "Statistics")
    @After(InputColumns.class)
    interface Statistics {
    }

    @Layout(InputColumns.class)
    @Widget(title = "Image column", description = "The images whose intensities are measured. Blank: \"Image\", else the first"
        + " image column.")
    @ChoicesProvider(VolumeColumns.class)
    @ColumnGuess(type = VolumeValue.class, names = StudyTable.IMAGE)
    String m_imageColumn = "";

    @Layout(InputColumns.class)
    @Widget(title = "Segmentation column", description = "The segmentations, on the grid of the images. Blank: \"Segmentation\","
        + " else the first segmentation column.")
    @ChoicesProvider(LabelColumns.class)
    @ColumnGuess(type = LabelVolumeValue.class, names = StudyTable.SEGMENTATION)
    String m_segmentationColumn = "";

    @Layout(Statistics.class)
    @Widget(title = "Classes", description = "Names or label values of classes, separated by commas; the columns are called after"
        + " what stands here. Give a class whose name has a comma by its label value; a warning tells where rows have"
        + " different names for one. Blank, the default: all classes of the"
        + " table; the nodes behind then know the columns only once this one was executed.")
    @TextInputWidget(placeholder = "(all)")
    @SuggestionsProvider(ClassSuggestions.class)
    @ValueReference(Classes.class)
    String m_classes = "";

    @Layout(Statistics.class)
    @TextMessage(KnownClassesNote.class)
    Void m_knownClasses;

    @Layout(Statistics.class)
    @Widget(title = "Bins of the entropy", description = "Into how many equal bins the range of a class is divided, 2 to 65536. Entropies"
        + " can only be compared if they were taken with the same number.")
    @NumberInputWidget(minValidation = IsPositiveIntegerValidation.class)
    int m_bins = ClassStatistics.BINS;

    SegmentationStatisticsParameters() {
        // for KNIME
    }

    SegmentationStatisticsParameters(final NodeParametersInput input) {
        ColumnGuesses.defaults(this, input);
    }

    /** The named classes; empty for all. */
    List<String> classes() {
        return NameLists.names(m_classes);
    }

    @Override
    public void validate() throws InvalidSettingsException {
        if (m_bins < 2 || m_bins > MOST_BINS) {
            throw new InvalidSettingsException("\"Bins of the entropy\" is " + m_bins + ". Give a number from 2 to 65536, such as 32.");
        }
        final List<String> classes = classes().stream().map(c -> c.toLowerCase(Locale.ROOT)).toList();
        if (classes.stream().distinct().count() < classes.size()) {
            throw new InvalidSettingsException("\"Classes\" names a class twice: " + String.join(", ", classes())
                + ". Name each once.");
        }
    }
}

package org.scanbridge.knime.nodes.segmentationwriter;

import org.knime.core.data.DataColumnSpec;
import org.knime.core.data.StringValue;
import org.knime.core.node.InvalidSettingsException;
import org.knime.node.parameters.NodeParameters;
import org.knime.node.parameters.NodeParametersInput;
import org.knime.node.parameters.Widget;
import org.knime.node.parameters.layout.After;
import org.knime.node.parameters.layout.Layout;
import org.knime.node.parameters.layout.Section;
import org.knime.node.parameters.migration.LoadDefaultsForAbsentFields;
import org.knime.node.parameters.widget.choices.ChoicesProvider;
import org.knime.node.parameters.widget.text.TextInputWidget;
import org.scanbridge.knime.data.LabelVolumeValue;
import org.scanbridge.knime.util.Columns;
import org.scanbridge.knime.util.LabelColumns;
import org.scanbridge.knime.util.StudyFolder;
import org.scanbridge.knime.util.StudyTable;
import org.scanbridge.knime.util.TextColumns;

/** Settings of {@link SegmentationWriterNodeFactory}. */
@LoadDefaultsForAbsentFields
final class SegmentationWriterParameters implements NodeParameters {

    /** Longest Segment Algorithm Name (PS3.5 6.2, LO). */
    private static final int MAX_NAME = 64;

    @Section(title = "Segmentations")
    interface Segmentations {
    }

    @Section(title = "Source images", description = "A DICOM Segmentation refers to the images it was made from, so"
        + " their files are needed again.")
    @After(Segmentations.class)
    interface SourceImages {
    }

    @Section(title = "Output")
    @After(SourceImages.class)
    interface Output {
    }

    @Layout(Segmentations.class)
    @Widget(title = "Segmentation column", description = "The segmentations to write. The default is the last"
        + " segmentation column, usually that of a model. Rows without one are left out.")
    @ChoicesProvider(LabelColumns.class)
    String m_segmentationColumn = "";

    @Layout(Segmentations.class)
    @Widget(title = "Series column", description = "The series ids that the DICOM Reader gave; they tell which images a"
        + " segmentation belongs to.")
    @ChoicesProvider(TextColumns.class)
    String m_seriesColumn = StudyTable.SERIES;

    @Layout(Segmentations.class)
    @Widget(title = "Algorithm name", description = "What the files name as the algorithm that made the segmentations,"
        + " up to 64 characters. Blank: the name of the column.")
    @TextInputWidget(placeholder = "(name of the column)")
    String m_algorithm = "";

    @Layout(SourceImages.class)
    @Widget(title = "Study folder", description = "The folder that the DICOM Reader read. Blank: the folder named in"
        + " the second input.")
    @TextInputWidget(placeholder = "(from the second input)")
    String m_studyFolder = "";

    @Layout(SourceImages.class)
    @Widget(title = "Folder column", description = "Name of the text column of the second input that names the study's"
        + " folder. Used only if \"Study folder\" is blank.")
    @TextInputWidget
    String m_folderColumn = StudyTable.FOLDER;

    @Layout(SourceImages.class)
    @Widget(title = "Pseudonym key", description = "The key that the DICOM Reader used; with another key no series is"
        + " found.")
    @TextInputWidget
    String m_pseudonymKey = "ScanBridge";

    @Layout(Output.class)
    @Widget(title = "Output folder", description = "Folder for the files; made if it does not exist. File names consist"
        + " of the series id and the column's name.")
    @TextInputWidget(placeholder = "/path/to/folder")
    String m_outputFolder = "";

    @Layout(Output.class)
    @Widget(title = "Replace existing files", description = "Off by default: a file that is already there is left as it"
        + " is and reported.")
    boolean m_replace;

    /** Defaults for a node without input. */
    SegmentationWriterParameters() {
        // the initial values
    }

    /** Defaults that fit the input table. */
    SegmentationWriterParameters(final NodeParametersInput input) {
        m_segmentationColumn = input.getInTableSpec(0)
            .flatMap(s -> s.stream().filter(c -> c.getType().isCompatible(LabelVolumeValue.class))
                .reduce((first, second) -> second))
            .map(DataColumnSpec::getName).orElse("");
        m_seriesColumn = Columns.defaultName(input, 0, StringValue.class, StudyTable.SERIES);
    }

    /** Where the source images lie. */
    StudyFolder studyFolder() {
        return new StudyFolder(m_studyFolder, m_folderColumn);
    }

    /** What the files name as the algorithm. */
    String algorithm() {
        return m_algorithm == null || m_algorithm.isBlank() ? m_segmentationColumn : m_algorithm.strip();
    }

    @Override
    public void validate() throws InvalidSettingsException {
        if (m_algorithm != null && (m_algorithm.strip().length() > MAX_NAME || m_algorithm.contains("\\"))) {
            throw new InvalidSettingsException("\"Algorithm name\" is longer than " + MAX_NAME
                + " characters or contains a backslash; DICOM allows neither.");
        }
        if (m_pseudonymKey == null || m_pseudonymKey.isEmpty()) {
            throw new InvalidSettingsException("\"Pseudonym key\" is empty; give the key that the DICOM Reader used.");
        }
    }
}

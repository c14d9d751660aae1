package org.scanbridge.knime.nodes.dicomarchivewriter;

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
import org.scanbridge.knime.archive.ConnectionParameters;
import org.scanbridge.knime.util.ColumnGuess;
import org.scanbridge.knime.util.ColumnGuess.Otherwise;
import org.scanbridge.knime.util.ColumnGuesses;
import org.scanbridge.knime.util.StudyTable;
import org.scanbridge.knime.util.TextColumns;

/** Settings of {@link DicomArchiveWriterNodeFactory}. */
@LoadDefaultsForAbsentFields
final class DicomArchiveWriterParameters implements NodeParameters {

    @Section(title = "Archive")
    interface ArchiveSection {
    }

    @Section(title = "Files")
    @After(ArchiveSection.class)
    interface Files {
    }

    @Layout(ArchiveSection.class)
    ConnectionParameters m_archive = new ConnectionParameters();

    @Layout(Files.class)
    @Widget(title = "File column", description = "Text column with the files, or folders of files, that are stored. Blank: the"
        + " column File.")
    @ChoicesProvider(TextColumns.class)
    @ColumnGuess(type = StringValue.class, names = "File", otherwise = Otherwise.NONE)
    String m_fileColumn = "";

    @Layout(Files.class)
    @Widget(title = "Series column", description = "Text column with the series id, which the output repeats. Blank: the column"
        + " Series, else none.")
    @ChoicesProvider(TextColumns.class)
    @ColumnGuess(type = StringValue.class, names = StudyTable.SERIES, otherwise = Otherwise.NONE)
    String m_seriesColumn = "";

    /** Defaults for a node without input. */
    DicomArchiveWriterParameters() {
        // the initial values
    }

    /** Defaults that fit the input table. */
    DicomArchiveWriterParameters(final NodeParametersInput input) {
        ColumnGuesses.defaults(this, input);
    }

    @Override
    public void validate() throws InvalidSettingsException {
        m_archive.validate();
    }
}

package org.scanbridge.knime.nodes.dicomarchivewriter;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

import org.knime.core.data.DataCell;
import org.knime.core.data.DataColumnSpecCreator;
import org.knime.core.data.DataRow;
import org.knime.core.data.DataTableSpec;
import org.knime.core.data.DataType;
import org.knime.core.data.RowKey;
import org.knime.core.data.StringValue;
import org.knime.core.data.def.DefaultRow;
import org.knime.core.data.def.IntCell;
import org.knime.core.data.def.StringCell;
import org.knime.core.node.BufferedDataContainer;
import org.knime.core.node.BufferedDataTable;
import org.knime.core.node.ExecutionContext;
import org.knime.core.node.InvalidSettingsException;
import org.knime.core.node.KNIMEException;
import org.knime.node.DefaultModel.ExecuteOutput;
import org.scanbridge.dicom.archive.Archive;
import org.scanbridge.dicom.archive.ArchiveException;
import org.scanbridge.dicom.archive.ArchiveException.Kind;
import org.scanbridge.dicom.archive.InstanceStore;
import org.scanbridge.dicom.archive.StoreResult;
import org.scanbridge.dicom.archive.StoreResult.Outcome;
import org.scanbridge.dicom.data.DicomException;
import org.scanbridge.dicom.series.Problem;
import org.scanbridge.dicom.study.Archives;
import org.scanbridge.dicom.study.StudyFiles;
import org.scanbridge.imaging.Progress;
import org.scanbridge.knime.util.Columns;
import org.scanbridge.knime.util.KnimeProgress;
import org.scanbridge.knime.util.StudyTable;

/** One execution of the DICOM Archive Writer: object by object, each with what the archive says of it. */
final class ArchiveWriting {

    /** Series, File, Result, Code, Message. */
    static final DataTableSpec SPEC = new DataTableSpec(
        new DataColumnSpecCreator(StudyTable.SERIES, StringCell.TYPE).createSpec(),
        new DataColumnSpecCreator("File", StringCell.TYPE).createSpec(),
        new DataColumnSpecCreator("Result", StringCell.TYPE).createSpec(),
        new DataColumnSpecCreator("Code", IntCell.TYPE).createSpec(),
        new DataColumnSpecCreator("Message", StringCell.TYPE).createSpec());

    private static final String NOT_SENT = "not sent";

    private final DicomArchiveWriterParameters m_parameters;

    private final int m_file;

    private final int m_series;

    private final String m_fileTitle;

    /** What there is to warn of. */
    private final List<String> m_refusals = new ArrayList<>();

    private final List<String> m_remarks = new ArrayList<>();

    /** @throws InvalidSettingsException if a column is not there */
    ArchiveWriting(final DicomArchiveWriterParameters parameters, final DataTableSpec spec) throws InvalidSettingsException {
        m_parameters = parameters;
        m_file = Columns.index(spec, parameters.m_fileColumn, StringValue.class, "File column");
        m_fileTitle = spec.getColumnSpec(m_file).getName();
        m_series = Columns.optionalIndex(spec, parameters.m_seriesColumn, StringValue.class, "Series column");
    }

    void run(final BufferedDataTable table, final ExecutionContext exec, final ExecuteOutput out)
        throws IOException, KNIMEException, InvalidSettingsException {
        final Progress progress = new KnimeProgress(exec);
        final BufferedDataContainer rows = exec.createDataContainer(SPEC);
        long seen = 0;
        long missing = 0;
        try (Archive archive = m_parameters.m_archive.connect()) {
            final InstanceStore store = new InstanceStore(archive);
            for (final DataRow row : table) {
                final Progress part = progress.part((double)seen / table.size(), (double)(seen + 1) / table.size());
                seen++;
                final String file = Columns.text(row, m_file);
                if (!file.isEmpty()) {
                    store(store, Columns.text(row, m_series), file, part, rows);
                } else {
                    missing++;
                }
            }
        } catch (final ArchiveException e) {
            throw new KNIMEException(e.getMessage() + " " + rows.size() + (rows.size() == 1 ? " object was" : " objects were")
                + " dealt with before. Run the node again: what the archive has is not stored twice.", e);
        }
        rows.close();
        if (!m_refusals.isEmpty() && m_refusals.size() == rows.size()) {
            throw new KNIMEException("None of " + rows.size() + " objects was stored. First: " + m_refusals.get(0));
        }
        final List<String> warnings = new ArrayList<>();
        if (seen == 0) {
            warnings.add("Nothing was stored: the input table has no rows. Look why the nodes before it give none.");
        } else if (missing > 0) {
            warnings.add((missing == seen ? "Nothing was stored: " : "") + "The file column \"" + m_fileTitle + "\" is empty in "
                + missing + " of " + seen + " rows. Choose another \"File column\", or look at the column Problem of the node"
                + " that writes the files.");
        } else if (rows.size() == 0) {
            warnings.add("Nothing was stored: the folders of the file column \"" + m_fileTitle + "\" hold no files. Choose"
                + " another \"File column\".");
        }
        if (!m_refusals.isEmpty()) {
            warnings.add(m_refusals.size() + " of " + rows.size() + " objects were not stored, see column Result. First: "
                + m_refusals.get(0));
        }
        if (!m_remarks.isEmpty()) {
            warnings.add(m_remarks.size() + " of " + rows.size() + " objects: " + m_remarks.get(0));
        }
        if (!warnings.isEmpty()) {
            out.setWarningMessage(String.join("\n", warnings));
        }
        out.setOutData(0, rows.getTable());
    }

    private void store(final InstanceStore store, final String series, final String file, final Progress progress,
        final BufferedDataContainer rows) throws IOException {
        final List<Path> files;
        try {
            files = files(Path.of(file));
        } catch (final IOException | InvalidPathException e) {
            add(rows, series, file, NOT_SENT, StoreResult.NO_CODE, "There is no such file. Write it again.");
            return;
        }
        int done = 0;
        for (final Path one : files) {
            progress.report((double)done++ / files.size(), "Storing object " + (rows.size() + 1));
            try {
                final StoreResult result = store.store(one);
                add(rows, series, one.toString(), words(result.outcome()), result.code(),
                    result.message());
            } catch (final DicomException | IllegalArgumentException e) {
                add(rows, series, one.toString(), NOT_SENT, StoreResult.NO_CODE, "It is no DICOM object that can be stored: "
                    + e.getMessage() + ".");
            } catch (final ArchiveException e) {
                if (e.kind() == Kind.NOT_REACHABLE || e.kind() == Kind.NOT_ALLOWED) {
                    throw e;
                }
                add(rows, series, one.toString(), NOT_SENT, StoreResult.NO_CODE, e.getMessage());
            }
        }
    }

    /** The file, or those in a folder. */
    private static List<Path> files(final Path file) throws IOException {
        if (Files.isRegularFile(file)) {
            return List.of(file);
        }
        final List<Problem> problems = new ArrayList<>();
        try (Archives archives = new Archives()) {
            final Map<String, Path> files = StudyFiles.list(file, archives, problems);
            return List.copyOf(files.values());
        }
    }

    private void add(final BufferedDataContainer rows, final String series, final String file, final String result,
        final int code, final String message) {
        final DataCell number = code == StoreResult.NO_CODE ? DataType.getMissingCell() : new IntCell(code);
        rows.addRowToTable(new DefaultRow(RowKey.createRowKey(rows.size()), Columns.text(series), Columns.text(file),
            new StringCell(result), number, Columns.text(message)));
        if (result.equals(NOT_SENT) || result.equals(words(Outcome.REFUSED))) {
            m_refusals.add(Path.of(file).getFileName() + ": " + message);
        } else if (!message.isEmpty()) {
            m_remarks.add(message);
        }
    }

    private static String words(final Outcome outcome) {
        return outcome.name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }
}

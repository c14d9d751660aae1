package org.scanbridge.knime.io;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.zip.GZIPInputStream;

import org.knime.core.data.DataColumnSpecCreator;
import org.knime.core.data.DataRow;
import org.knime.core.data.DataTableSpec;
import org.knime.core.data.def.DefaultRow;
import org.knime.core.data.def.StringCell;
import org.knime.core.node.BufferedDataContainer;
import org.knime.core.node.BufferedDataTable;
import org.knime.core.node.ExecutionContext;
import org.knime.core.node.InvalidSettingsException;
import org.knime.core.node.KNIMEException;
import org.knime.node.DefaultModel.ExecuteOutput;
import org.scanbridge.dicom.data.DicomFile;
import org.scanbridge.dicom.data.PixelLocation;
import org.scanbridge.imaging.Progress;
import org.scanbridge.knime.util.Columns;
import org.scanbridge.knime.util.StudyTable;

/**
 * Writes one file or folder per row of a table: what cannot be written becomes a row with its problem and costs nothing
 * else, unless nothing at all could be written. Names are made of series id and column, so no name identifies a patient.
 */
public final class ImageFiles {

    /** Series, File, Problem. */
    public static final DataTableSpec SPEC =
        new DataTableSpec(new DataColumnSpecCreator(StudyTable.SERIES, StringCell.TYPE).createSpec(),
            new DataColumnSpecCreator("File", StringCell.TYPE).createSpec(),
            new DataColumnSpecCreator("Problem", StringCell.TYPE).createSpec());

    private final String m_what;

    private final boolean m_replace;

    private final boolean m_keep;

    private final ExecutionContext m_exec;

    private final Set<Path> m_written = new HashSet<>();

    private long m_kept;

    private long m_unreadable;

    private final List<String> m_remarks = new ArrayList<>();

    /** Writes what is in one row. */
    @FunctionalInterface
    public interface RowWriter {

        /**
         * @param row the row
         * @param series its series id
         * @param progress counts the parts of a large one; cancels
         * @return the file or folder
         * @throws NotWrittenException if this one cannot be written
         * @throws IOException if no other can be either, such as on a full disk
         */
        Path write(DataRow row, String series, Progress progress)
            throws NotWrittenException, IOException, InvalidSettingsException;
    }

    /**
     * @param what is written, such as {@code segmentation}
     * @param replace whether existing files are replaced
     */
    public ImageFiles(final String what, final boolean replace, final ExecutionContext exec) {
        this(what, replace, false, exec);
    }

    /**
     * @param what is written, such as {@code segmentation}
     * @param replace whether existing files are replaced
     * @param keep whether existing files are handed on as if they had been written; goes before {@code replace}
     */
    public ImageFiles(final String what, final boolean replace, final boolean keep, final ExecutionContext exec) {
        m_what = what;
        m_replace = replace;
        m_keep = keep;
        m_exec = exec;
    }

    /**
     * Writes all rows that have something in a column, and sets the node's first output.
     *
     * @param column index of what is written; rows without it are left out
     * @param seriesColumn index of the series id
     * @param progress counts rows; cancels
     */
    public void write(final BufferedDataTable table, final int column, final int seriesColumn, final Progress progress,
        final RowWriter writer, final ExecuteOutput out) throws IOException, KNIMEException, InvalidSettingsException {
        final BufferedDataContainer rows = m_exec.createDataContainer(SPEC);
        long seen = 0;
        long failed = 0;
        String firstProblem = "";
        for (final DataRow row : table) {
            final double before = (double)seen++ / table.size();
            final String message = "Writing " + m_what + " " + seen + " of " + table.size();
            progress.report(before, message);
            if (row.getCell(column).isMissing()) {
                continue;
            }
            final String series = Columns.text(row, seriesColumn);
            String file = "";
            String problem = "";
            try {
                final Progress part = progress.part(before, (double)seen / table.size());
                file = writer.write(row, series, (f, detail) -> part.report(f, message + ": " + detail)).toString();
            } catch (final NotWrittenException e) {
                problem = e.getMessage();
                firstProblem = failed++ == 0 ? problem : firstProblem;
            }
            rows.addRowToTable(
                new DefaultRow(row.getKey(), Columns.text(series), Columns.text(file), Columns.text(problem)));
        }
        rows.close();
        if (failed > 0 && failed == rows.size()) {
            throw new KNIMEException("None of " + failed + " " + m_what + "s could be written. First: " + firstProblem);
        }
        final List<String> warnings = new ArrayList<>();
        if (failed > 0) {
            warnings.add(failed + " of " + rows.size() + " " + m_what + "s were not written, see column Problem."
                + " First: " + firstProblem);
        }
        if (!m_remarks.isEmpty()) {
            warnings.add(m_remarks.size() + " of " + rows.size() + " " + m_what + "s: " + m_remarks.get(0));
        }
        if (m_kept > 0) {
            warnings.add(m_kept + (m_kept == 1 ? " existing file was" : " existing files were") + " kept and may hold other "
                + m_what + "s than the input. To write " + (m_kept == 1 ? "it" : "them")
                + " anew, switch off \"Hand on existing files\" and choose \"Replace existing files\", or another output folder.");
        }
        if (m_unreadable > 0) {
            warnings.add(m_unreadable + (m_unreadable == 1 ? " existing file was" : " existing files were")
                + " empty or cut off and not kept, but written anew.");
        }
        if (!warnings.isEmpty()) {
            out.setWarningMessage(String.join("\n", warnings));
        }
        out.setOutData(0, rows.getTable());
    }

    /** Remembers something about a row that is written; the warning says about how many, and the first. */
    public void remark(final String text) {
        m_remarks.add(text);
    }

    /**
     * The place of a file or folder.
     *
     * @param folder an existing folder
     * @param kind how names begin, such as {@code SEG}
     * @param series the series id
     * @param column name of the column
     * @param extension such as {@code .dcm}; empty for folders
     * @throws NotWrittenException if it exists and is not to be replaced, or another row has written it
     */
    public Path place(final Path folder, final String kind, final String series, final String column,
        final String extension) throws NotWrittenException {
        if (series.isBlank()) {
            throw new NotWrittenException("The row has no series id to name the file by. Fill the series column.");
        }
        final Path place = folder.resolve(kind + "-" + safe(series) + "-" + safe(column) + extension);
        if (!m_written.add(place)) {
            throw new NotWrittenException("Another row of series " + series + " has been written to " + place
                + " already. Filter the table so that each series occurs once.");
        }
        if (Files.exists(place) && !m_replace && !m_keep) {
            throw new NotWrittenException("The file " + place + " exists already. Choose another output folder, or"
                + " \"Replace existing files\".");
        }
        return place;
    }

    /** Whether what is at a place stays there and is handed on: not if it is cut off. The warning tells how many are. */
    public boolean isKept(final Path place) {
        if (!m_keep || !Files.exists(place)) {
            return false;
        }
        final boolean whole = isWhole(place);
        if (whole) {
            m_kept++;
        } else {
            m_unreadable++;
        }
        return whole;
    }

    /** Whether a file can be read to its end. */
    private static boolean isWhole(final Path file) {
        final String name = file.getFileName().toString();
        try {
            if (name.endsWith(".dcm")) {
                try (DicomFile dicom = DicomFile.open(file)) {
                    final Optional<PixelLocation> pixels = dicom.pixels();
                    return pixels.isEmpty() || pixels.get().isEncapsulated()
                        || pixels.get().offset() + pixels.get().length() <= dicom.source().size();
                }
            }
            if (name.endsWith(".gz")) {
                try (InputStream in = new GZIPInputStream(Files.newInputStream(file))) {
                    return in.transferTo(OutputStream.nullOutputStream()) > 0;
                }
            }
            return Files.size(file) > 0;
        } catch (final IOException e) {
            return false;
        }
    }

    private static String safe(final String name) {
        return name.replaceAll("[^A-Za-z0-9_-]", "_");
    }
}

package org.scanbridge.knime.nodes.segmentationwriter;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.LocalDateTime;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

import org.knime.core.data.DataColumnSpecCreator;
import org.knime.core.data.DataRow;
import org.knime.core.data.DataTableSpec;
import org.knime.core.data.StringValue;
import org.knime.core.data.def.DefaultRow;
import org.knime.core.data.def.StringCell;
import org.knime.core.node.BufferedDataContainer;
import org.knime.core.node.BufferedDataTable;
import org.knime.core.node.ExecutionContext;
import org.knime.core.node.InvalidSettingsException;
import org.knime.core.node.KNIMEException;
import org.knime.node.DefaultModel.ExecuteOutput;
import org.scanbridge.dicom.seg.DicomSegWriter;
import org.scanbridge.dicom.series.SourceSeries;
import org.scanbridge.dicom.study.DicomStudyOptions;
import org.scanbridge.dicom.study.DicomStudyReader;
import org.scanbridge.dicom.study.StudySeries;
import org.scanbridge.imaging.Progress;
import org.scanbridge.imaging.volume.LabelVolume;
import org.scanbridge.knime.data.LabelVolumeValue;
import org.scanbridge.knime.util.Columns;
import org.scanbridge.knime.util.KnimeProgress;
import org.scanbridge.knime.util.StudyTable;

/** One execution of the Segmentation Writer: finds the source images, then writes file by file. */
final class SegmentationWriting {

    static final DataTableSpec SPEC = new DataTableSpec(
        new DataColumnSpecCreator(StudyTable.SERIES, StringCell.TYPE).createSpec(),
        new DataColumnSpecCreator("File", StringCell.TYPE).createSpec(),
        new DataColumnSpecCreator("Problem", StringCell.TYPE).createSpec());

    /** How much of the progress is reading headers. */
    private static final double HEADERS = 0.5;

    private final SegmentationWriterParameters m_parameters;

    private final int m_segmentation;

    private final int m_series;

    /** Why one segmentation was not written; the others still are. */
    private static final class NotWrittenException extends Exception {

        private static final long serialVersionUID = 1L;

        NotWrittenException(final String message) {
            super(message);
        }

        NotWrittenException(final String message, final Throwable cause) {
            super(message, cause);
        }
    }

    /** @throws InvalidSettingsException if a column is not there or no output folder is chosen */
    SegmentationWriting(final SegmentationWriterParameters parameters, final DataTableSpec spec)
        throws InvalidSettingsException {
        m_parameters = parameters;
        m_segmentation =
            Columns.index(spec, parameters.m_segmentationColumn, LabelVolumeValue.class, "Segmentation column");
        m_series = Columns.index(spec, parameters.m_seriesColumn, StringValue.class, "Series column");
        if (parameters.m_outputFolder == null || parameters.m_outputFolder.isBlank()) {
            throw new InvalidSettingsException("No output folder is chosen. Enter one in the dialog.");
        }
    }

    /** @param now goes into the files as the time they were made */
    void run(final BufferedDataTable table, final Path study, final LocalDateTime now, final ExecutionContext exec,
        final ExecuteOutput out) throws IOException, KNIMEException {
        final Path folder = Files.createDirectories(Path.of(m_parameters.m_outputFolder.strip()));
        final Progress progress = new KnimeProgress(exec);
        final Map<String, StudySeries> sources = sources(study, progress.part(0, HEADERS));
        final BufferedDataContainer rows = exec.createDataContainer(SPEC);
        final Progress writing = progress.part(HEADERS, 1);
        long seen = 0;
        long failed = 0;
        String firstProblem = "";
        for (final DataRow row : table) {
            writing.report((double)seen++ / table.size(), "Writing segmentation " + seen + " of " + table.size());
            if (row.getCell(m_segmentation).isMissing()) {
                continue;
            }
            final String series = Columns.text(row, m_series);
            String file = "";
            String problem = "";
            try {
                final LabelVolume labels = ((LabelVolumeValue)row.getCell(m_segmentation)).labelVolume();
                file = write(labels, sources.get(series), series, folder, now).toString();
            } catch (final NotWrittenException e) {
                problem = e.getMessage();
                firstProblem = failed++ == 0 ? problem : firstProblem;
            }
            rows.addRowToTable(
                new DefaultRow(row.getKey(), Columns.text(series), Columns.text(file), Columns.text(problem)));
        }
        rows.close();
        if (failed > 0 && failed == rows.size()) {
            throw new KNIMEException("None of " + failed + " segmentations could be written. First: " + firstProblem);
        }
        if (failed > 0) {
            out.setWarningMessage(failed + " of " + rows.size() + " segmentations were not written, see column Problem."
                + " First: " + firstProblem);
        }
        out.setOutData(0, rows.getTable());
    }

    private Map<String, StudySeries> sources(final Path study, final Progress progress) throws IOException {
        final DicomStudyOptions options =
            DicomStudyOptions.defaults().withPseudonymKey(m_parameters.m_pseudonymKey).withHash(false);
        final ExecutorService workers = Executors.newFixedThreadPool(Runtime.getRuntime().availableProcessors());
        try {
            final Map<String, StudySeries> sources = new HashMap<>();
            new DicomStudyReader(options).read(study, progress, workers).series()
                .forEach(s -> sources.put(s.info().series(), s));
            return sources;
        } finally {
            workers.shutdownNow();
        }
    }

    private Path write(final LabelVolume labels, final StudySeries source, final String series, final Path folder,
        final LocalDateTime now) throws IOException, NotWrittenException {
        if (source == null) {
            throw new NotWrittenException("Series " + series + " is not in the study folder, or lacks slices. Choose"
                + " the folder and the pseudonym key that the DICOM Reader used.");
        }
        if (!source.geometry().sameGrid(labels.geometry())) {
            throw new NotWrittenException("The segmentation of series " + series + " has " + labels.geometry()
                + ", its images have " + source.geometry() + " (or another position). Segment the images on their own"
                + " grid.");
        }
        final Path file = folder.resolve(
            "SEG-" + series + "-" + m_parameters.m_segmentationColumn.replaceAll("[^A-Za-z0-9_-]", "_") + ".dcm");
        if (Files.exists(file) && !m_parameters.m_replace) {
            throw new NotWrittenException("The file " + file + " exists already. Choose another output folder, or"
                + " \"Replace existing files\".");
        }
        writeAtOnce(file, bytes(labels, source, series, now));
        return file;
    }

    private byte[] bytes(final LabelVolume labels, final StudySeries source, final String series,
        final LocalDateTime now) throws NotWrittenException {
        try {
            final SourceSeries images = source.readSource();
            // Another time or another algorithm makes another object, which must have UIDs of its own.
            final String seed = images.seriesUid() + "/" + m_parameters.algorithm() + "/" + now;
            return new DicomSegWriter(seed, m_parameters.algorithm(), now).file(labels, images);
        } catch (final IOException | IllegalArgumentException e) {
            throw new NotWrittenException("Series " + series + ": " + e.getMessage(), e);
        }
    }

    /** A viewer that watches the folder never sees half a file. */
    private static void writeAtOnce(final Path file, final byte[] bytes) throws IOException {
        final Path temporary = file.resolveSibling(file.getFileName() + ".part");
        try {
            Files.write(temporary, bytes);
            Files.move(temporary, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(temporary);
        }
    }
}

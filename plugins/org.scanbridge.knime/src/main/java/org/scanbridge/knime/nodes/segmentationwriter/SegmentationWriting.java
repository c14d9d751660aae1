package org.scanbridge.knime.nodes.segmentationwriter;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.List;

import org.knime.core.data.DataRow;
import org.knime.core.data.DataTableSpec;
import org.knime.core.data.StringValue;
import org.knime.core.node.BufferedDataTable;
import org.knime.core.node.ExecutionContext;
import org.knime.core.node.InvalidSettingsException;
import org.knime.core.node.KNIMEException;
import org.knime.node.DefaultModel.ExecuteOutput;
import org.scanbridge.dicom.nifti.NiftiWriter;
import org.scanbridge.dicom.nifti.study.SameVoxels;
import org.scanbridge.dicom.seg.DicomSegWriter;
import org.scanbridge.dicom.seg.StructureSetWriter;
import org.scanbridge.dicom.series.SourceSeries;
import org.scanbridge.dicom.study.StudySeries;
import org.scanbridge.imaging.ImagingException;
import org.scanbridge.imaging.Progress;
import org.scanbridge.imaging.labels.Combination;
import org.scanbridge.imaging.volume.LabelVolume;
import org.scanbridge.knime.data.LabelVolumeValue;
import org.scanbridge.knime.io.ImageFiles;
import org.scanbridge.knime.io.NotWrittenException;
import org.scanbridge.knime.io.SourceImages;
import org.scanbridge.knime.util.AtomicOutput;
import org.scanbridge.knime.util.Columns;
import org.scanbridge.knime.util.HeapNeed;
import org.scanbridge.knime.util.KnimeProgress;
import org.scanbridge.knime.util.NodeMemory;
import org.scanbridge.knime.util.OutputFolder;

/** One execution of the Segmentation Writer: finds the source images where they are needed, then writes file by file. */
final class SegmentationWriting {

    /** How much of the progress is reading headers. */
    private static final double HEADERS = 0.5;

    private final SegmentationWriterParameters m_parameters;

    private final int m_segmentation;

    private final int m_series;

    private final Path m_folder;

    /** @throws InvalidSettingsException if a column is not there or no output folder is chosen */
    SegmentationWriting(final SegmentationWriterParameters parameters, final DataTableSpec spec)
        throws InvalidSettingsException {
        m_parameters = parameters;
        m_segmentation =
            Columns.index(spec, parameters.m_segmentationColumn, LabelVolumeValue.class, "Segmentation column");
        m_series = Columns.index(spec, parameters.m_seriesColumn, StringValue.class, "Series column");
        m_folder = OutputFolder.required(parameters.m_outputFolder);
    }

    /**
     * @param study names the study; null if it is chosen in the dialog or not needed
     * @param now goes into the files as the time they were made
     */
    void run(final BufferedDataTable table, final BufferedDataTable study, final LocalDateTime now,
        final ExecutionContext exec, final ExecuteOutput out)
        throws IOException, KNIMEException, InvalidSettingsException {
        HeapNeed.ofRows(table, this::bytes).require();
        Files.createDirectories(m_folder);
        final Progress progress = new KnimeProgress(exec);
        final ImageFiles files = new ImageFiles("segmentation", m_parameters.m_replace, m_parameters.m_keep, exec);
        if (!m_parameters.m_form.isDicom()) {
            files.write(table, m_segmentation, m_series, progress,
                (row, series, slices) -> nifti(regions(row, series, files), series, files), out);
            return;
        }
        try (SourceImages sources = SourceImages.read(m_parameters.studyFolder().path(study), m_parameters.key().text(),
            progress.part(0, HEADERS))) {
            files.write(table, m_segmentation, m_series, progress.part(HEADERS, 1), (row, series, slices) -> dicom(
                regions(row, series, files), sources.of(series), series, files, now), out);
        }
    }

    /** What is written of a row: the classes or the regions. */
    private LabelVolume regions(final DataRow row, final String series, final ImageFiles files) throws NotWrittenException {
        try {
            final LabelVolume own = ((LabelVolumeValue)row.getCell(m_segmentation)).labelVolume();
            final List<String> remarks = new ArrayList<>(m_parameters.doubts(own));
            final LabelVolume labels = m_parameters.regions(own);
            if (!m_parameters.m_form.overlaps()) {
                labels.values().stream()
                    .filter(v -> Combination.members(v, labels.labels()).size() > 1).findFirst()
                    .ifPresent(v -> remarks.add("Its structures overlap, but a label map has one class per voxel, so"
                        + " that \"" + labels.labels().name(v) + "\" and the like are written as classes of their own."
                        + " Choose \"DICOM Segmentation\" or \"RT Structure Set\" to write them into each structure."));
            }
            if (!remarks.isEmpty()) {
                files.remark(String.join(" ", remarks));
            }
            return m_parameters.m_form.overlaps() ? new LabelVolume(labels.voxels(), labels.geometry(), labels.info(),
                Combination.completed(labels.labels(), labels.values())) : labels;
        } catch (final ImagingException e) {
            throw new NotWrittenException("Series " + series + ": " + e.getMessage(), e);
        }
    }

    /** At least: how many slices have a class, and how long contours are, the masks tell. */
    private long bytes(final DataRow row) {
        if (row.getCell(m_segmentation).isMissing()) {
            return 0;
        }
        final LabelVolumeValue labels = (LabelVolumeValue)row.getCell(m_segmentation);
        final long voxels = labels.geometry().voxelCount();
        final boolean labelMap = m_parameters.m_form.isDicom()
            && m_parameters.m_form != SegmentationWriterParameters.Form.RTSTRUCT && isLabelMap(labels);
        return NodeMemory.SEGMENTATION_WRITER.bytes(voxels, labelMap ? voxels : 0);
    }

    private boolean isLabelMap(final LabelVolumeValue labels) {
        try {
            return m_parameters.style(labels.labels()).labelMap();
        } catch (final InvalidSettingsException | IllegalArgumentException e) {
            // said of the row when its turn comes
            return false;
        }
    }

    private Path dicom(final LabelVolume labels, final StudySeries source, final String series, final ImageFiles files,
        final LocalDateTime now) throws IOException, NotWrittenException, InvalidSettingsException {
        if (!source.geometry().sameGrid(labels.geometry())) {
            throw new NotWrittenException("The segmentation of series " + series + " does not lie on the grid of its images: "
                + SameVoxels.difference(labels.geometry(), source.geometry()) + ". Segment the images on their own grid, or"
                + " bring it there with the Volume Resampler.");
        }
        final Path file = files.place(m_folder,
            m_parameters.m_form == SegmentationWriterParameters.Form.RTSTRUCT ? "RTSTRUCT" : "SEG", series,
            m_parameters.m_segmentationColumn, ".dcm");
        if (files.isKept(file)) {
            return file;
        }
        final byte[] bytes = bytes(labels, source, series, now);
        // A viewer that watches the folder never sees half a file.
        AtomicOutput.file(file, temporary -> Files.write(temporary, bytes));
        return file;
    }

    private byte[] bytes(final LabelVolume labels, final StudySeries source, final String series,
        final LocalDateTime now) throws NotWrittenException, InvalidSettingsException {
        try {
            final SourceSeries images = source.readSource();
            // Another time or another algorithm makes another object, which must have UIDs of its own.
            final String seed = images.seriesUid() + "/" + m_parameters.algorithm() + "/" + now;
            if (m_parameters.m_form == SegmentationWriterParameters.Form.RTSTRUCT) {
                return new StructureSetWriter(seed, m_parameters.algorithm(), now).file(labels, images);
            }
            return new DicomSegWriter(seed, m_parameters.algorithm(), now, m_parameters.style(labels.labels())).file(labels,
                images);
        } catch (final IOException | IllegalArgumentException e) {
            throw new NotWrittenException("Series " + series + ": " + e.getMessage(), e);
        }
    }

    /** NIfTI has no place for class names: they lie beside in the table that BIDS uses and the NIfTI Reader knows. */
    private Path nifti(final LabelVolume labels, final String series, final ImageFiles files)
        throws IOException, NotWrittenException {
        final Path file = files.place(m_folder, "SEG", series, m_parameters.m_segmentationColumn, ".nii.gz");
        if (files.isKept(file)) {
            return file;
        }
        final StringBuilder names = new StringBuilder("index\tname\n0\tbackground\n");
        labels.labels().names().forEach((value, name) -> names.append(value).append('\t')
            .append(name.replaceAll("[\\t\\r\\n]", " ")).append('\n'));
        final Path table = file.resolveSibling(file.getFileName().toString().replace(".nii.gz", ".tsv"));
        NiftiWriter.write(file, labels);
        AtomicOutput.file(table, temporary -> Files.writeString(temporary, names, StandardCharsets.UTF_8));
        return file;
    }
}

package org.scanbridge.knime.nodes.volumewriter;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;

import org.knime.core.data.DataRow;
import org.knime.core.data.DataTableSpec;
import org.knime.core.data.StringValue;
import org.knime.core.node.BufferedDataTable;
import org.knime.core.node.ExecutionContext;
import org.knime.core.node.InvalidSettingsException;
import org.knime.core.node.KNIMEException;
import org.knime.node.DefaultModel.ExecuteOutput;
import org.scanbridge.dicom.nifti.NiftiWriter;
import org.scanbridge.dicom.series.DicomSeriesWriter;
import org.scanbridge.dicom.series.SourceSeries;
import org.scanbridge.dicom.study.StudySeries;
import org.scanbridge.imaging.Progress;
import org.scanbridge.imaging.volume.Geometry;
import org.scanbridge.imaging.volume.Volume;
import org.scanbridge.imaging.volume.VolumeInfo;
import org.scanbridge.knime.data.VolumeValue;
import org.scanbridge.knime.io.ImageFiles;
import org.scanbridge.knime.io.NotWrittenException;
import org.scanbridge.knime.io.SourceImages;
import org.scanbridge.knime.util.AtomicOutput;
import org.scanbridge.knime.util.Columns;
import org.scanbridge.knime.util.HeapNeed;
import org.scanbridge.knime.util.KnimeProgress;
import org.scanbridge.knime.util.NodeMemory;
import org.scanbridge.knime.util.OutputFolder;

/** One execution of the Volume Writer: finds the source images where they are needed, then writes series by series. */
final class VolumeWriting {

    /** How much of the progress is reading headers. */
    private static final double HEADERS = 0.5;

    private final VolumeWriterParameters m_parameters;

    private final int m_image;

    private final int m_series;

    private final Path m_folder;

    private final String m_derivation;

    /** @throws InvalidSettingsException if a column is not there or no output folder is chosen */
    VolumeWriting(final VolumeWriterParameters parameters, final DataTableSpec spec) throws InvalidSettingsException {
        m_parameters = parameters;
        m_image = Columns.index(spec, parameters.m_imageColumn, VolumeValue.class, "Image column");
        m_series = Columns.index(spec, parameters.m_seriesColumn, StringValue.class, "Series column");
        m_folder = OutputFolder.required(parameters.m_outputFolder);
        m_derivation = parameters.derivation(spec.getColumnSpec(m_image));
    }

    /**
     * @param study names the study; null if it is chosen in the dialog or not needed
     * @param now makes the UIDs of a series: written again it is another one
     */
    void run(final BufferedDataTable table, final BufferedDataTable study, final LocalDateTime now,
        final ExecutionContext exec, final ExecuteOutput out)
        throws IOException, KNIMEException, InvalidSettingsException {
        HeapNeed.ofRows(table, this::bytes).require();
        Files.createDirectories(m_folder);
        final Progress progress = new KnimeProgress(exec);
        final ImageFiles files = new ImageFiles("image", m_parameters.m_replace, exec);
        if (m_parameters.m_form == VolumeWriterParameters.Form.NIFTI) {
            files.write(table, m_image, m_series, progress, (row, series, slices) -> {
                final Path file = files.place(m_folder, "IMG", series, m_parameters.m_imageColumn, ".nii.gz");
                NiftiWriter.write(file, ((VolumeValue)row.getCell(m_image)).volume());
                return file;
            }, out);
            return;
        }
        try (SourceImages sources = SourceImages.read(m_parameters.studyFolder().path(study), m_parameters.key().text(),
            progress.part(0, HEADERS))) {
            files.write(table, m_image, m_series, progress.part(HEADERS, 1), (row, series, slices) -> dicom(
                ((VolumeValue)row.getCell(m_image)).volume(), sources.of(series), new Target(series, files, now, slices)),
                out);
        }
    }

    private long bytes(final DataRow row) {
        if (row.getCell(m_image).isMissing()) {
            return 0;
        }
        final Geometry grid = ((VolumeValue)row.getCell(m_image)).geometry();
        return NodeMemory.VOLUME_WRITER.bytes(grid.voxelCount(), (long)grid.size(0) * grid.size(1));
    }

    /** Which series is written, where to, and who is told. */
    private record Target(String series, ImageFiles files, LocalDateTime now, Progress slices) {
    }

    private Path dicom(final Volume volume, final StudySeries source, final Target target)
        throws IOException, NotWrittenException {
        final String series = target.series;
        final Path folder = target.files.place(m_folder, "IMG", series, m_parameters.m_imageColumn, "");
        final DicomSeriesWriter writer;
        try {
            final SourceSeries images = source.readSource();
            // Resampled images have slices that no single source image corresponds to.
            final boolean bySlice = source.geometry().sameGrid(volume.geometry());
            writer = DicomSeriesWriter.derived(new DicomSeriesWriter.Sources(images, bySlice),
                images.seriesUid() + "/" + m_parameters.m_imageColumn + "/" + target.now, m_parameters.description(),
                m_derivation);
        } catch (final IOException e) {
            throw new NotWrittenException("Series " + series + ": " + e.getMessage(), e);
        }
        try {
            // Tables do not always know the modality of what was made of an image; its source does.
            final VolumeInfo info = volume.info();
            final Volume typed = volume.withInfo(new VolumeInfo(source.info().modality(), info.site(), info.subject(),
                info.series(), info.units()));
            AtomicOutput.folder(folder, temporary -> writer.write(temporary, typed, target.slices));
        } catch (final IllegalArgumentException e) {
            throw new NotWrittenException("Series " + series + ": " + e.getMessage(), e);
        }
        return folder;
    }
}

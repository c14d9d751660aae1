package org.scanbridge.dicom.nifti.study;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;

import org.scanbridge.dicom.nifti.NiftiException;
import org.scanbridge.dicom.nifti.NiftiReader;
import org.scanbridge.dicom.nifti.NiftiVolumes;
import org.scanbridge.dicom.series.Problem;
import org.scanbridge.dicom.series.Problem.Effect;
import org.scanbridge.dicom.series.Problem.Kind;
import org.scanbridge.imaging.volume.Geometry;
import org.scanbridge.imaging.volume.LabelSet;
import org.scanbridge.imaging.volume.LabelVolume;
import org.scanbridge.imaging.volume.Volume;
import org.scanbridge.imaging.volume.VolumeInfo;

/** One image of a study, a file or a volume of one: known by its header, its voxels read on demand. */
public final class NiftiSeries {

    private final NiftiFile m_image;

    private final int m_volume;

    private final VolumeInfo m_info;

    private final Geometry m_geometry;

    private final NiftiFile m_labels;

    private final LabelSet m_classes;

    /**
     * @param volume which volume of the file, from 0
     * @param labels the label map, or null if there is none
     */
    NiftiSeries(final NiftiFile image, final int volume, final VolumeInfo info, final Geometry geometry,
        final NiftiFile labels, final LabelSet classes) {
        m_image = Objects.requireNonNull(image, "image");
        m_volume = volume;
        m_info = Objects.requireNonNull(info, "info");
        m_geometry = Objects.requireNonNull(geometry, "geometry");
        m_labels = labels;
        m_classes = Objects.requireNonNull(classes, "classes");
    }

    /** Modality, site, subject and series ids. */
    public VolumeInfo info() {
        return m_info;
    }

    /** The grid, from the header. */
    public Geometry geometry() {
        return m_geometry;
    }

    /** Path of the image relative to the folder, with {@code /}. */
    public String path() {
        return m_image.path();
    }

    /** Whether there is a label map with the voxels of the image. */
    public boolean hasSegmentation() {
        return m_labels != null;
    }

    /** Which file holds the voxels. */
    Path file() {
        return m_image.file();
    }

    /** Reads the voxels from the file, which somebody else keeps open. */
    Volume readVolume(final NiftiVolumes volumes) throws IOException {
        return volumes.read(m_volume, m_info);
    }

    /**
     * Reads the label map, in the order of the image's voxels.
     *
     * @return empty if the image is unlabeled
     * @throws IOException if the file is broken, cannot be read or holds values that are no labels
     */
    public Optional<LabelVolume> readSegmentation() throws IOException {
        if (m_labels == null) {
            return Optional.empty();
        }
        final LabelVolume labels = NiftiReader.readLabels(m_labels.file(), m_info, m_classes);
        return Optional.of(SameVoxels.reorder(labels.geometry(), m_geometry)
            .orElseThrow(() -> new NiftiException("The label map has changed since its header was read."))
            .apply(labels));
    }

    /** The row of the problems table for a failure of {@link NiftiStudyVoxels#read(NiftiSeries)}. */
    public Problem imageProblem(final IOException e) {
        return new Problem(Kind.UNREADABLE_FILE, Effect.SERIES_SKIPPED, m_image.path(), m_info.series(),
            NiftiStudyReader.message(e), "Export the image again.");
    }

    /** The row of the problems table for a failure of {@link #readSegmentation()}. */
    public Problem segmentationProblem(final IOException e) {
        return new Problem(Kind.LABEL_OUT_OF_RANGE, Effect.SEGMENTATION_SKIPPED, m_labels.path(), m_info.series(),
            NiftiStudyReader.message(e), "Export the label map again, with whole numbers from 0 to 255.");
    }
}

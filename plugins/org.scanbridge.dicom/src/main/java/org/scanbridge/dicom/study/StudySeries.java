package org.scanbridge.dicom.study;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;

import org.scanbridge.dicom.data.DicomException;
import org.scanbridge.dicom.series.HeaderAttribute;
import org.scanbridge.dicom.series.Problem;
import org.scanbridge.dicom.series.SourceSeries;
import org.scanbridge.imaging.volume.Geometry;
import org.scanbridge.imaging.volume.LabelVolume;
import org.scanbridge.imaging.volume.Volume;
import org.scanbridge.imaging.volume.VolumeInfo;

/**
 * One volume of a study: known by its headers, its voxels read on demand. Safe for use by several threads.
 */
public final class StudySeries {

    /** Reads something from files. */
    @FunctionalInterface
    interface Source<T> {
        T read() throws IOException;
    }

    /** Reads a volume; says what it did to voxels without a value. */
    @FunctionalInterface
    interface VolumeSource {
        Volume read(Consumer<Problem> problems) throws IOException;
    }

    private final VolumeInfo m_info;

    private final String m_part;

    private final Map<HeaderAttribute, String> m_attributes;

    private final Geometry m_geometry;

    private final int m_fileCount;

    private final VolumeSource m_volume;

    private final List<Optional<Source<LabelVolume>>> m_segmentations;

    private final Source<SourceSeries> m_source;

    /** @param segmentations where the segmentation of each rater comes from; at least one rater */
    StudySeries(final VolumeInfo info, final String part, final Map<HeaderAttribute, String> attributes, final Geometry geometry,
        final int fileCount, final VolumeSource volume,
        final List<Optional<Source<LabelVolume>>> segmentations, final Source<SourceSeries> source) {
        m_info = Objects.requireNonNull(info, "info");
        m_part = Objects.requireNonNull(part, "part");
        m_attributes = Map.copyOf(attributes);
        m_geometry = Objects.requireNonNull(geometry, "geometry");
        m_fileCount = fileCount;
        m_volume = Objects.requireNonNull(volume, "volume");
        m_segmentations = List.copyOf(segmentations);
        m_source = Objects.requireNonNull(source, "source");
    }

    /** Modality, site, pseudonymous subject and series ids, units. */
    public VolumeInfo info() {
        return m_info;
    }

    /**
     * What tells this volume from others of the same series, such as {@code TE=4.6} or {@code b=1000}; empty if the series
     * holds one volume.
     */
    public String part() {
        return m_part;
    }

    /** The header attributes that the options ask for, of its first file; those that are absent or empty are missing. */
    public Map<HeaderAttribute, String> attributes() {
        return m_attributes;
    }

    /** The grid, from the headers. */
    public Geometry geometry() {
        return m_geometry;
    }

    /** Number of image files. */
    public int fileCount() {
        return m_fileCount;
    }

    /** Whether a usable segmentation of this series is in the study. */
    public boolean hasSegmentation() {
        return m_segmentations.stream().anyMatch(Optional::isPresent);
    }

    /** As {@link #readVolume(Consumer)}, saying nothing. */
    public Volume readVolume() throws IOException {
        return readVolume(p -> {
        });
    }

    /**
     * Reads the voxels: stored values with the mapping applied that the options ask for, MONOCHROME1 inverted unless the
     * values are a physical quantity.
     *
     * @param problems takes what became of voxels without a value of their own (padding); nothing else
     * @throws DicomException if the pixel data is broken
     * @throws IOException if a file cannot be read
     */
    public Volume readVolume(final Consumer<Problem> problems) throws IOException {
        return m_volume.read(problems);
    }

    /**
     * Reads the segmentation, on the grid of the volume, or on one of its own where a problem of the study says so; where
     * there are several raters, that of the first.
     *
     * @return empty if the series is unlabeled
     * @throws DicomException if the pixel data is broken
     * @throws IOException if a file cannot be read
     */
    public Optional<LabelVolume> readSegmentation() throws IOException {
        return readSegmentations().get(0);
    }

    /**
     * Reads the segmentation of each rater, as {@link #readSegmentation()} does.
     *
     * @return as many as the options ask for; empty where a rater did not segment the series
     * @throws DicomException if the pixel data is broken
     * @throws IOException if a file cannot be read
     */
    public List<Optional<LabelVolume>> readSegmentations() throws IOException {
        final List<Optional<LabelVolume>> read = new ArrayList<>();
        for (final Optional<Source<LabelVolume>> source : m_segmentations) {
            read.add(source.isPresent() ? Optional.of(source.get().read()) : Optional.empty());
        }
        return read;
    }

    /**
     * Reads what objects derived from this series must say about it. Identifies the patient if the files do.
     *
     * @throws DicomException if a slice of the grid has no image of its own, because a gap was filled
     * @throws IOException if a file cannot be read
     */
    public SourceSeries readSource() throws IOException {
        return m_source.read();
    }

    /** The row of the problems table for a failure of {@link #readVolume()} or {@link #readSegmentation()}. */
    public Problem problem(final IOException failure) {
        final boolean unsupported =
            failure instanceof DicomException d && d.reason() == DicomException.Reason.UNSUPPORTED;
        return new Problem(unsupported ? Problem.Kind.UNSUPPORTED_SYNTAX : Problem.Kind.UNREADABLE_FILE,
            Problem.Effect.SERIES_SKIPPED, "", m_info.series(),
            "The pixel data cannot be read: " + failure.getMessage(), "Export the series again from the archive.");
    }
}

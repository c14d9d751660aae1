package org.scanbridge.dicom.nifti.study;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;

import org.scanbridge.dicom.nifti.NiftiVolumes;
import org.scanbridge.dicom.series.Problem;
import org.scanbridge.dicom.series.Problem.Effect;
import org.scanbridge.dicom.series.Problem.Kind;
import org.scanbridge.imaging.volume.Geometry;
import org.scanbridge.imaging.volume.LabelVolume;
import org.scanbridge.imaging.volume.Volume;
import org.scanbridge.imaging.volume.VolumeInfo;

/** One image of a study, a file or a volume of one: known by its header, its voxels read on demand. */
public final class NiftiSeries {

    /** Images have more values than this. */
    private static final int FEW = 8;

    private static final int MAX_LABEL = 255;

    private final NiftiFile m_image;

    private final int m_volume;

    private final VolumeInfo m_info;

    private final Geometry m_geometry;

    private final List<Optional<LabelFiles>> m_labels;

    /**
     * @param volume which volume of the file, from 0
     * @param labels where the labels of each rater are; at least one rater
     */
    NiftiSeries(final NiftiFile image, final int volume, final VolumeInfo info, final Geometry geometry,
        final List<Optional<LabelFiles>> labels) {
        m_image = Objects.requireNonNull(image, "image");
        m_volume = volume;
        m_info = Objects.requireNonNull(info, "info");
        m_geometry = Objects.requireNonNull(geometry, "geometry");
        m_labels = List.copyOf(labels);
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

    /** Whether there is a label map for the image. */
    public boolean hasSegmentation() {
        return m_labels.stream().anyMatch(Optional::isPresent);
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
     * Reads the labels, in the order of the image's voxels, or on a grid of their own where a problem of the study says so;
     * where there are several raters, those of the first.
     *
     * @return empty if the image is unlabeled
     * @throws IOException if a file is broken, cannot be read or holds values that are no labels
     */
    public Optional<LabelVolume> readSegmentation() throws IOException {
        return readSegmentation(0, p -> {
        });
    }

    /** Adds combinations of classes to those of the study; what cannot be read is told when it is read. */
    void addCombinations() {
        m_labels.stream().flatMap(Optional::stream).filter(LabelFiles::combines).forEach(labels -> {
            try {
                labels.addCombinations(m_info, m_geometry);
            } catch (final IOException e) {
                return;
            }
        });
    }

    /** How many raters there are in the study. */
    public int raters() {
        return m_labels.size();
    }

    /**
     * Reads the labels of a rater, as {@link #readSegmentation()} does.
     *
     * @param rater which, from 0
     * @param problems takes what had to be changed, such as voxels that several classes claim
     * @return empty if the rater did not segment the image
     * @throws IOException if a file is broken, cannot be read or holds values that are no labels
     */
    public Optional<LabelVolume> readSegmentation(final int rater, final Consumer<Problem> problems) throws IOException {
        final Optional<LabelFiles> labels = m_labels.get(rater);
        return labels.isEmpty() ? Optional.empty() : Optional.of(labels.get().read(m_info, m_geometry, problems));
    }

    /**
     * Whether the image looks like a label map that its name did not give away: a few whole numbers and nothing else.
     *
     * @param image its voxels
     * @return the row of the problems table
     */
    public Optional<Problem> doubt(final Volume image) {
        final Set<Float> values = new TreeSet<>();
        for (final float v : image.voxels()) {
            if (v < 0 || v > MAX_LABEL || v != Math.rint(v)) {
                return Optional.empty();
            }
            values.add(v);
            if (values.size() > FEW) {
                return Optional.empty();
            }
        }
        return Optional.of(new Problem(Kind.NIFTI, Effect.KEPT, m_image.path(), m_info.series(), "It is read as an image, but"
            + " its only values are " + String.join(", ", values.stream().map(v -> String.valueOf(Math.round(v))).toList())
            + (values.size() > 1 ? ", as in a mask or label map." : "."),
            "Rename it, or set \"Layout\", \"Images\" or \"Label maps\", if it is no image."));
    }

    /** The row of the problems table for a failure of {@link NiftiStudyVoxels#read(NiftiSeries)}. */
    public Problem imageProblem(final IOException e) {
        return new Problem(Kind.UNREADABLE_FILE, Effect.SERIES_SKIPPED, m_image.path(), m_info.series(),
            NiftiStudyReader.message(e), "Export the image again.");
    }

    /** The row of the problems table for a failure of {@link #readSegmentation(int, Consumer)}. */
    public Problem segmentationProblem(final int rater, final IOException e) {
        return new Problem(Kind.LABEL_OUT_OF_RANGE, Effect.SEGMENTATION_SKIPPED,
            m_labels.get(rater).map(LabelFiles::path).orElse(""), m_info.series(),
            NiftiStudyReader.message(e), "Export the label map again, with whole numbers from 0 to 255.");
    }
}

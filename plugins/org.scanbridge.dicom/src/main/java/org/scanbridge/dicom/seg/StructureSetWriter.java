package org.scanbridge.dicom.seg;

import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;

import org.scanbridge.dicom.data.DataSet;
import org.scanbridge.dicom.data.DataSetBuilder;
import org.scanbridge.dicom.data.DicomOutput;
import org.scanbridge.dicom.data.Tag;
import org.scanbridge.dicom.data.TransferSyntax;
import org.scanbridge.dicom.data.Uid;
import org.scanbridge.dicom.series.DicomSeriesWriter;
import org.scanbridge.dicom.series.SourceSeries;
import org.scanbridge.dicom.series.SourceSeries.Instance;
import org.scanbridge.imaging.labels.Combination;
import org.scanbridge.imaging.render.LabelColors;
import org.scanbridge.imaging.volume.Geometry;
import org.scanbridge.imaging.volume.LabelVolume;

/**
 * Writes a label volume as an RT Structure Set (PS3.3 A.19): one structure per class, where combinations of overlapping
 * structures ({@link Combination}) are part of each of these; one CLOSED_PLANAR contour for each part
 * of a class in each slice, referring to the image of the slice. ROI Numbers are the label values. Contours run half way
 * between voxels inside and outside, holes are reached through a channel, see {@link ContourTracer}; read again by centers of
 * voxels, they give exactly the label volume. Implicit VR little endian, since in explicit VR a contour could have 65534 bytes
 * only.
 */
public final class StructureSetWriter {

    private static final int MAX_NAME_LENGTH = 64;

    private static final int MAX_LABEL = 255;

    /** Retired, but what PS3.3 C.8.8.5 names: Detached Study Management SOP Class. */
    private static final String STUDY_SOP_CLASS = "1.2.840.10008.3.1.2.3.1";

    /** Contours are written to a ten-thousandth of a millimeter. */
    private static final double UNIT = 1e4;

    private final String m_seed;

    private final String m_algorithm;

    private final LocalDateTime m_created;

    /**
     * @param seed the UIDs of the object derive from it
     * @param algorithm name of the algorithm that made the segmentation; empty if a person drew it
     * @param created when it was made
     */
    public StructureSetWriter(final String seed, final String algorithm, final LocalDateTime created) {
        m_seed = Objects.requireNonNull(seed, "seed");
        m_algorithm = Objects.requireNonNull(algorithm, "algorithm");
        m_created = Objects.requireNonNull(created, "created");
    }

    /**
     * The bytes of the file.
     *
     * @param labels the segmentation
     * @param source the images it was made from, one per slice of the grid
     * @throws IllegalArgumentException if there is not one source image per slice, these are projections, there is no class,
     *             or a class name does not fit
     */
    public byte[] file(final LabelVolume labels, final SourceSeries source) {
        final Geometry g = labels.geometry();
        if (source.instances().size() != g.size(2)) {
            throw new IllegalArgumentException(
                source.instances().size() + " source images for a segmentation of " + g + ".");
        }
        if (!source.acquisition().placed()) {
            throw new IllegalArgumentException("The source is a projection without a place in the patient, such as a"
                + " radiograph, and contours of a structure set are places in the patient. Write it as DICOM SEG or NIfTI.");
        }
        final SortedSet<Integer> values = values(labels);
        if (values.isEmpty()) {
            throw new IllegalArgumentException("The segmentation has no class, and a structure set needs a structure.");
        }
        final String own = source.common().text(Tag.FRAME_OF_REFERENCE_UID);
        final String frame = own.isEmpty() ? Uid.derived(source.seriesUid() + "/frame of reference") : own;
        final DataSetBuilder set = source.common().toBuilder();
        general(set, frame, source);
        final List<DataSet> structures = new ArrayList<>();
        final List<DataSet> contours = new ArrayList<>();
        final List<DataSet> observations = new ArrayList<>();
        for (final int value : values) {
            structures.add(structure(value, labels.labels().name(value), frame));
            final DataSetBuilder roi = DataSet.builder().numbers(Tag.ROI_DISPLAY_COLOR, color(value))
                .numbers(Tag.REFERENCED_ROI_NUMBER, value);
            final List<DataSet> ofStructure = contours(labels, parts(labels, value), source);
            if (!ofStructure.isEmpty()) {
                roi.items(Tag.CONTOUR_SEQUENCE, ofStructure);
            }
            contours.add(roi.build());
            observations.add(DataSet.builder().numbers(Tag.OBSERVATION_NUMBER, value)
                .numbers(Tag.REFERENCED_ROI_NUMBER, value).empty(Tag.RT_ROI_INTERPRETED_TYPE, Tag.ROI_INTERPRETER).build());
        }
        set.items(Tag.STRUCTURE_SET_ROI_SEQUENCE, structures).items(Tag.ROI_CONTOUR_SEQUENCE, contours)
            .items(Tag.RT_ROI_OBSERVATIONS_SEQUENCE, observations);
        return DicomOutput.file(set.build(), TransferSyntax.IMPLICIT_LITTLE_ENDIAN);
    }

    /** The label values that are part of a structure: its own and those of its combinations with others. */
    private static boolean[] parts(final LabelVolume labels, final int structure) {
        final boolean[] parts = new boolean[MAX_LABEL + 1];
        for (int value = 1; value <= MAX_LABEL; value++) {
            parts[value] = Combination.members(value, labels.labels()).contains(structure);
        }
        return parts;
    }

    /** The classes that occur or have a name, without combinations, which are parts of others. */
    private static SortedSet<Integer> values(final LabelVolume labels) {
        final SortedSet<Integer> values = new TreeSet<>(labels.labels().names().keySet());
        values.addAll(labels.values());
        final SortedSet<Integer> structures = new TreeSet<>();
        values.forEach(v -> structures.addAll(Combination.members(v, labels.labels())));
        return structures;
    }

    private static double[] color(final int value) {
        final int rgb = LabelColors.rgb(value);
        return new double[]{rgb >> 16 & 0xff, rgb >> 8 & 0xff, rgb & 0xff};
    }

    private void general(final DataSetBuilder set, final String frame, final SourceSeries source) {
        final String date = m_created.format(DateTimeFormatter.ofPattern("yyyyMMdd"));
        final String time = m_created.format(DateTimeFormatter.ofPattern("HHmmss"));
        set.text(Tag.SOP_CLASS_UID, Uid.RT_STRUCTURE_SET_STORAGE)
            .text(Tag.SOP_INSTANCE_UID, Uid.derived(m_seed + "/structure set/instance")).text(Tag.MODALITY, "RTSTRUCT")
            .text(Tag.SERIES_INSTANCE_UID, Uid.derived(m_seed + "/structure set")).numbers(Tag.SERIES_NUMBER, 101)
            .text(Tag.SERIES_DESCRIPTION, "Segmentation").text(Tag.SERIES_DATE, date).text(Tag.SERIES_TIME, time)
            .empty(Tag.OPERATORS_NAME).text(Tag.MANUFACTURER, DicomSeriesWriter.MANUFACTURER)
            .text(Tag.MANUFACTURER_MODEL_NAME, DicomSeriesWriter.MANUFACTURER).text(Tag.SOFTWARE_VERSIONS, "0.1.0")
            .numbers(Tag.INSTANCE_NUMBER, 1).text(Tag.STRUCTURE_SET_LABEL, "SEGMENTATION")
            .text(Tag.STRUCTURE_SET_DATE, date).text(Tag.STRUCTURE_SET_TIME, time)
            .text(Tag.APPROVAL_STATUS, "UNAPPROVED").text(Tag.FRAME_OF_REFERENCE_UID, frame);
        final Set<DataSet> images = new LinkedHashSet<>();
        final Set<String> seen = new LinkedHashSet<>();
        for (final Instance instance : source.instances()) {
            if (seen.add(instance.sopInstance())) {
                images.add(DataSet.builder().text(Tag.REFERENCED_SOP_CLASS_UID, instance.sopClass())
                    .text(Tag.REFERENCED_SOP_INSTANCE_UID, instance.sopInstance()).build());
            }
        }
        set.items(Tag.REFERENCED_FRAME_OF_REFERENCE_SEQUENCE, DataSet.builder().text(Tag.FRAME_OF_REFERENCE_UID, frame)
            .items(Tag.RT_REFERENCED_STUDY_SEQUENCE,
                DataSet.builder().text(Tag.REFERENCED_SOP_CLASS_UID, STUDY_SOP_CLASS)
                    .text(Tag.REFERENCED_SOP_INSTANCE_UID, source.common().text(Tag.STUDY_INSTANCE_UID))
                    .items(Tag.RT_REFERENCED_SERIES_SEQUENCE,
                        DataSet.builder().text(Tag.SERIES_INSTANCE_UID, source.seriesUid())
                            .items(Tag.CONTOUR_IMAGE_SEQUENCE, List.copyOf(images)).build())
                    .build())
            .build());
    }

    private DataSet structure(final int value, final String name, final String frame) {
        if (name.length() > MAX_NAME_LENGTH || name.contains("\\")) {
            throw new IllegalArgumentException("The class name \"" + name + "\" of label " + value
                + " does not fit a ROI Name: at most " + MAX_NAME_LENGTH + " characters, no backslash.");
        }
        final DataSetBuilder structure = DataSet.builder().numbers(Tag.ROI_NUMBER, value)
            .text(Tag.REFERENCED_FRAME_OF_REFERENCE_UID, frame).text(Tag.ROI_NAME, name);
        return (m_algorithm.isEmpty() ? structure.text(Tag.ROI_GENERATION_ALGORITHM, "MANUAL")
            : structure.text(Tag.ROI_GENERATION_ALGORITHM, "AUTOMATIC").text(Tag.ROI_GENERATION_DESCRIPTION, m_algorithm))
                .build();
    }

    private static List<DataSet> contours(final LabelVolume labels, final boolean[] parts, final SourceSeries source) {
        final Geometry g = labels.geometry();
        final int plane = g.size(0) * g.size(1);
        final List<DataSet> contours = new ArrayList<>();
        final byte[] inside = new byte[plane];
        for (int k = 0; k < g.size(2); k++) {
            for (int p = 0; p < plane; p++) {
                inside[p] = (byte)(parts[labels.voxels()[k * plane + p] & 0xff] ? 1 : 0);
            }
            for (final ContourTracer.Outline outline : ContourTracer.trace(inside, 0, 1, g.size(0), g.size(1))) {
                final double[] points = new double[3 * outline.x().length];
                for (int p = 0; p < outline.x().length; p++) {
                    final double[] position = g.position(outline.x()[p], outline.y()[p], k);
                    for (int c = 0; c < 3; c++) {
                        points[3 * p + c] = Math.rint(position[c] * UNIT) / UNIT;
                    }
                }
                contours.add(contour(points, source.instances().get(k)));
            }
        }
        return contours;
    }

    private static DataSet contour(final double[] points, final Instance instance) {
        final DataSetBuilder image = DataSet.builder().text(Tag.REFERENCED_SOP_CLASS_UID, instance.sopClass())
            .text(Tag.REFERENCED_SOP_INSTANCE_UID, instance.sopInstance());
        if (instance.frame() >= 0) {
            image.numbers(Tag.REFERENCED_FRAME_NUMBER, instance.frame() + 1);
        }
        return DataSet.builder().items(Tag.CONTOUR_IMAGE_SEQUENCE, image.build())
            .text(Tag.CONTOUR_GEOMETRIC_TYPE, "CLOSED_PLANAR").numbers(Tag.NUMBER_OF_CONTOUR_POINTS, points.length / 3.0)
            .numbers(Tag.CONTOUR_DATA, points).build();
    }
}

package org.scanbridge.dicom.seg;

import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.SortedSet;

import org.scanbridge.dicom.data.DataSet;
import org.scanbridge.dicom.data.DataSetBuilder;
import org.scanbridge.dicom.data.DicomOutput;
import org.scanbridge.dicom.data.Tag;
import org.scanbridge.dicom.data.Uid;
import org.scanbridge.dicom.data.VR;
import org.scanbridge.dicom.series.DicomSeriesWriter;
import org.scanbridge.dicom.series.SourceSeries;
import org.scanbridge.dicom.series.SourceSeries.Instance;
import org.scanbridge.imaging.labels.Combination;
import org.scanbridge.imaging.volume.Geometry;
import org.scanbridge.imaging.volume.LabelVolume;

/**
 * Writes a label volume as a DICOM Segmentation (PS3.3 A.51): BINARY, one segment per label value, one frame per segment
 * and slice that has voxels of it, each referring to its source image. Segment numbers are the label values, so values
 * that the volume skips get a segment without frames, which keeps numbers contiguous as the standard demands. Or as a
 * LABELMAP (PS3.3 A.51.6), one frame per slice whose pixels are the label values.
 * <p>
 * A combination of overlapping structures ({@link Combination}) is part of the segment of each of these, and the segments
 * overlap. In a LABELMAP, where they cannot, it is a segment of its own.
 * <p>
 * Radiographs and other projections have no place in the patient, and neither has what is segmented on them: no frame of
 * reference, position, orientation or measure of pixels is written, which PS3.3 A.51.5 does not demand where each frame names
 * the image that it was derived from. Its pixels are those of that image.
 */
public final class DicomSegWriter {

    private static final int MAX_LABEL_LENGTH = 64;

    private static final int MAX_LABEL = 255;

    private final String m_seed;

    private final String m_algorithm;

    private final LocalDateTime m_created;

    private final SegmentationStyle m_style;

    /** As {@link #DicomSegWriter(String, String, LocalDateTime, SegmentationStyle)} with binary segments. */
    public DicomSegWriter(final String seed, final String algorithm, final LocalDateTime created) {
        this(seed, algorithm, created, SegmentationStyle.BINARY);
    }

    /**
     * @param seed the UIDs of the object derive from it
     * @param algorithm name of the algorithm that made the segmentation; empty if a person drew it
     * @param created when it was made
     * @param style binary or label map, and what the segments show
     */
    public DicomSegWriter(final String seed, final String algorithm, final LocalDateTime created,
        final SegmentationStyle style) {
        m_seed = Objects.requireNonNull(seed, "seed");
        m_algorithm = Objects.requireNonNull(algorithm, "algorithm");
        m_created = Objects.requireNonNull(created, "created");
        m_style = Objects.requireNonNull(style, "style");
    }

    /** One frame to be: a label value in a slice, or 0 for all label values of a slice. */
    private record Frame(int value, int k) {
    }

    /**
     * The bytes of the file.
     *
     * @param labels the segmentation
     * @param source the images it was made from, one per slice of the grid
     * @throws IllegalArgumentException if there is not one source image per slice, or a class name does not fit
     */
    public byte[] file(final LabelVolume labels, final SourceSeries source) {
        final Geometry g = labels.geometry();
        if (source.instances().size() != g.size(2)) {
            throw new IllegalArgumentException(
                source.instances().size() + " source images for a segmentation of " + g + ".");
        }
        final int[][] members = members(labels);
        final int segments = Math.max(1, Arrays.stream(members).flatMapToInt(Arrays::stream).max().orElse(0));
        final List<Frame> frames = m_style.labelMap() ? slices(g) : frames(labels, members, segments);
        final String organization = Uid.derived(m_seed + "/segmentation/dimensions");
        final boolean placed = source.acquisition().placed();
        final DataSetBuilder seg = source.common().toBuilder();
        if (!placed) {
            seg.remove(Tag.FRAME_OF_REFERENCE_UID, Tag.POSITION_REFERENCE_INDICATOR);
            // Where positions do not tell how the patient was turned, this does, if anything (PS3.3 C.7.6.1.1.1).
            seg.text(Tag.PATIENT_ORIENTATION, source.acquisition().images().stream().findFirst()
                .map(image -> image.texts(Tag.PATIENT_ORIENTATION).toArray(String[]::new)).orElse(new String[0]));
        }
        general(seg, source);
        seg.text(Tag.SEGMENTS_OVERLAP, Arrays.stream(members).anyMatch(m -> m.length > 1) ? "YES" : "NO");
        seg.items(Tag.DIMENSION_ORGANIZATION_SEQUENCE,
            DataSet.builder().text(Tag.DIMENSION_ORGANIZATION_UID, organization).build());
        final List<DataSet> dimensions = new ArrayList<>();
        final List<DataSet> descriptions = new ArrayList<>();
        if (m_style.labelMap()) {
            descriptions.add(segment(0, "Background", SegmentProperty.BACKGROUND));
        } else {
            dimensions.add(dimension(organization, Tag.REFERENCED_SEGMENT_NUMBER, Tag.SEGMENT_IDENTIFICATION_SEQUENCE,
                "ReferencedSegmentNumber"));
        }
        if (placed) {
            dimensions.add(dimension(organization, Tag.IMAGE_POSITION_PATIENT, Tag.PLANE_POSITION_SEQUENCE,
                "ImagePositionPatient"));
        } else if (m_style.labelMap()) {
            // There must be a dimension, and neither segments nor positions tell frames apart.
            dimensions.add(dimension(organization, Tag.FRAME_LABEL, Tag.FRAME_CONTENT_SEQUENCE, "FrameLabel"));
        }
        seg.items(Tag.DIMENSION_INDEX_SEQUENCE, dimensions);
        for (int value = 1; value <= segments; value++) {
            final String name = labels.labels().name(value);
            descriptions.add(segment(value, name, m_style.property(value, name)));
        }
        seg.items(Tag.SEGMENT_SEQUENCE, descriptions);
        seg.items(Tag.SHARED_FUNCTIONAL_GROUPS_SEQUENCE, placed ? shared(g) : DataSet.EMPTY);
        final List<DataSet> perFrame = new ArrayList<>();
        for (final Frame frame : frames) {
            perFrame.add(perFrame(frame, g, placed, source.instances().get(frame.k)));
        }
        seg.items(Tag.PER_FRAME_FUNCTIONAL_GROUPS_SEQUENCE, perFrame);
        seg.numbers(Tag.NUMBER_OF_FRAMES, frames.size()).numbers(Tag.ROWS, g.size(1)).numbers(Tag.COLUMNS, g.size(0));
        seg.bytes(Tag.PIXEL_DATA, VR.OB, m_style.labelMap() ? even(labels.voxels()) : pixels(labels, members, frames));
        return DicomOutput.file(seg.build());
    }

    private static List<Frame> slices(final Geometry g) {
        final List<Frame> frames = new ArrayList<>();
        for (int k = 0; k < g.size(2); k++) {
            frames.add(new Frame(0, k));
        }
        return frames;
    }

    /** Values of elements have an even number of bytes. */
    private static byte[] even(final byte[] bytes) {
        return Arrays.copyOf(bytes, bytes.length + (bytes.length & 1));
    }

    /** By label value that occurs or has a name: the segments that its voxels belong to; none for others. */
    private int[][] members(final LabelVolume labels) {
        final int[][] members = new int[MAX_LABEL + 1][0];
        final SortedSet<Integer> values = labels.values();
        values.addAll(labels.labels().names().keySet());
        for (final int value : values) {
            members[value] = m_style.labelMap() ? new int[]{value}
                : Combination.members(value, labels.labels()).stream().mapToInt(m -> m).toArray();
        }
        return members;
    }

    private static List<Frame> frames(final LabelVolume labels, final int[][] members, final int segments) {
        final Geometry g = labels.geometry();
        final int plane = g.size(0) * g.size(1);
        final boolean[][] present = new boolean[segments + 1][g.size(2)];
        for (int v = 0; v < labels.voxels().length; v++) {
            for (final int segment : members[labels.voxels()[v] & 0xff]) {
                present[segment][v / plane] = true;
            }
        }
        final List<Frame> frames = new ArrayList<>();
        for (int value = 1; value <= segments; value++) {
            for (int k = 0; k < g.size(2); k++) {
                if (present[value][k]) {
                    frames.add(new Frame(value, k));
                }
            }
        }
        if (frames.isEmpty()) {
            frames.add(new Frame(1, 0)); // an object has at least one frame
        }
        return frames;
    }

    private void general(final DataSetBuilder seg, final SourceSeries source) {
        final String date = m_created.format(DateTimeFormatter.ofPattern("yyyyMMdd"));
        final String time = m_created.format(DateTimeFormatter.ofPattern("HHmmss"));
        seg.text(Tag.SOP_CLASS_UID, m_style.labelMap() ? Uid.LABEL_MAP_STORAGE : Uid.SEGMENTATION_STORAGE)
            .text(Tag.SOP_INSTANCE_UID, Uid.derived(m_seed + "/segmentation/instance")).text(Tag.MODALITY, "SEG")
            .text(Tag.SERIES_INSTANCE_UID, Uid.derived(m_seed + "/segmentation"))
            .numbers(Tag.SERIES_NUMBER, 100).text(Tag.SERIES_DESCRIPTION, "Segmentation")
            .text(Tag.SERIES_DATE, date).text(Tag.SERIES_TIME, time)
            .text(Tag.MANUFACTURER, DicomSeriesWriter.MANUFACTURER)
            .text(Tag.MANUFACTURER_MODEL_NAME, DicomSeriesWriter.MANUFACTURER).text(Tag.DEVICE_SERIAL_NUMBER, "0")
            .text(Tag.SOFTWARE_VERSIONS, "0.1.0").numbers(Tag.INSTANCE_NUMBER, 1).text(Tag.CONTENT_DATE, date)
            .text(Tag.CONTENT_TIME, time).text(Tag.CONTENT_LABEL, "SEGMENTATION")
            .empty(Tag.CONTENT_DESCRIPTION, Tag.CONTENT_CREATOR_NAME).text(Tag.IMAGE_TYPE, "DERIVED", "PRIMARY")
            .text(Tag.SEGMENTATION_TYPE, m_style.labelMap() ? "LABELMAP" : "BINARY")
            .text(Tag.LOSSY_IMAGE_COMPRESSION, "00").numbers(Tag.SAMPLES_PER_PIXEL, 1)
            .text(Tag.PHOTOMETRIC_INTERPRETATION, "MONOCHROME2").numbers(Tag.BITS_ALLOCATED, bits())
            .numbers(Tag.BITS_STORED, bits()).numbers(Tag.HIGH_BIT, bits() - 1.0).numbers(Tag.PIXEL_REPRESENTATION, 0);
        if (m_style.labelMap()) {
            seg.numbers(Tag.PIXEL_PADDING_VALUE, 0); // the background
        }
        final List<DataSet> references = new ArrayList<>();
        final List<String> seen = new ArrayList<>();
        for (final Instance instance : source.instances()) {
            if (seen.isEmpty() || !seen.get(seen.size() - 1).equals(instance.sopInstance())) {
                seen.add(instance.sopInstance());
                references.add(DataSet.builder().text(Tag.REFERENCED_SOP_CLASS_UID, instance.sopClass())
                    .text(Tag.REFERENCED_SOP_INSTANCE_UID, instance.sopInstance()).build());
            }
        }
        seg.items(Tag.REFERENCED_SERIES_SEQUENCE, DataSet.builder().text(Tag.SERIES_INSTANCE_UID, source.seriesUid())
            .items(Tag.REFERENCED_INSTANCE_SEQUENCE, references).build());
    }

    private int bits() {
        return m_style.labelMap() ? Byte.SIZE : 1;
    }

    private static DataSet dimension(final String organization, final int index, final int group, final String label) {
        return DataSet.builder().text(Tag.DIMENSION_ORGANIZATION_UID, organization)
            .tag(Tag.DIMENSION_INDEX_POINTER, index).tag(Tag.FUNCTIONAL_GROUP_POINTER, group)
            .text(Tag.DIMENSION_DESCRIPTION_LABEL, label).build();
    }

    private DataSet segment(final int value, final String label, final SegmentProperty property) {
        if (label.length() > MAX_LABEL_LENGTH || label.contains("\\")) {
            throw new IllegalArgumentException("The class name \"" + label + "\" of label " + value
                + " does not fit a Segment Label: at most " + MAX_LABEL_LENGTH + " characters, no backslash.");
        }
        final DataSetBuilder segment = DataSet.builder().numbers(Tag.SEGMENT_NUMBER, value)
            .text(Tag.SEGMENT_LABEL, label)
            .items(Tag.SEGMENTED_PROPERTY_CATEGORY_CODE_SEQUENCE, property.category().item())
            .items(Tag.SEGMENTED_PROPERTY_TYPE_CODE_SEQUENCE, property.type().item());
        return (m_algorithm.isEmpty() ? segment.text(Tag.SEGMENT_ALGORITHM_TYPE, "MANUAL")
            : segment.text(Tag.SEGMENT_ALGORITHM_TYPE, "AUTOMATIC").text(Tag.SEGMENT_ALGORITHM_NAME, m_algorithm))
                .build();
    }

    private static DataSet shared(final Geometry g) {
        final double[] d = g.direction();
        return DataSet.builder()
            .items(Tag.PLANE_ORIENTATION_SEQUENCE,
                DataSet.builder().numbers(Tag.IMAGE_ORIENTATION_PATIENT, d[0], d[1], d[2], d[3], d[4], d[5]).build())
            .items(Tag.PIXEL_MEASURES_SEQUENCE,
                DataSet.builder().numbers(Tag.SLICE_THICKNESS, g.spacing(2))
                    .numbers(Tag.SPACING_BETWEEN_SLICES, g.spacing(2))
                    .numbers(Tag.PIXEL_SPACING, g.spacing(1), g.spacing(0)).build())
            .build();
    }

    private static DataSet perFrame(final Frame frame, final Geometry g, final boolean placed, final Instance instance) {
        final DataSetBuilder image = DataSet.builder().text(Tag.REFERENCED_SOP_CLASS_UID, instance.sopClass())
            .text(Tag.REFERENCED_SOP_INSTANCE_UID, instance.sopInstance())
            .text(Tag.SPATIAL_LOCATIONS_PRESERVED, "YES")
            .items(Tag.PURPOSE_OF_REFERENCE_CODE_SEQUENCE, SegmentCode.SOURCE_IMAGE.item());
        if (instance.frame() >= 0) {
            image.numbers(Tag.REFERENCED_FRAME_NUMBER, instance.frame() + 1);
        }
        final DataSetBuilder groups = DataSet.builder()
            .items(Tag.DERIVATION_IMAGE_SEQUENCE,
                DataSet.builder().items(Tag.SOURCE_IMAGE_SEQUENCE, image.build())
                    .items(Tag.DERIVATION_CODE_SEQUENCE, SegmentCode.SEGMENTATION.item()).build());
        final DataSetBuilder content = DataSet.builder();
        if (placed) {
            groups.items(Tag.PLANE_POSITION_SEQUENCE,
                DataSet.builder().numbers(Tag.IMAGE_POSITION_PATIENT, g.position(0, 0, frame.k)).build());
        } else if (frame.value == 0) {
            content.text(Tag.FRAME_LABEL, "Image " + (frame.k + 1));
        }
        if (frame.value == 0) {
            content.numbers(Tag.DIMENSION_INDEX_VALUES, frame.k + 1.0);
        } else {
            content.numbers(Tag.DIMENSION_INDEX_VALUES,
                placed ? new double[]{frame.value, frame.k + 1.0} : new double[]{frame.value});
            groups.items(Tag.SEGMENT_IDENTIFICATION_SEQUENCE,
                DataSet.builder().numbers(Tag.REFERENCED_SEGMENT_NUMBER, frame.value).build());
        }
        return groups.items(Tag.FRAME_CONTENT_SEQUENCE, content.build()).build();
    }

    /** Frames as a stream of bits, the first pixel in the least significant bit; frames are not padded to bytes. */
    private static byte[] pixels(final LabelVolume labels, final int[][] members, final List<Frame> frames) {
        final int plane = labels.geometry().size(0) * labels.geometry().size(1);
        final byte[] bits = new byte[Math.toIntExact(((long)plane * frames.size() + 7) / 8)];
        long bit = 0;
        for (final Frame frame : frames) {
            for (int p = 0; p < plane; p++, bit++) {
                if (belongs(members[labels.voxels()[frame.k * plane + p] & 0xff], frame.value)) {
                    bits[(int)(bit >> 3)] |= (byte)(1 << (bit & 7));
                }
            }
        }
        return bits;
    }

    private static boolean belongs(final int[] members, final int segment) {
        for (final int member : members) {
            if (member == segment) {
                return true;
            }
        }
        return false;
    }
}

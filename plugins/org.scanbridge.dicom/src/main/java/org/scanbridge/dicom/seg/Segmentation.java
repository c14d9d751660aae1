package org.scanbridge.dicom.seg;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

import org.scanbridge.dicom.data.DataSet;
import org.scanbridge.dicom.data.DicomException;
import org.scanbridge.dicom.data.DicomException.Reason;
import org.scanbridge.dicom.data.DicomFile;
import org.scanbridge.dicom.data.FilePart;
import org.scanbridge.dicom.data.Tag;
import org.scanbridge.dicom.data.Uid;
import org.scanbridge.dicom.pixel.DicomDecoders;
import org.scanbridge.dicom.pixel.PixelFormat;
import org.scanbridge.dicom.series.FunctionalGroups;
import org.scanbridge.dicom.series.Plane;
import org.scanbridge.imaging.volume.LabelSet;

/**
 * A DICOM Segmentation object (PS3.3 A.51, C.8.20) as its header describes it.
 *
 * @param file where it lies
 * @param path its path relative to the folder read, with {@code /}
 * @param type BINARY, FRACTIONAL or LABELMAP
 * @param maximum the pixel value that stands for 1 in a fractional segmentation; 1 for the others
 * @param format pixel format
 * @param frameOfReference Frame of Reference UID; empty if absent
 * @param seriesUids Series Instance UIDs of the images referred to
 * @param sources SOP Instance UIDs of the images referred to
 * @param segments the segments in the order of their numbers
 * @param frames the frames
 * @param sliceSpacing Spacing Between Slices in mm; 0 if absent
 * @param creator Content Creator's Name, else Operators' Name; empty if absent. Names a person: never for tables or messages
 */
public record Segmentation(FilePart file, String path, String type, int maximum, PixelFormat format,
    String frameOfReference, Set<String> seriesUids, Set<String> sources, List<Segment> segments,
    List<SegmentationFrame> frames, double sliceSpacing, String creator) {

    /** Label values of a volume are unsigned bytes. */
    private static final int MAX_LABEL = 255;

    /** Copies the collections. */
    public Segmentation {
        Objects.requireNonNull(file, "file");
        Objects.requireNonNull(path, "path");
        Objects.requireNonNull(type, "type");
        Objects.requireNonNull(format, "format");
        Objects.requireNonNull(creator, "creator");
        seriesUids = Set.copyOf(seriesUids);
        sources = Set.copyOf(sources);
        segments = List.copyOf(segments);
        frames = List.copyOf(frames);
    }

    /** Whether a SOP class is one of segmentations. */
    public static boolean isSegmentation(final String sopClass) {
        return sopClass.equals(Uid.SEGMENTATION_STORAGE) || sopClass.equals(Uid.LABEL_MAP_STORAGE);
    }

    /**
     * Reads the header of a segmentation.
     *
     * @throws DicomException if it cannot be used
     */
    public static Segmentation of(final DicomFile dicom, final FilePart file, final String path,
        final DicomDecoders decoders) throws DicomException {
        final DataSet data = dicom.data();
        final PixelFormat format = PixelFormat.of(data);
        decoders.check(dicom, format);
        final String type = data.requiredText(Tag.SEGMENTATION_TYPE);
        if (!Set.of("BINARY", "FRACTIONAL", "LABELMAP").contains(type)) {
            throw new DicomException(Reason.UNSUPPORTED, "Segmentation Type " + Tag.toString(Tag.SEGMENTATION_TYPE)
                + " \"" + type + "\" is not read", Tag.SEGMENTATION_TYPE, DicomException.NONE);
        }
        final Set<String> seriesUids = new HashSet<>();
        final Set<String> sources = new HashSet<>();
        for (final DataSet series : data.items(Tag.REFERENCED_SERIES_SEQUENCE)) {
            addIfPresent(seriesUids, series.text(Tag.SERIES_INSTANCE_UID));
            for (final DataSet instance : series.items(Tag.REFERENCED_INSTANCE_SEQUENCE)) {
                addIfPresent(sources, instance.text(Tag.REFERENCED_SOP_INSTANCE_UID));
            }
        }
        final List<Segment> segments = segments(data);
        final List<SegmentationFrame> frames = new ArrayList<>();
        final FunctionalGroups groups = FunctionalGroups.of(data, format.frames());
        for (int f = 0; f < format.frames(); f++) {
            final Set<String> frameSources = new HashSet<>();
            for (final DataSet derivation : groups.items(f, Tag.DERIVATION_IMAGE_SEQUENCE)) {
                for (final DataSet source : derivation.items(Tag.SOURCE_IMAGE_SEQUENCE)) {
                    addIfPresent(frameSources, source.text(Tag.REFERENCED_SOP_INSTANCE_UID));
                }
            }
            sources.addAll(frameSources);
            final int number = type.equals("LABELMAP") ? 0
                : groups.group(f, Tag.SEGMENT_IDENTIFICATION_SEQUENCE).requiredInteger(Tag.REFERENCED_SEGMENT_NUMBER);
            frames.add(new SegmentationFrame(number, Plane.of(groups, f, format.columns(), format.rows()),
                frameSources));
        }
        final int maximum = type.equals("FRACTIONAL") ? data.integer(Tag.MAXIMUM_FRACTIONAL_VALUE, MAX_LABEL) : 1;
        return new Segmentation(file, path, type, maximum, format, data.text(Tag.FRAME_OF_REFERENCE_UID), seriesUids,
            sources, segments, frames,
            format.frames() == 0 ? 0 : groups.group(0, Tag.PIXEL_MEASURES_SEQUENCE).number(Tag.SPACING_BETWEEN_SLICES, 0),
            creator(data));
    }

    /** Who made an object: Content Creator's Name (0070,0084), else Operators' Name (0008,1070); empty if neither is there. */
    static String creator(final DataSet data) {
        final String name = data.text(Tag.CONTENT_CREATOR_NAME);
        return name.isEmpty() ? data.text(Tag.OPERATORS_NAME) : name;
    }

    private static void addIfPresent(final Set<String> set, final String uid) {
        if (!uid.isEmpty()) {
            set.add(uid);
        }
    }

    private static List<Segment> segments(final DataSet data) throws DicomException {
        final SortedMap<Integer, Segment> segments = new TreeMap<>();
        for (final DataSet item : data.items(Tag.SEGMENT_SEQUENCE)) {
            final int number = item.requiredInteger(Tag.SEGMENT_NUMBER);
            final String label = item.text(Tag.SEGMENT_LABEL);
            if (segments.put(number, new Segment(number, label.isEmpty() ? "class " + number : label)) != null) {
                throw new DicomException(Reason.BAD_VALUE, "Segment Number " + Tag.toString(Tag.SEGMENT_NUMBER) + " "
                    + number + " is described twice", Tag.SEGMENT_NUMBER, DicomException.NONE);
            }
        }
        return new ArrayList<>(segments.values());
    }

    /**
     * What is wrong with the numbers of the segments: outside 1..255, which is all that a label volume holds, or used by
     * a frame without being described.
     */
    public Optional<String> labelDefect() {
        final Set<Integer> described = new HashSet<>();
        for (final Segment segment : segments) {
            // A label map describes its background too.
            final boolean background = segment.number() == 0 && type.equals("LABELMAP");
            if (!background && (segment.number() < 1 || segment.number() > MAX_LABEL)) {
                return Optional.of("Segment number " + segment.number() + " is outside 1..255.");
            }
            described.add(segment.number());
        }
        for (int f = 0; f < frames.size(); f++) {
            final int number = frames.get(f).segment();
            if (!type.equals("LABELMAP") && !described.contains(number)) {
                return Optional.of("Frame " + (f + 1) + " of " + frames.size() + " shows segment " + number
                    + ", which the segmentation does not describe.");
            }
        }
        return Optional.empty();
    }

    /** Names of the label values; segments whose name only repeats the number are left without. */
    public LabelSet labels() {
        final SortedMap<Integer, String> names = new TreeMap<>();
        for (final Segment segment : segments) {
            if (segment.number() != 0 && !segment.label().equals("class " + segment.number())) {
                names.put(segment.number(), segment.label());
            }
        }
        return new LabelSet(names);
    }
}

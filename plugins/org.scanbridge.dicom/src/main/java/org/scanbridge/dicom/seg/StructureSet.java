package org.scanbridge.dicom.seg;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;

import org.scanbridge.dicom.data.DataSet;
import org.scanbridge.dicom.data.DicomException;
import org.scanbridge.dicom.data.FilePart;
import org.scanbridge.dicom.data.Tag;
import org.scanbridge.dicom.data.Uid;
import org.scanbridge.dicom.series.Problem;
import org.scanbridge.dicom.series.Stack;
import org.scanbridge.imaging.volume.LabelVolume;
import org.scanbridge.imaging.volume.VolumeInfo;

/**
 * An RT Structure Set (PS3.3 A.19, C.8.8.5, C.8.8.6): contours that a person or a program drew on images.
 *
 * @param file where it lies
 * @param path its path relative to the folder read, with {@code /}
 * @param frameOfReference Frame of Reference UIDs that its structures lie in
 * @param seriesUids Series Instance UIDs of the images referred to
 * @param sources SOP Instance UIDs of the images referred to
 * @param structures names by ROI Number
 * @param choice which structures to read, and their labels
 * @param creator Operators' Name; empty if absent. Names a person: never for tables or messages
 */
public record StructureSet(FilePart file, String path, Set<String> frameOfReference, Set<String> seriesUids,
    Set<String> sources, SortedMap<Integer, String> structures, StructureChoice choice, String creator)
    implements LabelSource {

    /** Copies the collections. */
    public StructureSet {
        Objects.requireNonNull(file, "file");
        Objects.requireNonNull(path, "path");
        frameOfReference = Set.copyOf(frameOfReference);
        seriesUids = Set.copyOf(seriesUids);
        sources = Set.copyOf(sources);
        structures = new TreeMap<>(structures);
        Objects.requireNonNull(choice, "choice");
        Objects.requireNonNull(creator, "creator");
    }

    /** Whether a SOP class is that of structure sets. */
    public static boolean isStructureSet(final String sopClass) {
        return sopClass.equals(Uid.RT_STRUCTURE_SET_STORAGE);
    }

    /**
     * Reads what a structure set refers to and which structures it has; their contours only when they are needed.
     *
     * @throws DicomException if it cannot be used
     */
    public static StructureSet of(final DataSet data, final FilePart file, final String path, final StructureChoice choice)
        throws DicomException {
        final Set<String> frames = new HashSet<>();
        final Set<String> series = new HashSet<>();
        final Set<String> sources = new HashSet<>();
        add(frames, data.text(Tag.FRAME_OF_REFERENCE_UID));
        for (final DataSet frame : data.items(Tag.REFERENCED_FRAME_OF_REFERENCE_SEQUENCE)) {
            add(frames, frame.text(Tag.FRAME_OF_REFERENCE_UID));
            for (final DataSet study : frame.items(Tag.RT_REFERENCED_STUDY_SEQUENCE)) {
                for (final DataSet s : study.items(Tag.RT_REFERENCED_SERIES_SEQUENCE)) {
                    add(series, s.text(Tag.SERIES_INSTANCE_UID));
                    addImages(sources, s);
                }
            }
        }
        final SortedMap<Integer, String> structures = new TreeMap<>();
        for (final DataSet roi : data.items(Tag.STRUCTURE_SET_ROI_SEQUENCE)) {
            final int number = roi.requiredInteger(Tag.ROI_NUMBER);
            final String name = roi.text(Tag.ROI_NAME);
            structures.put(number, name.isEmpty() ? "structure " + number : name);
            add(frames, roi.text(Tag.REFERENCED_FRAME_OF_REFERENCE_UID));
        }
        for (final DataSet roi : data.items(Tag.ROI_CONTOUR_SEQUENCE)) {
            for (final DataSet contour : roi.items(Tag.CONTOUR_SEQUENCE)) {
                addImages(sources, contour);
            }
        }
        return new StructureSet(file, path, frames, series, sources, structures, choice,
            Segmentation.creator(data));
    }

    private static void addImages(final Set<String> sources, final DataSet item) throws DicomException {
        final List<DataSet> images = new ArrayList<>(item.items(Tag.CONTOUR_IMAGE_SEQUENCE));
        for (final DataSet image : images) {
            add(sources, image.text(Tag.REFERENCED_SOP_INSTANCE_UID));
        }
    }

    private static void add(final Set<String> set, final String uid) {
        if (!uid.isEmpty()) {
            set.add(uid);
        }
    }

    @Override
    public SortedMap<Integer, String> classes() {
        final SortedMap<Integer, String> classes = new TreeMap<>();
        choice.labels(structures).forEach((number, label) -> classes.putIfAbsent(label,
            choice.name(label, structures.get(number))));
        return classes;
    }

    @Override
    public boolean fits(final String frame, final Stack stack) {
        return frameOfReference.contains(frame);
    }

    @Override
    public Optional<LabelVolume> read(final Stack stack, final VolumeInfo info, final Consumer<Problem> problems)
        throws IOException {
        return new StructureSetReader(this, stack, info, problems).read();
    }
}

package org.scanbridge.dicom.seg;

import java.io.IOException;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;

import org.scanbridge.dicom.series.Problem;
import org.scanbridge.dicom.series.Stack;
import org.scanbridge.imaging.volume.LabelVolume;
import org.scanbridge.imaging.volume.VolumeInfo;

/**
 * A file with labels for an image: DICOM Segmentation, RT Structure Set or NIfTI label map, known by its header. Safe for
 * use by several threads.
 */
public interface LabelSource {

    /** Path relative to the folder read, with {@code /}. */
    String path();

    /** SOP Instance UIDs of all images it refers to; empty if it names none. */
    Set<String> sources();

    /** Series Instance UIDs of the images it refers to; empty if it names none. */
    Set<String> seriesUids();

    /** Names of its classes by label value, as {@link #read} gives them; empty if it does not tell before it is read. */
    default SortedMap<Integer, String> classes() {
        return new TreeMap<>();
    }

    /**
     * Whether it belongs to an image that it does not name, by its place.
     *
     * @param frameOfReference Frame of Reference UID of the image; empty if absent
     * @param stack the image
     */
    boolean fits(String frameOfReference, Stack stack);

    /**
     * Whether it lies in the frame of reference of an image, so that it can be brought onto its grid.
     *
     * @param frameOfReference Frame of Reference UID of the image; empty if absent
     */
    default boolean sharesFrame(final String frameOfReference) {
        return false;
    }

    /** Who made it; empty if it does not say. Names a person: never for tables or messages. */
    default String creator() {
        return "";
    }

    /**
     * Reads the labels.
     *
     * @param stack the image
     * @param info of the image, for the result and for problems
     * @param problems takes what is wrong
     * @return labels on the grid of the image, or, if their voxels are not those of the image, on a grid of their own, which
     *         a problem says; empty if they cannot be used, and the problem says why
     * @throws IOException if the file cannot be read or decoded
     */
    Optional<LabelVolume> read(Stack stack, VolumeInfo info, Consumer<Problem> problems) throws IOException;

    /** How many slices of an image it refers to; 0 if it refers to another image. */
    default int references(final Stack stack) {
        final Set<String> sources = sources();
        return (int)stack.slices().stream().filter(s -> sources.contains(s.sopInstance())).count();
    }
}

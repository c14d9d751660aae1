package org.scanbridge.dicom.nifti.study;

import java.util.List;
import java.util.Optional;

/**
 * Which files of a folder are images, which are label maps, and which belong together by their names. Whether they also
 * have the same voxels is looked at later.
 */
interface Pairing {

    /** Whether a file is a label map. */
    boolean isLabel(NiftiFile file);

    /** Whether a file is an image to read. */
    boolean isImage(NiftiFile file);

    /** The images that a label map may belong to by name. */
    List<NiftiFile> candidates(NiftiFile label, List<NiftiFile> images);

    /**
     * What tells the subject of an image.
     *
     * @param image the image
     * @param labels all label maps
     * @return a path below which the names of subjects are unique
     */
    String subject(NiftiFile image, List<NiftiFile> labels);

    /** The folders that a file lies in before the layout's own, with a closing slash; empty if there are none. */
    String siteFolders(NiftiFile file);

    /**
     * The class that a label file shows, where each class of an image has a file of its own.
     *
     * @return empty if the file is a map of several classes
     */
    default Optional<String> className(final NiftiFile label) {
        return Optional.empty();
    }

    /** Of several label maps of an image those of the lowest rank count. */
    default int rank(final NiftiFile label) {
        return 0;
    }

    /**
     * Why, by the rules of the layout, another label map of the image is used, as the end of a sentence that begins with the
     * file. Such a file is no loss.
     *
     * @return empty if the layout has no rule which one is meant
     */
    default Optional<String> ranksAfter(final NiftiFile label) {
        return Optional.empty();
    }

    /**
     * Whether a label map says that it lies in another space than that of its image, as the end of a sentence that begins
     * with the file. Such a file is no loss.
     */
    default Optional<String> otherSpace(final NiftiFile label) {
        return Optional.empty();
    }

    /** Why a file is neither an image nor a label map, as the end of a sentence that begins with the file. */
    default String neither(final NiftiFile file) {
        return "is neither an image nor a label map by the layout of the folder";
    }
}

package org.scanbridge.dicom.nifti.study;

import java.util.List;

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
}

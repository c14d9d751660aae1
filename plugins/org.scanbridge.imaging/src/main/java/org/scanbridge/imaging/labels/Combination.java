package org.scanbridge.imaging.labels;

import java.util.List;

/**
 * The name of a class whose voxels belong to several structures at once, such as "liver + lesion". A label map has one
 * value per voxel; where structures overlap, each combination of them that occurs is a class of its own, so that nothing
 * is lost and {@link Region} finds every structure again.
 */
public final class Combination {

    private static final String JOINT = " + ";

    private Combination() {
    }

    /** The name of the class of voxels that belong to all of these structures. */
    public static String name(final List<String> structures) {
        return String.join(JOINT, structures);
    }

    /** The structures that a class's voxels belong to; the name itself where it is no combination. */
    public static List<String> structures(final String name) {
        return List.of(name.split(" \\+ "));
    }
}

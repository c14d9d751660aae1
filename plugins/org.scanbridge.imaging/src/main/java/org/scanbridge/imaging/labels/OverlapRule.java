package org.scanbridge.imaging.labels;

import java.util.Comparator;
import java.util.List;
import java.util.Map;

/** Which class has a voxel that several claim; a label map has one class per voxel. */
public enum OverlapRule {
        /**
         * The class with fewer voxels before anything overlaps, so that a lesion inside an organ survives whatever its
         * number; of classes of the same size the one with the higher number.
         */
        SMALLER,
        /** The class with the higher number. */
        HIGHER,
        /** The class with the lower number. */
        LOWER,
        /** None: each combination of classes that occurs becomes a class of its own, see {@link CombinedLabels}. */
        KEEP_ALL;

    /**
     * The order in which classes are painted: each over those before it.
     *
     * @param sizes number of voxels by class
     * @return the classes, those that lose first
     */
    public List<Integer> paintingOrder(final Map<Integer, Long> sizes) {
        final Comparator<Integer> order = switch (this) {
            case SMALLER -> Comparator.<Integer> comparingLong(c -> -sizes.get(c)).thenComparing(c -> c);
            case HIGHER, KEEP_ALL -> Comparator.naturalOrder();
            case LOWER -> Comparator.reverseOrder();
        };
        return sizes.keySet().stream().sorted(order).toList();
    }

    /** In the words of messages, such as "the class with fewer voxels". */
    public String words() {
        return switch (this) {
            case SMALLER -> "the class with fewer voxels";
            case HIGHER -> "the class with the higher number";
            case LOWER -> "the class with the lower number";
            case KEEP_ALL -> "a class for each combination";
        };
    }
}

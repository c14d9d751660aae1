package org.scanbridge.imaging.atlas;

import java.util.Objects;

/**
 * A class of an atlas: a label, or a part of what has no label.
 *
 * @param label label value in [1, 255]; 0 for a cluster of the unlabeled rest
 * @param name of the class, for people
 */
public record AtlasClass(int label, String name) {

    /** @throws IllegalArgumentException if the label is outside [0, 255] or the name is blank */
    public AtlasClass {
        if (label < 0 || label > 255) {
            throw new IllegalArgumentException("label value " + label + " of an atlas class is outside 0..255");
        }
        if (Objects.requireNonNull(name, "name").isBlank()) {
            throw new IllegalArgumentException("atlas class of label value " + label + " has no name");
        }
    }

    /** Whether it is a part of what has no label. */
    public boolean isRest() {
        return label == 0;
    }
}

package org.scanbridge.learning.onnx;

/**
 * What the files of a network do not know by themselves and whoever gives it away can say.
 *
 * @param intendedUse what it is for, and what not; empty if not said
 * @param normalization how images were scaled for training, such as {@code z-score of each image}; empty if not said
 * @param spacing size of a voxel in mm along i, j and k, such as {@code 1 × 1 × 3}; empty if not said
 */
public record NetworkCard(String intendedUse, String normalization, String spacing) {

    /** Nothing is said. */
    public static final NetworkCard EMPTY = new NetworkCard("", "", "");

    /** Strips the texts. */
    public NetworkCard {
        intendedUse = intendedUse.strip();
        normalization = normalization.strip();
        spacing = spacing.strip();
    }
}

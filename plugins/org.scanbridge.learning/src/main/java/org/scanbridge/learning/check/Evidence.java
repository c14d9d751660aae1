package org.scanbridge.learning.check;

/**
 * What can be said of a segmentation without its truth, per structure: a number in [0, 1] each, more being better. What could
 * not be measured is not there.
 */
public enum Evidence {

    /** Mean Dice of the segmentation with those of the image slightly changed (test-time augmentation). */
    VIEWS("views", "the segmentation changes when the image is changed a little"),

    /** The Dice that the network's own probabilities p promise: 2 Σ p·s / Σ (p + s), s the segmentation. */
    CONFIDENCE("confidence", "the network is not certain of it"),

    /** Mean Dice of the segmentations of each two networks of an ensemble. */
    NETWORKS("networks", "the networks disagree"),

    /** Dice with a segmentation that was made in another way. */
    SECOND_OPINION("second opinion", "the second opinion disagrees"),

    /** Reverse classification accuracy: see {@link ReverseAccuracy}. */
    REVERSE("reverse accuracy", "as an atlas it does not segment the labeled images"),

    /** The smaller of its volume and the usual volume, as a share of the larger one. */
    VOLUME("volume", "its volume is unusual"),

    /** How alike surface per volume, or spread around the center of all, and the usual ones are; the less alike one counts. */
    FORM("form", "its form is unusual"),

    /** How much of its surface borders on what it usually borders on. */
    NEIGHBORS("neighbors", "it touches other structures than usual"),

    /** How much it overlaps with where it usually is among all structures: see {@link Places}. */
    PLACE("place", "it is not where it usually is");

    private final String m_title;

    private final String m_reason;

    Evidence(final String title, final String reason) {
        m_title = title;
        m_reason = reason;
    }

    /** What users call it. */
    public String title() {
        return m_title;
    }

    /** Why little of it speaks against a segmentation, as a clause. */
    public String reason() {
        return m_reason;
    }
}

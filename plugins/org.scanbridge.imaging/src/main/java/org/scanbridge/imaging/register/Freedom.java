package org.scanbridge.imaging.register;

/** What a registration may do to the moving image. */
public enum Freedom {

    /** Three shifts and three rotations: the same head on the same day. */
    RIGID(6),

    /** Three scales and three shears as well: another head, or a scanner whose gradients are off. */
    AFFINE(12);

    private final int m_parameters;

    Freedom(final int parameters) {
        m_parameters = parameters;
    }

    /** Number of parameters: 6 or 12. */
    public int parameters() {
        return m_parameters;
    }
}

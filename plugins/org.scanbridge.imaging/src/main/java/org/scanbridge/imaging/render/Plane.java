package org.scanbridge.imaging.render;

/** Which slices of a volume are shown. Oblique volumes are shown along the index axes nearest to these. */
public enum Plane {

    /** Seen from the feet: patient's right on the left, anterior at the top. */
    AXIAL(0, false, 1, false, 2),

    /** Seen from the front: patient's right on the left, superior at the top. */
    CORONAL(0, false, 2, true, 1),

    /** Seen from the left: anterior on the left, superior at the top. */
    SAGITTAL(1, false, 2, true, 0);

    private final int m_across;

    private final boolean m_againstAcross;

    private final int m_down;

    private final boolean m_againstDown;

    private final int m_through;

    Plane(final int across, final boolean againstAcross, final int down, final boolean againstDown,
        final int through) {
        m_across = across;
        m_againstAcross = againstAcross;
        m_down = down;
        m_againstDown = againstDown;
        m_through = through;
    }

    /** The LPS axis (0 L, 1 P, 2 S) along which pixels run from left to right. */
    int across() {
        return m_across;
    }

    /** Whether they run against it. */
    boolean againstAcross() {
        return m_againstAcross;
    }

    /** The LPS axis along which pixels run from top to bottom. */
    int down() {
        return m_down;
    }

    /** Whether they run against it. */
    boolean againstDown() {
        return m_againstDown;
    }

    /** The LPS axis through the slices. */
    int through() {
        return m_through;
    }
}

package org.scanbridge.imaging.phantom;

/** Whose brain a phantom resembles; the shape parameters differ, the tissue classes do not. */
public enum Anatomy {

    /** About 75 % background, 7.5 % CSF, 8.3 % gray and 8.7 % white matter. */
    ADULT(0.88, 0.16, 1.0),

    /** Smaller head, thicker cortical ribbon, larger ventricles: about 83 / 6.7 / 6.9 / 3.5 %. */
    INFANT(0.78, 0.20, 1.35);

    private final double m_headScale;

    private final double m_ribbonThickness;

    private final double m_ventricleScale;

    Anatomy(final double headScale, final double ribbonThickness, final double ventricleScale) {
        m_headScale = headScale;
        m_ribbonThickness = ribbonThickness;
        m_ventricleScale = ventricleScale;
    }

    /** Mean size of the head relative to half the field of view. */
    double headScale() {
        return m_headScale;
    }

    /** Thickness of the gray-matter ribbon relative to the head's radius. */
    double ribbonThickness() {
        return m_ribbonThickness;
    }

    /** Size of the ventricles relative to an adult's. */
    double ventricleScale() {
        return m_ventricleScale;
    }
}

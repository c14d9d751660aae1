package org.scanbridge.imaging.phantom;

/** Whose brain a phantom resembles; the shape parameters differ, the tissue classes do not. */
public enum Anatomy {

    /** About 77 % background, 7 % CSF, 8 % gray and 8 % white matter. */
    ADULT(0.88, 0.16, 1.0),

    /** Smaller head, thicker cortical ribbon, larger ventricles: about 84 / 6.4 / 6.5 / 3.2 %. */
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

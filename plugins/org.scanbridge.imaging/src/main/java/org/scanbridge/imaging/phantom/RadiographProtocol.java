package org.scanbridge.imaging.phantom;

/**
 * How one center takes radiographs and what its vendor makes of them, as a chain of effects in the order of the
 * components; see {@link RadiographSimulator} for the equations. Sizes are in mm in the plane of the bones.
 *
 * @param site the site's name; not blank
 * @param computed whether a storage plate is read out (computed radiography, CR), else a flat panel (digital, DX)
 * @param scatter scattered over all radiation that arrives, in [0, 1)
 * @param blur standard deviation of the point spread in mm, at least 0
 * @param quanta X-ray quanta that are counted on a square millimeter without an object; positive, infinite for none of
 *            the noise
 * @param collimation what a lead frame covers of the image's width and height at each side, in [0, 0.3); 0 for none. The
 *            frame differs from image to image by up to half of it.
 * @param logarithmic whether values are the logarithm of the exposure (LOG), else proportional to it (LIN)
 * @param enhancement factor by which what an unsharp mask finds is added, at least 0
 * @param enhancementScale standard deviation of that mask in mm, positive
 * @param steepness of the S-shaped curve of gray values, at least 0; 0 for a straight one
 * @param bits bits of a stored value: 8 to 16
 * @param used share of the range of stored values that the curve reaches, in (0, 1]
 * @param inverse whether the smallest stored value is shown white (MONOCHROME1)
 * @param magnification size at the detector over size in the plane of the bones, in [1, 2]
 * @param calibrated whether the spacing in the plane of the bones is told, else only that at the detector and the
 *            magnification
 */
public record RadiographProtocol(String site, boolean computed, double scatter, double blur, double quanta,
    double collimation, boolean logarithmic, double enhancement, double enhancementScale, double steepness, int bits,
    double used, boolean inverse, double magnification, boolean calibrated) {

    private static final int MIN_BITS = 8;

    private static final int MAX_BITS = 16;

    /**
     * "Flat panel": sharp, little noise, a small lead frame, 14 bits, straight curve; the spacing at the detector and the
     * magnification are told.
     */
    public static final RadiographProtocol PANEL =
        new RadiographProtocol("V", false, 0.2, 0.3, 60000, 0.06, true, 0.3, 2, 0, 14, 0.8, false, 1.1, false);

    /**
     * "Storage plates": 12 bits, MONOCHROME1, few quanta, more blur and scatter, a wide lead frame, edges enhanced, steep
     * curve.
     */
    public static final RadiographProtocol PLATES =
        new RadiographProtocol("W", true, 0.4, 0.6, 12000, 0.12, true, 1.2, 3, 2.5, 12, 1, true, 1.05, true);

    /** "Linear": a third vendor's flat panel with 16 bits, values proportional to the exposure, a small frame. */
    public static final RadiographProtocol LINEAR =
        new RadiographProtocol("X", false, 0.3, 0.5, 15000, 0.06, false, 0, 2, 0, 16, 0.9, false, 1.2, true);

    /** @throws IllegalArgumentException if a value is outside its range */
    public RadiographProtocol {
        if (site.isBlank()) {
            throw new IllegalArgumentException("a radiograph protocol needs a site name");
        }
        requireRange(site, "scatter", scatter, 0, 0.99);
        requireRange(site, "blur", blur, 0, 10);
        requireRange(site, "collimation", collimation, 0, 0.29);
        requireRange(site, "enhancement", enhancement, 0, 10);
        requireRange(site, "scale of the enhancement", enhancementScale, 0.01, 100);
        requireRange(site, "steepness", steepness, 0, 20);
        requireRange(site, "bits", bits, MIN_BITS, MAX_BITS);
        requireRange(site, "used share", used, 0.01, 1);
        requireRange(site, "magnification", magnification, 1, 2);
        if (!(quanta > 0)) {
            throw new IllegalArgumentException("site " + site + ": quanta " + quanta + " must be positive");
        }
    }

    private static void requireRange(final String site, final String what, final double value, final double min,
        final double max) {
        if (!(value >= min && value <= max)) {
            throw new IllegalArgumentException(
                "site " + site + ": " + what + " " + value + " is outside [" + min + ", " + max + "]");
        }
    }

    /** The DICOM modality: CR or DX. */
    public String modality() {
        return computed ? "CR" : "DX";
    }

    /** The largest stored value. */
    public int maximum() {
        return (1 << bits) - 1;
    }
}

package org.scanbridge.imaging.crf;

/**
 * The two kernels of a dense CRF: Krähenbühl and Koltun, "Efficient inference in fully connected CRFs with Gaussian edge
 * potentials" (NIPS 2011), equation 3, with lengths in mm of the patient instead of pixels, as Kamnitsas et al. (Medical
 * Image Analysis 36, 2017) use it in volumes.
 *
 * @param smoothnessMm standard deviation θ<sub>γ</sub> of the smoothness kernel in mm, above 0
 * @param smoothnessWeight its weight w<sup>(2)</sup>, at least 0; 0 leaves the kernel out
 * @param appearanceMm standard deviation θ<sub>α</sub> of the appearance kernel in mm, above 0
 * @param appearanceIntensity its standard deviation θ<sub>β</sub> in intensities of the images, above 0
 * @param appearanceWeight its weight w<sup>(1)</sup>, at least 0; 0 leaves the kernel out
 * @param iterations mean-field updates, at least 0
 */
public record CrfOptions(double smoothnessMm, double smoothnessWeight, double appearanceMm, double appearanceIntensity,
    double appearanceWeight, int iterations) {

    /** @throws IllegalArgumentException if a number is out of its range or not finite */
    public CrfOptions {
        requirePositive("smoothness distance (mm)", smoothnessMm);
        requirePositive("appearance distance (mm)", appearanceMm);
        requirePositive("appearance intensity", appearanceIntensity);
        requireWeight("smoothness weight", smoothnessWeight);
        requireWeight("appearance weight", appearanceWeight);
        if (iterations < 0) {
            throw new IllegalArgumentException("iterations " + iterations + " must not be negative");
        }
    }

    private static void requirePositive(final String name, final double value) {
        if (!(value > 0 && Double.isFinite(value))) {
            throw new IllegalArgumentException(name + " " + value + " must be above 0 and finite");
        }
    }

    private static void requireWeight(final String name, final double value) {
        if (!(value >= 0 && Double.isFinite(value))) {
            throw new IllegalArgumentException(name + " " + value + " must be finite and not negative");
        }
    }
}

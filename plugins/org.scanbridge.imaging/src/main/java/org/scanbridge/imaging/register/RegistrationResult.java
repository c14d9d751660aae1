package org.scanbridge.imaging.register;

/**
 * What a registration found.
 *
 * @param transform from LPS positions of the fixed image to those of the same anatomy in the moving image, in mm
 * @param similarity normalized mutual information at the finest level, in [1, 2]; 1 means that the images tell nothing of
 *            each other
 * @param initialSimilarity the same with no transform at all; negative if the images do not overlap enough
 */
public record RegistrationResult(AffineTransform transform, double similarity, double initialSimilarity) {
}

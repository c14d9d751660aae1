package org.scanbridge.imaging.metrics;

import java.util.OptionalDouble;

/**
 * Lesion counts and what follows from them. The three scores are missing if neither side has a lesion and 0 if exactly
 * one side has none.
 *
 * @param actual number of true lesions
 * @param predicted number of predicted lesions
 * @param detectedActual true lesions that the prediction detects
 * @param confirmedPredicted predicted lesions that the truth confirms
 */
public record LesionScores(int actual, int predicted, int detectedActual, int confirmedPredicted) {

    /** Share of the true lesions that are detected. */
    public OptionalDouble sensitivity() {
        return ratio(detectedActual, actual);
    }

    /** Positive predictive value: share of the predicted lesions that are confirmed. */
    public OptionalDouble precision() {
        return ratio(confirmedPredicted, predicted);
    }

    /** Harmonic mean of sensitivity and precision; 0 if both are 0. */
    public OptionalDouble f1() {
        if (actual == 0 && predicted == 0) {
            return OptionalDouble.empty();
        }
        final double s = sensitivity().orElseThrow();
        final double p = precision().orElseThrow();
        return OptionalDouble.of(s + p == 0 ? 0 : 2 * s * p / (s + p));
    }

    private OptionalDouble ratio(final int part, final int whole) {
        if (actual == 0 && predicted == 0) {
            return OptionalDouble.empty();
        }
        return OptionalDouble.of(whole == 0 ? 0 : (double)part / whole);
    }
}

package org.scanbridge.imaging.fusion;

/** Weights of raters. */
final class Weights {

    private Weights() {
    }

    static double[] checked(final double[] weights) {
        for (final double w : weights) {
            if (!(w > 0 && w < Double.POSITIVE_INFINITY)) {
                throw new IllegalArgumentException("The weight " + w + ": above 0.");
            }
        }
        return weights.clone();
    }

    static void check(final double[] weights, final int raters) {
        if (weights.length != raters) {
            throw new IllegalArgumentException(weights.length + " weights for " + raters + " raters");
        }
    }
}

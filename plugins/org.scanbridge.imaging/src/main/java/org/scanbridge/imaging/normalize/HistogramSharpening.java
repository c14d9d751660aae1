package org.scanbridge.imaging.normalize;

import java.util.Arrays;

/**
 * What logarithms of intensities would be without a bias field (Sled, Zijdenbos and Evans, IEEE TMI 17, 1998): the field is
 * taken to have blurred their histogram by a Gaussian. A Wiener filter takes the blur back, and each value becomes the
 * mean of the unblurred values that it may come from.
 */
final class HistogramSharpening {

    private static final int BINS = 200;

    private static final int PADDED = 512;

    private static final int OFFSET = (PADDED - BINS) / 2;

    private final double m_fullWidth;

    private final double m_noise;

    private final FourierRow m_fourier = new FourierRow(PADDED);

    /**
     * @param fullWidth full width at half maximum of the Gaussian, in logarithms
     * @param noise of the Wiener filter
     */
    HistogramSharpening(final double fullWidth, final double noise) {
        m_fullWidth = fullWidth;
        m_noise = noise;
    }

    /** The expected unblurred value of each value; the values themselves where all are equal. */
    double[] apply(final double[] values) {
        final double min = Arrays.stream(values).min().orElseThrow();
        final double slope = (Arrays.stream(values).max().orElseThrow() - min) / (BINS - 1);
        if (slope == 0) {
            return values.clone();
        }
        final double[] expected = expected(histogram(values, min, slope), min, slope);
        final double[] sharpened = new double[values.length];
        for (int v = 0; v < values.length; v++) {
            final double place = (values[v] - min) / slope;
            final int bin = (int)place;
            sharpened[v] = bin < BINS - 1 ? expected[bin] + (expected[bin + 1] - expected[bin]) * (place - bin)
                : expected[BINS - 1];
        }
        return sharpened;
    }

    /** Each value counts in its two nearest bins. */
    private static double[] histogram(final double[] values, final double min, final double slope) {
        final double[] counts = new double[PADDED];
        for (final double v : values) {
            final double place = (v - min) / slope;
            final int bin = (int)place;
            if (bin < BINS - 1) {
                counts[OFFSET + bin] += 1 - (place - bin);
                counts[OFFSET + bin + 1] += place - bin;
            } else {
                counts[OFFSET + BINS - 1]++;
            }
        }
        return counts;
    }

    private double[] expected(final double[] counts, final double min, final double slope) {
        final double[] blur = gaussian(slope);
        final double[] blurIm = new double[PADDED];
        m_fourier.forward(blur, blurIm);
        final double[] im = new double[PADDED];
        m_fourier.forward(counts, im);
        for (int n = 0; n < PADDED; n++) {
            final double wiener = blur[n] / (blur[n] * blur[n] + blurIm[n] * blurIm[n] + m_noise);
            counts[n] *= wiener;
            im[n] *= wiener;
        }
        m_fourier.inverse(counts, im);
        final double[] weighted = new double[PADDED];
        for (int n = 0; n < PADDED; n++) {
            counts[n] = Math.max(counts[n], 0);
            weighted[n] = (min + (n - OFFSET) * slope) * counts[n];
        }
        blurred(weighted, blur, blurIm);
        blurred(counts, blur, blurIm);
        final double[] expected = new double[BINS];
        for (int b = 0; b < BINS; b++) {
            expected[b] = counts[OFFSET + b] == 0 ? 0 : weighted[OFFSET + b] / counts[OFFSET + b];
        }
        return expected;
    }

    /** Around index 0, in bins. */
    private double[] gaussian(final double slope) {
        final double width = m_fullWidth / slope;
        final double factor = 4 * StrictMath.log(2) / (width * width);
        final double scale = 2 * Math.sqrt(StrictMath.log(2) / Math.PI) / width;
        final double[] gaussian = new double[PADDED];
        for (int n = 0; n <= PADDED / 2; n++) {
            gaussian[n] = scale * StrictMath.exp(-factor * n * n);
            gaussian[(PADDED - n) % PADDED] = gaussian[n];
        }
        return gaussian;
    }

    private void blurred(final double[] re, final double[] blur, final double[] blurIm) {
        final double[] im = new double[PADDED];
        m_fourier.forward(re, im);
        for (int n = 0; n < PADDED; n++) {
            final double x = re[n] * blur[n] - im[n] * blurIm[n];
            im[n] = re[n] * blurIm[n] + im[n] * blur[n];
            re[n] = x;
        }
        m_fourier.inverse(re, im);
    }
}

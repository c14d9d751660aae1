package org.scanbridge.imaging.normalize;

/** Fourier transform of a row whose length is a power of two (Cooley and Tukey, 1965); the same bits on every machine. */
final class FourierRow {

    private final int m_size;

    private final double[] m_cos;

    private final double[] m_sin;

    /** @param size a power of two */
    FourierRow(final int size) {
        m_size = size;
        m_cos = new double[size / 2];
        m_sin = new double[size / 2];
        for (int n = 0; n < size / 2; n++) {
            m_cos[n] = StrictMath.cos(2 * Math.PI * n / size);
            m_sin[n] = StrictMath.sin(2 * Math.PI * n / size);
        }
    }

    /** Σ x exp(-2πi·kn/N), in place. */
    void forward(final double[] re, final double[] im) {
        transform(re, im, -1);
    }

    /** Σ x exp(2πi·kn/N) / N, in place. */
    void inverse(final double[] re, final double[] im) {
        transform(re, im, 1);
        for (int n = 0; n < m_size; n++) {
            re[n] /= m_size;
            im[n] /= m_size;
        }
    }

    private void transform(final double[] re, final double[] im, final int sign) {
        final int shift = Integer.numberOfLeadingZeros(m_size) + 1;
        for (int n = 0; n < m_size; n++) {
            final int m = m_size == 1 ? 0 : Integer.reverse(n) >>> shift;
            if (m > n) {
                swap(re, n, m);
                swap(im, n, m);
            }
        }
        for (int half = 1; half < m_size; half *= 2) {
            final int step = m_size / (2 * half);
            for (int start = 0; start < m_size; start += 2 * half) {
                for (int n = 0; n < half; n++) {
                    final double c = m_cos[n * step];
                    final double s = sign * m_sin[n * step];
                    final int a = start + n;
                    final int b = a + half;
                    final double x = re[b] * c - im[b] * s;
                    final double y = re[b] * s + im[b] * c;
                    re[b] = re[a] - x;
                    im[b] = im[a] - y;
                    re[a] += x;
                    im[a] += y;
                }
            }
        }
    }

    private static void swap(final double[] x, final int n, final int m) {
        final double t = x[n];
        x[n] = x[m];
        x[m] = t;
    }
}

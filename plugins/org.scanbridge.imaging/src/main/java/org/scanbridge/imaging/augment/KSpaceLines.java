package org.scanbridge.imaging.augment;

/**
 * Some neighboring lines of the k-space of an image, to be exchanged for those of another image. As the Fourier transforms
 * of both are linear and those along the other axes commute with the choice of lines, no transform is needed at all: the
 * image with exchanged lines is the image plus the difference of both, circularly convolved along the one axis with the
 * kernel c(m) = 1/n Σ exp(2πi (l - ⌊n/2⌋) m/n), the sum over the lines l.
 * <p>
 * The kernel's real part is even and its imaginary part odd, so the even and the odd part of the difference about its first
 * voxel are convolved apart from each other, each over half of the length only: n² multiplications a line. Several
 * image lines are worked on side by side, at which a processor is faster than at a fast Fourier transform of a few hundred
 * voxels and any length.
 */
final class KSpaceLines {

    private final int m_n;

    private final double[] m_real;

    private final double[] m_imaginary;

    /**
     * @param n voxels along the axis
     * @param from first line; line l has frequency l - ⌊n/2⌋
     * @param to the line after the last one
     */
    KSpaceLines(final int n, final int from, final int to) {
        m_n = n;
        m_real = new double[n];
        m_imaginary = new double[n];
        final double[] cos = new double[n];
        final double[] sin = new double[n];
        for (int m = 0; m < n; m++) {
            cos[m] = StrictMath.cos(2 * Math.PI * m / n);
            sin[m] = StrictMath.sin(2 * Math.PI * m / n);
        }
        for (int m = 0; m < n; m++) {
            for (int line = from; line < to; line++) {
                final int angle = Math.floorMod((line - n / 2) * m, n);
                m_real[m] += cos[angle] / n;
                m_imaginary[m] += sin[angle] / n;
            }
        }
    }

    /**
     * Exchanges the lines: adds the convolved difference.
     *
     * @param difference other image minus image, by voxel along the axis, then by image line; overwritten
     * @param real real part of the image; added to
     * @param imaginary its imaginary part; added to
     */
    void exchange(final double[][] difference, final double[][] real, final double[][] imaginary) {
        final int lanes = real[0].length;
        final int half = m_n / 2;
        final int pairs = (m_n - 1) / 2;
        final double[][] even = new double[pairs][];
        final double[][] odd = new double[pairs][];
        for (int p = 0; p < pairs; p++) {
            even[p] = difference[p + 1];
            odd[p] = difference[m_n - p - 1];
            split(even[p], odd[p]);
        }
        final double[] sumReal = new double[pairs];
        final double[] sumImaginary = new double[pairs];
        final double[] apartReal = new double[pairs];
        final double[] apartImaginary = new double[pairs];
        final double[] evenReal = new double[lanes];
        final double[] oddReal = new double[lanes];
        final double[] evenImaginary = new double[lanes];
        final double[] oddImaginary = new double[lanes];
        for (int x = 0; x <= half; x++) {
            // What has no counterpart: voxel 0, and the one opposite of it.
            scale(evenReal, oddImaginary, difference[0], m_real[x], m_imaginary[x]);
            if (m_n > 1 && m_n % 2 == 0) {
                final int across = x >= half ? x - half : x - half + m_n;
                add(evenReal, oddImaginary, difference[half], m_real[across], m_imaginary[across]);
            }
            scale(oddReal, evenImaginary, difference[0], 0, 0);
            for (int p = 0; p < pairs; p++) {
                final int y = p + 1;
                final int low = x >= y ? x - y : x - y + m_n;
                final int high = x + y < m_n ? x + y : x + y - m_n;
                sumReal[p] = m_real[low] + m_real[high];
                sumImaginary[p] = m_imaginary[low] + m_imaginary[high];
                apartReal[p] = m_real[low] - m_real[high];
                apartImaginary[p] = m_imaginary[low] - m_imaginary[high];
            }
            addAll(evenReal, oddImaginary, even, sumReal, sumImaginary);
            addAll(oddReal, evenImaginary, odd, apartReal, apartImaginary);
            join(real[x], evenReal, oddReal, 1);
            join(imaginary[x], evenImaginary, oddImaginary, 1);
            if (x > 0 && 2 * x < m_n) {
                join(real[m_n - x], evenReal, oddReal, -1);
                join(imaginary[m_n - x], evenImaginary, oddImaginary, -1);
            }
        }
    }

    /** Half of the sum and half of the difference. */
    private static void split(final double[] a, final double[] b) {
        for (int l = 0; l < a.length; l++) {
            final double even = 0.5 * (a[l] + b[l]);
            b[l] = 0.5 * (a[l] - b[l]);
            a[l] = even;
        }
    }

    private static void scale(final double[] p, final double[] q, final double[] x, final double toP, final double toQ) {
        for (int l = 0; l < p.length; l++) {
            p[l] = toP * x[l];
            q[l] = toQ * x[l];
        }
    }

    private static void add(final double[] p, final double[] q, final double[] x, final double toP, final double toQ) {
        for (int l = 0; l < p.length; l++) {
            p[l] += toP * x[l];
            q[l] += toQ * x[l];
        }
    }

    /** One row after the other, but four at a time, so that the sums are read and written less often. */
    private static void addAll(final double[] p, final double[] q, final double[][] rows, final double[] toP,
        final double[] toQ) {
        int r = 0;
        for (; r + 4 <= rows.length; r += 4) {
            add(p, rows[r], rows[r + 1], rows[r + 2], rows[r + 3], toP[r], toP[r + 1], toP[r + 2], toP[r + 3],
                q, toQ[r], toQ[r + 1], toQ[r + 2], toQ[r + 3]);
        }
        for (; r < rows.length; r++) {
            add(p, q, rows[r], toP[r], toQ[r]);
        }
    }

    private static void add(final double[] p, final double[] x, final double[] y, final double[] z, final double[] w,
        final double xToP, final double yToP, final double zToP, final double wToP, final double[] q, final double xToQ,
        final double yToQ, final double zToQ, final double wToQ) {
        for (int l = 0; l < p.length; l++) {
            p[l] = p[l] + xToP * x[l] + yToP * y[l] + zToP * z[l] + wToP * w[l];
            q[l] = q[l] + xToQ * x[l] + yToQ * y[l] + zToQ * z[l] + wToQ * w[l];
        }
    }

    private static void join(final double[] to, final double[] even, final double[] odd, final double sign) {
        for (int l = 0; l < to.length; l++) {
            to[l] += even[l] + sign * odd[l];
        }
    }
}

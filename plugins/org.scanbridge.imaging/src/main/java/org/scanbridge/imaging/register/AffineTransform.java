package org.scanbridge.imaging.register;

import java.util.Arrays;
import java.util.Locale;
import java.util.Objects;

/**
 * An affine map of positions of the patient frame: p → M·p + t, LPS and mm. As the result of a registration it leads
 * from a position in the <em>fixed</em> image to the same anatomy in the <em>moving</em> image, the direction that is
 * needed to show the moving image on the fixed image's grid, and that of ITK's and ANTs' transform files. Immutable.
 */
public final class AffineTransform {

    /** Does nothing. */
    public static final AffineTransform IDENTITY =
        new AffineTransform(new double[]{1, 0, 0, 0, 1, 0, 0, 0, 1}, new double[3]);

    private final double[] m_matrix;

    private final double[] m_translation;

    /**
     * @param matrix nine numbers of M by rows
     * @param translation three numbers of t in mm
     * @throws IllegalArgumentException if a number is not finite or M has no inverse
     */
    public AffineTransform(final double[] matrix, final double[] translation) {
        m_matrix = copyOf(matrix, 9, "matrix");
        m_translation = copyOf(translation, 3, "translation");
        if (!(Math.abs(determinant()) > 1e-12)) {
            throw new IllegalArgumentException("matrix " + Arrays.toString(matrix) + " has no inverse");
        }
    }

    private static double[] copyOf(final double[] a, final int n, final String name) {
        if (Objects.requireNonNull(a, name).length != n) {
            throw new IllegalArgumentException(name + " needs " + n + " numbers, has " + a.length);
        }
        if (!Arrays.stream(a).allMatch(Double::isFinite)) {
            throw new IllegalArgumentException(name + " " + Arrays.toString(a) + " must be finite");
        }
        return a.clone();
    }

    /** The map p → M·(p − center) + center + translation. */
    public static AffineTransform about(final double[] center, final double[] matrix, final double... translation) {
        final double[] t = new double[3];
        for (int r = 0; r < 3; r++) {
            t[r] = center[r] + translation[r];
            for (int c = 0; c < 3; c++) {
                t[r] -= matrix[3 * r + c] * center[c];
            }
        }
        return new AffineTransform(matrix, t);
    }

    /** A shift by so many mm along L, P, S. */
    public static AffineTransform translation(final double... translation) {
        return new AffineTransform(IDENTITY.m_matrix, translation);
    }

    /** The nine numbers of M by rows; a copy. */
    public double[] matrix() {
        return m_matrix.clone();
    }

    /** The three numbers of t in mm; a copy. */
    public double[] translation() {
        return m_translation.clone();
    }

    /** Where a position goes, both LPS in mm. */
    public double[] apply(final double... p) {
        final double[] q = m_translation.clone();
        for (int r = 0; r < 3; r++) {
            for (int c = 0; c < 3; c++) {
                q[r] += m_matrix[3 * r + c] * p[c];
            }
        }
        return q;
    }

    /** This map after another one: p → this(first(p)). */
    public AffineTransform after(final AffineTransform first) {
        final double[] m = new double[9];
        for (int r = 0; r < 3; r++) {
            for (int c = 0; c < 3; c++) {
                for (int k = 0; k < 3; k++) {
                    m[3 * r + c] += m_matrix[3 * r + k] * first.m_matrix[3 * k + c];
                }
            }
        }
        return new AffineTransform(m, apply(first.m_translation));
    }

    /** The map back. */
    public AffineTransform inverse() {
        final double[] inverse = new double[9];
        final double det = determinant();
        for (int r = 0; r < 3; r++) {
            for (int c = 0; c < 3; c++) {
                final int p = (c + 1) % 3;
                final int q = (c + 2) % 3;
                final int s = (r + 1) % 3;
                final int t = (r + 2) % 3;
                inverse[3 * r + c] =
                    (m_matrix[3 * p + s] * m_matrix[3 * q + t] - m_matrix[3 * p + t] * m_matrix[3 * q + s]) / det;
            }
        }
        final double[] back = new double[3];
        for (int r = 0; r < 3; r++) {
            for (int c = 0; c < 3; c++) {
                back[r] -= inverse[3 * r + c] * m_translation[c];
            }
        }
        return new AffineTransform(inverse, back);
    }

    /** Determinant of M: how many times as large things become, negative if they are mirrored. */
    public double determinant() {
        return m_matrix[0] * (m_matrix[4] * m_matrix[8] - m_matrix[5] * m_matrix[7])
            - m_matrix[1] * (m_matrix[3] * m_matrix[8] - m_matrix[5] * m_matrix[6])
            + m_matrix[2] * (m_matrix[3] * m_matrix[7] - m_matrix[4] * m_matrix[6]);
    }

    @Override
    public boolean equals(final Object o) {
        return o instanceof AffineTransform a && Arrays.equals(m_matrix, a.m_matrix)
            && Arrays.equals(m_translation, a.m_translation);
    }

    @Override
    public int hashCode() {
        return 31 * Arrays.hashCode(m_matrix) + Arrays.hashCode(m_translation);
    }

    /** Twelve numbers: each row of M followed by its component of t. */
    @Override
    public String toString() {
        final StringBuilder s = new StringBuilder();
        for (int r = 0; r < 3; r++) {
            s.append(String.format(Locale.ROOT, r == 0 ? "%.6f %.6f %.6f %.4f" : "; %.6f %.6f %.6f %.4f", m_matrix[3 * r],
                m_matrix[3 * r + 1], m_matrix[3 * r + 2], m_translation[r]));
        }
        return s.toString();
    }
}

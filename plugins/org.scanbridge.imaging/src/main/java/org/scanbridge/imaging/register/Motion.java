package org.scanbridge.imaging.register;

import org.hipparchus.util.FastMath;

/**
 * Up to twelve numbers as an affine map about a center: T(p) = c + t + R·U·(p − c), with t three shifts, R a rotation
 * given by its vector (axis times angle), and U upper triangular with exponentials on the diagonal, so that it never
 * mirrors. All numbers are in mm: those without a unit are multiplied by a radius, how far things move at that distance
 * from the center, which makes them alike for the optimizer.
 */
final class Motion {

    private final double[] m_center;

    private final double m_radius;

    /**
     * @param center LPS in mm
     * @param radius in mm; positive
     */
    Motion(final double[] center, final double radius) {
        m_center = center.clone();
        m_radius = radius;
    }

    double radius() {
        return m_radius;
    }

    /** @param x shifts, rotation vector, logarithms of scales, shears; missing ones are 0 */
    AffineTransform transform(final double[] x) {
        final double[] r = rotation(x[3] / m_radius, x[4] / m_radius, x[5] / m_radius);
        if (x.length == 6) {
            return AffineTransform.about(m_center, r, x[0], x[1], x[2]);
        }
        final double[] u = {FastMath.exp(x[6] / m_radius), x[9] / m_radius, x[10] / m_radius, 0, FastMath.exp(x[7] / m_radius),
            x[11] / m_radius, 0, 0, FastMath.exp(x[8] / m_radius)};
        final double[] m = new double[9];
        for (int a = 0; a < 3; a++) {
            for (int b = 0; b < 3; b++) {
                for (int c = 0; c < 3; c++) {
                    m[3 * a + b] += r[3 * a + c] * u[3 * c + b];
                }
            }
        }
        return AffineTransform.about(m_center, m, x[0], x[1], x[2]);
    }

    /** Rodrigues' formula. */
    private static double[] rotation(final double x, final double y, final double z) {
        final double angle = FastMath.sqrt(x * x + y * y + z * z);
        final double s = angle < 1e-9 ? 1 : FastMath.sin(angle) / angle;
        final double half = angle < 1e-9 ? 0.5 : (1 - FastMath.cos(angle)) / (angle * angle);
        final double c = FastMath.cos(angle);
        return new double[]{c + half * x * x, half * x * y - s * z, half * x * z + s * y, //
            half * x * y + s * z, c + half * y * y, half * y * z - s * x, //
            half * x * z - s * y, half * y * z + s * x, c + half * z * z};
    }
}

package org.scanbridge.imaging.crf;

import java.util.Arrays;

/**
 * Gaussian filtering of scattered points in some dimensions by the permutohedral lattice: Adams, Baek and Davis, "Fast
 * high-dimensional filtering using the permutohedral lattice" (Eurographics 2010). A value is splatted onto the d + 1
 * corners of the simplex around its point, the corners are blurred with [½ 1 ½] along d + 1 directions, and the result is
 * sliced at the points. That stands for sums over all pairs of points with the weight exp(−½ |f<sub>i</sub> −
 * f<sub>j</sub>|²), features given in standard deviations. It is an approximation: a weight is off by some percent, and
 * depends a little on where the points lie between the corners.
 *
 * <p>Memory: 8 (d + 1) bytes per point and 8 (d + 1) per corner that is used; while it is built 6 d + 16 more per corner.
 * Filtering takes 8 bytes per corner and call. Immutable, so several values can be filtered at once.
 */
final class PermutohedralLattice {

    /** Gives the features of a point. */
    @FunctionalInterface
    interface Features {

        /**
         * @param point its number
         * @param feature its d features in standard deviations; overwritten
         */
        void get(int point, double[] feature);
    }

    /** Called every so many points. */
    @FunctionalInterface
    interface Watch {

        /** @param fraction of the points that are done */
        void report(double fraction);
    }

    /** More corners than a caller allows. */
    static final class TooFine extends Exception {

        private static final long serialVersionUID = 1L;

        TooFine() {
            super("more corners than allowed", null, false, false);
        }
    }

    private static final int WATCHED = 1 << 16;

    private final int m_corners;

    private final int[] m_at;

    private final float[] m_shares;

    /** Of direction j the corner before p at 2 (j · count + p), and the one after it; 0 if it is not used. */
    private final int[] m_neighbors;

    private final int m_count;

    /** What a kernel's sum is multiplied by, so that the kernel is 1 at its center. */
    private final float m_scale;

    private PermutohedralLattice(final int corners, final int[] at, final float[] shares, final int[] neighbors,
        final int count) {
        m_corners = corners;
        m_at = at;
        m_shares = shares;
        m_neighbors = neighbors;
        m_count = count;
        m_scale = (float)(1 / (1 + Math.pow(2, 1 - corners)));
    }

    /**
     * @param points number of points
     * @param dimensions d, at least 1
     * @param features of the points; finite
     * @param most how many corners may be used
     * @param watch told how far it is
     * @throws TooFine if more corners were needed, or one lay too far from the origin to be told apart
     */
    static PermutohedralLattice of(final int points, final int dimensions, final Features features, final int most,
        final Watch watch) throws TooFine {
        final int corners = dimensions + 1;
        final int[] at = new int[Math.multiplyExact(points, corners)];
        final float[] shares = new float[at.length];
        final Corners used = new Corners(dimensions, most);
        final Simplex simplex = new Simplex(dimensions);
        final double[] feature = new double[dimensions];
        final int[] key = new int[dimensions];
        for (int p = 0; p < points; p++) {
            if (p % WATCHED == 0) {
                watch.report((double)p / points);
            }
            features.get(p, feature);
            simplex.find(feature);
            for (int c = 0; c < corners; c++) {
                simplex.corner(c, key);
                at[p * corners + c] = used.add(key);
                shares[p * corners + c] = (float)simplex.share(c);
            }
        }
        return new PermutohedralLattice(corners, at, shares, used.neighbors(), used.count());
    }

    /** Number of corners that are used. */
    int count() {
        return m_count;
    }

    /**
     * Sums over all points with the kernel's weight, the point itself included.
     *
     * @param values one per point
     * @param result where to, one per point; may be {@code values} itself
     */
    void filter(final float[] values, final float[] result) {
        // corner 0 is the one that is not used: always 0
        float[] sums = new float[m_count + 1];
        for (int p = 0, a = 0; p < values.length; p++) {
            final float value = values[p];
            for (int c = 0; c < m_corners; c++, a++) {
                sums[m_at[a]] += m_shares[a] * value;
            }
        }
        float[] blurred = new float[m_count + 1];
        for (int j = 0; j < m_corners; j++) {
            final int first = 2 * j * m_count;
            for (int p = 1; p <= m_count; p++) {
                final int n = first + 2 * (p - 1);
                blurred[p] = sums[p] + 0.5f * (sums[m_neighbors[n]] + sums[m_neighbors[n + 1]]);
            }
            final float[] swap = sums;
            sums = blurred;
            blurred = swap;
        }
        for (int p = 0, a = 0; p < result.length; p++) {
            float sum = 0;
            for (int c = 0; c < m_corners; c++, a++) {
                sum += m_shares[a] * sums[m_at[a]];
            }
            result[p] = sum * m_scale;
        }
    }

    /** Finds the simplex around a point, section 3 of the paper. */
    private static final class Simplex {

        /** Beyond this a corner's coordinates would leave the integers. */
        private static final double FAR = 1 << 29;

        private final int m_d;

        private final double[] m_scales;

        private final double[] m_elevated;

        private final int[] m_zero;

        private final int[] m_ranks;

        private final double[] m_shares;

        Simplex(final int dimensions) {
            m_d = dimensions;
            m_scales = new double[dimensions];
            // The blur has the variance 2 (d + 1)² / 3 along each axis of the plane.
            final double deviation = Math.sqrt(2.0 / 3) * (dimensions + 1);
            for (int i = 0; i < dimensions; i++) {
                m_scales[i] = deviation / Math.sqrt((i + 1.0) * (i + 2.0));
            }
            m_elevated = new double[dimensions + 1];
            m_zero = new int[dimensions + 1];
            m_ranks = new int[dimensions + 1];
            m_shares = new double[dimensions + 2];
        }

        void find(final double[] feature) throws TooFine {
            // onto the plane of coordinates that sum up to 0
            double sum = 0;
            for (int j = m_d; j > 0; j--) {
                final double f = feature[j - 1] * m_scales[j - 1];
                m_elevated[j] = sum - j * f;
                sum += f;
            }
            m_elevated[0] = sum;
            // the closest point whose coordinates are all multiples of d + 1
            int rest = 0;
            for (int i = 0; i <= m_d; i++) {
                if (!(Math.abs(m_elevated[i]) < FAR)) {
                    throw new TooFine();
                }
                final int multiple = (int)Math.rint(m_elevated[i] / (m_d + 1));
                m_zero[i] = multiple * (m_d + 1);
                rest += multiple;
            }
            Arrays.fill(m_ranks, 0);
            for (int i = 0; i < m_d; i++) {
                final double di = m_elevated[i] - m_zero[i];
                for (int j = i + 1; j <= m_d; j++) {
                    if (di < m_elevated[j] - m_zero[j]) {
                        m_ranks[i]++;
                    } else {
                        m_ranks[j]++;
                    }
                }
            }
            // back into the plane
            for (int i = 0; i <= m_d; i++) {
                m_ranks[i] += rest;
                if (m_ranks[i] < 0) {
                    m_ranks[i] += m_d + 1;
                    m_zero[i] += m_d + 1;
                } else if (m_ranks[i] > m_d) {
                    m_ranks[i] -= m_d + 1;
                    m_zero[i] -= m_d + 1;
                }
            }
            // barycentric coordinates
            Arrays.fill(m_shares, 0);
            for (int i = 0; i <= m_d; i++) {
                final double share = (m_elevated[i] - m_zero[i]) / (m_d + 1);
                m_shares[m_d - m_ranks[i]] += share;
                m_shares[m_d + 1 - m_ranks[i]] -= share;
            }
            m_shares[0] += 1 + m_shares[m_d + 1];
        }

        double share(final int corner) {
            return m_shares[corner];
        }

        /** All coordinates but the last, which follows from the others. */
        void corner(final int corner, final int[] key) {
            for (int i = 0; i < m_d; i++) {
                key[i] = m_zero[i] + corner - (m_ranks[i] > m_d - corner ? m_d + 1 : 0);
            }
        }
    }

    /** The corners that are used, numbered from 1. */
    private static final class Corners {

        private final int m_d;

        private final int m_most;

        private int[] m_keys;

        /** Open addressing; 0 is free. */
        private int[] m_table = new int[1 << 12];

        private int m_number;

        Corners(final int dimensions, final int most) {
            m_d = dimensions;
            m_most = most;
            m_keys = new int[dimensions << 10];
        }

        int count() {
            return m_number;
        }

        /** The number of a corner, which becomes a used one. */
        int add(final int[] key) throws TooFine {
            final int slot = slot(key, 0);
            if (m_table[slot] != 0) {
                return m_table[slot];
            }
            if (m_number == m_most) {
                throw new TooFine();
            }
            if ((m_number + 1) * m_d > m_keys.length) {
                m_keys = Arrays.copyOf(m_keys, (int)Math.min((long)m_most * m_d, m_keys.length * 3L / 2));
            }
            System.arraycopy(key, 0, m_keys, m_number * m_d, m_d);
            m_table[slot] = ++m_number;
            if (2 * m_number > m_table.length) {
                grow();
            }
            return m_number;
        }

        /** Where a corner is in the table, or would be. */
        private int slot(final int[] key, final int first) {
            int hash = 0;
            for (int i = 0; i < m_d; i++) {
                hash = (hash + key[first + i]) * 0x9E3779B1;
            }
            int slot = (hash ^ hash >>> 15) & m_table.length - 1;
            while (m_table[slot] != 0 && !isAt(m_table[slot] - 1, key, first)) {
                slot = slot + 1 & m_table.length - 1;
            }
            return slot;
        }

        private boolean isAt(final int number, final int[] key, final int first) {
            for (int i = 0; i < m_d; i++) {
                if (m_keys[number * m_d + i] != key[first + i]) {
                    return false;
                }
            }
            return true;
        }

        private void grow() {
            m_table = new int[2 * m_table.length];
            for (int n = 0; n < m_number; n++) {
                m_table[slot(m_keys, n * m_d)] = n + 1;
            }
        }

        /** For all d + 1 directions the corners before and after each. */
        int[] neighbors() {
            final int[] neighbors = new int[Math.multiplyExact(2 * (m_d + 1), m_number)];
            final int[] before = new int[m_d];
            final int[] after = new int[m_d];
            int at = 0;
            for (int j = 0; j <= m_d; j++) {
                for (int n = 0; n < m_number; n++) {
                    for (int i = 0; i < m_d; i++) {
                        final int step = i == j ? -m_d : 1;
                        before[i] = m_keys[n * m_d + i] - step;
                        after[i] = m_keys[n * m_d + i] + step;
                    }
                    neighbors[at++] = m_table[slot(before, 0)];
                    neighbors[at++] = m_table[slot(after, 0)];
                }
            }
            return neighbors;
        }
    }
}

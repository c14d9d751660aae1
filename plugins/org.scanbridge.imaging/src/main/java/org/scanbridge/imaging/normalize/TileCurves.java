package org.scanbridge.imaging.normalize;

import java.util.BitSet;

/** The equalization curves of all tiles of {@link Clahe} in a slab of slices, and their interpolation. */
final class TileCurves {

    private final Clahe.Settings m_settings;

    private final char[] m_bins;

    private final BitSet m_foreground;

    private final TileAxis[] m_axes;

    /** Index of the slab's first voxel. */
    private final int m_start;

    /** By tile (i fastest): value of each bin; null for a tile without foreground. */
    private final float[][] m_curves;

    TileCurves(final Clahe.Settings settings, final char[] bins, final BitSet foreground, final TileAxis[] axes,
        final int firstK) {
        m_settings = settings;
        m_bins = bins;
        m_foreground = foreground;
        m_axes = axes;
        m_start = firstK * axes[0].size() * axes[1].size();
        m_curves = new float[axes[0].tiles() * axes[1].tiles() * axes[2].tiles()][];
    }

    /** Makes the curves of one layer of tiles along k. */
    void build(final int tileK) {
        final int tilesI = m_axes[0].tiles();
        final int tilesJ = m_axes[1].tiles();
        for (int tj = 0; tj < tilesJ; tj++) {
            for (int ti = 0; ti < tilesI; ti++) {
                m_curves[(tileK * tilesJ + tj) * tilesI + ti] = curve(ti, tj, tileK);
            }
        }
    }

    private float[] curve(final int ti, final int tj, final int tk) {
        final int[] counts = new int[m_settings.bins()];
        int total = 0;
        for (int k = m_axes[2].begin(tk); k < m_axes[2].begin(tk + 1); k++) {
            for (int j = m_axes[1].begin(tj); j < m_axes[1].begin(tj + 1); j++) {
                final int row = m_start + (k * m_axes[1].size() + j) * m_axes[0].size();
                for (int v = row + m_axes[0].begin(ti); v < row + m_axes[0].begin(ti + 1); v++) {
                    if (m_foreground.get(v)) {
                        counts[m_bins[v]]++;
                        total++;
                    }
                }
            }
        }
        if (total == 0) {
            return null;
        }
        final float[] curve = new float[counts.length];
        if (isConstant(counts, total)) {
            for (int b = 0; b < curve.length; b++) {
                curve[b] = (float)b / (curve.length - 1);
            }
            return curve;
        }
        redistribute(counts, (int)Math.max(1, m_settings.clip() * total));
        long sum = 0;
        for (int b = 0; b < curve.length; b++) {
            sum += counts[b];
            curve[b] = (float)((double)sum / total);
        }
        return curve;
    }

    private static boolean isConstant(final int[] counts, final int total) {
        for (final int c : counts) {
            if (c > 0) {
                return c == total;
            }
        }
        return true;
    }

    private static void redistribute(final int[] counts, final int limit) {
        int excess = 0;
        for (int b = 0; b < counts.length; b++) {
            if (counts[b] > limit) {
                excess += counts[b] - limit;
                counts[b] = limit;
            }
        }
        final int each = excess / counts.length;
        for (int b = 0; b < counts.length; b++) {
            counts[b] += each;
        }
        int left = excess - each * counts.length;
        final int step = left == 0 ? 1 : Math.max(1, counts.length / left);
        for (int b = 0; b < counts.length && left > 0; b += step, left--) {
            counts[b]++;
        }
    }

    /** Writes the equalized values of slice {@code k} of the slab. */
    void apply(final int k, final float[] result) {
        final int tilesI = m_axes[0].tiles();
        final int tilesJ = m_axes[1].tiles();
        final int lowK = m_axes[2].lower(k) * tilesJ;
        final int highK = m_axes[2].upper(k) * tilesJ;
        final float wk = m_axes[2].weight(k);
        for (int j = 0; j < m_axes[1].size(); j++) {
            final float wj = m_axes[1].weight(j);
            final int[] rows = {(lowK + m_axes[1].lower(j)) * tilesI, (lowK + m_axes[1].upper(j)) * tilesI,
                (highK + m_axes[1].lower(j)) * tilesI, (highK + m_axes[1].upper(j)) * tilesI};
            final float[] weights = {(1 - wk) * (1 - wj), (1 - wk) * wj, wk * (1 - wj), wk * wj};
            int v = m_start + (k * m_axes[1].size() + j) * m_axes[0].size();
            for (int i = 0; i < m_axes[0].size(); i++, v++) {
                if (m_foreground.get(v)) {
                    result[v] = value(m_bins[v], rows, weights, i);
                }
            }
        }
    }

    private float value(final char bin, final int[] rows, final float[] weights, final int i) {
        final int low = m_axes[0].lower(i);
        final int high = m_axes[0].upper(i);
        final float wi = m_axes[0].weight(i);
        float sum = 0;
        float all = 0;
        for (int r = 0; r < rows.length; r++) {
            final float[] a = m_curves[rows[r] + low];
            final float[] b = m_curves[rows[r] + high];
            final float wa = weights[r] * (1 - wi);
            final float wb = weights[r] * wi;
            if (a != null && wa > 0) {
                sum += wa * a[bin];
                all += wa;
            }
            if (b != null && wb > 0) {
                sum += wb * b[bin];
                all += wb;
            }
        }
        // A foreground voxel's own tile has a curve, and its weight is never 0.
        return sum / all;
    }
}

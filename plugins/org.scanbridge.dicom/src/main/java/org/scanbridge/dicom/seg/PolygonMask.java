package org.scanbridge.dicom.seg;

import java.util.Arrays;
import java.util.BitSet;

/**
 * The pixels of a plane whose centers lie inside polygons, by the even-odd rule: a polygon inside another one is a hole,
 * and so is what a channel ("keyhole") within one outline leads to. A center exactly on an edge is inside where the inside
 * lies at larger coordinates, so that polygons that share an edge share no pixel.
 */
final class PolygonMask {

    /** Keeps broken outlines from exhausting memory and time. */
    private static final long MAX_CROSSINGS = 1 << 24;

    private final int m_columns;

    private final int m_rows;

    private final BitSet m_inside = new BitSet();

    /**
     * @param columns pixels along x, whose centers have the coordinates 0, 1, …
     * @param rows pixels along y
     */
    PolygonMask(final int columns, final int rows) {
        m_columns = columns;
        m_rows = rows;
    }

    /**
     * Adds a polygon; what is inside two is outside.
     *
     * @param x coordinates of its corners in pixels; the last corner is joined to the first
     * @param y likewise
     * @return false if its edges cross more rows than those of any real outline do; nothing is done then
     */
    boolean exclusiveOr(final double[] x, final double[] y) {
        double low = Double.POSITIVE_INFINITY;
        double high = Double.NEGATIVE_INFINITY;
        for (final double v : y) {
            low = Math.min(low, v);
            high = Math.max(high, v);
        }
        final int first = (int)Math.max(0, Math.ceil(low));
        final int last = (int)Math.min(m_rows - 1.0, Math.floor(high));
        final int n = x.length;
        long total = 0;
        for (int a = n - 1, b = 0; b < n; a = b++) {
            total += (long)Math.min(m_rows, Math.abs(y[a] - y[b]) + 1);
        }
        if (total > MAX_CROSSINGS) {
            return false;
        }
        // Edges by the rows they cross, so that every edge is looked at once.
        final double[][] crossings = new double[Math.max(0, last - first + 1)][];
        final int[] counts = new int[crossings.length];
        for (int a = n - 1, b = 0; b < n; a = b++) {
            final int from = (int)Math.max(first, Math.ceil(Math.min(y[a], y[b])));
            final int to = (int)Math.min(last, Math.ceil(Math.max(y[a], y[b])) - 1);
            for (int row = from; row <= to; row++) {
                final int r = row - first;
                if (crossings[r] == null || crossings[r].length == counts[r]) {
                    crossings[r] = crossings[r] == null ? new double[4] : Arrays.copyOf(crossings[r], 2 * counts[r]);
                }
                crossings[r][counts[r]++] = x[a] + (row - y[a]) / (y[b] - y[a]) * (x[b] - x[a]);
            }
        }
        for (int r = 0; r < crossings.length; r++) {
            if (counts[r] > 0) {
                fill(first + r, crossings[r], counts[r]);
            }
        }
        return true;
    }

    private void fill(final int row, final double[] crossings, final int count) {
        Arrays.sort(crossings, 0, count);
        for (int c = 0; c + 1 < count; c += 2) {
            final int from = (int)Math.max(0, Math.ceil(crossings[c]));
            final int to = (int)Math.min(m_columns, Math.ceil(crossings[c + 1]));
            if (from < to) {
                m_inside.flip(row * m_columns + from, row * m_columns + to);
            }
        }
    }

    /** The pixels inside, row by row. */
    BitSet inside() {
        return m_inside;
    }
}

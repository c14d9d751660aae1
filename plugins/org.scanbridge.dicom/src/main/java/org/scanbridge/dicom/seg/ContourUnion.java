package org.scanbridge.dicom.seg;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/**
 * The pixels of a plane that the contours of a structure enclose (PS3.3 C.8.8.6). Contours of type CLOSED_PLANAR are a
 * union: two that overlap, or one that is stored twice, enclose what either does. One that lies wholly inside another is a
 * hole of it, one wholly inside the hole an island again. Contours of type CLOSEDPLANAR_XOR are combined by exclusive-or.
 * Within one outline the even-odd rule holds, see {@link PolygonMask}.
 */
final class ContourUnion {

    /** Two outlines are the same, and a corner lies on an edge, within this many pixels. */
    private static final double TOUCHING = 1e-3;

    /** Pairs of edges that are looked at; more than any structure of one slice has. */
    private static final long MAX_PAIRS = 1L << 31;

    private final int m_columns;

    private final int m_rows;

    private final List<Outline> m_outlines = new ArrayList<>();

    private final PolygonMask m_exclusive;

    private boolean m_hasExclusive;

    private long m_pairs;

    /**
     * @param columns pixels along x, whose centers have the coordinates 0, 1, …
     * @param rows pixels along y
     */
    ContourUnion(final int columns, final int rows) {
        m_columns = columns;
        m_rows = rows;
        m_exclusive = new PolygonMask(columns, rows);
    }

    /** A contour with its pixels and its box. */
    private record Outline(double[] x, double[] y, BitSet inside, double[] box) {

        private static double[] box(final double[] x, final double[] y) {
            final double[] box = {Double.POSITIVE_INFINITY, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY,
                Double.NEGATIVE_INFINITY};
            for (int p = 0; p < x.length; p++) {
                box[0] = Math.min(box[0], x[p]);
                box[1] = Math.min(box[1], y[p]);
                box[2] = Math.max(box[2], x[p]);
                box[3] = Math.max(box[3], y[p]);
            }
            return box;
        }

        private double area() {
            double twice = 0;
            for (int a = x.length - 1, b = 0; b < x.length; a = b++) {
                twice += (x[a] - x[0]) * (y[b] - y[0]) - (x[b] - x[0]) * (y[a] - y[0]);
            }
            return Math.abs(twice) / 2;
        }

        /** Whether another one runs along the same line, whatever its first corner and sense. */
        private boolean same(final Outline other) {
            for (int c = 0; c < 4; c++) {
                if (!(Math.abs(box[c] - other.box[c]) <= TOUCHING)) {
                    return false;
                }
            }
            return Math.abs(area() - other.area()) <= TOUCHING * (1 + area()) && inside.equals(other.inside);
        }

        /** Whether it lies wholly inside another one; it may touch it. */
        private boolean within(final Outline outer) {
            if (!(box[0] >= outer.box[0] - TOUCHING && box[1] >= outer.box[1] - TOUCHING
                && box[2] <= outer.box[2] + TOUCHING && box[3] <= outer.box[3] + TOUCHING) || area() >= outer.area()) {
                return false;
            }
            for (int p = 0; p < x.length; p++) {
                if (!outer.holds(x[p], y[p])) {
                    return false;
                }
            }
            for (int a = x.length - 1, b = 0; b < x.length; a = b++) {
                // An edge between two corners inside may still leave where the outer one is not convex.
                if (outer.crosses(x[a], y[a], x[b], y[b])) {
                    return false;
                }
            }
            return true;
        }

        /** Whether a point lies inside or on the line, by the even-odd rule. */
        private boolean holds(final double px, final double py) {
            boolean in = false;
            for (int a = x.length - 1, b = 0; b < x.length; a = b++) {
                if (distance(px, py, x[a], y[a], x[b], y[b]) <= TOUCHING) {
                    return true;
                }
                if (y[a] > py != y[b] > py && px < x[a] + (py - y[a]) / (y[b] - y[a]) * (x[b] - x[a])) {
                    in = !in;
                }
            }
            return in;
        }

        private static double distance(final double px, final double py, final double ax, final double ay,
            final double bx, final double by) {
            final double dx = bx - ax;
            final double dy = by - ay;
            final double length = dx * dx + dy * dy;
            final double t = length == 0 ? 0 : Math.max(0, Math.min(1, ((px - ax) * dx + (py - ay) * dy) / length));
            return Math.hypot(px - ax - t * dx, py - ay - t * dy);
        }

        /** Whether a line between two points runs through the outline, not only along it or up to it. */
        private boolean crosses(final double px, final double py, final double qx, final double qy) {
            for (int a = x.length - 1, b = 0; b < x.length; a = b++) {
                final double s1 = side(px, py, qx, qy, x[a], y[a]);
                final double s2 = side(px, py, qx, qy, x[b], y[b]);
                final double s3 = side(x[a], y[a], x[b], y[b], px, py);
                final double s4 = side(x[a], y[a], x[b], y[b], qx, qy);
                if (Math.min(s1, s2) < -TOUCHING && Math.max(s1, s2) > TOUCHING && Math.min(s3, s4) < -TOUCHING
                    && Math.max(s3, s4) > TOUCHING) {
                    return true;
                }
            }
            return false;
        }

        /** How far a point lies beside a line, with sign. */
        private static double side(final double ax, final double ay, final double bx, final double by, final double px,
            final double py) {
            final double length = Math.hypot(bx - ax, by - ay);
            return length == 0 ? 0 : ((bx - ax) * (py - ay) - (by - ay) * (px - ax)) / length;
        }
    }

    /**
     * Adds a contour.
     *
     * @param x coordinates of its corners in pixels; the last corner is joined to the first
     * @param y likewise
     * @param exclusive whether its type is CLOSEDPLANAR_XOR
     * @return false if it is more ragged, or there are more of them, than in any real structure; nothing is done then
     */
    boolean add(final double[] x, final double[] y, final boolean exclusive) {
        if (exclusive) {
            m_hasExclusive = true;
            return m_exclusive.exclusiveOr(x, y);
        }
        final PolygonMask mask = new PolygonMask(m_columns, m_rows);
        long pairs = m_pairs;
        for (final Outline other : m_outlines) {
            pairs += 2L * x.length * other.x.length;
        }
        if (pairs > MAX_PAIRS || !mask.exclusiveOr(x, y)) {
            return false;
        }
        m_pairs = pairs;
        final Outline outline = new Outline(x, y, mask.inside(), Outline.box(x, y));
        if (m_outlines.stream().noneMatch(outline::same)) {
            m_outlines.add(outline);
        }
        return true;
    }

    /** The pixels inside, row by row. */
    BitSet inside() {
        final int n = m_outlines.size();
        final boolean[][] within = new boolean[n][n];
        for (int a = 0; a < n; a++) {
            for (int b = 0; b < n; b++) {
                within[a][b] = a != b && m_outlines.get(a).within(m_outlines.get(b));
            }
        }
        final int[] depth = new int[n];
        for (int a = 0; a < n; a++) {
            depth[a] = -1;
        }
        final BitSet inside = new BitSet();
        for (int a = 0; a < n; a++) {
            if (depth(a, within, depth) % 2 == 0) {
                final BitSet region = (BitSet)m_outlines.get(a).inside.clone();
                for (int b = 0; b < n; b++) {
                    if (within[b][a] && depth(b, within, depth) == depth[a] + 1) {
                        region.andNot(m_outlines.get(b).inside);
                    }
                }
                inside.or(region);
            }
        }
        if (m_hasExclusive) {
            inside.xor(m_exclusive.inside());
        }
        return inside;
    }

    /** How many outlines lie around an outline, one in the other; smaller areas lie in larger ones, so there is no circle. */
    private static int depth(final int a, final boolean[][] within, final int[] depth) {
        if (depth[a] < 0) {
            int most = 0;
            for (int b = 0; b < within.length; b++) {
                if (within[a][b]) {
                    most = Math.max(most, 1 + depth(b, within, depth));
                }
            }
            depth[a] = most;
        }
        return depth[a];
    }
}

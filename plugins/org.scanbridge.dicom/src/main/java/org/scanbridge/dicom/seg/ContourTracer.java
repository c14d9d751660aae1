package org.scanbridge.dicom.seg;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The outlines of the pixels of a plane, half way between the centers of pixels inside and outside (marching squares,
 * Lorensen and Cline 1987 in two dimensions), so that the centers that an outline encloses are exactly those inside. Pixels
 * that meet at a corner only are parted. An outline runs into each of its holes and back along a channel of no width
 * (keyhole), as PS3.3 C.8.8.6.3 has it for CLOSED_PLANAR; channels run half way between rows and meet no pixel center.
 */
final class ContourTracer {

    private final int m_columns;

    private final int m_rows;

    /** Points by twice their coordinates. */
    private final Map<Long, Node> m_nodes = new LinkedHashMap<>();

    /** A point of an outline, and the one that follows it. */
    private static final class Node {

        private final int m_x2;

        private final int m_y2;

        private Node m_next;

        Node(final int x2, final int y2) {
            m_x2 = x2;
            m_y2 = y2;
        }
    }

    /**
     * An outline.
     *
     * @param x coordinates of its corners in pixels, whose centers have the coordinates 0, 1, …
     * @param y likewise
     */
    record Outline(double[] x, double[] y) {
    }

    private ContourTracer(final int columns, final int rows) {
        m_columns = columns;
        m_rows = rows;
    }

    /**
     * @param plane one value per pixel, row by row
     * @param offset index of the first pixel
     * @param value whose pixels are inside
     * @param columns pixels in a row
     * @param rows number of rows
     * @return one outline for each part that hangs together over edges
     */
    static List<Outline> trace(final byte[] plane, final int offset, final int value, final int columns, final int rows) {
        final ContourTracer tracer = new ContourTracer(columns, rows);
        tracer.link(plane, offset, (byte)value);
        return tracer.outlines();
    }

    /** Joins the two points of each outline in each square of four pixel centers. */
    private void link(final byte[] plane, final int offset, final byte value) {
        for (int j = -1; j < m_rows; j++) {
            for (int i = -1; i < m_columns; i++) {
                // corners clockwise from the upper left one, and the middle of the edge from each to the next one
                final boolean[] in = {inside(plane, offset, value, i, j), inside(plane, offset, value, i + 1, j),
                    inside(plane, offset, value, i + 1, j + 1), inside(plane, offset, value, i, j + 1)};
                final int[] x2 = {2 * i + 1, 2 * i + 2, 2 * i + 1, 2 * i};
                final int[] y2 = {2 * j, 2 * j + 1, 2 * j + 2, 2 * j + 1};
                for (int enter = 0; enter < 4; enter++) {
                    if (!in[enter] && in[(enter + 1) % 4]) {
                        int exit = (enter + 1) % 4;
                        while (in[(exit + 1) % 4]) {
                            exit = (exit + 1) % 4;
                        }
                        join(x2[enter], y2[enter], x2[exit], y2[exit]);
                    }
                }
            }
        }
    }

    private boolean inside(final byte[] plane, final int offset, final byte value, final int i, final int j) {
        return i >= 0 && i < m_columns && j >= 0 && j < m_rows && plane[offset + j * m_columns + i] == value;
    }

    private void join(final int fromX, final int fromY, final int toX, final int toY) {
        final Node from = node(fromX, fromY);
        final Node to = node(toX, toY);
        if (fromX == toX) {
            // A channel may end in the middle of a line down a square.
            final Node middle = node(fromX, (fromY + toY) / 2);
            from.m_next = middle;
            middle.m_next = to;
        } else {
            from.m_next = to;
        }
    }

    private Node node(final int x2, final int y2) {
        return m_nodes.computeIfAbsent((long)x2 << 32 | y2 & 0xffffffffL, k -> new Node(x2, y2));
    }

    private List<Outline> outlines() {
        final Map<Node, Boolean> seen = new HashMap<>();
        final List<Node> outer = new ArrayList<>();
        final List<Node> holes = new ArrayList<>();
        final Map<Integer, TreeMap<Integer, Node>> byRow = new HashMap<>();
        for (final Node start : m_nodes.values()) {
            if ((start.m_y2 & 1) != 0) {
                byRow.computeIfAbsent(start.m_y2, y -> new TreeMap<>()).put(start.m_x2, start);
            }
            if (seen.containsKey(start)) {
                continue;
            }
            long twiceArea = 0;
            Node leftmost = null;
            Node node = start;
            do {
                seen.put(node, true);
                twiceArea += (long)node.m_x2 * node.m_next.m_y2 - (long)node.m_next.m_x2 * node.m_y2;
                if ((node.m_y2 & 1) != 0 && (leftmost == null || node.m_x2 < leftmost.m_x2)) {
                    leftmost = node;
                }
                node = node.m_next;
            } while (node != start);
            // Outlines run against the clock as rows are drawn, holes with it.
            (twiceArea < 0 ? outer : holes).add(twiceArea < 0 ? start : leftmost);
        }
        holes.sort(Comparator.comparingInt(h -> h.m_x2));
        for (final Node hole : holes) {
            // What lies next to the left is the outline around, or another hole that has been joined to it.
            channel(byRow.get(hole.m_y2).lowerEntry(hole.m_x2).getValue(), hole);
        }
        return outer.stream().map(ContourTracer::outline).toList();
    }

    /** Joins a hole to the outline around it. */
    private static void channel(final Node at, final Node hole) {
        final Node back = new Node(at.m_x2, at.m_y2);
        back.m_next = at.m_next;
        final Node end = new Node(hole.m_x2, hole.m_y2);
        end.m_next = back;
        Node last = hole;
        while (last.m_next != hole) {
            last = last.m_next;
        }
        last.m_next = end;
        at.m_next = hole;
    }

    /** The corners alone: points along a straight line tell nothing. */
    private static Outline outline(final Node start) {
        final List<Node> points = new ArrayList<>();
        Node node = start;
        do {
            points.add(node);
            node = node.m_next;
        } while (node != start);
        final List<Node> corners = new ArrayList<>();
        for (int p = 0; p < points.size(); p++) {
            final Node before = points.get((p + points.size() - 1) % points.size());
            final Node here = points.get(p);
            final Node after = points.get((p + 1) % points.size());
            final long ax = here.m_x2 - before.m_x2;
            final long ay = here.m_y2 - before.m_y2;
            final long bx = after.m_x2 - here.m_x2;
            final long by = after.m_y2 - here.m_y2;
            if (ax * by != ay * bx || ax * bx + ay * by < 0) {
                corners.add(here);
            }
        }
        final double[] x = new double[corners.size()];
        final double[] y = new double[corners.size()];
        for (int p = 0; p < x.length; p++) {
            x[p] = corners.get(p).m_x2 / 2.0;
            y[p] = corners.get(p).m_y2 / 2.0;
        }
        return new Outline(x, y);
    }
}

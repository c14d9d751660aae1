package org.scanbridge.imaging.resample;

import java.util.Arrays;

import org.scanbridge.imaging.volume.Geometry;
import org.scanbridge.imaging.volume.LabelVolume;

/**
 * The connected parts (26 neighbors) of all labels other than 0, numbered from 0 in the order of their first voxel (i
 * fastest). Kept as runs of equal labels along i, so that memory grows with the outlines and not with the image.
 */
final class LabelParts {

    private final int m_width;

    /** Index of the first run of each line; one more than there are lines. */
    private final int[] m_line;

    /** Index of a run's first voxel in the volume. */
    private int[] m_start = new int[64];

    private int[] m_length = new int[64];

    /** Label of a run, from 1 to 255. */
    private byte[] m_label = new byte[64];

    /** First parents in a forest of runs, then numbers of parts. */
    private int[] m_part;

    private int m_runs;

    /** Runs sorted by part, and where each part's begin. */
    private int[] m_sorted;

    private int[] m_first;

    LabelParts(final LabelVolume labels) {
        final Geometry g = labels.geometry();
        m_width = g.size(0);
        m_line = new int[g.size(1) * g.size(2) + 1];
        collect(labels.voxels());
        m_part = new int[m_runs];
        Arrays.setAll(m_part, r -> r);
        for (int k = 0; k < g.size(2); k++) {
            for (int j = 0; j < g.size(1); j++) {
                final int line = k * g.size(1) + j;
                if (j > 0) {
                    join(line, line - 1);
                }
                for (int n = Math.max(0, j - 1); k > 0 && n <= Math.min(g.size(1) - 1, j + 1); n++) {
                    join(line, (k - 1) * g.size(1) + n);
                }
            }
        }
        number();
    }

    private void collect(final byte[] voxels) {
        for (int line = 0; line + 1 < m_line.length; line++) {
            m_line[line] = m_runs;
            final int end = (line + 1) * m_width;
            int v = line * m_width;
            while (v < end) {
                final byte label = voxels[v];
                final int start = v;
                while (v < end && voxels[v] == label) {
                    v++;
                }
                if (label != 0) {
                    add(start, v - start, label);
                }
            }
        }
        m_line[m_line.length - 1] = m_runs;
    }

    private void add(final int start, final int length, final byte label) {
        if (m_runs == m_start.length) {
            final int more = m_runs + (m_runs >> 1);
            m_start = Arrays.copyOf(m_start, more);
            m_length = Arrays.copyOf(m_length, more);
            m_label = Arrays.copyOf(m_label, more);
        }
        m_start[m_runs] = start;
        m_length[m_runs] = length;
        m_label[m_runs++] = label;
    }

    /** Joins runs of one label on two lines that touch, be it by a corner. */
    private void join(final int line, final int other) {
        int b = m_line[other];
        for (int a = m_line[line]; a < m_line[line + 1]; a++) {
            final int from = m_start[a] - line * m_width;
            final int to = from + m_length[a];
            while (b < m_line[other + 1] && m_start[b] - other * m_width + m_length[b] < from) {
                b++;
            }
            for (int c = b; c < m_line[other + 1] && m_start[c] - other * m_width <= to; c++) {
                if (m_label[a] == m_label[c]) {
                    final int p = root(a);
                    final int q = root(c);
                    m_part[Math.max(p, q)] = Math.min(p, q);
                }
            }
        }
    }

    private int root(final int run) {
        int r = run;
        while (m_part[r] != r) {
            m_part[r] = m_part[m_part[r]];
            r = m_part[r];
        }
        return r;
    }

    private void number() {
        // A root comes before all runs of its tree, so its number is there when they ask for it.
        final int[] number = new int[m_runs];
        int count = 0;
        for (int r = 0; r < m_runs; r++) {
            final int root = root(r);
            number[r] = root == r ? count++ : number[root];
        }
        m_part = number;
        m_first = new int[count + 1];
        for (int r = 0; r < m_runs; r++) {
            m_first[number[r] + 1]++;
        }
        for (int p = 0; p < count; p++) {
            m_first[p + 1] += m_first[p];
        }
        m_sorted = new int[m_runs];
        final int[] next = m_first.clone();
        for (int r = 0; r < m_runs; r++) {
            m_sorted[next[number[r]]++] = r;
        }
    }

    int count() {
        return m_first.length - 1;
    }

    /** The label of a part. */
    byte label(final int part) {
        return m_label[m_sorted[m_first[part]]];
    }

    /** Number of voxels of a part. */
    long size(final int part) {
        long size = 0;
        for (int n = m_first[part]; n < m_first[part + 1]; n++) {
            size += m_length[m_sorted[n]];
        }
        return size;
    }

    /** Takes the voxels of a part one after the other. */
    @FunctionalInterface
    interface Visitor {

        /**
         * @param voxel index in the volume
         * @return whether to go on
         */
        boolean visit(int voxel);
    }

    /** Shows the voxels of a part in the order of memory, until the visitor has had enough. */
    void visit(final int part, final Visitor visitor) {
        for (int n = m_first[part]; n < m_first[part + 1]; n++) {
            final int start = m_start[m_sorted[n]];
            for (int v = start; v < start + m_length[m_sorted[n]]; v++) {
                if (!visitor.visit(v)) {
                    return;
                }
            }
        }
    }

    /** The part that a voxel belongs to, -1 for background. */
    int at(final int voxel) {
        final int line = voxel / m_width;
        final int found = Arrays.binarySearch(m_start, m_line[line], m_line[line + 1], voxel);
        final int run = found >= 0 ? found : -found - 2;
        return run >= m_line[line] && voxel < m_start[run] + m_length[run] ? m_part[run] : -1;
    }
}

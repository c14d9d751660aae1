package org.scanbridge.imaging.components;

import java.util.Arrays;

import org.scanbridge.imaging.volume.Geometry;
import org.scanbridge.imaging.volume.LabelVolume;

/**
 * The connected parts of a class, numbered from 1 in the order of their first voxel (i fastest). Computed by joining
 * neighbors in a union-find forest during one pass. Takes 4 bytes per voxel.
 */
public final class ConnectedComponents {

    private final int[] m_numbers;

    private final int[] m_sizes;

    private ConnectedComponents(final int[] numbers, final int[] sizes) {
        m_numbers = numbers;
        m_sizes = sizes;
    }

    /**
     * @param labels a segmentation
     * @param label the class, in [1, 255]
     * @param connectivity which voxels hang together
     */
    public static ConnectedComponents of(final LabelVolume labels, final int label, final Connectivity connectivity) {
        final Geometry g = labels.geometry();
        final byte[] x = labels.voxels();
        final byte wanted = (byte)label;
        final int[][] earlier = earlierNeighbors(connectivity);
        // parent of a voxel in the forest; -1 outside the class. A root is its tree's first voxel.
        final int[] parent = new int[x.length];
        int v = 0;
        for (int k = 0; k < g.size(2); k++) {
            for (int j = 0; j < g.size(1); j++) {
                for (int i = 0; i < g.size(0); i++, v++) {
                    if (x[v] != wanted) {
                        parent[v] = -1;
                        continue;
                    }
                    parent[v] = v;
                    for (final int[] o : earlier) {
                        if (i + o[0] >= 0 && i + o[0] < g.size(0) && j + o[1] >= 0 && j + o[1] < g.size(1)
                            && k + o[2] >= 0) {
                            final int w = v + (o[2] * g.size(1) + o[1]) * g.size(0) + o[0];
                            if (parent[w] >= 0) {
                                join(parent, v, w);
                            }
                        }
                    }
                }
            }
        }
        return number(parent);
    }

    /** The half of the neighbors that come before a voxel in memory. */
    private static int[][] earlierNeighbors(final Connectivity connectivity) {
        if (connectivity == Connectivity.FACES) {
            return new int[][]{{-1, 0, 0}, {0, -1, 0}, {0, 0, -1}};
        }
        final int[][] all = new int[13][];
        for (int n = 0; n < 13; n++) {
            all[n] = new int[]{n % 3 - 1, n / 3 % 3 - 1, n / 9 - 1};
        }
        return all;
    }

    private static int root(final int[] parent, final int v) {
        int r = v;
        while (parent[r] != r) {
            parent[r] = parent[parent[r]];
            r = parent[r];
        }
        return r;
    }

    private static void join(final int[] parent, final int v, final int w) {
        final int a = root(parent, v);
        final int b = root(parent, w);
        parent[Math.max(a, b)] = Math.min(a, b);
    }

    /** In place: a parent comes before its children, so it has its number by the time they ask for it. */
    private static ConnectedComponents number(final int[] parent) {
        int[] sizes = new int[16];
        int count = 0;
        for (int v = 0; v < parent.length; v++) {
            if (parent[v] < 0) {
                parent[v] = 0;
                continue;
            }
            if (parent[v] == v) {
                count++;
                sizes = count == sizes.length ? Arrays.copyOf(sizes, 2 * count) : sizes;
                parent[v] = count;
            } else {
                parent[v] = parent[parent[v]];
            }
            sizes[parent[v]]++;
        }
        return new ConnectedComponents(parent, Arrays.copyOf(sizes, count + 1));
    }

    /** Number of components. */
    public int count() {
        return m_sizes.length - 1;
    }

    /** The component of a voxel, 0 outside the class; index as in {@link LabelVolume#voxels()}. */
    public int at(final int voxel) {
        return m_numbers[voxel];
    }

    /** Number of voxels of the segmentation. */
    public int voxels() {
        return m_numbers.length;
    }

    /** Number of voxels of component 1 … {@link #count()}. */
    public int size(final int component) {
        return m_sizes[component];
    }
}

package org.scanbridge.knime.data;

import java.util.Objects;

import org.scanbridge.imaging.volume.Geometry;

/** Grids of single slices. */
final class Slices {

    private Slices() {
    }

    /** The grid of slice {@code k}: depth 1, at that slice's position. */
    static Geometry geometry(final Geometry whole, final int k) {
        return slab(whole, 2, k, 1);
    }

    /** The grid of slices {@code from} to {@code from + count - 1} across an index axis, at their position. */
    static Geometry slab(final Geometry whole, final int axis, final int from, final int count) {
        Objects.checkFromIndexSize(from, count, whole.size(axis));
        final int[] size = whole.size();
        size[axis] = count;
        final double[] first = new double[3];
        first[axis] = from;
        return new Geometry(size, whole.spacing(), whole.position(first[0], first[1], first[2]), whole.direction());
    }
}

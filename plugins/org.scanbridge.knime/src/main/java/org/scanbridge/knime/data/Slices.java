package org.scanbridge.knime.data;

import java.util.Objects;

import org.scanbridge.imaging.volume.Geometry;

/** Grids of single slices. */
final class Slices {

    private Slices() {
    }

    /** The grid of slice {@code k}: depth 1, at that slice's position. */
    static Geometry geometry(final Geometry whole, final int k) {
        Objects.checkIndex(k, whole.size(2));
        return new Geometry(new int[]{whole.size(0), whole.size(1), 1}, whole.spacing(), whole.position(0, 0, k),
            whole.direction());
    }
}

package org.scanbridge.learning.predict;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

import org.scanbridge.learning.architecture.PatchSize;

/**
 * A reflection of blocks along some of their index axes; it undoes itself.
 *
 * @param i whether along i
 * @param j whether along j
 * @param k whether along k
 */
record Flip(boolean i, boolean j, boolean k) {

    /** No reflection. */
    static final Flip NONE = new Flip(false, false, false);

    /** All combinations of reflections along these axes, none first: 2, 4 or 8. */
    static List<Flip> combinations(final Collection<FlipAxis> axes) {
        final List<Flip> flips = new ArrayList<>();
        for (int bits = 0; bits < 8; bits++) {
            final Flip flip = new Flip((bits & 1) != 0, (bits & 2) != 0, (bits & 4) != 0);
            if ((!flip.i || axes.contains(FlipAxis.I)) && (!flip.j || axes.contains(FlipAxis.J))
                && (!flip.k || axes.contains(FlipAxis.K))) {
                flips.add(flip);
            }
        }
        return flips;
    }

    /** As {@link #combinations(Collection)}, without axes along which the blocks have one voxel: nothing would change. */
    static List<Flip> combinations(final Collection<FlipAxis> axes, final PatchSize block) {
        final List<FlipAxis> longer = new ArrayList<>(axes);
        longer.removeIf(axis -> switch (axis) {
            case I -> block.i() == 1;
            case J -> block.j() == 1;
            case K -> block.k() == 1;
        });
        return combinations(longer);
    }

    /**
     * Reflects blocks where they are.
     *
     * @param blocks [count, k, j, i, channels]
     */
    void apply(final float[] blocks, final int count, final PatchSize size, final int channels) {
        if (!i && !j && !k) {
            return;
        }
        for (int b = 0; b < count; b++) {
            final int block = b * size.voxels();
            for (int v = 0; v < size.voxels(); v++) {
                final int w = image(v, size);
                if (w > v) {
                    swap(blocks, (block + v) * channels, (block + w) * channels, channels);
                }
            }
        }
    }

    /** Where a voxel goes. */
    private int image(final int voxel, final PatchSize size) {
        final int a = voxel % size.i();
        final int b = voxel / size.i() % size.j();
        final int c = voxel / size.i() / size.j();
        return ((k ? size.k() - 1 - c : c) * size.j() + (j ? size.j() - 1 - b : b)) * size.i()
            + (i ? size.i() - 1 - a : a);
    }

    private static void swap(final float[] x, final int a, final int b, final int count) {
        for (int n = 0; n < count; n++) {
            final float swap = x[a + n];
            x[a + n] = x[b + n];
            x[b + n] = swap;
        }
    }
}

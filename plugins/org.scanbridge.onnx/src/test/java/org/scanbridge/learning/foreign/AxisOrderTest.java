package org.scanbridge.learning.foreign;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import org.scanbridge.learning.architecture.PatchSize;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** The same voxel in two orders of axes. */
class AxisOrderTest {

    /** A value that tells its own place. */
    private static float value(final int n, final int k, final int j, final int i, final int c) {
        return (((n * 10 + k) * 10 + j) * 10 + i) * 10 + c;
    }

    @Property(tries = 60)
    void everyVoxelGoesToItsPlaceAndBack(@ForAll final AxisOrder order, @ForAll @IntRange(min = 1, max = 3) final int count,
        @ForAll @IntRange(min = 1, max = 3) final int channels, @ForAll @IntRange(min = 1, max = 4) final int a,
        @ForAll @IntRange(min = 1, max = 4) final int b, @ForAll @IntRange(min = 1, max = 4) final int c) {
        final PatchSize size = new PatchSize(a, b, order.flat() ? 1 : c);
        final float[] blocks = new float[count * size.voxels() * channels];
        int at = 0;
        for (int n = 0; n < count; n++) {
            for (int k = 0; k < size.k(); k++) {
                for (int j = 0; j < size.j(); j++) {
                    for (int i = 0; i < size.i(); i++) {
                        for (int ch = 0; ch < channels; ch++) {
                            blocks[at++] = value(n, k, j, i, ch);
                        }
                    }
                }
            }
        }
        final float[] ordered = order.toOrder(blocks, count, channels, size);
        final long[] shape = order.shape(count, channels, size);
        for (int v = 0; v < ordered.length; v++) {
            // the index of each axis by its letter
            final int[] index = new int[128];
            int rest = v;
            for (int axis = order.rank() - 1; axis >= 0; axis--) {
                index[order.name().charAt(axis)] = rest % (int)shape[axis];
                rest /= (int)shape[axis];
            }
            assertEquals(value(index['N'], index['D'], index['H'], index['W'], index['C']), ordered[v]);
        }
        assertArrayEquals(blocks, order.fromOrder(ordered, count, channels, size));
    }
}

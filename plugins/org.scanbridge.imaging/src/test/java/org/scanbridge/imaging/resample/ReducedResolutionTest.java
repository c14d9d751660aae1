package org.scanbridge.imaging.resample;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import java.util.Random;

import net.imglib2.parallel.TaskExecutors;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;

class ReducedResolutionTest {

    private static float[] reduced(final float[] x, final int[] size, final double... zoom) {
        final float[] y = new float[x.length];
        new ReducedResolution(zoom).apply(x, y, size, TaskExecutors.singleThreaded());
        return y;
    }

    private static float[] mirrored(final float[] x, final int[] size, final int axes) {
        final float[] y = new float[x.length];
        for (int v = 0; v < x.length; v++) {
            final int i = v % size[0];
            final int j = v / size[0] % size[1];
            final int k = v / size[0] / size[1];
            final int a = (axes & 1) == 0 ? i : size[0] - 1 - i;
            final int b = (axes & 2) == 0 ? j : size[1] - 1 - j;
            final int c = (axes & 4) == 0 ? k : size[2] - 1 - k;
            y[(c * size[1] + b) * size[0] + a] = x[v];
        }
        return y;
    }

    /** Left and right are no different. */
    @Property(tries = 200)
    void mirroringCommutes(@ForAll @IntRange(min = 1, max = 13) final int ni, @ForAll @IntRange(min = 1, max = 9) final int nj,
        @ForAll @IntRange(min = 1, max = 9) final int nk, @ForAll @DoubleRange(min = 0.15, max = 1) final double zi,
        @ForAll @DoubleRange(min = 0.15, max = 1) final double zk, @ForAll @IntRange(min = 1, max = 7) final int axes,
        @ForAll final long seed) {
        final int[] size = {ni, nj, nk};
        final Random random = new Random(seed);
        final float[] x = new float[ni * nj * nk];
        for (int v = 0; v < x.length; v++) {
            x[v] = random.nextFloat() * 100;
        }
        assertArrayEquals(mirrored(reduced(x, size, zi, 0.5, zk), size, axes),
            reduced(mirrored(x, size, axes), size, zi, 0.5, zk), 1e-3f);
    }

    /** A ramp stays a ramp between the outermost coarse voxels, whose centers lie half a coarse voxel from the ends. */
    @Example
    void aRampStaysWhereItIs() {
        final float[] x = new float[40];
        for (int v = 0; v < x.length; v++) {
            x[v] = v;
        }
        final float[] y = reduced(x, new int[]{40, 1, 1}, 0.25, 1, 1);
        final float[] inside = java.util.Arrays.copyOfRange(y, 8, 32);
        assertArrayEquals(java.util.Arrays.copyOfRange(x, 8, 32), inside, 0.01f);
    }
}

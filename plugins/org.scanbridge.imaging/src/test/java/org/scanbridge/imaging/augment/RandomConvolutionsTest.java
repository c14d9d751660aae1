package org.scanbridge.imaging.augment;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

import org.junit.jupiter.api.Test;
import org.scanbridge.imaging.random.SeededRandom;
import org.scanbridge.imaging.volume.Geometry;
import org.scanbridge.imaging.volume.Volume;
import org.scanbridge.imaging.volume.VolumeInfo;

import net.imglib2.parallel.TaskExecutor;
import net.imglib2.parallel.TaskExecutors;

class RandomConvolutionsTest {

    private static float[] waves(final int n, final int start) {
        final float[] w = new float[n];
        for (int i = 0; i < n; i++) {
            w[i] = (float)Math.sin(1.7 * i + start);
        }
        return w;
    }

    private static Convolution layer(final int from, final int to, final int size, final int number) {
        return new Convolution(from, to, size, waves(to * from * size * size * size, number), waves(to, number + 10));
    }

    private static Volume pattern() {
        final float[] x = new float[60];
        for (int v = 0; v < 60; v++) {
            x[v] = v == 0 || v == 7 || v == 33 ? 0 : 7 * v % 23 + 1;
        }
        return new Volume(x, Geometry.axial(new int[]{5, 4, 3}, 1, 1, 1), VolumeInfo.UNKNOWN);
    }

    /**
     * Expected values from PyTorch 2.15 in double precision: conv3d with padding and leaky_relu on the image standardized by
     * its foreground, mixed with α = 0.6, scaled to equal Frobenius norms over the foreground.
     */
    @Test
    void isTheNetworkOfPyTorch() {
        final Convolution[] network = {layer(1, 2, 3, 0), layer(2, 2, 1, 1), layer(2, 1, 3, 2)};
        final float[] y = new float[60];
        RandomConvolutions.mix(pattern(), network, 0.6, y);
        final int[] at = {1, 12, 26, 41, 59};
        final double[] expected =
            {16.44865913213893, 19.343958458572743, 15.624136707908312, 14.199565273359145, 19.396808599652996};
        for (int n = 0; n < at.length; n++) {
            assertEquals(expected[n], y[at[n]], 2e-5);
        }
        assertEquals(0, y[0]);
        assertEquals(0, y[33]);
    }

    @Test
    void alphaZeroIsTheIdentity() {
        final LabeledVolume brain = Images.brain();
        assertArrayEquals(brain.image().voxels(), new RandomConvolutions(4, 2, new Range(0, 0)).draw(new SeededRandom(3))
            .apply(brain).image().voxels());
    }

    /** ‖z'‖ = ‖z‖, z the distance from the mean of the foreground over its standard deviation. */
    @Property(tries = 30)
    void theNormAndTheLabelsStay(@ForAll final long seed) {
        final LabeledVolume brain = Images.brain();
        final LabeledVolume after = RandomConvolutions.DEFAULT.draw(new SeededRandom(seed)).apply(brain);
        final float[] x = brain.image().voxels();
        double mean = 0;
        int n = 0;
        for (final float v : x) {
            mean += v;
            n += v != 0 ? 1 : 0;
        }
        mean /= n;
        double before = 0;
        double now = 0;
        for (int v = 0; v < x.length; v++) {
            before += x[v] == 0 ? 0 : (x[v] - mean) * (x[v] - mean);
            now += x[v] == 0 ? 0 : (after.image().voxels()[v] - mean) * (after.image().voxels()[v] - mean);
        }
        assertEquals(1, now / before, 1e-4);
        assertEquals(brain.labels(), after.labels());
    }

    @Test
    void workersDoNotChangeTheResult() {
        final Convolution layer = layer(2, 3, 3, 5);
        final float[][] in = {pattern().voxels(), waves(60, 4)};
        final float[][] one = new float[3][60];
        final float[][] many = new float[3][60];
        layer.apply(in, new int[]{5, 4, 3}, true, one, TaskExecutors.singleThreaded());
        try (TaskExecutor three = TaskExecutors.fixedThreadPool(3)) {
            layer.apply(in, new int[]{5, 4, 3}, true, many, three);
        }
        for (int c = 0; c < 3; c++) {
            assertArrayEquals(one[c], many[c]);
        }
    }

    @Test
    void slicesAndRowsOfOneVoxelWork() {
        for (final int[] size : new int[][]{{1, 1, 1}, {4, 1, 1}, {1, 5, 2}, {6, 6, 1}}) {
            final Geometry g = Geometry.axial(size, 1, 1, 1);
            final Volume x = new Volume(waves(g.voxelCount(), 3), g, VolumeInfo.UNKNOWN);
            for (int seed = 0; seed < 5; seed++) {
                for (final float y : RandomConvolutions.DEFAULT.draw(new SeededRandom(seed)).apply(LabeledVolume.of(x))
                    .image().voxels()) {
                    assertTrue(Float.isFinite(y));
                }
            }
        }
    }

    @Test
    void refusesBadSettings() {
        assertThrows(IllegalArgumentException.class, () -> new RandomConvolutions(0, 2, new Range(0, 1)));
        assertThrows(IllegalArgumentException.class, () -> new RandomConvolutions(4, 17, new Range(0, 1)));
        assertThrows(IllegalArgumentException.class, () -> new RandomConvolutions(4, 2, new Range(0, 1.5)));
    }
}

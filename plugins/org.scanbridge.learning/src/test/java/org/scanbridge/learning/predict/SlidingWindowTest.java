package org.scanbridge.learning.predict;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CancellationException;

import org.junit.jupiter.api.Test;
import org.scanbridge.imaging.Progress;
import org.scanbridge.learning.architecture.PatchSize;
import org.scanbridge.learning.graph.BlockNetwork;

class SlidingWindowTest {

    /** Says p(class 1) = voxel value: reconstructing its output is reconstructing the image (methods.md H 7). */
    private static final BlockNetwork IDENTITY = (images, count) -> {
        final float[] p = new float[2 * images.length];
        for (int v = 0; v < images.length; v++) {
            p[2 * v] = 1 - images[v];
            p[2 * v + 1] = images[v];
        }
        return p;
    };

    private static float[] noise(final int... size) {
        final Random random = new Random(5);
        final float[] voxels = new float[size[0] * size[1] * size[2]];
        for (int v = 0; v < voxels.length; v++) {
            voxels[v] = random.nextFloat();
        }
        return voxels;
    }

    @Test
    void identityIsReconstructedForAnySize() {
        final PatchSize block = new PatchSize(8, 6, 4);
        for (final int[] size : new int[][]{{8, 6, 4}, {9, 7, 5}, {31, 6, 17}, {3, 20, 4}, {5, 5, 1}, {1, 1, 1}}) {
            for (final double overlap : new double[]{0, 0.5, 0.75}) {
                final float[] image = noise(size);
                final float[][] maps =
                    new SlidingWindow(block, 2, overlap).probabilities(image, size, IDENTITY, Progress.NONE);
                assertArrayEquals(image, maps[1], 1e-6f);
            }
        }
    }

    @Test
    void classesAreTheMostProbableOnes() {
        final int[] size = {10, 9, 7};
        final float[] image = noise(size);
        final byte[] classes =
            new SlidingWindow(PatchSize.cube(4), 2, 0.5).classes(image, size, IDENTITY, Progress.NONE);
        for (int v = 0; v < image.length; v++) {
            assertEquals(image[v] > 0.5f ? 1 : 0, classes[v]);
        }
    }

    @Test
    void blocksCoverTheAxisWithTheOverlap() {
        assertArrayEquals(new int[]{0, 12, 24}, SlidingWindow.starts(48, 24, 0.5));
        assertArrayEquals(new int[]{0, 1}, SlidingWindow.starts(25, 24, 0.5));
        assertArrayEquals(new int[]{0}, SlidingWindow.starts(10, 24, 0.5));
        assertArrayEquals(new int[]{0, 8, 16}, SlidingWindow.starts(24, 8, 0));
        assertEquals(3 * 2 * 1, SlidingWindow.blocks(PatchSize.cube(24), new int[]{48, 25, 10}, 0.5));
    }

    @Test
    void cancelsBetweenCalls() {
        final int[] calls = new int[1];
        final BlockNetwork counting = (images, count) -> {
            calls[0]++;
            return IDENTITY.probabilities(images, count);
        };
        assertThrows(CancellationException.class,
            () -> new SlidingWindow(PatchSize.cube(4), 2, 0.5).classes(noise(16, 16, 16), new int[]{16, 16, 16},
                counting, (fraction, message) -> {
                    if (calls[0] == 3) {
                        throw new CancellationException();
                    }
                }));
        assertEquals(3, calls[0]);
    }

    @Test
    void blocksAreFourACallAndTheLastCallHasTheRest() {
        assertEquals(List.of(4, 4, 1), counts(PatchSize.cube(16), 32));
        assertEquals(List.of(4), counts(new PatchSize(48, 48, 40), 72));
    }

    /** How many blocks each call gets in the first layer of an image. */
    private static List<Integer> counts(final PatchSize block, final int size) {
        final List<Integer> counts = new ArrayList<>();
        new SlidingWindow(block, 2, 0.5).classes(new float[size * size * block.k()], new int[]{size, size, block.k()},
            (images, count) -> {
                counts.add(count);
                assertEquals(count * block.voxels(), images.length);
                return new float[2 * images.length];
            }, Progress.NONE);
        return counts;
    }
}

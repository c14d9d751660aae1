package org.scanbridge.learning.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;

import org.junit.jupiter.api.Test;
import org.scanbridge.imaging.random.SeededRandom;
import org.scanbridge.learning.architecture.PatchSize;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;

class PatchViewTest {

    private static final PatchSize SIZE = new PatchSize(6, 4, 4);

    /** A background of -1 in the lower half, noise above. */
    private static float[] patch(final long seed) {
        final SeededRandom random = SeededRandom.of(seed);
        final float[] voxels = new float[SIZE.voxels()];
        for (int v = 0; v < voxels.length; v++) {
            voxels[v] = v < voxels.length / 2 ? -1 : (float)random.nextGaussian();
        }
        return voxels;
    }

    private static float[] view(final float[] patch, final long seed, final double strength) {
        final float[] to = new float[patch.length + 5];
        PatchView.write(patch, 0, SIZE, SeededRandom.of(seed), strength, to, 5);
        return Arrays.copyOfRange(to, 5, to.length);
    }

    @Test
    void withoutStrengthItMirrorsAlongI() {
        final float[] patch = new float[SIZE.voxels()];
        for (int v = 0; v < patch.length; v++) {
            patch[v] = v;
        }
        final float[] view = view(patch, 1, 0);
        assertArrayEquals(new float[]{5, 4, 3, 2, 1, 0, 11, 10, 9, 8, 7, 6}, Arrays.copyOf(view, 12));
        assertArrayEquals(patch, view(view, 1, 0));
    }

    @Property(tries = 50)
    void backgroundStaysAndEverythingIsFinite(@ForAll final long seed,
        @ForAll @DoubleRange(min = 0.1, max = 10) final double strength) {
        final float[] view = view(patch(seed), seed, strength);
        for (int v = 0; v < view.length; v++) {
            assertTrue(Float.isFinite(view[v]));
            if (v < view.length / 2) {
                assertEquals(-1, view[v]);
            }
        }
    }

    @Property(tries = 20)
    void theSameSeedGivesTheSameView(@ForAll final long seed) {
        assertArrayEquals(view(patch(1), seed, 1), view(patch(1), seed, 1));
        assertFalse(Arrays.equals(view(patch(1), seed, 1), view(patch(1), seed + 1, 1)));
    }

    @Test
    void aConstantPatchStaysConstant() {
        final float[] patch = new float[SIZE.voxels()];
        Arrays.fill(patch, 0.5f);
        assertArrayEquals(patch, view(patch, 3, 2));
    }
}

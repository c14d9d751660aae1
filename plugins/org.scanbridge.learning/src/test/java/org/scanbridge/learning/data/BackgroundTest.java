package org.scanbridge.learning.data;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;

import org.junit.jupiter.api.Test;
import org.scanbridge.imaging.random.SeededRandom;

class BackgroundTest {

    private static final int[] SIZE = {20, 20, 10};

    /** Whole numbers from 0 to 96 in all places, each about as often. */
    private static float[] mixed() {
        final float[] voxels = new float[SIZE[0] * SIZE[1] * SIZE[2]];
        for (int v = 0; v < voxels.length; v++) {
            voxels[v] = v * 37 % 97;
        }
        return voxels;
    }

    /** Fills what lies in (inside) or beyond a cylinder along k about the center. */
    private static float[] filled(final float[] voxels, final double radius, final boolean inside, final float value) {
        for (int v = 0; v < voxels.length; v++) {
            final double r = Math.hypot(v % 20 - 9.5, v / 20 % 20 - 9.5);
            voxels[v] = inside == r < radius ? value : voxels[v];
        }
        return voxels;
    }

    /** Around a cut-out that reaches the faces, whatever became of its 0. */
    @Test
    void oneValueAroundIsTheBackground() {
        for (final float value : new float[]{0, -0.4f, 120}) {
            assertEquals(new Background(value, true), Background.of(filled(mixed(), 10, false, value), SIZE));
        }
    }

    /** Bone in a window for lungs: 19 % of the voxels are 200, in the middle. */
    @Test
    void oneValueWithinIsNot() {
        assertEquals(new Background(0, false), Background.of(filled(mixed(), 5, true, 200), SIZE));
    }

    /** A tight crop in whole numbers, as breast MR of 8 bits: 8 % of the voxels have the commonest gray value, one here, one there. */
    @Test
    void theCommonestGrayValueOfTissueIsNot() {
        final SeededRandom random = new SeededRandom(5);
        final float[] tissue = new float[SIZE[0] * SIZE[1] * SIZE[2]];
        float min = Float.POSITIVE_INFINITY;
        for (int v = 0; v < tissue.length; v++) {
            tissue[v] = (float)Math.rint(60 + 5 * random.nextGaussian());
            min = Math.min(min, tissue[v]);
        }
        assertEquals(new Background(min, false), Background.of(tissue, SIZE));
    }

    @Test
    void aConstantImageIsBackground() {
        final float[] same = new float[100];
        Arrays.fill(same, 3);
        assertEquals(new Background(3, true), Background.of(same, new int[]{10, 10, 1}));
        assertEquals(new Background(3, true), Background.of(new float[]{3}, new int[]{1, 1, 1}));
    }
}

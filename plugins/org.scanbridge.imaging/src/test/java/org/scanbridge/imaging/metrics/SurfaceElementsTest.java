package org.scanbridge.imaging.metrics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.scanbridge.imaging.volume.Geometry;
import org.scanbridge.imaging.volume.LabelSet;
import org.scanbridge.imaging.volume.LabelVolume;
import org.scanbridge.imaging.volume.VolumeInfo;

import net.imglib2.parallel.TaskExecutor;
import net.imglib2.parallel.TaskExecutors;

/** Expected values from DeepMind's surface-distance 0.1 for arrays in the order i, j, k. */
class SurfaceElementsTest {

    private static final TaskExecutor ALONE = TaskExecutors.singleThreaded();

    private static final Geometry GRID = Geometry.axial(new int[]{24, 20, 16}, 0.9, 1.1, 2);

    private static final double[] TOLERANCES = {0.5, 1, 2, 3.3};

    @FunctionalInterface
    private interface Inside {
        boolean at(int i, int j, int k);
    }

    private static LabelVolume labels(final Geometry grid, final Inside inside) {
        final byte[] y = new byte[grid.voxelCount()];
        for (int v = 0; v < y.length; v++) {
            y[v] = (byte)(inside.at(v % grid.size(0), v / grid.size(0) % grid.size(1), v / grid.size(0) / grid.size(1))
                ? 7 : 0);
        }
        return new LabelVolume(y, grid, VolumeInfo.UNKNOWN, LabelSet.of("a"));
    }

    private static SurfaceElements elements(final LabelVolume prediction, final LabelVolume truth) {
        return SurfaceElements.of(prediction, truth, 7, ALONE).orElseThrow();
    }

    private static void assertDice(final double[] expected, final SurfaceElements elements) {
        for (int t = 0; t < TOLERANCES.length; t++) {
            assertEquals(expected[t], elements.surfaceDice(TOLERANCES[t]), 1e-9, TOLERANCES[t] + " mm");
        }
    }

    private static final LabelVolume BALL =
        labels(GRID, (i, j, k) -> (i - 11) * (i - 11) + (j - 9) * (j - 9) + 2 * (k - 7) * (k - 7) < 60);

    @Test
    void ballsOfUnequalSpacing() {
        final SurfaceElements elements = elements(BALL,
            labels(GRID, (i, j, k) -> (i - 12) * (i - 12) + (j - 9) * (j - 9) + 2 * (k - 8) * (k - 8) < 50));
        assertDice(new double[]{0.4703071950658404, 0.6722238700555999, 0.9089891210516129, 0.9782616616396881},
            elements);
        assertEquals(861.1153186624083, elements.trueArea(), 1e-9);
        assertEquals(1083.7689856897073, elements.predictedArea(), 1e-9);
    }

    /** Scattered voxels up to the image's edges show every one of the 256 patterns. */
    @Test
    void allPatterns() {
        final LabelVolume scattered =
            labels(GRID, (i, j, k) -> (7 * i * i + 3 * j * k + 5 * k + 2 * i * j) % 11 < 4);
        final SurfaceElements elements =
            elements(scattered, labels(GRID, (i, j, k) -> (5 * i + 3 * j * j + 7 * k * j) % 13 < 5));
        assertDice(new double[]{0.9674859671719043, 0.9987939099305304, 0.9999846646524306, 1}, elements);
        assertEquals(13593.246875235658, elements.trueArea(), 1e-7);
        assertEquals(10941.573630148887, elements.predictedArea(), 1e-7);
        assertDice(new double[]{0.195999401208432, 0.26441831774016794, 0.3722488442249391, 0.5347966011100623},
            elements(BALL, scattered));
    }

    /** In a plane the elements are pieces of the contour, as in surface-distance for two-dimensional masks. */
    @Test
    void contoursOfASlice() {
        final Geometry plane = Geometry.axial(new int[]{24, 20, 1}, 0.9, 1.1, 5);
        final LabelVolume disk = labels(plane, (i, j, k) -> (i - 11) * (i - 11) + (j - 9) * (j - 9) < 50);
        final SurfaceElements disks =
            elements(disk, labels(plane, (i, j, k) -> (i - 12) * (i - 12) + (j - 8) * (j - 8) < 60));
        assertDice(new double[]{0.3972762079040767, 0.6314146893960946, 0.882117827859678, 1}, disks);
        assertEquals(49.582806726393414, disks.trueArea(), 1e-9);
        final SurfaceElements scattered =
            elements(disk, labels(plane, (i, j, k) -> (7 * i * i + 2 * i * j + j) % 11 < 4));
        assertDice(new double[]{0.18978239048635662, 0.30132094755549416, 0.4490521088073658, 0.6522521456231095},
            scattered);
        assertEquals(391.81087399032754, scattered.trueArea(), 1e-9);
    }

    /** By hand: a box of 4×3×2 voxels has faces, twelve edges cut at 45° and eight corners cut off. */
    @Test
    void theAreaOfABox() {
        final Geometry grid = Geometry.axial(new int[]{8, 8, 8}, 1, 1, 1);
        final LabelVolume box =
            labels(grid, (i, j, k) -> i >= 1 && i < 5 && j >= 1 && j < 4 && k >= 1 && k < 3);
        final double faces = 2 * (3 * 2 + 3 * 1 + 2 * 1);
        final double edges = 4 * (3 + 2 + 1) * Math.sqrt(0.5);
        final double corners = 8 * Math.sqrt(3) / 8;
        final SurfaceElements same = elements(box, box);
        assertEquals(faces + edges + corners, same.trueArea(), 1e-12);
        assertEquals(1, same.surfaceDice(0));
    }

    @Test
    void emptyMasksHaveNoSurface() {
        final LabelVolume empty = labels(GRID, (i, j, k) -> false);
        assertTrue(SurfaceElements.of(BALL, empty, 7, ALONE).isEmpty());
        assertTrue(SurfaceElements.of(empty, BALL, 7, ALONE).isEmpty());
        assertThrows(IllegalArgumentException.class, () -> elements(BALL, BALL).surfaceDice(-1));
    }
}

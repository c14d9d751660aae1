package org.scanbridge.imaging.sampling;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

import org.junit.jupiter.api.Test;
import org.scanbridge.imaging.ImagingException;
import org.scanbridge.imaging.random.SeededRandom;
import org.scanbridge.imaging.volume.Geometry;
import org.scanbridge.imaging.volume.LabelSet;
import org.scanbridge.imaging.volume.LabelVolume;
import org.scanbridge.imaging.volume.Volume;
import org.scanbridge.imaging.volume.VolumeInfo;

class SamplingTest {

    private static LabelVolume labels(final byte[] x, final int... size) {
        return new LabelVolume(x, Geometry.axial(size, 1, 1, 1), VolumeInfo.UNKNOWN, LabelSet.of("a"));
    }

    @Test
    void gridPatchesStartAtMultiplesOfTheStride() {
        final PatchGrid grid = new PatchGrid(new int[]{4, 3, 2}, new int[]{2, 3, 5});
        final List<Patch> patches = grid.patches(Geometry.axial(new int[]{9, 6, 3}, 1, 1, 1));
        // i: 0, 2, 4; j: 0, 3; k: 0.
        assertEquals(6, patches.size());
        assertEquals(new Patch(2, 0, 0, 4, 3, 2), patches.get(1));
        assertEquals(new Patch(4, 3, 0, 4, 3, 2), patches.get(5));
        assertThrows(ImagingException.class, () -> grid.patches(Geometry.axial(new int[]{3, 6, 3}, 1, 1, 1)));
        assertThrows(IllegalArgumentException.class, () -> new PatchGrid(new int[]{4, 3, 2}, new int[]{2, 0, 5}));
    }

    @Test
    void foregroundCenteredPatchesHaveALabelAtTheCenterAndAnImage() {
        final byte[] y = new byte[6];
        final float[] x = new float[6];
        y[2] = 1;
        y[4] = 2;
        x[1] = 5;
        final Volume image = new Volume(x, Geometry.axial(new int[]{6, 1, 1}, 1, 1, 1), VolumeInfo.UNKNOWN);
        // Patches of 2 have their center at start + 1: labels at starts 1 and 3, image only in the first.
        assertEquals(List.of(new Patch(1, 0, 0, 2, 1, 1)), new PatchGrid(new int[]{2, 1, 1}, new int[]{1, 1, 1})
            .foregroundCentered(image, labels(y, 6, 1, 1)));
    }

    @Test
    void everyClassGetsTheSameNumber() {
        final byte[] y = {0, 0, 0, 0, 0, 1, 1, 2, 2, 2};
        final Map<Integer, int[]> drawn =
            BalancedVoxels.perClass(labels(y, 10, 1, 1), List.of(2, 1, 7), 3, new SeededRandom(1));
        assertEquals(List.of(2, 1, 7), List.copyOf(drawn.keySet()));
        final int[] two = drawn.get(2).clone();
        Arrays.sort(two);
        assertArrayEquals(new int[]{7, 8, 9}, two, "without repetition while there are enough");
        assertEquals(3, drawn.get(1).length);
        assertTrue(Arrays.stream(drawn.get(1)).allMatch(v -> v == 5 || v == 6));
        assertEquals(2, Arrays.stream(drawn.get(1)).distinct().count());
        assertEquals(0, drawn.get(7).length);
    }

    @Test
    void lesionRuleTakesAQuarterAndAsManyNegativesOfTheBrain() {
        final byte[] lesions = new byte[100];
        final byte[] brain = new byte[100];
        Arrays.fill(lesions, 0, 20, (byte)1);
        Arrays.fill(brain, 0, 60, (byte)1);
        final int[] drawn =
            BalancedVoxels.lesionRule(labels(lesions, 100, 1, 1), labels(brain, 100, 1, 1), new SeededRandom(4));
        assertEquals(10, drawn.length);
        assertEquals(10, Arrays.stream(drawn).distinct().count());
        for (int n = 0; n < 10; n++) {
            assertTrue(n < 5 ? drawn[n] < 20 : drawn[n] >= 20 && drawn[n] < 60);
        }
        assertThrows(ImagingException.class, () -> BalancedVoxels.lesionRule(labels(new byte[100], 100, 1, 1),
            labels(brain, 100, 1, 1), new SeededRandom(4)));
        assertThrows(ImagingException.class, () -> BalancedVoxels.lesionRule(labels(new byte[10], 10, 1, 1),
            labels(brain, 100, 1, 1), new SeededRandom(4)));
    }

    @Test
    void halfTheVoxelsAreForeground() {
        final byte[] y = {0, 0, 0, 0, 1, 2, 1, 0};
        final int[] drawn = BalancedVoxels.halves(labels(y, 8, 1, 1), 5, new SeededRandom(3));
        assertEquals(5, drawn.length);
        assertEquals(5, Arrays.stream(drawn).distinct().count());
        for (int n = 0; n < 5; n++) {
            assertEquals(n < 3, y[drawn[n]] != 0);
        }
        assertEquals(4, BalancedVoxels.halves(labels(new byte[3], 3, 1, 1), 4, new SeededRandom(3)).length);
        assertEquals(4, BalancedVoxels.halves(labels(new byte[]{1}, 1, 1, 1), 4, new SeededRandom(3)).length);
    }

    /** The factor of a rare class: round(target / count), at least once. */
    @Test
    void rareClassesAreRepeated() {
        assertEquals(Map.of(1, 8, 2, 1, 3, 167),
            BalancedVoxels.repetitions(Map.of(1, 10_000, 2, 200_000, 3, 479, 4, 0), 80_000));
        assertThrows(IllegalArgumentException.class, () -> BalancedVoxels.repetitions(Map.of(1, 5), 0));
    }

    @Test
    void sitesTakeTurnsAndEveryItemComesUp() {
        final Map<String, List<String>> items = Map.of("B", List.of("b1", "b2", "b3", "b4", "b5"), "A", List.of("a1", "a2"));
        final List<String> drawn = SiteBalance.order(items, 20, new SeededRandom(2));
        final Set<String> firstOfB = new HashSet<>();
        for (int n = 0; n < 20; n++) {
            assertTrue(drawn.get(n).startsWith(n % 2 == 0 ? "a" : "b"));
            if (n % 2 == 1 && n < 10) {
                firstOfB.add(drawn.get(n));
            }
        }
        assertEquals(5, firstOfB.size(), "no repetition before all have come up");
        assertEquals(drawn, SiteBalance.order(items, 20, new SeededRandom(2)));
        assertThrows(IllegalArgumentException.class,
            () -> SiteBalance.order(Map.of("A", List.of()), 2, new SeededRandom(2)));
        assertThrows(IllegalArgumentException.class, () -> SiteBalance.order(Map.of(), 2, new SeededRandom(2)));
    }
}

package org.scanbridge.learning.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Optional;

import org.junit.jupiter.api.Test;
import org.scanbridge.imaging.volume.Geometry;
import org.scanbridge.imaging.volume.LabelSet;
import org.scanbridge.imaging.volume.LabelVolume;
import org.scanbridge.imaging.volume.Volume;
import org.scanbridge.imaging.volume.VolumeInfo;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

class ImageFactsTest {

    private static final VolumeInfo INFO = new VolumeInfo("MR", "A", "S", "T", "");

    private static LabelVolume labels(final Geometry grid, final byte[] voxels) {
        return new LabelVolume(voxels, grid, INFO, LabelSet.of("x"));
    }

    private static double thickness(final Geometry grid, final byte[] voxels) {
        final float[] image = new float[voxels.length];
        for (int v = 0; v < image.length; v++) {
            image[v] = voxels[v] * 100f;
        }
        final ImageFacts facts = ImageFacts.of(new Volume(image, grid, INFO), Optional.of(labels(grid, voxels)));
        return facts.classes().orElseThrow().get(1).thickness();
    }

    /** A large plate of n slices is n slice distances thick, one of a single slice too; its rim takes a little away. */
    @Property(tries = 20)
    void aPlateIsAsThickAsItIs(@ForAll @IntRange(min = 1, max = 6) final int slices) {
        final Geometry grid = Geometry.axial(new int[]{120, 120, 10}, 1, 1, 2.5);
        final byte[] voxels = new byte[grid.voxelCount()];
        for (int v = 0; v < voxels.length; v++) {
            final int k = v / 14400;
            voxels[v] = (byte)(k >= 2 && k < 2 + slices ? 1 : 0);
        }
        // V = 120² t, S = 2 · 120² + 4 · 120 t; the corners between voxels cut off at most 1 %
        final double t = 2.5 * slices;
        final double expected = 2 * 14400 * t / (2 * 14400 + 480 * t);
        assertEquals(expected, thickness(grid, voxels), 0.02 * expected);
    }

    /**
     * 2 · (π d³ / 6) / (π d²) = d / 3. The surface of a ball of voxels comes out 8 to 9 % too large by marching cubes
     * (Lindblad, Image and Vision Computing 2005).
     */
    @Test
    void aBallCountsAsAThirdOfItsDiameter() {
        final Geometry grid = Geometry.axial(new int[]{64, 64, 64}, 1, 1, 1);
        final byte[] voxels = new byte[grid.voxelCount()];
        int v = 0;
        for (int k = 0; k < 64; k++) {
            for (int j = 0; j < 64; j++) {
                for (int i = 0; i < 64; i++, v++) {
                    final double z = k - 31.5;
                    voxels[v] = (byte)(Math.pow(i - 31.5, 2) + Math.pow(j - 31.5, 2) + z * z < 24 * 24 ? 1 : 0);
                }
            }
        }
        assertEquals(16 / 1.085, thickness(grid, voxels), 0.2);
    }

    @Test
    void knowsWhereTheContentIs() {
        final Geometry grid = Geometry.axial(new int[]{20, 30, 10}, 0.5, 0.5, 3);
        final float[] voxels = new float[grid.voxelCount()];
        for (int k = 4; k <= 6; k++) {
            for (int j = 10; j <= 19; j++) {
                for (int i = 3; i <= 8; i++) {
                    voxels[(k * 30 + j) * 20 + i] = 100 + i;
                }
            }
        }
        final ImageFacts facts = ImageFacts.of(new Volume(voxels, grid, INFO), Optional.empty());
        assertEquals(List.of(3.0, 5.0, 9.0), facts.content());
        assertFalse(facts.labeled());
        assertFalse(facts.ct());
        assertEquals("A", facts.site());
        assertTrue(ImageFacts.of(new Volume(voxels, grid, new VolumeInfo("CT", "A", "S", "T", "HU")), Optional.empty()).ct());
    }

    /** An image without a label is segmented all the same: nothing was found in it. */
    @Test
    void anEmptySegmentationIsOne() {
        final Geometry grid = Geometry.axial(new int[]{4, 4, 4}, 1, 1, 1);
        final float[] voxels = new float[64];
        voxels[21] = 5;
        final ImageFacts facts =
            ImageFacts.of(new Volume(voxels, grid, INFO), Optional.of(labels(grid, new byte[64])));
        assertTrue(facts.labeled());
        assertTrue(facts.classes().orElseThrow().isEmpty());
    }
}

package org.scanbridge.imaging.volume;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;

import org.junit.jupiter.api.Test;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;

class GeometryTest {

    /** A sagittal acquisition: columns run to Posterior, rows to Inferior, slices to Left. */
    private static final double[] SAGITTAL = {0, 1, 0, 0, 0, -1, 1, 0, 0};

    @Test
    void positionFollowsTheDicomPlaneEquation() {
        // PS3.3 C.7.6.2.1.1: P = S + X·Δi·i + Y·Δj·j, and slices along the normal.
        final Geometry g = new Geometry(new int[]{4, 5, 6}, new double[]{0.5, 2, 3}, new double[]{-10, 20, 30}, SAGITTAL);
        assertArrayEquals(new double[]{-10, 20, 30}, g.position(0, 0, 0), 0);
        assertArrayEquals(new double[]{-10 + 3 * 3, 20 + 0.5, 30 - 2 * 2}, g.position(1, 2, 3), 1e-12);
        assertEquals(3.0, g.voxelVolume(), 1e-12);
        assertEquals(120, g.voxelCount());
    }

    @Property(tries = 100)
    void indexInvertsPosition(@ForAll @DoubleRange(min = -50, max = 50) final double i,
        @ForAll @DoubleRange(min = -50, max = 50) final double j, @ForAll @DoubleRange(min = -3.1, max = 3.1) final double a) {
        final double c = Math.cos(a);
        final double s = Math.sin(a);
        final Geometry oblique = new Geometry(new int[]{4, 5, 6}, new double[]{0.5, 2, 3}, new double[]{-10, 20, 30},
            new double[]{c, s, 0, -s, c, 0, 0, 0, 1});
        assertArrayEquals(new double[]{i, j, 2.5}, oblique.index(oblique.position(i, j, 2.5)), 1e-9);
    }

    @Test
    void sameGridToleratesATenthOfAVoxelAtEveryCorner() {
        final Geometry g = Geometry.axial(new int[]{10, 10, 10}, 1, 1, 1);
        final double[] identity = g.direction();
        assertTrue(g.sameGrid(new Geometry(g.size(), g.spacing(), new double[]{0.09, 0, 0}, identity)));
        assertFalse(g.sameGrid(new Geometry(g.size(), g.spacing(), new double[]{0.11, 0, 0}, identity)));
        // 0.02 mm a voxel adds up to 0.18 mm at the far corner.
        assertFalse(g.sameGrid(Geometry.axial(new int[]{10, 10, 10}, 1.02, 1, 1)));
        assertFalse(g.sameGrid(Geometry.axial(new int[]{10, 10, 9}, 1, 1, 1)));
    }

    @Test
    void refusesWhatIsNoGrid() {
        final double[] one = {1, 1, 1};
        final double[] identity = {1, 0, 0, 0, 1, 0, 0, 0, 1};
        final int[] size = {2, 2, 2};
        assertThrows(IllegalArgumentException.class, () -> Geometry.axial(new int[]{2, 0, 2}, 1, 1, 1));
        assertThrows(IllegalArgumentException.class, () -> Geometry.axial(size, 1, -1, 1));
        assertThrows(IllegalArgumentException.class, () -> Geometry.axial(size, 1, Double.NaN, 1));
        assertThrows(IllegalArgumentException.class, () -> Geometry.axial(size, 1, 1));
        assertThrows(IllegalArgumentException.class,
            () -> new Geometry(size, one, new double[]{0, Double.NaN, 0}, identity));
        assertThrows(IllegalArgumentException.class,
            () -> new Geometry(size, one, new double[3], new double[]{1, 0, 0, 1, 0, 0, 0, 0, 1}));
        final IllegalArgumentException tooLarge = assertThrows(IllegalArgumentException.class,
            () -> Geometry.axial(new int[]{2048, 2048, 1024}, 1, 1, 1));
        assertTrue(tooLarge.getMessage().contains("2048"), tooLarge.getMessage());
    }

    /** An oblique NIfTI image of 3 mm came with 2.999999907997343; a spacing of micrometers keeps its digits. */
    @Test
    void tellsSpacingsToSixDigits() {
        assertEquals("2×2×2 voxels of 3.0×0.976563×0.00125 mm",
            Geometry.axial(new int[]{2, 2, 2}, 2.999999907997343, 0.9765625, 0.00125).toString());
    }

    /** Two grids may look alike in size and spacing, and messages must say what differs. */
    @Test
    void saysBesideAnotherGridWhatDiffers() {
        final String text = "10×10×10 voxels of 1.0×1.0×1.0 mm";
        final Geometry g = Geometry.axial(new int[]{10, 10, 10}, 1, 1, 1);
        final double[] identity = g.direction();
        // 3-4-5: 0.3 and 0.4 mm are 0.5 mm
        assertEquals(text + " (its center lies 0.500 mm away)", moved(g, new double[]{0.3, 0, 0.4}, identity).beside(g));
        // turned by 30° around the corner (0, 0, 0), from which the center is 4.5·√2 mm away in the plane
        final double c = Math.cos(Math.PI / 6);
        assertEquals(text + " (its center lies 3.29 mm away, its axes are turned by 30°)",
            moved(g, new double[3], new double[]{c, 0.5, 0, -0.5, c, 0, 0, 0, 1}).beside(g));
        assertEquals(text + " (its axes run in another order or direction)",
            moved(g, new double[]{9, 0, 0}, new double[]{-1, 0, 0, 0, 1, 0, 0, 0, 1}).beside(g));
        assertEquals("10×10×9 voxels of 1.0×1.0×1.0 mm (its center lies 0.500 mm away)",
            Geometry.axial(new int[]{10, 10, 9}, 1, 1, 1).beside(g));
    }

    private static Geometry moved(final Geometry g, final double[] by, final double[] direction) {
        final double[] origin = g.origin();
        for (int c = 0; c < 3; c++) {
            origin[c] += by[c];
        }
        return new Geometry(g.size(), g.spacing(), origin, direction);
    }

    /** 10^27 and 2^66 voxels: products that a long does not hold, and that look like few in what is left of them. */
    @Test
    void refusesMoreVoxelsThanALongCounts() {
        for (final int[] size : new int[][]{{1_000_000_000, 1_000_000_000, 1_000_000_000}, {1 << 22, 1 << 22, 1 << 22},
            {Integer.MAX_VALUE, Integer.MAX_VALUE, Integer.MAX_VALUE}, {1 << 16, 1 << 16, 1}, {1, 1 << 16, 1 << 16}}) {
            final String message =
                assertThrows(IllegalArgumentException.class, () -> Geometry.axial(size, 1, 1, 1)).getMessage();
            assertEquals("size " + Arrays.toString(size) + ": more than 2^31 voxels do not fit into one volume", message);
        }
        assertEquals(2_147_483_639, Geometry.axial(new int[]{2_147_483_639, 1, 1}, 1, 1, 1).voxelCount());
    }

    @Test
    void keepsItsOwnCopiesAndComparesByValue() {
        final int[] size = {2, 3, 4};
        final Geometry g = Geometry.axial(size, 1, 2, 3);
        size[0] = 99;
        g.spacing()[0] = 99;
        assertEquals(Geometry.axial(new int[]{2, 3, 4}, 1, 2, 3), g);
        assertEquals(Geometry.axial(new int[]{2, 3, 4}, 1, 2, 3).hashCode(), g.hashCode());
        assertNotEquals(Geometry.axial(new int[]{2, 3, 4}, 1, 2, 3.5), g);
        assertEquals("2×3×4 voxels of 1.0×2.0×3.0 mm", g.toString());
    }
}

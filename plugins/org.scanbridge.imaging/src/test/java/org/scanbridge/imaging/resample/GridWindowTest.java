package org.scanbridge.imaging.resample;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.scanbridge.imaging.ImagingException;
import org.scanbridge.imaging.volume.Geometry;
import org.scanbridge.imaging.volume.LabelSet;
import org.scanbridge.imaging.volume.LabelVolume;
import org.scanbridge.imaging.volume.Volume;
import org.scanbridge.imaging.volume.VolumeInfo;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

class GridWindowTest {

    private static final Geometry GRID = new Geometry(new int[]{5, 4, 3}, new double[]{1, 2, 3},
        new double[]{-7, 8, 9}, new double[]{0, 1, 0, -1, 0, 0, 0, 0, 1});

    private static Volume ramp() {
        final float[] x = new float[60];
        for (int v = 0; v < 60; v++) {
            x[v] = v + 1;
        }
        return new Volume(x, GRID, VolumeInfo.UNKNOWN);
    }

    @Test
    void cropsToContentWithMargin() {
        final float[] x = new float[60];
        x[(1 * 4 + 2) * 5 + 2] = 3;
        x[(1 * 4 + 3) * 5 + 2] = 3;
        final Volume image = new Volume(x, GRID, VolumeInfo.UNKNOWN);
        final Volume tight = GridWindow.around(image, 0, 0).apply(image, 0);
        assertArrayEquals(new int[]{1, 2, 1}, tight.geometry().size());
        assertArrayEquals(new float[]{3, 3}, tight.voxels());
        assertArrayEquals(GRID.position(2, 2, 1), tight.geometry().position(0, 0, 0), 1e-12);
        final Geometry wide = GridWindow.around(image, 0, 1).geometry();
        assertArrayEquals(new int[]{3, 3, 3}, wide.size(), "the margin ends at the grid");
        assertArrayEquals(GRID.position(1, 1, 0), wide.position(0, 0, 0), 1e-12);
    }

    /** The voxel at any position of the patient frame is the same in the image and in the window. */
    @Property(tries = 200)
    void windowKeepsPlacesAndTheInverseRestores(@ForAll @IntRange(min = -4, max = 4) final int i,
        @ForAll @IntRange(min = -4, max = 4) final int j, @ForAll @IntRange(min = -4, max = 4) final int k,
        @ForAll @IntRange(min = 1, max = 9) final int di, @ForAll @IntRange(min = 1, max = 9) final int dj,
        @ForAll @IntRange(min = 1, max = 9) final int dk) {
        final Volume image = ramp();
        final GridWindow window = new GridWindow(GRID, new int[]{i, j, k}, new int[]{di, dj, dk});
        final Volume part = window.apply(image, -1);
        final Volume back = window.inverse().apply(part, -2);
        assertEquals(GRID, back.geometry(), "to the last bit");
        assertEquals(GRID, GridWindow.between(part.geometry(), GRID).geometry());
        assertArrayEquals(window.from(), GridWindow.between(GRID, part.geometry()).from());
        for (int z = 0; z < 3; z++) {
            for (int y = 0; y < 4; y++) {
                for (int x = 0; x < 5; x++) {
                    final int wx = x - i;
                    final int wy = y - j;
                    final int wz = z - k;
                    final boolean inside = wx >= 0 && wx < di && wy >= 0 && wy < dj && wz >= 0 && wz < dk;
                    assertEquals(inside ? image.get(x, y, z) : -2, back.get(x, y, z));
                    if (inside) {
                        assertEquals(image.get(x, y, z), part.get(wx, wy, wz));
                        assertArrayEquals(GRID.position(x, y, z), part.geometry().position(wx, wy, wz), 1e-9);
                    }
                }
            }
        }
    }

    @Test
    void centeredPadsAndCropsEvenly() {
        assertArrayEquals(new int[]{1, -1, 0}, GridWindow.centered(GRID, 3, 6, 3).from());
        // 5 -> 4 drops the last voxel, 4 -> 5 adds one at the end.
        assertArrayEquals(new int[]{0, 0, 0}, GridWindow.centered(GRID, 4, 5, 3).from());
    }

    @Test
    void labelsArePaddedWithBackground() {
        final byte[] y = new byte[60];
        y[59] = 7;
        final LabelVolume labels = new LabelVolume(y, GRID, VolumeInfo.UNKNOWN, LabelSet.of("a"));
        final GridWindow window = GridWindow.around(labels, 0);
        final LabelVolume tight = window.apply(labels);
        assertArrayEquals(new byte[]{7}, tight.voxels());
        assertArrayEquals(y, window.inverse().apply(tight).voxels());
        assertEquals(labels.labels(), tight.labels());
    }

    @Test
    void refusesEmptyContentAndForeignGrids() {
        final Volume zero = new Volume(new float[60], GRID, VolumeInfo.UNKNOWN);
        final ImagingException e = assertThrows(ImagingException.class, () -> GridWindow.around(zero, 0, 0));
        assertTrue(e.getMessage().contains("above 0.0"), e.getMessage());
        final GridWindow other = new GridWindow(Geometry.axial(new int[]{5, 4, 3}, 1, 1, 1), new int[3], new int[]{1, 1, 1});
        assertThrows(ImagingException.class, () -> other.apply(zero, 0));
        assertThrows(IllegalArgumentException.class, () -> new GridWindow(GRID, new int[3], new int[3]));
    }

    @Test
    void paddingAddsOnBothSides() {
        final GridWindow window = GridWindow.padded(GRID, 1, 0, 2);
        assertArrayEquals(new int[]{-1, 0, -2}, window.from());
        assertArrayEquals(new int[]{7, 4, 7}, window.geometry().size());
        final Volume padded = window.apply(ramp(), -5);
        assertEquals(-5, padded.get(0, 0, 2));
        assertEquals(1, padded.get(1, 0, 2));
        assertArrayEquals(ramp().voxels(), window.inverse().apply(padded, 0).voxels());
        assertArrayEquals(new int[]{8, 4, 4}, GridWindow.toMultipleOf(GRID, 4, 4, 2).geometry().size());
        assertArrayEquals(new int[]{-1, 0, 0}, GridWindow.toMultipleOf(GRID, 4, 4, 2).from());
        assertThrows(IllegalArgumentException.class, () -> GridWindow.toMultipleOf(GRID, 4, 0, 2));
    }

    @Test
    void gridsWhoseVoxelsDoNotCoincideHaveNoWindow() {
        final Geometry half = new Geometry(new int[]{5, 4, 3}, GRID.spacing(), GRID.position(0.5, 0, 0),
            GRID.direction());
        final ImagingException e = assertThrows(ImagingException.class, () -> GridWindow.between(GRID, half));
        assertTrue(e.getMessage().contains("Resample"), e.getMessage());
        assertThrows(ImagingException.class,
            () -> GridWindow.between(GRID, Geometry.axial(new int[]{5, 4, 3}, 1, 2, 3)));
    }
}

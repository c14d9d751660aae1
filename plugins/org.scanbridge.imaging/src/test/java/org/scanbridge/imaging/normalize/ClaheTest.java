package org.scanbridge.imaging.normalize;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;

import org.junit.jupiter.api.Test;
import org.scanbridge.imaging.ImagingException;
import org.scanbridge.imaging.volume.Geometry;
import org.scanbridge.imaging.volume.LabelSet;
import org.scanbridge.imaging.volume.LabelVolume;
import org.scanbridge.imaging.volume.Volume;
import org.scanbridge.imaging.volume.VolumeInfo;

import net.imglib2.parallel.TaskExecutor;
import net.imglib2.parallel.TaskExecutors;

class ClaheTest {

    private static final TaskExecutor ALONE = TaskExecutors.singleThreaded();

    private static final Geometry GRID = Geometry.axial(new int[]{11, 9, 7}, 1, 1, 1);

    /** x(i, j, k) = (7i² + 3jk + 5k + 2ij) mod 37. */
    private static Volume pattern() {
        final float[] x = new float[11 * 9 * 7];
        for (int v = 0; v < x.length; v++) {
            final int i = v % 11;
            final int j = v / 11 % 9;
            final int k = v / 99;
            x[v] = (7 * i * i + 3 * j * k + 5 * k + 2 * i * j) % 37;
        }
        return new Volume(x, GRID, VolumeInfo.UNKNOWN);
    }

    private static Volume equalized(final Clahe.Mode mode, final Foreground foreground, final Sample sample) {
        return new Clahe(new Clahe.Settings(mode, 3, 16, 0.1, foreground), ALONE).apply(sample);
    }

    /** Expected values from a voxel-by-voxel NumPy program written from the definition. */
    @Test
    void volumeModeFollowsTheDefinition() {
        final Volume y = equalized(Clahe.Mode.VOLUME, Foreground.WHOLE_IMAGE, Sample.of(pattern()));
        assertEquals(0.1111111111111111, y.get(0, 0, 0), 1e-6);
        assertEquals(0.2826388888888889, y.get(5, 4, 3), 1e-6);
        assertEquals(1, y.get(10, 8, 6), 1e-6);
        assertEquals(1, y.get(1, 7, 2), 1e-6);
        assertEquals(0.9166666666666666, y.get(9, 1, 5), 1e-6);
    }

    /** Expected values from a second NumPy program that interpolates with scipy.ndimage.map_coordinates. */
    @Test
    void sliceModeFollowsTheDefinition() {
        final Volume y = equalized(Clahe.Mode.SLICES, Foreground.WHOLE_IMAGE, Sample.of(pattern()));
        assertEquals(0.2222222222222222, y.get(0, 0, 0), 1e-6);
        assertEquals(0.32291666666666663, y.get(5, 4, 3), 1e-6);
        assertEquals(1, y.get(10, 8, 6), 1e-6);
        assertEquals(1, y.get(1, 7, 2), 1e-6);
        assertEquals(0.9166666666666666, y.get(9, 1, 5), 1e-6);
    }

    /** Foreground: values above 12. Expected values as in volume mode. */
    @Test
    void backgroundIsNeitherCountedNorChanged() {
        final byte[] mask = new byte[11 * 9 * 7];
        for (int v = 0; v < mask.length; v++) {
            mask[v] = (byte)(pattern().voxels()[v] > 12 ? 1 : 0);
        }
        final Volume y = equalized(Clahe.Mode.VOLUME, Foreground.MASK,
            Sample.of(pattern(), new LabelVolume(mask, GRID, VolumeInfo.UNKNOWN, LabelSet.of("a"))));
        assertEquals(0, y.get(0, 0, 0));
        assertEquals(0, y.get(5, 4, 3));
        assertEquals(1, y.get(10, 8, 6), 1e-6);
        assertEquals(0.8888888888888888, y.get(9, 1, 5), 1e-6);
        assertEquals(0.68737313107061, y.get(4, 4, 4), 1e-6);
        assertEquals(0.8688616071428572, y.get(7, 1, 1), 1e-6);
    }

    /** One tile and no clipping is plain histogram equalization: the share of voxels that are not brighter. */
    @Test
    void oneTileWithoutClippingIsHistogramEqualization() {
        final float[] x = {3, 1, 4, 1, 5, 9, 2, 6};
        final Volume image = new Volume(x, Geometry.axial(new int[]{2, 2, 2}, 1, 1, 1), VolumeInfo.UNKNOWN);
        final Volume y = new Clahe(new Clahe.Settings(Clahe.Mode.VOLUME, 1, 256, 1, Foreground.WHOLE_IMAGE), ALONE)
            .apply(image);
        assertArrayEquals(new float[]{4 / 8f, 2 / 8f, 5 / 8f, 2 / 8f, 6 / 8f, 1, 3 / 8f, 7 / 8f}, y.voxels());
    }

    @Test
    void constantTilesKeepTheirIntensity() {
        final float[] x = new float[16];
        Arrays.fill(x, 8, 16, 100);
        final Volume halves = new Volume(x, Geometry.axial(new int[]{16, 1, 1}, 1, 1, 1), VolumeInfo.UNKNOWN);
        final Volume y = new Clahe(new Clahe.Settings(Clahe.Mode.VOLUME, 2, 64, 0.5, Foreground.WHOLE_IMAGE), ALONE)
            .apply(halves);
        assertEquals(0, y.voxels()[0]);
        assertEquals(1, y.voxels()[15]);
        final Volume constant = halves.withVoxels(new float[16]);
        assertArrayEquals(new float[16], new Clahe(Clahe.Settings.DEFAULT, ALONE).apply(constant).voxels());
    }

    @Test
    void workersDoNotChangeTheResult() {
        for (final Clahe.Mode mode : Clahe.Mode.values()) {
            final Clahe.Settings settings = new Clahe.Settings(mode, 4, 32, 0.02, Foreground.ABOVE_ZERO);
            try (TaskExecutor three = TaskExecutors.fixedThreadPool(3)) {
                assertArrayEquals(new Clahe(settings, ALONE).apply(pattern()).voxels(),
                    new Clahe(settings, three).apply(pattern()).voxels());
            }
        }
    }

    @Test
    void resultStaysWithinZeroAndOneAlsoForTinyImages() {
        final Volume one = new Volume(new float[]{7}, Geometry.axial(new int[]{1, 1, 1}, 1, 1, 1), VolumeInfo.UNKNOWN);
        assertArrayEquals(new float[1], new Clahe(Clahe.Settings.DEFAULT, ALONE).apply(one).voxels());
        for (final float v : new Clahe(Clahe.Settings.DEFAULT, ALONE).apply(pattern()).voxels()) {
            assertTrue(v >= 0 && v <= 1);
        }
    }

    @Test
    void refusesBadSettingsAndImages() {
        assertThrows(IllegalArgumentException.class,
            () -> new Clahe.Settings(Clahe.Mode.VOLUME, 0, 256, 0.01, Foreground.WHOLE_IMAGE));
        assertThrows(IllegalArgumentException.class,
            () -> new Clahe.Settings(Clahe.Mode.VOLUME, 8, 1, 0.01, Foreground.WHOLE_IMAGE));
        assertThrows(IllegalArgumentException.class,
            () -> new Clahe.Settings(Clahe.Mode.VOLUME, 8, 256, 0, Foreground.WHOLE_IMAGE));
        final float[] x = pattern().voxels();
        x[3] = Float.NaN;
        assertThrows(ImagingException.class,
            () -> new Clahe(Clahe.Settings.DEFAULT, ALONE).apply(pattern().withVoxels(x)));
    }
}

package org.scanbridge.imaging.normalize;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;

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

    /**
     * Expected values from a second NumPy program that takes each slice's own range and interpolates with
     * scipy.ndimage.map_coordinates; slice 3 runs from 1 to 36, the others mostly from 0.
     */
    @Test
    void sliceModeFollowsTheDefinition() {
        final Volume y = equalized(Clahe.Mode.SLICES, Foreground.WHOLE_IMAGE, Sample.of(pattern()));
        assertEquals(0.2222222222222222, y.get(0, 0, 0), 1e-6);
        assertEquals(0.3125, y.get(5, 4, 3), 1e-6);
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

    private static final Geometry STACK = Geometry.axial(new int[]{64, 64, 4}, 1, 1, 1);

    /** Four slices with values from 100 to 196. */
    private static float[] stack() {
        final float[] x = new float[STACK.voxelCount()];
        for (int v = 0; v < x.length; v++) {
            final int i = v % 64;
            final int j = v / 64 % 64;
            final int k = v / 4096;
            x[v] = 100 + (int)(48 + 40 * Math.sin(i / 9.) * Math.cos(j / 7. + k)) + (13 * i + 7 * j + 5 * k) % 9;
        }
        return x;
    }

    /**
     * Slices do not see each other. Mean and deviation of the other slices from skimage.exposure.equalize_adapthist of
     * each slice alone, without clipping.
     */
    @Test
    void aSpikeInOneSliceLeavesTheOthersAlone() {
        final float[] x = stack();
        x[5 + 64 * 6] = 30000;
        final Clahe clahe =
            new Clahe(new Clahe.Settings(Clahe.Mode.SLICES, 8, 256, 1, Foreground.WHOLE_IMAGE), ALONE);
        final float[] with = clahe.apply(new Volume(x, STACK, VolumeInfo.UNKNOWN)).voxels();
        final float[] without = clahe.apply(new Volume(stack(), STACK, VolumeInfo.UNKNOWN)).voxels();
        assertArrayEquals(Arrays.copyOfRange(without, 4096, with.length), Arrays.copyOfRange(with, 4096, with.length));
        final double[] mean = {0.5150055171936516, 0.5168730761047903, 0.5147469725599421};
        final double[] sd = {0.1960402963648763, 0.19568903785123468, 0.18851919504050157};
        for (int k = 1; k < 4; k++) {
            double sum = 0;
            double squares = 0;
            final Set<Float> levels = new HashSet<>();
            for (int v = 4096 * k; v < 4096 * (k + 1); v++) {
                sum += with[v] / 4096;
                squares += with[v] * with[v] / 4096;
                levels.add(with[v]);
            }
            assertEquals(mean[k - 1], sum, 0.02);
            assertEquals(sd[k - 1], Math.sqrt(squares - sum * sum), 0.02);
            assertTrue(levels.size() > 1000, levels.size() + " levels");
        }
    }

    /** One voxel of 16384 neither flattens its own slice nor the volume: all others keep their order and their spread. */
    @Test
    void aSpikeDoesNotFlattenWhatIsAroundIt() {
        for (final Clahe.Mode mode : Clahe.Mode.values()) {
            final float[] x = stack();
            x[5 + 64 * 6] = 30000;
            final Clahe clahe = new Clahe(new Clahe.Settings(mode, 1, 256, 1, Foreground.WHOLE_IMAGE), ALONE);
            final float[] y = clahe.apply(new Volume(x, STACK, VolumeInfo.UNKNOWN)).voxels();
            final float[] plain = clahe.apply(new Volume(stack(), STACK, VolumeInfo.UNKNOWN)).voxels();
            assertEquals(1, y[5 + 64 * 6]);
            for (int v = 0; v < y.length; v++) {
                if (v != 5 + 64 * 6) {
                    assertEquals(plain[v], y[v], 0.03, mode + " " + v);
                }
            }
        }
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

package org.scanbridge.imaging.filter;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;
import org.scanbridge.imaging.volume.Geometry;
import org.scanbridge.imaging.volume.Volume;
import org.scanbridge.imaging.volume.VolumeInfo;

import net.imglib2.parallel.TaskExecutor;
import net.imglib2.parallel.TaskExecutors;

class GaussianBlurTest {

    private static final int[] SIZE = {6, 5, 4};

    /** x(i, j, k) = (7i + 3j + 5k) mod 11. */
    private static float[] pattern() {
        final float[] x = new float[6 * 5 * 4];
        for (int v = 0; v < x.length; v++) {
            x[v] = (7 * (v % 6) + 3 * (v / 6 % 5) + 5 * (v / 30)) % 11;
        }
        return x;
    }

    private static float at(final float[] x, final int i, final int j, final int k) {
        return x[(k * 5 + j) * 6 + i];
    }

    /** Expected values from scipy.ndimage.gaussian_filter 1.17 in double precision. */
    @Test
    void agreesWithScipy() {
        final float[] y = new GaussianBlur(0.5, 1.5, 0.8).apply(pattern(), SIZE, TaskExecutors.singleThreaded());
        assertEquals(3.3995171384835823, at(y, 0, 0, 0), 2e-6);
        assertEquals(5.125374674958551, at(y, 5, 4, 3), 2e-6);
        assertEquals(5.390399577487139, at(y, 3, 2, 1), 2e-6);
        assertEquals(4.921791380558205, at(y, 4, 0, 2), 2e-6);
    }

    @Test
    void agreesWithScipyWhenTheKernelIsLongerThanTheImage() {
        final float[] y = new GaussianBlur(3, 3, 3).apply(pattern(), SIZE, TaskExecutors.singleThreaded());
        assertEquals(4.976907929496887, at(y, 0, 0, 0), 2e-6);
        assertEquals(4.939796486547968, at(y, 1, 3, 2), 2e-6);
    }

    @Test
    void workersDoNotChangeTheResultAndInputIsKept() {
        final float[] x = pattern();
        final float[] one = new GaussianBlur(1, 1, 1).apply(x, SIZE, TaskExecutors.singleThreaded());
        assertArrayEquals(pattern(), x);
        try (TaskExecutor three = TaskExecutors.fixedThreadPool(3)) {
            assertArrayEquals(one, new GaussianBlur(1, 1, 1).apply(x, SIZE, three));
        }
    }

    @Test
    void sigmaZeroIsTheIdentityAlsoForDepthOne() {
        final Volume flat = new Volume(new float[]{1, 5, 2, 7}, Geometry.axial(new int[]{2, 2, 1}, 1, 1, 1),
            VolumeInfo.UNKNOWN);
        assertArrayEquals(flat.voxels(),
            new GaussianBlur(0, 0, 2).apply(flat, TaskExecutors.singleThreaded()).voxels(), 1e-6f);
    }

    @Test
    void refusesBadSigma() {
        assertThrows(IllegalArgumentException.class, () -> new GaussianBlur(1, -1, 1));
        assertThrows(IllegalArgumentException.class, () -> new GaussianBlur(1, Double.NaN, 1));
        assertThrows(IllegalArgumentException.class, () -> new GaussianBlur(1, 1));
    }
}

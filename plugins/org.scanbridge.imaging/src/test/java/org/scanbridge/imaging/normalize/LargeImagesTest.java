package org.scanbridge.imaging.normalize;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

import org.junit.jupiter.api.Test;
import org.scanbridge.imaging.ImagingException;
import org.scanbridge.imaging.stats.Percentiles;
import org.scanbridge.imaging.volume.Geometry;
import org.scanbridge.imaging.volume.LabelSet;
import org.scanbridge.imaging.volume.LabelVolume;
import org.scanbridge.imaging.volume.Volume;
import org.scanbridge.imaging.volume.VolumeInfo;

/** Images so large that several threads work on them, against what one voxel after the other would give. */
class LargeImagesTest {

    private static final int[] SIZE = {113, 107, 97};

    private static final int COUNT = SIZE[0] * SIZE[1] * SIZE[2];

    private static Volume image() {
        final Random random = new Random(1);
        final float[] x = new float[COUNT];
        for (int v = 0; v < COUNT; v++) {
            x[v] = random.nextInt(3) == 0 ? 0 : (float)(50 + 20 * random.nextGaussian());
        }
        return new Volume(x, Geometry.axial(SIZE, 1, 1, 1), VolumeInfo.UNKNOWN);
    }

    @Test
    void foregroundAndItsValues() {
        final float[] x = image().voxels();
        final Sample sample = Sample.of(image());
        double sum = 0;
        for (final float v : x) {
            sum += v;
        }
        final double mean = sum / COUNT;
        final BitSet aboveMean = new BitSet();
        final BitSet notZero = new BitSet();
        final float[] values = new float[COUNT];
        int n = 0;
        for (int v = 0; v < COUNT; v++) {
            aboveMean.set(v, x[v] > mean);
            notZero.set(v, x[v] != 0);
            if (x[v] != 0) {
                values[n++] = x[v];
            }
        }
        assertEquals(aboveMean, Foreground.ABOVE_MEAN.of(sample));
        assertEquals(notZero, Foreground.NOT_ZERO.of(sample));
        assertTrue(Arrays.equals(Arrays.copyOf(values, n), Foreground.values(sample, notZero)));
        final byte[] labels = new byte[COUNT];
        for (int v = 0; v < COUNT; v++) {
            labels[v] = (byte)(notZero.get(v) ? 1 + v % 3 : 0);
        }
        assertEquals(notZero, Foreground.MASK.of(Sample.of(image(),
            new LabelVolume(labels, image().geometry(), VolumeInfo.UNKNOWN,
                new LabelSet(new TreeMap<>(Map.of(1, "a", 2, "b", 3, "c")))))));
    }

    @Test
    void percentilesAreThoseOfTheSortedValues() {
        final float[] sorted = image().voxels().clone();
        Arrays.sort(sorted);
        for (final double percent : new double[]{0, 1, 20, 50, 99.9, 100}) {
            final double index = percent / 100 * (COUNT - 1);
            final int below = (int)index;
            final int above = Math.min(below + 1, COUNT - 1);
            assertEquals(sorted[below] + (index - below) * (sorted[above] - sorted[below]),
                Percentiles.of(image().voxels(), percent)[0], 1e-5);
        }
    }

    /** Mean and deviation of the foreground in two passes of double precision; background is 0. */
    @Test
    void zScores() {
        final float[] x = image().voxels();
        double sum = 0;
        long count = 0;
        for (final float v : x) {
            sum += v > 0 ? v : 0;
            count += v > 0 ? 1 : 0;
        }
        double squares = 0;
        for (final float v : x) {
            squares += v > 0 ? (v - sum / count) * (v - sum / count) : 0;
        }
        final float[] y = new IntensityNormalization(new ZScore(), Foreground.ABOVE_ZERO, Scope.IMAGE, Background.CONSTANT)
            .fit(List.of()).apply(image()).voxels();
        for (int v = 0; v < COUNT; v++) {
            assertEquals(x[v] > 0 ? (x[v] - sum / count) / Math.sqrt(squares / count) : 0, y[v], 1e-5);
        }
    }

    @Test
    void nonFiniteVoxelsAreCountedInAllParts() {
        final float[] x = image().voxels().clone();
        x[0] = Float.NaN;
        x[COUNT / 2] = Float.NEGATIVE_INFINITY;
        x[COUNT - 1] = Float.NaN;
        final Volume image = image().withVoxels(x);
        final ImagingException e =
            assertThrows(ImagingException.class, () -> Foreground.ABOVE_ZERO.of(Sample.of(image)));
        assertTrue(e.getMessage().startsWith("3 of " + COUNT + " voxels"), e.getMessage());
    }
}

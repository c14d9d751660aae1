package org.scanbridge.imaging.augment;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

import org.junit.jupiter.api.Test;
import org.scanbridge.imaging.ImagingException;
import org.scanbridge.imaging.atlas.AtlasClass;
import org.scanbridge.imaging.atlas.ClassIntensity;
import org.scanbridge.imaging.augment.ClassColors.Guided;
import org.scanbridge.imaging.augment.ClassColors.Guided.Estimate;
import org.scanbridge.imaging.random.SeededRandom;
import org.scanbridge.imaging.volume.Geometry;
import org.scanbridge.imaging.volume.LabelSet;
import org.scanbridge.imaging.volume.LabelVolume;
import org.scanbridge.imaging.volume.Volume;
import org.scanbridge.imaging.volume.VolumeInfo;

class LabelSynthesisTest {

    private static final int N = 40;

    private static final Geometry GRID = Geometry.axial(new int[]{N, N, N}, 1, 1, 1);

    /** Slabs along i: background 0, unlabeled of 100 and of 300, then labels 1 and 2 of 500 and 700. */
    private static LabeledVolume slabs() {
        final float[] x = new float[N * N * N];
        final byte[] y = new byte[x.length];
        for (int v = 0; v < x.length; v++) {
            final int slab = v % N / 8;
            x[v] = slab == 0 ? 0 : 200 * slab - 100 + v % 3;
            y[v] = (byte)Math.max(0, slab - 2);
        }
        return LabeledVolume.of(new Volume(x, GRID, VolumeInfo.UNKNOWN),
            new LabelVolume(y, GRID, VolumeInfo.UNKNOWN, LabelSet.of("a", "b")));
    }

    private static double mean(final Volume image, final int slab) {
        double sum = 0;
        int n = 0;
        for (int k = 0; k < N; k++) {
            for (int j = 0; j < N; j++) {
                for (int i = 8 * slab + 3; i < 8 * slab + 5; i++, n++) {
                    sum += image.get(i, j, k);
                }
            }
        }
        return sum / n;
    }

    private static Guided colors(final double between, final double within) {
        return new Guided(new TreeMap<>(Map.of(1, new Estimate(20, between, within), 2, new Estimate(80, between, within))),
            List.of(new Estimate(50, between, within), new Estimate(110, between, within)));
    }

    /** Without jitter, classes have the means that were given: the two clusters, then the two labels. */
    @Test
    void guidedClassesHaveTheGivenMeans() {
        double[] all = new double[5];
        for (int seed = 0; seed < 20; seed++) {
            final Volume y = new LabelSynthesis(colors(0, 0)).draw(new SeededRandom(seed)).apply(slabs()).image();
            for (int s = 1; s < 5; s++) {
                all[s] += mean(y, s) / 20;
            }
            assertEquals(0, mean(y, 0));
        }
        // The field has no constant term, but its exponential's mean is a little above 1.
        final double[] expected = {0, 50, 110, 20, 80};
        for (int s = 1; s < 5; s++) {
            assertEquals(expected[s], all[s], 0.12 * expected[s], "slab " + s);
        }
    }

    /** The jitter is half of the spread between images and 0.3 of that within: √ of the variance over many draws. */
    @Test
    void guidedMeansAndSpreadsAreDrawnAsStated() {
        final Guided guided = colors(10, 5);
        double sum = 0;
        double squares = 0;
        double spread = 0;
        final int n = 20_000;
        for (int d = 0; d < n; d++) {
            final ClassColors.Color c = guided.draw(1, 0, new SeededRandom(d));
            sum += c.mean();
            squares += (c.mean() - 20) * (c.mean() - 20);
            spread += c.sd();
            assertTrue(c.sd() >= 1 && c.sd() <= 4);
        }
        final double sd = 0.5 * 10 + 0.3 * 5;
        assertEquals(20, sum / n, 5 * sd / Math.sqrt(n));
        assertEquals(sd, Math.sqrt(squares / n), 5 * sd / Math.sqrt(2.0 * n));
        assertEquals(2.5, spread / n, 5 * 3 / Math.sqrt(12.0 * n));
    }

    /** Median of the means, standard deviation between them, median of the spreads; images where a class is missing are out. */
    @Test
    void guidedEstimatesComeFromTheImages() {
        final AtlasClass gray = new AtlasClass(2, "gray");
        final AtlasClass rest = new AtlasClass(0, "rest 1");
        final Guided guided = Guided.of(List.of(
            List.of(new ClassIntensity(gray, 0.5, 10, 1), new ClassIntensity(rest, 0.5, 4, 2)),
            List.of(new ClassIntensity(gray, 0.5, 16, 3), new ClassIntensity(rest, 0, Double.NaN, Double.NaN)),
            List.of(new ClassIntensity(gray, 0.5, 13, 2), new ClassIntensity(rest, 0.5, 6, 1))));
        assertEquals(new Estimate(13, Math.sqrt(6), 2), guided.labels().get(2));
        assertEquals(new Estimate(5, 1, 1.5), guided.parts().get(0));
        assertThrows(IllegalArgumentException.class, () -> Guided.of(List.of()));
        assertThrows(IllegalArgumentException.class,
            () -> Guided.of(List.of(List.of(new ClassIntensity(rest, 0, Double.NaN, Double.NaN)))));
        assertThrows(ImagingException.class, () -> guided.draw(3, 0, new SeededRandom(1)));
    }

    /** Uniform in [0, 1] and in [0, 0.14]. */
    @Test
    void anyContrastIsDrawnAsStated() {
        double sum = 0;
        double spread = 0;
        for (int d = 0; d < 10_000; d++) {
            final ClassColors.Color c = ClassColors.Any.DEFAULT.draw(1, 0, new SeededRandom(d));
            assertTrue(c.mean() >= 0 && c.mean() < 1 && c.sd() >= 0 && c.sd() < 0.14);
            sum += c.mean() / 10_000;
            spread += c.sd() / 10_000;
        }
        assertEquals(0.5, sum, 5 / Math.sqrt(12 * 10_000));
        assertEquals(0.07, spread, 5 * 0.14 / Math.sqrt(12 * 10_000));
    }

    @Property(tries = 20)
    void anyContrastKeepsMeanDeviationBackgroundAndLabels(@ForAll final long seed) {
        final LabeledVolume before = slabs();
        final LabeledVolume after = LabelSynthesis.DEFAULT.draw(new SeededRandom(seed)).apply(before);
        final double[] a = moments(before.image());
        final double[] b = moments(after.image());
        assertEquals(a[0], b[0], 1e-3 * a[0]);
        assertEquals(a[1], b[1], 1e-3 * a[1]);
        assertSame(before.labels(), after.labels());
        assertArrayEquals(after.image().voxels(),
            LabelSynthesis.DEFAULT.draw(new SeededRandom(seed)).apply(before).image().voxels());
        for (int v = 0; v < before.image().voxels().length; v++) {
            assertEquals(before.image().voxels()[v] == 0, v % N < 8 && after.image().voxels()[v] == 0);
        }
    }

    private static double[] moments(final Volume image) {
        double sum = 0;
        int n = 0;
        for (final float x : image.voxels()) {
            sum += x;
            n += x != 0 ? 1 : 0;
        }
        double squares = 0;
        for (final float x : image.voxels()) {
            squares += x == 0 ? 0 : (x - sum / n) * (x - sum / n);
        }
        return new double[]{sum / n, Math.sqrt(squares / n)};
    }

    /** Of 100 and 300 the bound is their middle; two clusters of what has no label, whatever is labeled. */
    @Test
    void theRestIsDividedByTheSourcesIntensities() {
        final double[] bounds = new LabelSynthesis(colors(0, 0)).clusters(slabs());
        assertEquals(1, bounds.length);
        assertEquals(201, bounds[0], 2);
    }

    /** A region cut out is painted as the whole image's clusters say, even if it holds only one of them. */
    @Test
    void givenClustersHoldForParts() {
        final float[] x = new float[8];
        Arrays.fill(x, 300);
        final Geometry g = Geometry.axial(new int[]{2, 2, 2}, 1, 1, 1);
        final LabeledVolume part = LabeledVolume.of(new Volume(x, g, VolumeInfo.UNKNOWN),
            new LabelVolume(new byte[8], g, VolumeInfo.UNKNOWN, LabelSet.of()));
        final float[] y = new LabelSynthesis(colors(0, 0)).drawn(new SeededRandom(3)).apply(part, new double[]{200}).image()
            .voxels();
        for (final float v : y) {
            assertEquals(110, v, 0.95 * 110 * (Math.exp(19 * 0.15) - 1));
            assertTrue(v > 110 * Math.exp(-19 * 0.15) * 0.9);
        }
    }

    @Test
    void needsASegmentation() {
        final ImagingException e = assertThrows(ImagingException.class,
            () -> LabelSynthesis.DEFAULT.draw(new SeededRandom(1)).apply(LabeledVolume.of(slabs().image())));
        assertTrue(e.getMessage().contains("no segmentation"));
    }
}

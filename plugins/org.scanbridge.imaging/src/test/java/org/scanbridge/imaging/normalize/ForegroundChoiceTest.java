package org.scanbridge.imaging.normalize;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Random;

import org.junit.jupiter.api.Test;
import org.scanbridge.imaging.phantom.PhantomStudy;
import org.scanbridge.imaging.phantom.SiteProtocol;
import org.scanbridge.imaging.phantom.SiteProtocols;
import org.scanbridge.imaging.resample.GridWindow;
import org.scanbridge.imaging.volume.Geometry;
import org.scanbridge.imaging.volume.Volume;
import org.scanbridge.imaging.volume.VolumeInfo;

import net.imglib2.parallel.TaskExecutors;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** The kinds of image that hospitals have, made from known tissues. */
class ForegroundChoiceTest {

    private static final int SIZE = 40;

    private static final Geometry GRID = Geometry.axial(new int[]{SIZE, SIZE, SIZE}, 1, 1, 1);

    private static final VolumeInfo MR = new VolumeInfo("MR", "A", "a", "a-1", "");

    private static final VolumeInfo CT = new VolumeInfo("CT", "A", "a", "a-1", "HU");

    /** What a voxel shows by its tissue: 0 outside, then fluid, gray and white matter in shells of a ball. */
    private static float[] head(final double radius, final double... tissues) {
        final float[] x = new float[GRID.voxelCount()];
        for (int v = 0; v < x.length; v++) {
            final double i = v % SIZE - 19.5;
            final double j = v / SIZE % SIZE - 19.5;
            final double k = v / SIZE / SIZE - 19.5;
            final double r = Math.sqrt(i * i + j * j + k * k) / radius;
            x[v] = (float)(r > 1 ? tissues[0] : r > 0.93 ? tissues[1] : r > 0.75 ? tissues[2] : tissues[3]);
        }
        return x;
    }

    /** Magnitude of signal and complex noise, as receivers give it (Rice's distribution; Rayleigh's in air). */
    private static float[] noisy(final float[] x, final double sigma, final long seed) {
        final Random random = new Random(seed);
        final float[] y = new float[x.length];
        for (int v = 0; v < y.length; v++) {
            y[v] = (float)Math.hypot(x[v] + sigma * random.nextGaussian(), sigma * random.nextGaussian());
        }
        return y;
    }

    private static Volume image(final VolumeInfo info, final float[] x) {
        return new Volume(x, GRID, info);
    }

    private static Foreground rule(final VolumeInfo info, final float[] x) {
        return ForegroundChoice.of(image(info, x)).rule();
    }

    private static float[] zScored(final Volume image, final Foreground rule) {
        return new IntensityNormalization(new ZScore(), rule, Scope.IMAGE, Background.CONSTANT).fit(List.of())
            .apply(image).voxels();
    }

    @Test
    void aBackgroundOfZerosIsOne() {
        assertEquals(Foreground.ABOVE_ZERO, rule(MR, head(16, 0, 280, 520, 760)));
        // FLAIR: fluid is dark.
        assertEquals(Foreground.ABOVE_ZERO, rule(MR, head(16, 0, 40, 520, 400)));
        final float[] masked = noisy(head(16, 0, 280, 520, 760), 42, 1);
        final float[] inside = head(16, 0, 1, 1, 1);
        for (int v = 0; v < masked.length; v++) {
            masked[v] *= inside[v];
        }
        assertEquals(Foreground.ABOVE_ZERO, rule(MR, masked));
        assertEquals(Foreground.ABOVE_ZERO, rule(new VolumeInfo("", "", "", "", ""), masked));
        assertTrue(ForegroundChoice.of(image(MR, masked)).toString().matches("above zero \\(7\\d % of the voxels are 0\\)"),
            ForegroundChoice.of(image(MR, masked)).toString());
    }

    /** From a good scan to a poor one; also where the receiver rounds and some noise becomes exactly 0. */
    @Property(tries = 30)
    void noiseAroundAHeadIsAir(@ForAll final long seed) {
        final Random random = new Random(seed);
        final float[] x = noisy(head(13 + 5 * random.nextDouble(), 0, 280, 520, 760), 5 + 70 * random.nextDouble(), seed);
        assertEquals(Foreground.OTSU, rule(MR, x));
        for (int v = 0; v < x.length; v++) {
            x[v] = (float)Math.floor(x[v] / 8);
        }
        assertEquals(Foreground.OTSU, rule(MR, x));
    }

    @Test
    void withoutAirThereIsNoBackground() {
        assertEquals(Foreground.WHOLE_IMAGE, rule(MR, noisy(head(100, 0, 280, 520, 760), 30, 1)));
        final float[] radiograph = new float[GRID.voxelCount()];
        for (int v = 0; v < radiograph.length; v++) {
            radiograph[v] = 500 + v % SIZE * 40;
        }
        assertEquals(Foreground.WHOLE_IMAGE, rule(new VolumeInfo("DX", "", "", "", ""), radiograph));
    }

    /** Air -1000, fat -100, muscle 40, bone 700: whatever the file says it is, the order stays and fat is above air. */
    @Test
    void ctKeepsTheOrderOfTissues() {
        final float[] x = head(16, -1000, -100, 42, 700);
        for (final VolumeInfo info : new VolumeInfo[]{CT, VolumeInfo.UNKNOWN, new VolumeInfo("CT", "", "", "", "")}) {
            assertEquals(Foreground.WHOLE_IMAGE, rule(info, x));
            final float[] z = zScored(image(info, x), Foreground.AUTOMATIC);
            final float[] order = head(16, 0, 1, 2, 3);
            final double[] level = new double[4];
            for (int v = 0; v < z.length; v++) {
                level[(int)order[v]] = z[v];
            }
            assertTrue(level[0] < level[1] && level[1] < level[2] && level[2] < level[3]);
        }
        // Water is 0 in CT and no background, however much of it there is.
        assertEquals(Foreground.WHOLE_IMAGE, rule(CT, head(16, -1000, -100, 0, 0)));
        assertTrue(ForegroundChoice.doubt(Foreground.ABOVE_ZERO, Background.CONSTANT, image(CT, x)).orElseThrow()
            .contains("in CT"));
        assertTrue(ForegroundChoice.doubt(Foreground.OTSU, Background.CONSTANT, image(CT, x)).isPresent());
        assertFalse(ForegroundChoice.doubt(Foreground.OTSU, Background.MAPPED, image(CT, x)).isPresent());
        assertFalse(ForegroundChoice.doubt(Foreground.WHOLE_IMAGE, Background.MAPPED, image(CT, x)).isPresent());
    }

    /** A z-score of a z-score is the same image: its mean is 0 and its deviation 1 already. */
    @Test
    void normalizingAgainChangesNothing() {
        final Volume first = image(MR, head(16, 0, 280, 520, 760));
        final float[] once = zScored(first, Foreground.ABOVE_ZERO);
        assertEquals(Foreground.NOT_ZERO, rule(MR, once));
        assertArrayEquals(once, zScored(first, Foreground.AUTOMATIC), "a background of 0 is treated as before");
        assertArrayEquals(once, zScored(image(MR, once), Foreground.AUTOMATIC), 1e-5f);
        final float[] mapped = zScored(image(MR, noisy(head(16, 0, 280, 520, 760), 20, 3)), Foreground.AUTOMATIC);
        assertEquals(Foreground.WHOLE_IMAGE, rule(MR, mapped));
        assertTrue(ForegroundChoice.doubt(Foreground.ABOVE_ZERO, Background.CONSTANT, image(MR, once)).orElseThrow()
            .contains("are below 0"));
    }

    /** Without a made background the map is increasing, so noise in the air stays darker than every tissue. */
    @Test
    void airStaysDarkerThanTissue() {
        final float[] x = noisy(head(16, 0, 280, 520, 760), 20, 3);
        final float[] z = zScored(image(MR, x), Foreground.AUTOMATIC);
        for (int v = 1; v < x.length; v++) {
            assertEquals(Math.signum(x[v] - x[v - 1]), Math.signum(z[v] - z[v - 1]), 1e-9);
        }
        // The statistics are those of the tissue, whatever the field of view: mean 0 and deviation 1 above the threshold.
        final var tissue = Foreground.OTSU.of(Sample.of(image(MR, x)));
        final double sum = tissue.stream().mapToDouble(v -> z[v]).sum();
        assertEquals(0, sum / tissue.cardinality(), 1e-4);
        assertTrue(ForegroundChoice.doubt(Foreground.ABOVE_ZERO, Background.CONSTANT, image(MR, x)).orElseThrow()
            .contains("air is noise"));
        assertFalse(ForegroundChoice.doubt(Foreground.OTSU, Background.CONSTANT, image(MR, x)).isPresent());
    }

    /** Twice the air around a head, the same head: the same values, to the little that Otsu's threshold moves. */
    @Test
    void theFieldOfViewDoesNotMatter() {
        final float[] x = noisy(head(12, 0, 280, 520, 760), 20, 5);
        final Geometry wide = Geometry.axial(new int[]{SIZE, SIZE, 2 * SIZE}, 1, 1, 1);
        final float[] more = new float[2 * x.length];
        System.arraycopy(x, 0, more, 0, x.length);
        System.arraycopy(noisy(new float[x.length], 20, 6), 0, more, x.length, x.length);
        final float[] z = zScored(image(MR, x), Foreground.AUTOMATIC);
        final float[] wideZ = zScored(new Volume(more, wide, MR), Foreground.AUTOMATIC);
        for (int v = 0; v < x.length; v++) {
            assertEquals(z[v], wideZ[v], 0.05);
        }
    }

    /** Ripples of a cubic interpolation below 0 do not make an image one that was normalized before. */
    @Test
    void ripplesAreNoSigns() {
        final float[] x = head(16, 0, 280, 520, 760);
        for (int n = 0; n < 300; n++) {
            x[n] = -3;
        }
        assertEquals(Foreground.ABOVE_ZERO, rule(MR, x));
    }

    /** The reference's air is 0, its darkest tissue 500; so is that of the matched image. */
    @Test
    void matchingAReferenceLeavesTheBackgroundDark() {
        final Volume reference = image(MR, head(16, 0, 500, 700, 900));
        for (final Foreground rule : new Foreground[]{Foreground.ABOVE_ZERO, Foreground.AUTOMATIC}) {
            final QuantileMatching match =
                QuantileMatching.toReference(Sample.of(reference), rule, Background.CONSTANT, 257);
            assertEquals(0, match.backgroundValue());
            final float[] y = match.apply(image(MR, head(15, 0, 28, 52, 76))).voxels();
            assertEquals(0, y[0]);
            for (final float v : y) {
                assertTrue(v == 0 || v >= 500 && v <= 900);
            }
        }
        // Air that is noise takes the place of the reference's, not that of its darkest tissue.
        final float[] noise = noisy(head(15, 0, 28, 52, 76), 1, 1);
        assertEquals(0, QuantileMatching.toReference(Sample.of(reference), Foreground.AUTOMATIC, Background.CONSTANT, 257)
            .apply(image(MR, noise)).voxels()[0]);
    }

    /** Where the image has no background, CLAHE leaves no voxel out; with one, it does. */
    @Test
    void claheEqualizesAllWhereThereIsNoBackground() {
        final Clahe clahe = new Clahe(new Clahe.Settings(Clahe.Mode.VOLUME, 2, 64, 1, Foreground.AUTOMATIC),
            TaskExecutors.singleThreaded());
        final float[] noisy = clahe.apply(image(MR, noisy(head(16, 0, 280, 520, 760), 20, 3))).voxels();
        assertTrue(noisy[0] > 0);
        assertEquals(0, clahe.apply(image(MR, head(16, 0, 280, 520, 760))).voxels()[0]);
    }

    /** Single zeros in an image without background have no logarithm; they stay. */
    @Test
    void biasCorrectionSkipsZeros() {
        final float[] x = noisy(head(100, 0, 280, 520, 760), 30, 1);
        x[7] = 0;
        final float[] y =
            new PolynomialBiasCorrection(Foreground.AUTOMATIC, 1, 3, 2).apply(Sample.of(image(MR, x))).voxels();
        assertEquals(0, y[7]);
        assertTrue(y[8] > 0 && y[8] != x[8]);
    }

    /** A head with noise within it, in {@code around}. */
    private static float[] cutOut(final double radius, final float around, final long seed) {
        final float[] x = noisy(head(radius, 0, 280, 520, 760), 30, seed);
        final float[] inside = head(radius, 0, 1, 1, 1);
        for (int v = 0; v < x.length; v++) {
            x[v] = inside[v] == 0 ? around : x[v];
        }
        return x;
    }

    private static float[] linear(final float[] x, final double a, final double b) {
        final float[] y = new float[x.length];
        for (int v = 0; v < y.length; v++) {
            y[v] = (float)(a * x[v] + b);
        }
        return y;
    }

    private static BitSet inside(final double radius) {
        final float[] inside = head(radius, 0, 1, 1, 1);
        final BitSet set = new BitSet();
        for (int v = 0; v < inside.length; v++) {
            set.set(v, inside[v] == 1);
        }
        return set;
    }

    private static BitSet chosen(final VolumeInfo info, final float[] x) {
        return Foreground.AUTOMATIC.of(Sample.of(image(info, x)));
    }

    /** What people do to a brain after it was cut out: the foreground is the brain, whatever its surroundings became. */
    @Test
    void surroundingsOfAnyValueAreBackground() {
        final float[] x = cutOut(16, 0, 1);
        final BitSet brain = inside(16);
        final double[] mean = new double[2];
        for (final float v : x) {
            mean[0] += v / x.length;
        }
        for (final float v : x) {
            mean[1] += Math.pow(v - mean[0], 2) / x.length;
        }
        final float[] scored = linear(x, 1 / Math.sqrt(mean[1]), -mean[0] / Math.sqrt(mean[1]));
        assertTrue(scored[0] < 0);
        for (final VolumeInfo info : new VolumeInfo[]{MR, VolumeInfo.UNKNOWN}) {
            assertEquals(brain, chosen(info, scored), "z-scored with its surroundings");
            assertEquals(brain, chosen(info, linear(x, 2.0 / 900, -1)), "scaled to -1 to 1");
            assertEquals(brain, chosen(info, linear(x, 1, 5)), "shifted a little, so that the surroundings look like dark noise");
            assertEquals(brain, chosen(info, linear(x, -1, 1000)), "inverted, so that the surroundings are the brightest");
            assertEquals(brain, chosen(info, cutOut(16, 612.5f, 1)), "surroundings within the range of the tissues");
        }
        assertTrue(ForegroundChoice.of(image(MR, linear(x, 1, 5))).toString()
            .matches("above the surroundings \\(7\\d % of the voxels are 5\\)"));
        assertTrue(ForegroundChoice.of(image(MR, linear(x, -1, 1000))).toString()
            .matches("not the surroundings \\(7\\d % of the voxels are 1000\\)"));
    }

    /** What comes out does not tell whether an image was z-scored with its surroundings before. */
    @Test
    void surroundingsDoNotChangeTheResult() {
        final float[] x = cutOut(16, 0, 2);
        assertArrayEquals(zScored(image(MR, x), Foreground.ABOVE_ZERO),
            zScored(image(MR, linear(x, 0.004, -0.7)), Foreground.AUTOMATIC), 1e-4f);
        assertEquals(0, zScored(image(MR, linear(x, 0.004, -0.7)), Foreground.AUTOMATIC)[0]);
        final Clahe clahe = new Clahe(new Clahe.Settings(Clahe.Mode.VOLUME, 2, 64, 1, Foreground.AUTOMATIC),
            TaskExecutors.singleThreaded());
        assertEquals(0, clahe.apply(image(MR, linear(x, 1, 5))).voxels()[0]);
    }

    @Property(tries = 50)
    void anIncreasingLinearFunctionHasTheSameForeground(@ForAll final long seed) {
        final Random random = new Random(seed);
        final double radius = 8 + 11 * random.nextDouble();
        final float[] x = cutOut(radius, 0, seed);
        final double a = Math.pow(10, 4 * random.nextDouble() - 2);
        final float[] y = linear(x, a, a * 2000 * (random.nextDouble() - 0.5));
        assertEquals(chosen(MR, x), chosen(MR, y));
        assertEquals(inside(radius), chosen(MR, y));
    }

    /** Brains that reach to faces of the image, in all orientations, and single slices. */
    @Test
    void surroundingsAreFoundWhereTheImageEndsWithinTheBrain() {
        final float[] x = cutOut(16, -7, 3);
        final int[][] lows = {{0, 0, 12}, {0, 12, 0}, {12, 0, 0}, {8, 0, 12}, {0, 0, 20}};
        final int[][] highs = {{40, 40, 40}, {40, 40, 40}, {40, 40, 40}, {40, 40, 40}, {40, 40, 21}};
        for (int n = 0; n < lows.length; n++) {
            final Volume part = new GridWindow(GRID, lows[n],
                new int[]{highs[n][0] - lows[n][0], highs[n][1] - lows[n][1], highs[n][2] - lows[n][2]}).apply(image(MR, x), 0);
            final BitSet brain = new BitSet();
            for (int v = 0; v < part.voxels().length; v++) {
                brain.set(v, part.voxels()[v] != -7);
            }
            assertEquals(brain, Foreground.AUTOMATIC.of(Sample.of(part)));
        }
    }

    /** Values that are frequent without being around anything. */
    @Test
    void otherPlateausAreNoSurroundings() {
        final float[] noise = noisy(head(16, 0, 280, 520, 760), 20, 4);
        final float[] sorted = noise.clone();
        Arrays.sort(sorted);
        final float[] clipped = noise.clone();
        for (int v = 0; v < clipped.length; v++) {
            clipped[v] = Math.max(sorted[sorted.length / 10], Math.min(sorted[sorted.length * 9 / 10], clipped[v]));
        }
        assertEquals(Foreground.OTSU, rule(MR, clipped));
        assertEquals(Foreground.WHOLE_IMAGE, rule(MR, linear(clipped, 0.01, -2)));
        // A receiver that rounds gives air few values: about half of it is 1, so 0 in a z-scored image.
        final float[] rounded = noisy(head(16, 0, 28, 52, 76), 0.9, 5);
        for (int v = 0; v < rounded.length; v++) {
            rounded[v] = Math.round(rounded[v]);
        }
        assertEquals(Foreground.OTSU, rule(MR, rounded));
        assertEquals(Foreground.WHOLE_IMAGE, rule(MR, linear(rounded, 0.05, -0.6)));
        // An image within the tissue, much of it too bright for the receiver.
        final float[] bright = noisy(head(100, 0, 280, 520, 760), 30, 6);
        for (int v = 0; v < bright.length; v++) {
            bright[v] = Math.min(770, bright[v]);
        }
        assertEquals(Foreground.WHOLE_IMAGE, rule(MR, bright));
        for (final float value : new float[]{-3, 5}) {
            final float[] constant = new float[GRID.voxelCount()];
            Arrays.fill(constant, value);
            assertEquals(Foreground.WHOLE_IMAGE, rule(MR, constant));
        }
    }

    /** What a CT has around its circle is no measurement: what is there changes nothing within, and stays darker than air. */
    @Test
    void paddingAroundTheScanIsNotMeasured() {
        final float[] head = head(16, -1000, -100, 42, 700);
        final BitSet circle = new BitSet();
        for (int v = 0; v < head.length; v++) {
            circle.set(v, Math.hypot(v % SIZE - 19.5, v / SIZE % SIZE - 19.5) < 20);
        }
        final double[] values = circle.stream().mapToDouble(v -> head[v]).toArray();
        final double mean = Arrays.stream(values).average().orElseThrow();
        final double sd = Math.sqrt(Arrays.stream(values).map(x -> (x - mean) * (x - mean)).average().orElseThrow());
        final int air = 20;
        for (final float padding : new float[]{-2000, -2048, -3024}) {
            final float[] x = head.clone();
            for (int v = circle.nextClearBit(0); v < x.length; v = circle.nextClearBit(v + 1)) {
                x[v] = padding;
            }
            for (final VolumeInfo info : new VolumeInfo[]{CT, VolumeInfo.UNKNOWN}) {
                assertEquals(circle, chosen(info, x));
                final float[] z = zScored(image(info, x), Foreground.AUTOMATIC);
                circle.stream().forEach(v -> assertEquals((head[v] - mean) / sd, z[v], 1e-4));
                assertTrue(z[0] < z[air]);
            }
            assertTrue(ForegroundChoice.of(image(CT, x)).toString().matches("above the surroundings \\(CT has an absolute scale, but"
                + " 2\\d % of the voxels are " + (int)padding + ", less than anything measured\\)"));
        }
        // a single outlier is noise, and 12 bits end at -1024
        final float[] noise = head.clone();
        noise[0] = -1100;
        assertEquals(Foreground.WHOLE_IMAGE, rule(CT, noise));
    }

    /** Air that was cut off at the end of a window is darker than fat and stays so; files without a modality are told by whole numbers. */
    @Test
    void airOfCtIsNoSurroundings() {
        final float[] x = head(16, -1000, -100, 42, 700);
        for (final int[] window : new int[][]{{-1024, 3071}, {-160, 240}, {-125, 275}, {-1000, 400}}) {
            final float[] y = x.clone();
            for (int v = 0; v < y.length; v++) {
                y[v] = Math.max(window[0], Math.min(window[1], y[v]));
            }
            for (final VolumeInfo info : new VolumeInfo[]{CT, VolumeInfo.UNKNOWN}) {
                assertEquals(Foreground.WHOLE_IMAGE, rule(info, y), "from " + window[0]);
            }
        }
    }

    @Test
    void rulesRelativeToZeroAreDoubtedWhereTheSurroundingsAreNot() {
        for (final Foreground rule : new Foreground[]{Foreground.ABOVE_ZERO, Foreground.NOT_ZERO}) {
            assertTrue(ForegroundChoice.doubt(rule, Background.CONSTANT, image(MR, cutOut(16, 5, 1))).orElseThrow()
                .matches("what is around the tissue has one value \\(7\\d % of the voxels are 5\\) and counts as foreground.*"));
            assertFalse(ForegroundChoice.doubt(rule, Background.CONSTANT, image(MR, cutOut(16, 0, 1))).isPresent());
        }
    }

    /** Surroundings have no field, and must be known afterwards. */
    @Test
    void biasCorrectionLeavesSurroundings() {
        final float[] x = cutOut(16, 5, 7);
        for (int v = 0; v < x.length; v++) {
            x[v] *= x[v] == 5 ? 1 : 1 + v % SIZE * 0.02f;
        }
        for (final Normalizer correction : new Normalizer[]{N4BiasCorrection.DEFAULT,
            new PolynomialBiasCorrection(Foreground.AUTOMATIC, 1, 3, 2)}) {
            final float[] y = correction.apply(Sample.of(image(MR, x))).voxels();
            assertEquals(inside(16), chosen(MR, y));
            assertEquals(5, y[0]);
            final int center = (20 * SIZE + 20) * SIZE + 20;
            assertTrue(y[center] > 0 && y[center] != x[center]);
        }
    }

    /** Shipped workflows leave the choice to the image; what was measured with them was measured above 0. */
    @Test
    void phantomsAreNormalizedAboveZero() {
        for (final SiteProtocol site : List.of(SiteProtocols.A, SiteProtocols.B, SiteProtocols.C, SiteProtocols.INFANT,
            SiteProtocols.D, SiteProtocols.LESION_SOURCE, SiteProtocols.LESION_TARGET, SiteProtocols.FLAIR_SOURCE,
            SiteProtocols.FLAIR_TARGET)) {
            for (int subject = 0; subject < 4; subject++) {
                final Volume image = new PhantomStudy(List.of(site), 48, 1).subject(0, subject).image();
                assertEquals(Foreground.ABOVE_ZERO.of(Sample.of(image)), Foreground.AUTOMATIC.of(Sample.of(image)));
                assertTrue(ForegroundChoice.of(image).hasBackground(), site.site());
            }
        }
    }
}

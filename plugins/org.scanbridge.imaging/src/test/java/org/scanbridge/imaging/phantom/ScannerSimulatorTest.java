package org.scanbridge.imaging.phantom;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;

import org.junit.jupiter.api.Test;
import org.scanbridge.imaging.volume.Geometry;
import org.scanbridge.imaging.volume.LabelVolume;
import org.scanbridge.imaging.volume.Volume;
import org.scanbridge.imaging.volume.VolumeInfo;

import net.imglib2.parallel.TaskExecutor;
import net.imglib2.parallel.TaskExecutors;

class ScannerSimulatorTest {

    private static final LabelVolume BRAIN = new BrainPhantom(48, Anatomy.ADULT).generate(11);

    private static double mean(final Volume image, final LabelVolume labels, final int label) {
        double sum = 0;
        int n = 0;
        for (int v = 0; v < labels.voxels().length; v++) {
            if (labels.voxels()[v] == label) {
                sum += image.voxels()[v];
                n++;
            }
        }
        return sum / n;
    }

    @Test
    void withoutEffectsEachTissueHasItsMeanTimesTheGain() {
        final SiteProtocol plain = SiteProtocol.builder("P").means(0.25, 0.5, 0.75).gain(100).build();
        final Volume image = new ScannerSimulator().scan(BRAIN, plain, 1);
        for (int v = 0; v < image.voxels().length; v++) {
            assertEquals(25f * BRAIN.voxels()[v], image.voxels()[v], 1e-4f);
        }
        assertEquals(new VolumeInfo("MR", "P", "", "", ""), image.info());
    }

    @Test
    void contrastGammaBendsTheMeansAroundTheLargest() {
        final SiteProtocol bent = SiteProtocol.builder("P").means(0.2, 0.4, 0.8).contrastGamma(2).build();
        final Volume image = new ScannerSimulator().scan(BRAIN, bent, 1);
        assertEquals(0.05, mean(image, BRAIN, 1), 1e-6);
        assertEquals(0.2, mean(image, BRAIN, 2), 1e-6);
        assertEquals(0.8, mean(image, BRAIN, 3), 1e-6);
    }

    @Test
    void noiseIsRician() {
        // A block of one tissue with mean 0 but for one voxel that sets the scale: Rayleigh noise of mean σ√(π/2).
        final int n = 32;
        final byte[] labels = new byte[n * n * n];
        Arrays.fill(labels, (byte)1);
        final LabelVolume block =
            new LabelVolume(labels, Geometry.axial(new int[]{n, n, n}, 1, 1, 1), VolumeInfo.UNKNOWN, BrainPhantom.LABELS);
        final SiteProtocol dark = SiteProtocol.builder("R").means(0, 0.5, 0.5).snr(10).build();
        final double sigma = 0.05;
        final Volume rayleigh = new ScannerSimulator().scan(block, dark, 3);
        assertEquals(sigma * Math.sqrt(Math.PI / 2), mean(rayleigh, block, 1), 5 * 0.655 * sigma / Math.sqrt(labels.length));
        // At high SNR the Rician mean is A + σ²/(2A) to first order.
        final SiteProtocol bright = SiteProtocol.builder("R").means(0.5, 0.5, 0.5).snr(10).build();
        final Volume rician = new ScannerSimulator().scan(block, bright, 3);
        assertEquals(0.5 + sigma * sigma, mean(rician, block, 1), 5 * sigma / Math.sqrt(labels.length));
    }

    @Test
    void textureHasItsStandardDeviation() {
        final int n = 40;
        final byte[] labels = new byte[n * n * n];
        Arrays.fill(labels, (byte)2);
        final LabelVolume block =
            new LabelVolume(labels, Geometry.axial(new int[]{n, n, n}, 1, 1, 1), VolumeInfo.UNKNOWN, BrainPhantom.LABELS);
        final Volume image = new ScannerSimulator().scan(block, SiteProtocol.builder("T").textureSd(0.03).build(), 4);
        double squares = 0;
        int count = 0;
        // Mirrored noise at the faces varies more.
        for (int k = 5; k < n - 5; k++) {
            for (int j = 5; j < n - 5; j++) {
                for (int i = 5; i < n - 5; i++, count++) {
                    squares += Math.pow(image.get(i, j, k) - 0.52, 2);
                }
            }
        }
        assertEquals(0.03, Math.sqrt(squares / count), 0.0015);
    }

    @Test
    void biasStaysWithinItsAmplitude() {
        final SiteProtocol flat = SiteProtocol.builder("F").means(0.5, 0.5, 0.5).build();
        final SiteProtocol biased = flat.toBuilder().biasAmplitude(0.3).build();
        final Volume a = new ScannerSimulator().scan(BRAIN, flat, 9);
        final Volume b = new ScannerSimulator().scan(BRAIN, biased, 9);
        double max = 0;
        for (int v = 0; v < a.voxels().length; v++) {
            if (a.voxels()[v] > 0) {
                max = Math.max(max, Math.abs(Math.log(b.voxels()[v] / a.voxels()[v])));
            }
        }
        assertTrue(max <= 0.3 + 1e-5, "max |log bias| " + max);
        assertTrue(max > 0.05, "max |log bias| " + max);
    }

    /** Block means 1.5 and 3.5 at depths 0.5 and 2.5, linear between, constant outside. */
    @Test
    void thickSlicesAverageAndInterpolate() {
        final float[] y = ThickSlices.simulate(new float[]{1, 2, 3, 4}, new int[]{1, 1, 4}, 2);
        assertArrayEquals(new float[]{1.5f, 2, 3, 3.5f}, y, 1e-6f);
        // 5 slices of thickness 2: means 1.5, 3.5 and 9 at depths 0.5, 2.5 and 4.
        final float[] z = ThickSlices.simulate(new float[]{1, 2, 3, 4, 9}, new int[]{1, 1, 5}, 2);
        assertArrayEquals(new float[]{1.5f, 2, 3, 3.5f + 5.5f / 3, 9}, z, 1e-6f);
    }

    @Test
    void ghostIsACopyShiftedByHalfTheFieldOfView() {
        final SiteProtocol ghost = SiteProtocol.builder("G").means(0.5, 0.5, 0.5).ghostAmplitude(0.1).build();
        final Volume image = new ScannerSimulator().scan(BRAIN, ghost, 1);
        for (int j = 0; j < 48; j++) {
            final int here = BRAIN.get(24, j, 24);
            final int there = BRAIN.get(24, (j + 24) % 48, 24);
            final double expected = here == 0 ? 0 : 0.5 + (there == 0 ? 0 : 0.05);
            assertEquals(expected, image.get(24, j, 24), 1e-6);
        }
    }

    @Test
    void backgroundIsZeroAndBrainPositiveAtEverySite() {
        for (final SiteProtocol site : new SiteProtocol[]{SiteProtocols.A, SiteProtocols.B, SiteProtocols.C,
            SiteProtocols.INFANT}) {
            final Volume image = new ScannerSimulator().scan(BRAIN, site, 5);
            for (int v = 0; v < image.voxels().length; v++) {
                assertEquals(BRAIN.voxels()[v] > 0, image.voxels()[v] > 0);
            }
        }
    }

    @Test
    void tissueOrderIsThatOfTheSite() {
        final Volume a = new ScannerSimulator().scan(BRAIN, SiteProtocols.A, 5);
        assertTrue(mean(a, BRAIN, 1) < mean(a, BRAIN, 2) && mean(a, BRAIN, 2) < mean(a, BRAIN, 3));
        final Volume b = new ScannerSimulator().scan(BRAIN, SiteProtocols.B, 5);
        assertTrue(mean(b, BRAIN, 1) < mean(b, BRAIN, 2) && mean(b, BRAIN, 2) < mean(b, BRAIN, 3));
        final Volume infant = new ScannerSimulator().scan(BRAIN, SiteProtocols.INFANT, 5);
        assertTrue(mean(infant, BRAIN, 1) < mean(infant, BRAIN, 3) && mean(infant, BRAIN, 3) < mean(infant, BRAIN, 2));
    }

    @Test
    void sameSeedSameBitsWhateverTheWorkers() {
        final Volume one = new ScannerSimulator().scan(BRAIN, SiteProtocols.B, 7);
        try (TaskExecutor three = TaskExecutors.fixedThreadPool(3)) {
            assertArrayEquals(one.voxels(), new ScannerSimulator(three).scan(BRAIN, SiteProtocols.B, 7).voxels());
        }
    }

    @Test
    void refusesForeignLabelsAndBadProtocols() {
        final LabelVolume foreign = new LabelVolume(new byte[]{4}, Geometry.axial(new int[]{1, 1, 1}, 1, 1, 1),
            VolumeInfo.UNKNOWN, BrainPhantom.LABELS);
        assertThrows(IllegalArgumentException.class, () -> new ScannerSimulator().scan(foreign, SiteProtocols.A, 1));
        assertThrows(IllegalArgumentException.class, () -> SiteProtocol.builder("X").snr(0).build());
        assertThrows(IllegalArgumentException.class, () -> SiteProtocol.builder("X").means(0, 0, 0).build());
        assertThrows(IllegalArgumentException.class, () -> SiteProtocol.builder(" ").build());
        final IllegalArgumentException e = assertThrows(IllegalArgumentException.class,
            () -> SiteProtocol.builder("X").sliceThickness(0).build());
        assertTrue(e.getMessage().contains("slice thickness") && e.getMessage().contains("X"), e.getMessage());
    }

    @Test
    void builderStartsFromAProtocol() {
        assertEquals(SiteProtocols.B, SiteProtocols.B.toBuilder().build());
    }
}

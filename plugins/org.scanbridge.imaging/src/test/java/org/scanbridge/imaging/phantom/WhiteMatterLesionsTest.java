package org.scanbridge.imaging.phantom;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.scanbridge.imaging.components.ConnectedComponents;
import org.scanbridge.imaging.components.Connectivity;
import org.scanbridge.imaging.random.SeededRandom;
import org.scanbridge.imaging.volume.Geometry;
import org.scanbridge.imaging.volume.LabelVolume;

class WhiteMatterLesionsTest {

    private static final PhantomStudy STUDY =
        new PhantomStudy(List.of(SiteProtocols.LESION_SOURCE, SiteProtocols.LESION_TARGET), 48, 1);

    @Test
    void replacesWhiteMatterOnlyByBlobsOfTheStatedSizes() {
        int largest = 0;
        int smallest = Integer.MAX_VALUE;
        for (int seed = 0; seed < 20; seed++) {
            final LabelVolume tissues = new BrainPhantom(48, Anatomy.ADULT).generate(seed);
            final byte[] before = tissues.voxels().clone();
            final LabelVolume diseased = WhiteMatterLesions.add(tissues, seed);
            assertArrayEquals(before, tissues.voxels(), "the tissues stay as they are");
            for (int v = 0; v < before.length; v++) {
                final int now = diseased.voxels()[v];
                assertTrue(now == before[v] || now == WhiteMatterLesions.LESION && before[v] == BrainPhantom.WM);
            }
            final LabelVolume mask = WhiteMatterLesions.mask(diseased);
            assertEquals("WMH", mask.labels().name(1));
            final ConnectedComponents lesions = ConnectedComponents.of(mask, 1, Connectivity.CORNERS);
            // those that touch are one; a center on a voxel that is lesion already paints nothing new at times
            assertTrue(lesions.count() >= 1 && lesions.count() <= WhiteMatterLesions.MAX_COUNT, "" + lesions.count());
            for (int c = 1; c <= lesions.count(); c++) {
                smallest = Math.min(smallest, lesions.size(c));
                largest = Math.max(largest, lesions.size(c));
            }
        }
        // An ellipsoid of half axes 1.3 * 3 mm holds 4/3 pi 3.9^3 = 248 mm3; several may have run together.
        assertTrue(smallest <= 7 && largest >= 60, smallest + " to " + largest);
    }

    @Test
    void drawsTheSameForTheSameSeed() {
        final LabelVolume tissues = new BrainPhantom(32, Anatomy.ADULT).generate(1);
        final byte[] first = WhiteMatterLesions.add(tissues, 7).voxels();
        assertArrayEquals(first, WhiteMatterLesions.add(tissues, 7).voxels());
        assertFalse(Arrays.equals(first, WhiteMatterLesions.add(tissues, 8).voxels()));
        final LabelVolume empty = new LabelVolume(new byte[8], new Geometry(
            new int[]{2, 2, 2}, new double[]{1, 1, 1}, new double[3], new double[]{1, 0, 0, 0, 1, 0, 0, 0, 1}),
            tissues.info(), BrainPhantom.LABELS);
        assertArrayEquals(new byte[8], WhiteMatterLesions.add(empty, 1).voxels(), "no white matter, no lesion");
    }

    /**
     * Lesion over white matter is 0.70 / 0.48 = 1.46 at the source and 0.92 / 0.46 = 2 at the target by the protocols; blur
     * and thick slices take some of it, more of it at the source.
     */
    @Test
    void lesionsStandOutMoreAtTheTarget() {
        final double source = contrast(0);
        final double target = contrast(1);
        assertTrue(source > 1.1 && source < 1.46, "source " + source);
        assertTrue(target > 1.1 * source && target < 2, "target " + target + ", source " + source);
        final PhantomStudy.Subject subject = STUDY.subject(0, 2);
        assertArrayEquals(subject.image().voxels(), STUDY.subject(0, 2).image().voxels());
        assertEquals("S-003-FLAIR", subject.image().info().series());
        assertEquals(1, subject.labels().maxValue());
    }

    /** Mean signal of lesions relative to that of healthy white matter, over four subjects. */
    private static double contrast(final int site) {
        double ratio = 0;
        for (int n = 0; n < 4; n++) {
            final PhantomStudy.Subject subject = STUDY.subject(site, n);
            final byte[] tissues = new BrainPhantom(48, Anatomy.ADULT)
                .generate(SeededRandom.of(STUDY.seed(), site, n, 0).nextLong()).voxels();
            final double[] sum = new double[2];
            final int[] count = new int[2];
            for (int v = 0; v < tissues.length; v++) {
                if (tissues[v] == BrainPhantom.WM) {
                    final int label = subject.labels().voxels()[v];
                    sum[label] += subject.image().voxels()[v];
                    count[label]++;
                }
            }
            ratio += sum[1] / count[1] / (sum[0] / count[0]) / 4;
        }
        return ratio;
    }

    @Test
    void sitesWithoutLesionsAreAsBefore() {
        final LabelVolume tissues = new BrainPhantom(24, Anatomy.ADULT).generate(3);
        assertEquals(3, new PhantomStudy(List.of(SiteProtocols.A), 24, 3).subject(0, 0).labels().maxValue());
        // the lesions' mean is drawn after the tissues', so that healthy voxels do not change with it
        final SiteProtocol healthy = SiteProtocols.A;
        final SiteProtocol diseased = healthy.toBuilder().lesion(0.9).build();
        assertArrayEquals(new ScannerSimulator().scan(tissues, healthy, 5).voxels(),
            new ScannerSimulator().scan(tissues, diseased, 5).voxels());
        assertEquals(diseased, diseased.toBuilder().build());
        final LabelVolume four = WhiteMatterLesions.add(tissues, 1);
        assertTrue(assertThrows(IllegalArgumentException.class, () -> new ScannerSimulator().scan(four, healthy, 5))
            .getMessage().contains("no mean signal at site A"));
        assertThrows(IllegalArgumentException.class, () -> SiteProtocol.builder("X").lesion(1.5).build());
    }
}

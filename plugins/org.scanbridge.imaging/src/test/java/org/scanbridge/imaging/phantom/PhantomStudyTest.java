package org.scanbridge.imaging.phantom;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.scanbridge.imaging.volume.LabelVolume;
import org.scanbridge.imaging.volume.Volume;

class PhantomStudyTest {

    @Test
    void aSubjectDoesNotDependOnTheOthers() {
        final PhantomStudy two = new PhantomStudy(List.of(SiteProtocols.A, SiteProtocols.B), 24, 3);
        final PhantomStudy three =
            new PhantomStudy(List.of(SiteProtocols.A, SiteProtocols.B, SiteProtocols.C), 24, 3);
        assertArrayEquals(two.subject(1, 4).image().voxels(), three.subject(1, 4).image().voxels());
        assertFalse(Arrays.equals(two.subject(0, 0).labels().voxels(), two.subject(0, 1).labels().voxels()));
        assertFalse(Arrays.equals(two.subject(0, 0).labels().voxels(),
            new PhantomStudy(two.sites(), 24, 4).subject(0, 0).labels().voxels()));
    }

    @Test
    void namesSubjectsBySite() {
        final PhantomStudy.Subject s = new PhantomStudy(List.of(SiteProtocols.B), 24, 3).subject(0, 9);
        assertEquals("B-010", s.image().info().subject());
        assertEquals("B-010-T1", s.labels().info().series());
        assertEquals("B", s.labels().info().site());
        assertEquals(s.image().geometry(), s.labels().geometry());
    }

    /** On T1, lesions are darker than white matter; on FLAIR they are the brightest. Both scans lie on one grid. */
    @Test
    void aSecondScanShowsTheSameSubjectDifferently() {
        final PhantomStudy study =
            new PhantomStudy(List.of(SiteProtocols.LESION_SOURCE, SiteProtocols.LESION_TARGET), 48, 5);
        final List<SiteProtocol> second = List.of(SiteProtocols.LESION_SOURCE_T1, SiteProtocols.LESION_TARGET_T1);
        for (int site = 0; site < 2; site++) {
            final PhantomStudy.Subject flair = study.subject(site, 0);
            final Volume t1 = study.secondScan(site, 0, second.get(site), "T1");
            assertEquals(flair.image().geometry(), t1.geometry());
            assertEquals(flair.image().info().subject(), t1.info().subject());
            assertEquals(flair.image().info().subject() + "-T1", t1.info().series());
            final LabelVolume tissues = new PhantomStudy(List.of(untouched(study.sites().get(0)),
                untouched(study.sites().get(1))), 48, 5).subject(site, 0).labels();
            final double[] mean = new double[2];
            final double[] lesion = new double[2];
            int inside = 0;
            int white = 0;
            for (int v = 0; v < t1.voxels().length; v++) {
                final float[] values = {flair.image().voxels()[v], t1.voxels()[v]};
                assertEquals(values[0] == 0, values[1] == 0, "both end with the brain");
                for (int c = 0; c < 2; c++) {
                    lesion[c] += flair.labels().voxels()[v] == 1 ? values[c] : 0;
                    mean[c] += flair.labels().voxels()[v] == 0 && tissues.voxels()[v] == 3 ? values[c] : 0;
                }
                inside += flair.labels().voxels()[v];
                white += flair.labels().voxels()[v] == 0 && tissues.voxels()[v] == 3 ? 1 : 0;
            }
            final double brighter = lesion[0] / inside / (mean[0] / white);
            final double darker = lesion[1] / inside / (mean[1] / white);
            assertTrue(brighter > 1.1, "FLAIR " + brighter);
            assertTrue(darker < 0.95, "T1 " + darker);
        }
    }

    /** The same people without lesions, whose labels are the tissues. */
    private static SiteProtocol untouched(final SiteProtocol site) {
        return SiteProtocol.builder(site.site()).anatomy(site.anatomy()).means(site.csf(), site.gm(), site.wm()).build();
    }

    /** Tissues of D in the order of T2 at 3 T: white matter, gray matter, fluid; of A the other way around; air darkest at both. */
    @Test
    void tissuesOfDAreInTheInverseOrderOfA() {
        final PhantomStudy study = new PhantomStudy(List.of(SiteProtocols.A, SiteProtocols.D), 32, 5);
        for (int n = 0; n < 3; n++) {
            final double[] a = means(study.subject(0, n));
            final double[] d = means(study.subject(1, n));
            assertTrue(a[0] < a[1] && a[1] < a[2] && a[2] < a[3], Arrays.toString(a));
            assertTrue(d[0] < d[3] && d[3] < d[2] && d[2] < d[1], Arrays.toString(d));
        }
    }

    private static double[] means(final PhantomStudy.Subject subject) {
        final double[] sum = new double[4];
        final int[] count = new int[4];
        for (int v = 0; v < subject.labels().voxels().length; v++) {
            final int label = subject.labels().voxels()[v];
            sum[label] += subject.image().voxels()[v];
            count[label]++;
        }
        for (int t = 0; t < 4; t++) {
            sum[t] /= count[t];
        }
        return sum;
    }

    @Test
    void refusesStudiesWithoutDistinctSites() {
        assertThrows(IllegalArgumentException.class, () -> new PhantomStudy(List.of(), 24, 3));
        assertThrows(IllegalArgumentException.class,
            () -> new PhantomStudy(List.of(SiteProtocols.A, SiteProtocols.A), 24, 3));
        assertThrows(IllegalArgumentException.class, () -> new PhantomStudy(List.of(SiteProtocols.A), 4, 3));
    }
}

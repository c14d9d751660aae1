package org.scanbridge.imaging.experiment;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;
import org.scanbridge.imaging.metrics.ConfusionCounts;
import org.scanbridge.imaging.resample.GridWindow;
import org.scanbridge.imaging.volume.Geometry;
import org.scanbridge.imaging.volume.LabelVolume;

import net.imglib2.parallel.TaskExecutor;
import net.imglib2.parallel.TaskExecutors;

class BrainSiteTest {

    private static final int EDGE = 48;

    /** Two scans of a session show the same head in the same place, each with its own contrast and noise. */
    @Test
    void scansOfASessionLieOnEachOther() {
        final short[] values = new short[EDGE * EDGE * EDGE];
        for (int v = 0; v < values.length; v++) {
            // fluid on the left, white matter on the right
            values[v] = (short)(v % EDGE < EDGE / 2 ? 4 : 2);
        }
        final LabelMaps head = new LabelMaps(values, new Geometry(new int[]{EDGE, EDGE, EDGE}, new double[]{1, 1, 1},
            new double[3], new double[]{1, 0, 0, 0, 1, 0, 0, 0, 1}));
        try (TaskExecutor workers = TaskExecutors.singleThreaded()) {
            final BrainSite.Scan flair = site("Q FLAIR").scan(head, 5, 0, workers);
            final BrainSite.Scan t1 = site("Q T1").scan(head, 5, 1, workers);
            assertArrayEquals(flair.truth().voxels(), t1.truth().voxels());
            assertEquals(flair.image().geometry(), t1.image().geometry());
            // fluid is the brightest of one, the darkest of the other; see SiteProtocols
            assertTrue(mean(flair, 1) > 1.5 * mean(flair, 3), mean(flair, 1) + " and " + mean(flair, 3));
            assertTrue(mean(t1, 1) < 0.7 * mean(t1, 3), mean(t1, 1) + " and " + mean(t1, 3));
            assertTrue(Math.abs(correlation(flair, t1, 3)) < 0.2, "noise in white matter " + correlation(flair, t1, 3));
        }
    }

    /** Rodrigues' rotation about (1, 1, 1): the axis stays, the trace is 1 + 2 cos. */
    @Test
    void obliqueTurnsAboutTheSpaceDiagonal() {
        try (TaskExecutor workers = TaskExecutors.singleThreaded()) {
            final double[] m = site("Q FLAIR").lying(BrainSite.oblique(15), 0, 0).scan(ball(), 5, workers).toHead().matrix();
            for (int r = 0; r < 3; r++) {
                assertEquals(1, m[3 * r] + m[3 * r + 1] + m[3 * r + 2], 1e-12);
            }
            assertEquals(1 + 2 * Math.cos(Math.toRadians(15)), m[0] + m[4] + m[8], 1e-12);
        }
    }

    /** A crop keeps the voxels that it leaves: the same tissues, fewer of them. */
    @Test
    void cropLeavesTheRestWhereItIs() {
        try (TaskExecutor workers = TaskExecutors.singleThreaded()) {
            final BrainSite site = site("Q FLAIR");
            final LabelVolume whole = site.scan(ball(), 5, workers).truth();
            final LabelVolume cut = site.lying(new double[3], 16.0 / 184, 0.5).scan(ball(), 5, workers).truth();
            assertArrayEquals(new int[]{84, 110, 48}, cut.geometry().size());
            assertArrayEquals(GridWindow.between(whole.geometry(), cut.geometry()).apply(whole).voxels(), cut.voxels());
        }
    }

    /** A ball turned about its center is the same ball but for voxels at its edge; one that is not turned comes back as it is. */
    @Test
    void thereAndBackKeepsABall() {
        try (TaskExecutor workers = TaskExecutors.singleThreaded()) {
            final BrainSite site = site("Q FLAIR");
            final LabelVolume truth = site.scan(ball(), 5, workers).truth();
            assertArrayEquals(truth.voxels(), site.thereAndBack(ball(), 5, site).voxels());
            final LabelVolume back = site.lying(new double[]{15, 0, 0}, 0, 0).thereAndBack(ball(), 5, site);
            final double dice = ConfusionCounts.of(back, truth, 3).dice().orElseThrow();
            assertTrue(dice > 0.95 && dice < 1, "Dice " + dice);
        }
    }

    /** White matter of radius 20 mm off the center of its map. */
    private static LabelMaps ball() {
        final short[] values = new short[EDGE * EDGE * EDGE];
        for (int v = 0; v < values.length; v++) {
            values[v] = (short)(Math.hypot(Math.hypot(v % EDGE - 22, v / EDGE % EDGE - 24), v / EDGE / EDGE - 23) < 20 ? 2 : 0);
        }
        return new LabelMaps(values, new Geometry(new int[]{EDGE, EDGE, EDGE}, new double[]{1, 1, 1}, new double[3],
            new double[]{1, 0, 0, 0, 1, 0, 0, 0, 1}));
    }

    private static BrainSite site(final String contrast) {
        return new BrainSite("Q", contrast, 2, 1, 0, 4, 3, new double[3], 0);
    }

    private static double mean(final BrainSite.Scan scan, final int tissue) {
        return inside(scan, tissue).mapToDouble(v -> scan.image().voxels()[v]).average().orElseThrow();
    }

    private static double correlation(final BrainSite.Scan a, final BrainSite.Scan b, final int tissue) {
        return covariance(a, b, tissue) / Math.sqrt(covariance(a, a, tissue) * covariance(b, b, tissue));
    }

    private static double covariance(final BrainSite.Scan a, final BrainSite.Scan b, final int tissue) {
        final double meanA = mean(a, tissue);
        final double meanB = mean(b, tissue);
        return inside(a, tissue).mapToDouble(v -> (a.image().voxels()[v] - meanA) * (b.image().voxels()[v] - meanB)).average()
            .orElseThrow();
    }

    /** Voxels of a tissue without those near others, which all scans see mixed. */
    private static IntStream inside(final BrainSite.Scan scan, final int tissue) {
        final byte[] truth = scan.truth().voxels();
        final int row = scan.truth().geometry().size(0);
        final int slice = row * scan.truth().geometry().size(1);
        return IntStream.range(2 * slice, truth.length - 2 * slice).filter(v -> IntStream.of(0, 2, row, 2 * row, slice, 2 * slice)
            .allMatch(d -> truth[v - d] == tissue && truth[v + d] == tissue));
    }
}

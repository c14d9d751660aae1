package org.scanbridge.knime.nodes.intensitydivergencescorer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.scanbridge.knime.testing.TinyStudy.image;
import static org.scanbridge.knime.testing.TinyStudy.labels;
import static org.scanbridge.knime.testing.TinyStudy.subject;

import java.nio.file.Path;
import java.util.List;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.knime.core.data.DataCell;
import org.knime.core.data.DataRow;
import org.knime.core.data.DoubleValue;
import org.knime.core.node.BufferedDataTable;
import org.knime.core.node.CanceledExecutionException;
import org.knime.core.node.DefaultNodeProgressMonitor;
import org.knime.core.node.InvalidSettingsException;
import org.knime.core.standin.run.NodeExecutionException;
import org.scanbridge.imaging.metrics.JensenShannonDivergence;
import org.scanbridge.imaging.metrics.SiteDivergence;
import org.scanbridge.imaging.metrics.SiteIntensities;
import org.scanbridge.imaging.volume.LabelVolume;
import org.scanbridge.imaging.volume.Volume;
import org.scanbridge.imaging.volume.VolumeInfo;
import org.scanbridge.knime.nodes.volumenormalizer.VolumeNormalizerNodeFactory;
import org.scanbridge.knime.testing.Bench;
import org.scanbridge.knime.testing.Bench.Result;
import org.scanbridge.knime.testing.TinyStudy;
import org.scanbridge.knime.testing.TinyStudy.Subject;

class IntensityDivergenceScorerNodeTest {

    private static final List<String> SEGMENTATION = List.of("Segmentation");

    private static final byte[] LABELS = labels(1, 1, 1, 1, 2, 2, 2, 0);

    @TempDir
    Path m_folder;

    private Bench m_bench;

    @BeforeEach
    void open() throws Exception {
        m_bench = new Bench(m_folder);
    }

    @AfterEach
    void close() {
        m_bench.close();
    }

    private Result run(final Bench.Change change, final Subject... subjects) throws Exception {
        return m_bench.run(new IntensityDivergenceScorerNodeFactory(), change,
            TinyStudy.table(m_bench, SEGMENTATION, subjects));
    }

    private static String line(final DataRow row) {
        final StringBuilder line = new StringBuilder();
        for (final DataCell cell : row) {
            line.append(cell.isMissing() ? "?" : cell.toString()).append('|');
        }
        return line.toString();
    }

    private static double number(final DataRow row, final int column) {
        return ((DoubleValue)row.getCell(column)).getDoubleValue();
    }

    /** Class 1 lies at 10 at both sites; class 2 at 100 or 200. */
    private static final Subject A = subject("a", "A", image(10, 10, 10, 10, 100, 100, 100, 7), LABELS);

    private static final Subject B = subject("b", "B", image(10, 10, 10, 10, 200, 200, 200, 7), LABELS);

    @Test
    void agreesWhereTissuesAgreeAndIsLn2WhereTheyAreDisjoint() throws Exception {
        final Result result = run(s -> {
        }, A, B);
        assertNull(result.warning());
        assertEquals(3, result.rows(0).size());
        final DataRow overall = result.rows(0).get(0);
        assertTrue(line(overall).startsWith("Image|not normalized|overall|"), line(overall));
        // 4 of 7 voxels in a common bin, 3 of 7 in bins of their own: JSD = 3/7 ln 2.
        assertEquals(3 / 7.0 * Math.log(2), number(overall, 3), 1e-12);
        assertEquals(Math.log(2), number(overall, 4), 1e-12);
        assertTrue(line(overall).endsWith("|2|14|0|"), line(overall));
        final DataRow csf = result.rows(0).get(1);
        assertTrue(line(csf).startsWith("Image|not normalized|CSF|0.0|") && line(csf).endsWith("|2|8|0|"), line(csf));
        final DataRow gm = result.rows(0).get(2);
        assertTrue(line(gm).startsWith("Image|not normalized|GM|"), line(gm));
        assertEquals(0.693147, number(gm, 3), 1e-6);
    }

    @Test
    void equalsTheMetricOnTheSameVoxels() throws Exception {
        final float[] a = image(1, 2, 3, 4, 5, 6, 7, 8);
        final float[] b = image(3, 3, 4, 6, 6, 9, 9, 2);
        final SiteIntensities intensities = new SiteIntensities();
        for (final float[] voxels : List.of(a, b)) {
            intensities.add(voxels == a ? "A" : "B", new Volume(voxels, TinyStudy.GRID, VolumeInfo.UNKNOWN),
                new LabelVolume(LABELS, TinyStudy.GRID, VolumeInfo.UNKNOWN, TinyStudy.LABELS));
        }
        final SiteDivergence expected =
            SiteDivergence.of(intensities, intensities.pooledRange(8), JensenShannonDivergence.NATURAL);
        final Result result =
            run(s -> s.addInt("bins", 8), subject("a", "A", a, LABELS), subject("b", "B", b, LABELS));
        assertEquals(expected.overall().getAsDouble(), number(result.rows(0).get(0), 3), 0);
        assertEquals(expected.perClass().get(1).getAsDouble(), number(result.rows(0).get(1), 3), 0);
        assertEquals(expected.perClass().get(2).getAsDouble(), number(result.rows(0).get(2), 3), 0);
    }

    @Test
    void scoresEveryImageColumnAndSaysHowItWasNormalized() throws Exception {
        // Above 0 of A: 10 (4), 100 (3), 7; of B the same with 200. z-scores differ but less than raw values.
        final BufferedDataTable table = TinyStudy.table(m_bench, SEGMENTATION, A, B);
        final BufferedDataTable normalized = m_bench.run(new VolumeNormalizerNodeFactory(), s -> {
        }, table, null, null).table(0);
        final Result result = m_bench.run(new IntensityDivergenceScorerNodeFactory(), s -> s.addInt("bins", 2),
            normalized);
        assertEquals(6, result.rows(0).size());
        final DataRow overall = result.rows(0).get(3);
        assertTrue(line(overall).startsWith("Normalized|z-score of each image, foreground above zero|overall|"),
            line(overall));
        // Two bins: dark and bright tissue fall into the same ones at both sites.
        assertEquals(0, number(overall, 3), 1e-12);
    }

    @Test
    void histogramsIntegrateToOne() throws Exception {
        final Result result = run(s -> s.addInt("bins", 4), A, B);
        // Overall and two classes, two sites, four bins.
        assertEquals(3 * 2 * 4, result.rows(1).size());
        final double width = number(result.rows(1).get(1), 3) - number(result.rows(1).get(0), 3);
        double sum = 0;
        for (int b = 0; b < 4; b++) {
            assertTrue(line(result.rows(1).get(b)).startsWith("Image|A|overall|"));
            sum += number(result.rows(1).get(b), 4) * width;
        }
        assertEquals(1, sum, 1e-12);
    }

    @Test
    void unlabeledRowsAreLeftOutAndCounted() throws Exception {
        final Result result = run(s -> {
        }, A, B, subject("c", "B", image(1, 1, 1, 1, 1, 1, 1, 1)));
        assertTrue(line(result.rows(0).get(0)).endsWith("|2|14|1|"));
        assertTrue(result.warning().startsWith("1 of 3 rows"), result.warning());
    }

    @Test
    void anUnlabeledSiteNeedsAnotherRule() throws Exception {
        final Subject unlabeled = subject("b", "B", image(10, 10, 10, 10, 0, 0, 0, 0));
        final String message = assertThrows(NodeExecutionException.class, () -> run(s -> {
        }, A, unlabeled)).getMessage();
        assertTrue(message.contains("Site B") && message.contains("Overall divergence counts"), message);
        final Result result = run(s -> s.addString("voxels", "ABOVE_ZERO"), A, unlabeled);
        assertEquals(1, result.rows(0).size());
        // A: 10 (4), 100 (3), 7 (1); B: 10 (4). Shares of the common bin are 1/2 and 1.
        final double jsd = 0.5 * (0.5 * Math.log(0.5 / 0.75) + 0.5 * Math.log(2)) + 0.5 * Math.log(1 / 0.75);
        assertEquals(jsd, number(result.rows(0).get(0), 3), 1e-12);
    }

    @Test
    void aDivergenceNeedsTwoSites() {
        final String message = assertThrows(NodeExecutionException.class, () -> run(s -> {
        }, A)).getMessage();
        assertTrue(message.contains("site A") && message.contains("at least 2 sites"), message);
    }

    @Test
    void aRowWithoutASiteIsRefused() {
        final String message = assertThrows(NodeExecutionException.class, () -> run(s -> {
        }, A, B, subject("c", null, image(1, 1, 1, 1, 1, 1, 1, 1), LABELS))).getMessage();
        assertTrue(message.contains("has no site"), message);
    }

    @Test
    void anEmptyTableGivesEmptyTablesAndAWarning() throws Exception {
        final Result result = run(s -> {
        });
        assertEquals(0, result.table(0).size() + result.table(1).size());
        assertTrue(result.warning().contains("no rows"));
    }

    @Test
    void aCancelledRunEndsAsCancelled() throws Exception {
        final DefaultNodeProgressMonitor progress = new DefaultNodeProgressMonitor();
        progress.setExecuteCanceled();
        final BufferedDataTable table = TinyStudy.table(m_bench, SEGMENTATION, A, B);
        assertThrows(CanceledExecutionException.class,
            () -> m_bench.run(new IntensityDivergenceScorerNodeFactory(), progress, s -> {
            }, table));
    }

    @Test
    void boundsHoldWithoutADialog() {
        assertThrows(InvalidSettingsException.class, () -> run(s -> s.addInt("bins", 1), A, B));
        assertThrows(InvalidSettingsException.class, () -> run(s -> s.addInt("bins", 65537), A, B));
    }
}

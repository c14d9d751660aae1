package org.scanbridge.knime.nodes.intensitydivergencescorer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.scanbridge.knime.testing.TinyStudy.image;
import static org.scanbridge.knime.testing.TinyStudy.labels;
import static org.scanbridge.knime.testing.TinyStudy.subject;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.knime.core.data.DataCell;
import org.knime.core.data.DataColumnSpecCreator;
import org.knime.core.data.DataRow;
import org.knime.core.data.DataTableSpec;
import org.knime.core.data.DoubleValue;
import org.knime.core.data.def.StringCell;
import org.knime.core.node.BufferedDataTable;
import org.knime.core.node.CanceledExecutionException;
import org.knime.core.node.DefaultNodeProgressMonitor;
import org.knime.core.node.InvalidSettingsException;
import org.knime.core.node.NodeSettings;
import org.knime.core.standin.run.NodeExecutionException;
import org.scanbridge.imaging.metrics.JensenShannonDivergence;
import org.scanbridge.imaging.metrics.SiteDivergence;
import org.scanbridge.imaging.metrics.SiteIntensities;
import org.scanbridge.imaging.volume.Geometry;
import org.scanbridge.imaging.volume.LabelSet;
import org.scanbridge.imaging.volume.LabelVolume;
import org.scanbridge.imaging.volume.Volume;
import org.scanbridge.imaging.volume.VolumeInfo;
import org.scanbridge.knime.data.LabelVolumeCell;
import org.scanbridge.knime.data.VolumeCell;
import org.scanbridge.knime.data.VolumeCellFactory;
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

    /** Sites, voxels and images left out. */
    private static String counts(final DataRow row) {
        return row.getCell(5) + "|" + row.getCell(6) + "|" + row.getCell(7) + "|";
    }

    private static double number(final DataRow row, final int column) {
        return ((DoubleValue)row.getCell(column)).getDoubleValue();
    }

    /** Class 1 lies at 10 at both sites; class 2 at 100 or 200. */
    private static final Subject A = subject("a", "A", image(10, 10, 10, 10, 100, 100, 100, 7), LABELS);

    private static final Subject B = subject("b", "B", image(10, 10, 10, 10, 200, 200, 200, 7), LABELS);

    /** Without the class in which the sites differ they are equal, and that class has no row. */
    @Test
    void whatIsNotAnnotatedIsNoTissue() throws Exception {
        for (final String mark : List.of("GM", "2")) {
            final List<DataRow> rows = run(s -> s.addString("notAnnotated", mark), A, B).rows(0);
            assertEquals(2, rows.size(), mark);
            assertEquals(0, number(rows.get(0), 3), 1e-12, mark);
            assertEquals("2|8|0|", counts(rows.get(0)), mark);
            assertEquals("CSF", rows.get(1).getCell(2).toString());
        }
        assertTrue(assertThrows(NodeExecutionException.class, () -> run(s -> s.addString("notAnnotated", "unknown"), A, B))
            .getMessage().contains("\"Not annotated\" is \"unknown\", but no segmentation has a class of this name"));
        assertThrows(InvalidSettingsException.class, () -> run(s -> s.addString("notAnnotated", "0"), A, B));
    }

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
        assertEquals("2|14|0|", counts(overall));
        final DataRow csf = result.rows(0).get(1);
        assertTrue(line(csf).startsWith("Image|not normalized|CSF|0.0|"), line(csf));
        assertEquals("2|8|0|", counts(csf));
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
        assertTrue(line(overall).startsWith("Normalized|z-score of each image, foreground automatic|overall|"),
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
        assertEquals("2|14|1|", counts(result.rows(0).get(0)));
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

    /** Brains that were z-scored after they were cut out: what was 0 around them is below some of their tissue. */
    @Test
    void chosenByTheImageIsTheTissueOfACutOut() throws Exception {
        final VolumeInfo mr = new VolumeInfo("MR", "", "", "", "");
        final Geometry grid = Geometry.axial(new int[]{6, 6, 6}, 1, 1, 1);
        final VolumeCellFactory cells = VolumeCellFactory.of(m_bench.context());
        final List<DataCell[]> rows = new ArrayList<>();
        for (int site = 0; site < 2; site++) {
            final float[] x = new float[grid.voxelCount()];
            final byte[] tissue = new byte[x.length];
            Arrays.fill(x, -0.4f - site);
            for (int n = 0; n < 64; n++) {
                final int v = ((n / 16 + 1) * 6 + n / 4 % 4 + 1) * 6 + n % 4 + 1;
                tissue[v] = 1;
                x[v] = n % 7 - 3 + (site == 0 || n % 3 > 0 ? 0 : 1.5f);
            }
            rows.add(new DataCell[]{new StringCell("s" + site), new StringCell("site " + site),
                cells.create("i" + site, new Volume(x, grid, mr)),
                cells.create("l" + site, new LabelVolume(tissue, grid, mr, LabelSet.of(Map.of(1, "brain"))))});
        }
        final BufferedDataTable table = m_bench.table(new DataTableSpec(
            new DataColumnSpecCreator("Subject", StringCell.TYPE).createSpec(),
            new DataColumnSpecCreator("Site", StringCell.TYPE).createSpec(),
            new DataColumnSpecCreator("Image", VolumeCell.TYPE).createSpec(),
            new DataColumnSpecCreator("Segmentation", LabelVolumeCell.TYPE).createSpec()), rows);
        final DataRow segmented = m_bench.run(new IntensityDivergenceScorerNodeFactory(), s -> {
        }, table).rows(0).get(0);
        final DataRow chosen =
            m_bench.run(new IntensityDivergenceScorerNodeFactory(), s -> s.addString("voxels", "AUTOMATIC"), table).rows(0).get(0);
        assertEquals("2|128|0|", counts(chosen));
        assertEquals(line(segmented), line(chosen));
        assertTrue(number(chosen, 3) > 0.05, line(chosen));
        // above 0 there is some of the tissue only
        final DataRow above =
            m_bench.run(new IntensityDivergenceScorerNodeFactory(), s -> s.addString("voxels", "ABOVE_ZERO"), table).rows(0).get(0);
        assertTrue(Integer.parseInt(above.getCell(6).toString()) < 128, line(above));
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

    private static final byte[] ALL = labels(1, 1, 1, 1, 1, 1, 1, 1);

    private static Subject uniform(final String name, final String site, final float value) {
        final float[] voxels = new float[8];
        Arrays.fill(voxels, value);
        return subject(name, site, voxels, ALL);
    }

    /** Disjoint sites reach the bound, ln N or log2 N, whatever N is. */
    @Test
    void theBoundIsTheLogarithmOfTheNumberOfSites() throws Exception {
        for (int sites = 2; sites <= 5; sites++) {
            final Subject[] subjects = new Subject[sites];
            for (int n = 0; n < sites; n++) {
                subjects[n] = uniform("s" + n, "site " + n, 10 * n);
            }
            final DataRow nats = run(s -> {
            }, subjects).rows(0).get(0);
            assertEquals(Math.log(sites), number(nats, 3), 1e-12);
            assertEquals(Math.log(sites), number(nats, 4), 1e-12);
            assertEquals(Math.sqrt(Math.log(sites)), number(nats, 8), 1e-12);
            assertEquals("nats", nats.getCell(9).toString());
            final DataRow bits = run(s -> s.addString("logarithm", "TWO"), subjects).rows(0).get(0);
            assertEquals(Math.log(sites) / Math.log(2), number(bits, 3), 1e-12);
            assertEquals(number(bits, 4), number(bits, 3), 1e-12);
            assertEquals("bits", bits.getCell(9).toString());
        }
    }

    /** (.5, .5) against (.9, .1): 0.101749 nat = 0.146793 bit (methods.md E); here with ten voxels each. */
    @Test
    void agreesWithTheReferenceValues() throws Exception {
        final byte[] few = labels(1, 1, 0, 0, 0, 0, 0, 0);
        final Subject[] subjects = {subject("a", "A", image(0, 0, 0, 0, 1, 1, 1, 1), ALL),
            subject("a2", "A", image(0, 1, 7, 7, 7, 7, 7, 7), few), uniform("b", "B", 0),
            subject("b2", "B", image(0, 1, 7, 7, 7, 7, 7, 7), few)};
        assertEquals(0.101749, number(run(s -> s.addInt("bins", 2), subjects).rows(0).get(0), 3), 5e-7);
        assertEquals(0.146793, number(run(s -> {
            s.addInt("bins", 2);
            s.addString("logarithm", "TWO");
        }, subjects).rows(0).get(0), 3), 5e-7);
    }

    /** Disjoint sites with weights .9 and .1: 0.325083 (methods.md E). */
    @Test
    void sitesWeighAsChosen() throws Exception {
        final Subject one = subject("b", "B", image(9, 9, 9, 9, 9, 9, 9, 9), labels(1, 0, 0, 0, 0, 0, 0, 0));
        final Subject nine = subject("a2", "A", image(1, 1, 1, 1, 1, 1, 1, 1), labels(1, 0, 0, 0, 0, 0, 0, 0));
        final DataRow voxels =
            run(s -> s.addString("weights", "VOXELS"), uniform("a", "A", 1), nine, one).rows(0).get(0);
        assertEquals(0.325083, number(voxels, 3), 5e-7);
        assertEquals(0.325083, number(voxels, 4), 5e-7);
        final DataRow given = run(s -> {
            s.addString("weights", "GIVEN");
            weight(s, 0, "A", 4.5);
            weight(s, 1, "B", 0.5);
        }, uniform("a", "A", 1), uniform("b", "B", 9)).rows(0).get(0);
        assertEquals(0.325083, number(given, 3), 5e-7);
        final DataRow images =
            run(s -> s.addString("weights", "IMAGES"), uniform("a", "A", 1), nine, one).rows(0).get(0);
        // H(2/3, 1/3) = ln 3 - 2/3 ln 2
        assertEquals(Math.log(3) - 2 / 3.0 * Math.log(2), number(images, 3), 1e-12);
    }

    private static void weight(final NodeSettings model, final int index, final String site, final double weight)
        throws InvalidSettingsException {
        final NodeSettings list =
            model.containsKey("siteWeights") ? model.getNodeSettings("siteWeights") : model.addNodeSettings("siteWeights");
        final NodeSettings entry = list.addNodeSettings(Integer.toString(index));
        entry.addString("site", site);
        entry.addDouble("weight", weight);
    }

    @Test
    void weightsMustNameEverySiteOnce() {
        assertThrows(InvalidSettingsException.class, () -> run(s -> s.addString("weights", "GIVEN"), A, B));
        for (final double wrong : new double[]{0, -1, Double.NaN, Double.POSITIVE_INFINITY}) {
            assertThrows(InvalidSettingsException.class, () -> run(s -> {
                s.addString("weights", "GIVEN");
                weight(s, 0, "A", wrong);
            }, A, B), "weight " + wrong);
        }
        assertThrows(InvalidSettingsException.class, () -> run(s -> {
            s.addString("weights", "GIVEN");
            weight(s, 0, "A", 1);
            weight(s, 1, " A ", 1);
        }, A, B));
        final String message = assertThrows(NodeExecutionException.class, () -> run(s -> {
            s.addString("weights", "GIVEN");
            weight(s, 0, "A", 1);
        }, A, B)).getMessage();
        assertTrue(message.contains("Site B has no weight"), message);
    }

    @Test
    void aGivenRangeCountsWhatLiesOutside() throws Exception {
        final Subject[] subjects = {subject("a", "A", image(0, 0.25f, 0.5f, 0.75f, 1, 2, 2, 2), ALL),
            subject("b", "B", image(0, 0.25f, 0.5f, 0.75f, 1, -3, 2, 2), ALL)};
        final Result result = run(s -> {
            s.addString("range", "FIXED");
            s.addInt("bins", 4);
        }, subjects);
        // 6 of 16 voxels are above 1 or below 0.
        assertEquals(6 / 16.0, number(result.rows(0).get(0), 10), 1e-12);
        assertEquals(0.125, number(result.rows(1).get(0), 3), 1e-12);
        assertEquals(0.875, number(result.rows(1).get(3), 3), 1e-12);
        for (final double[] wrong : new double[][]{{1, 1}, {2, 1}, {Double.NaN, 1}, {0, Double.POSITIVE_INFINITY}}) {
            assertThrows(InvalidSettingsException.class, () -> run(s -> {
                s.addString("range", "FIXED");
                s.addDouble("minimum", wrong[0]);
                s.addDouble("maximum", wrong[1]);
            }, subjects));
        }
    }

    @Test
    void pairsTellWhichSiteStandsApart() throws Exception {
        final Result result = run(s -> {
        }, uniform("a", "A", 1), uniform("b", "B", 1), uniform("c", "C", 9));
        // Overall and class 1, three pairs each.
        assertEquals(6, result.rows(2).size());
        final List<String> pairs = result.rows(2).subList(0, 3).stream()
            .map(r -> r.getCell(1) + " " + r.getCell(2) + r.getCell(3) + " " + (number(r, 4) > 0.6)).toList();
        assertEquals(List.of("overall AB false", "overall AC true", "overall BC true"), pairs);
        assertEquals(0, number(result.rows(2).get(0), 4), 1e-12);
        assertEquals(0.693147, number(result.rows(2).get(1), 4), 5e-7);
    }

    @Test
    void aClassThatOneSiteLacksIsMissing() throws Exception {
        final Result result = run(s -> {
        }, A, subject("b", "B", image(10, 10, 10, 10, 10, 10, 10, 10), labels(1, 1, 1, 1, 0, 0, 0, 0)));
        assertTrue(line(result.rows(0).get(2)).startsWith("Image|not normalized|GM|?|"), line(result.rows(0).get(2)));
        assertTrue(result.rows(2).get(2).getCell(4).isMissing());
    }

    @Test
    void imagesWithVoxelsThatAreNoNumbersAreRefused() {
        final String message = assertThrows(NodeExecutionException.class, () -> run(s -> {
        }, A, subject("b", "B", image(Float.NaN, 10, 10, 10, 200, 200, 200, 7), LABELS))).getMessage();
        assertTrue(message.contains("subject b") && message.contains("NaN"), message);
    }
}

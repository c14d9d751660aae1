package org.scanbridge.knime.nodes.segmentationscorer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.scanbridge.knime.testing.TinyStudy.labels;
import static org.scanbridge.knime.testing.TinyStudy.subject;

import java.nio.file.Path;
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
import org.knime.core.standin.run.NodeExecutionException;
import org.scanbridge.imaging.metrics.OverlapMetric;
import org.scanbridge.imaging.volume.Geometry;
import org.scanbridge.imaging.volume.LabelSet;
import org.scanbridge.imaging.volume.LabelVolume;
import org.scanbridge.imaging.volume.VolumeInfo;
import org.scanbridge.knime.data.LabelVolumeCell;
import org.scanbridge.knime.data.VolumeCellFactory;
import org.scanbridge.knime.testing.Bench;
import org.scanbridge.knime.testing.Bench.Result;
import org.scanbridge.knime.testing.TinyStudy;
import org.scanbridge.knime.testing.TinyStudy.Subject;

class SegmentationScorerNodeTest {

    private static final List<String> MODELS = List.of("Segmentation", "source-only", "adapted", "oracle");

    /** Four voxels of class 1, one of class 2. */
    private static final byte[] TRUTH = labels(1, 1, 1, 1, 2, 0, 0, 0);

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

    private Result run(final Bench.Change change, final List<String> columns, final Subject... subjects)
        throws Exception {
        return m_bench.run(new SegmentationScorerNodeFactory(), change,
            TinyStudy.table(m_bench, columns, subjects));
    }

    private static String text(final Result result, final int port, final DataRow row, final String column) {
        final DataCell cell = row.getCell(result.table(port).getDataTableSpec().findColumnIndex(column));
        return cell.isMissing() ? "?" : cell.toString();
    }

    private static double number(final Result result, final int port, final DataRow row, final String column) {
        return ((DoubleValue)row.getCell(result.table(port).getDataTableSpec().findColumnIndex(column)))
            .getDoubleValue();
    }

    private static DataRow row(final Result result, final int port, final Map<String, String> values) {
        return result.rows(port).stream().filter(
            r -> values.entrySet().stream().allMatch(v -> text(result, port, r, v.getKey()).equals(v.getValue())))
            .findFirst().orElseThrow(() -> new AssertionError("no row with " + values));
    }

    @Test
    void scoresFollowFromTheCounts() throws Exception {
        // Class 1: TP 2, FP 1, FN 2, TN 3; class 2: TP 0, FP 0, FN 1.
        final byte[] prediction = labels(1, 1, 0, 0, 0, 1, 0, 0);
        final Result result = run(s -> {
        }, List.of("Segmentation", "model"), subject("s", "A", null, TRUTH, prediction));
        assertNull(result.warning());
        assertEquals(2, result.rows(0).size());
        final DataRow csf = result.rows(0).get(0);
        assertEquals("s A test source model CSF", String.join(" ", text(result, 0, csf, "Subject"),
            text(result, 0, csf, "Site"), text(result, 0, csf, "Role"), text(result, 0, csf, "Domain"),
            text(result, 0, csf, "Model"), text(result, 0, csf, "Class")));
        assertEquals(4 / 7.0, number(result, 0, csf, "Dice"), 1e-12);
        assertEquals(2 / 5.0, number(result, 0, csf, "Jaccard"), 1e-12);
        assertEquals(2 / 3.0, number(result, 0, csf, "Precision"), 1e-12);
        assertEquals(2 / 4.0, number(result, 0, csf, "Sensitivity"), 1e-12);
        assertEquals(3 / 4.0, number(result, 0, csf, "Specificity"), 1e-12);
        // 2 mm³ per voxel.
        assertEquals(0.006, number(result, 0, csf, "Volume (ml)"), 1e-12);
        assertEquals(0.008, number(result, 0, csf, "Reference Volume (ml)"), 1e-12);
        assertEquals(-0.25, number(result, 0, csf, "Volume Difference"), 1e-12);
        final DataRow gm = result.rows(0).get(1);
        assertEquals(0, number(result, 0, gm, "Dice"), 0);
        assertEquals("?", text(result, 0, gm, "Precision"));
        assertEquals("?", text(result, 0, gm, "HD95 (mm)"));
        final LabelVolume t = new LabelVolume(TRUTH, TinyStudy.GRID, VolumeInfo.UNKNOWN, TinyStudy.LABELS);
        final LabelVolume p = new LabelVolume(prediction, TinyStudy.GRID, VolumeInfo.UNKNOWN, TinyStudy.LABELS);
        for (final OverlapMetric metric : OverlapMetric.values()) {
            assertEquals(metric.score(p, t, 1).getAsDouble(), number(result, 0, csf, metric.title()), 0);
        }
    }

    @Test
    void surfaceDistancesAreInMillimeters() throws Exception {
        // Two single voxels, one slice of 2 mm apart.
        final byte[] below = labels(1, 0, 0, 0, 0, 0, 0, 0);
        final byte[] above = labels(0, 0, 0, 0, 1, 0, 0, 0);
        final Result result = run(s -> {
        }, List.of("Segmentation", "model"), subject("s", "A", null, below, above));
        assertEquals(2, number(result, 0, result.rows(0).get(0), "HD95 (mm)"), 1e-12);
        assertEquals(2, number(result, 0, result.rows(0).get(0), "ASSD (mm)"), 1e-12);
        final Result without = run(s -> s.addBoolean("surfaceDistances", false), List.of("Segmentation", "model"),
            subject("s", "A", null, below, above));
        assertEquals("?", text(without, 0, without.rows(0).get(0), "HD95 (mm)"));
    }

    @Test
    void aClassThatNeitherHasIsMissingAndLeftOutOfMeans() throws Exception {
        final byte[] onlyCsf = labels(1, 1, 1, 1, 0, 0, 0, 0);
        final Result result = run(s -> {
        }, List.of("Segmentation", "model"), subject("s", "A", null, TRUTH, TRUTH),
            subject("t", "A", null, onlyCsf, onlyCsf));
        assertEquals("?", text(result, 0, row(result, 0, Map.of("Subject", "t", "Class", "GM")), "Dice"));
        final DataRow gm = row(result, 1, Map.of("Class", "GM"));
        assertEquals("1", text(result, 1, gm, "Subjects"));
        assertEquals(1, number(result, 1, gm, "Mean Dice"), 0);
        assertEquals("?", text(result, 1, gm, "SD Dice"));
    }

    @Test
    void summarizesBySiteAndModelAndClosesTheGap() throws Exception {
        // Class 2 is perfect everywhere, class 1 has Dice 2·TP/(TP + FP + 4): 0.4, 2/3 and 1.
        final byte[] poor = labels(1, 0, 0, 0, 2, 0, 0, 0);
        final byte[] better = labels(1, 1, 0, 0, 2, 0, 0, 0);
        final Result result = run(s -> {
        }, MODELS, subject("a", "A", null, TRUTH, TRUTH, TRUTH, TRUTH),
            subject("b1", "B", null, TRUTH, poor, better, TRUTH),
            subject("b2", "B", null, TRUTH, better, TRUTH, TRUTH));
        final DataRow adapted = row(result, 1, Map.of("Site", "B", "Model", "adapted", "Class", "mean of classes"));
        assertEquals("target", text(result, 1, adapted, "Domain"));
        assertEquals("2", text(result, 1, adapted, "Subjects"));
        final double b1 = (2 / 3.0 + 1) / 2;
        assertEquals((b1 + 1) / 2, number(result, 1, adapted, "Mean Dice"), 1e-12);
        // Sample standard deviation of two values.
        assertEquals((1 - b1) / Math.sqrt(2), number(result, 1, adapted, "SD Dice"), 1e-12);
        final double sourceOnly = ((0.4 + 1) / 2 + (2 / 3.0 + 1) / 2) / 2;
        assertEquals(((b1 + 1) / 2 - sourceOnly) / (1 - sourceOnly), number(result, 1, adapted, "Gap Closure"), 1e-12);
        assertEquals("source", text(result, 1, row(result, 1, Map.of("Site", "A", "Model", "adapted")), "Domain"));
        assertEquals(1, result.rows(1).stream().filter(r -> !text(result, 1, r, "Gap Closure").equals("?")).count());
        final DataRow csf = row(result, 1, Map.of("Site", "B", "Model", "source-only", "Class", "CSF"));
        assertEquals((0.4 + 2 / 3.0) / 2, number(result, 1, csf, "Mean Dice"), 1e-12);
    }

    @Test
    void theSourceSiteCanBeChosen() throws Exception {
        final Result result = run(s -> s.addString("sourceSite", "B"), List.of("Segmentation", "model"),
            subject("a", "A", null, TRUTH, TRUTH), subject("b", "B", null, TRUTH, TRUTH));
        assertEquals("target", text(result, 0, row(result, 0, Map.of("Site", "A")), "Domain"));
        final String message = assertThrows(NodeExecutionException.class,
            () -> run(s -> s.addString("sourceSite", "Z"), List.of("Segmentation", "model"),
                subject("a", "A", null, TRUTH, TRUTH))).getMessage();
        assertTrue(message.contains("\"Z\"") && message.contains("Choose one of: A"), message);
    }

    @Test
    void unlabeledAndUnsegmentedRowsAreLeftOutAndCounted() throws Exception {
        final Result result = run(s -> {
        }, List.of("Segmentation", "model"), subject("a", "A", null, TRUTH, TRUTH),
            subject("b", "B", null, null, TRUTH), subject("c", "B", null, TRUTH, null));
        assertEquals(2, result.rows(0).size());
        assertEquals("1 of 3 rows have no reference and were left out. 1 segmentations of models are missing and were"
            + " left out.", result.warning());
    }

    @Test
    void nothingToScoreIsAFailure() {
        assertTrue(assertThrows(NodeExecutionException.class, () -> run(s -> {
        }, List.of("Segmentation", "model"), subject("a", "A", null, null, TRUTH))).getMessage()
            .contains("nothing to score"));
    }

    @Test
    void anEmptyTableGivesEmptyTablesAndAWarning() throws Exception {
        final Result result = run(s -> {
        }, List.of("Segmentation", "model"));
        assertEquals(0, result.table(0).size() + result.table(1).size());
        assertTrue(result.warning().contains("no rows"));
    }

    @Test
    void aValueThatIsNoClassIsRefused() {
        final String message = assertThrows(NodeExecutionException.class, () -> run(s -> {
        }, List.of("Segmentation", "model"),
            subject("s", "A", null, TRUTH, labels(7, 0, 0, 0, 0, 0, 0, 0)))).getMessage();
        assertTrue(message.contains("\"model\"") && message.contains("subject s") && message.contains("label value 7")
            && message.contains("1 CSF, 2 GM"), message);
    }

    @Test
    void sitesThatNumberTheirClassesDifferentlyAreRefused() throws Exception {
        final VolumeCellFactory cells = VolumeCellFactory.of(m_bench.context());
        final BufferedDataTable table = labelTable(
            new DataCell[]{new StringCell("a"), new StringCell("A"),
                cells.create("a0", volume(TRUTH, TinyStudy.GRID, "CSF", "GM")),
                cells.create("a1", volume(TRUTH, TinyStudy.GRID, "CSF", "GM"))},
            new DataCell[]{new StringCell("b"), new StringCell("B"),
                cells.create("b0", volume(TRUTH, TinyStudy.GRID, "GM", "CSF")),
                cells.create("b1", volume(TRUTH, TinyStudy.GRID, "CSF", "GM"))});
        final String message = refused(table);
        assertTrue(message.contains("Label value 1 is \"CSF\"") && message.contains("\"GM\"")
            && message.contains("subject b"), message);
    }

    @Test
    void anotherGridIsRefused() throws Exception {
        final VolumeCellFactory cells = VolumeCellFactory.of(m_bench.context());
        final BufferedDataTable table = labelTable(new DataCell[]{new StringCell("a"), new StringCell("A"),
            cells.create("a0", volume(TRUTH, TinyStudy.GRID, "CSF", "GM")),
            cells.create("a1", volume(TRUTH, Geometry.axial(new int[]{2, 2, 2}, 1, 1, 3), "CSF", "GM"))});
        assertTrue(refused(table).contains("different grids"));
    }

    private static LabelVolume volume(final byte[] labels, final Geometry grid, final String... names) {
        return new LabelVolume(labels, grid, new VolumeInfo("MR", "A", "a", "", ""), LabelSet.of(names));
    }

    private BufferedDataTable labelTable(final DataCell[]... rows) {
        return m_bench.table(new DataTableSpec(new DataColumnSpecCreator("Subject", StringCell.TYPE).createSpec(),
            new DataColumnSpecCreator("Site", StringCell.TYPE).createSpec(),
            new DataColumnSpecCreator("Segmentation", LabelVolumeCell.TYPE).createSpec(),
            new DataColumnSpecCreator("model", LabelVolumeCell.TYPE).createSpec()), List.of(rows));
    }

    private String refused(final BufferedDataTable table) {
        return assertThrows(NodeExecutionException.class, () -> m_bench.run(new SegmentationScorerNodeFactory(), s -> {
        }, table)).getMessage();
    }

    @Test
    void withoutAModelTheNodeSaysWhatToDo() {
        final String message = assertThrows(InvalidSettingsException.class, () -> run(s -> {
        }, List.of("Segmentation"), subject("s", "A", null, TRUTH))).getMessage();
        assertTrue(message.contains("no segmentation column besides the reference"), message);
    }

    @Test
    void aCancelledRunEndsAsCancelled() throws Exception {
        final DefaultNodeProgressMonitor progress = new DefaultNodeProgressMonitor();
        progress.setExecuteCanceled();
        final BufferedDataTable table =
            TinyStudy.table(m_bench, List.of("Segmentation", "model"), subject("s", "A", null, TRUTH, TRUTH));
        assertThrows(CanceledExecutionException.class,
            () -> m_bench.run(new SegmentationScorerNodeFactory(), progress, s -> {
            }, table));
    }

    @Test
    void columnsAreThoseThatReportsRead() throws Exception {
        final Result result = run(s -> {
        }, List.of("Segmentation", "model"), subject("s", "A", null, TRUTH, TRUTH));
        assertArrayEquals(new String[]{"Subject", "Site", "Role", "Domain", "Model", "Class", "Dice", "Jaccard",
            "Precision", "Sensitivity", "Specificity", "HD95 (mm)", "ASSD (mm)", "Volume (ml)",
            "Reference Volume (ml)", "Volume Difference"},
            result.table(0).getDataTableSpec().getColumnNames());
    }
}

package org.scanbridge.knime.nodes.segmentationscorer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
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
import org.knime.core.data.LongValue;
import org.knime.core.data.def.StringCell;
import org.knime.core.node.BufferedDataTable;
import org.knime.core.node.CanceledExecutionException;
import org.knime.core.node.DefaultNodeProgressMonitor;
import org.knime.core.node.InvalidSettingsException;
import org.knime.core.node.NodeSettings;
import org.knime.core.standin.run.NodeExecutionException;
import org.knime.core.standin.run.NodeHost;
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

    /** Dice of a class that no reference has: 2·0 / (2·0 + FP + 0) = 0 where the model finds it. */
    @Test
    void aClassThatOnlyTheModelFindsIsScored() throws Exception {
        final Result result = run(s -> {
        }, List.of("Segmentation", "model"), subject("s", "A", null, TRUTH, labels(7, 0, 0, 0, 0, 0, 0, 0)),
            subject("t", "A", null, TRUTH, TRUTH));
        final DataRow found = row(result, 0, Map.of("Subject", "s", "Class", "class 7"));
        assertEquals(0, number(result, 0, found, "Dice"), 0);
        assertEquals("?", text(result, 0, row(result, 0, Map.of("Subject", "t", "Class", "class 7")), "Dice"));
        assertTrue(result.warning().contains("class 7") && result.warning().contains("its Dice is 0"), result.warning());
        assertEquals(1, number(result, 0, row(result, 0, Map.of("Subject", "t", "Class", "CSF")), "Dice"), 0);
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
            "Reference Volume (ml)", "Volume Difference", "Generalized Dice", "HD (mm)", "Surface Dice",
            "Surface Dice by Area"}, result.table(0).getDataTableSpec().getColumnNames());
    }

    /** Settings of a workflow that was saved before the setting was there: its table keeps its columns. */
    @Test
    void anOlderWorkflowKeepsItsColumns() throws Exception {
        final NodeHost host = m_bench.configured(new SegmentationScorerNodeFactory(), s -> {
        }, TinyStudy.table(m_bench, List.of("Segmentation", "model"), subject("s", "A", null, TRUTH, TRUTH)));
        final NodeSettings old = host.saveSettings();
        assertTrue(old.getBoolean("surfaceArea"));
        old.removeConfig("surfaceArea");
        host.loadSettings(old);
        assertFalse(host.saveSettings().getBoolean("surfaceArea"));
    }

    /** Training data had the class, the test references lack it: what the model finds of it is false, so its Dice is 0. */
    @Test
    void aClassThatOnlyTheModelFindsScoresZero() throws Exception {
        final byte[] found = TRUTH.clone();
        found[0] = 9;
        final Result result = run(s -> {
        }, List.of("Segmentation", "model"), subject("s", "A", null, TRUTH, found),
            subject("t", "A", null, TRUTH, TRUTH));
        final List<Double> dice = new ArrayList<>();
        for (final DataRow row : result.rows(0)) {
            if (row.getCell(5).toString().equals("class 9")) {
                dice.add(row.getCell(6).isMissing() ? null : number(result, 0, row, "Dice"));
            }
        }
        assertEquals(Arrays.asList(0.0, null), dice, "0 where it was found; neither side has it in the other image");
        assertTrue(result.warning().contains("No reference has class 9 (label 9)"), result.warning());
    }

    /** A cube of 8³ voxels against itself with a slab beside it, from the table of reference values (methods.md E). */
    private BufferedDataTable cubeWithSlab() throws Exception {
        final int n = 20;
        final byte[] truth = new byte[n * n * n];
        for (int v = 0; v < truth.length; v++) {
            final boolean inside = v % n >= 4 && v % n < 12 && v / n % n >= 4 && v / n % n < 12 && v / n / n >= 4
                && v / n / n < 12;
            truth[v] = (byte)(inside ? 1 : 0);
        }
        final byte[] prediction = truth.clone();
        for (int j = 6; j < 10; j++) {
            for (int i = 6; i < 10; i++) {
                prediction[(16 * n + j) * n + i] = 1;
            }
        }
        final VolumeCellFactory cells = VolumeCellFactory.of(m_bench.context());
        final Geometry grid = Geometry.axial(new int[]{n, n, n}, 1, 1, 1);
        return labelTable(new DataCell[]{new StringCell("s"), new StringCell("A"),
            cells.create("t", volume(truth, grid, "lesion")), cells.create("p", volume(prediction, grid, "lesion"))});
    }

    @Test
    void distancesAreThoseOfTheReferenceTable() throws Exception {
        final BufferedDataTable table = cubeWithSlab();
        final Result result = m_bench.run(new SegmentationScorerNodeFactory(), s -> s.addDouble("tolerance", 4), table);
        final DataRow row = result.rows(0).get(0);
        assertEquals(.98462, number(result, 0, row, "Dice"), 5e-6);
        assertEquals(.96970, number(result, 0, row, "Precision"), 5e-6);
        assertEquals(5, number(result, 0, row, "HD (mm)"), 1e-12);
        assertEquals(2.25, number(result, 0, row, "HD95 (mm)"), 1e-9);
        assertEquals(.13158, number(result, 0, row, "ASSD (mm)"), 5e-6);
        // Of 296 surface voxels of the cube (8³ - 6³), counted twice, and 16 of the slab, only the slab's are 5 mm off.
        assertEquals(592 / 608.0, number(result, 0, row, "Surface Dice"), 1e-12);
        // By area: faces, edges cut at 45° and corners of both cubes, and the slab of 4×4×1 voxels.
        final double cube = 6 * 49 + 12 * 7 * Math.sqrt(0.5) + Math.sqrt(3);
        final double slab = 2 * 9 + 4 * (3 + 3) * Math.sqrt(0.5) + Math.sqrt(3);
        // The slab's lower half lies 4 mm from the cube, its upper half 5 mm.
        assertEquals((2 * cube + slab / 2) / (2 * cube + slab), number(result, 0, row, "Surface Dice by Area"), 1e-9);
        assertEquals(number(result, 0, row, "Dice"), number(result, 0, row, "Generalized Dice"), 1e-12);
        final Result pooled =
            m_bench.run(new SegmentationScorerNodeFactory(), s -> s.addString("hausdorff95", "POOLED"), table);
        assertEquals(0, number(pooled, 0, pooled.rows(0).get(0), "HD95 (mm)"), 0);
    }

    @Test
    void lesionsAreCountedOnBothSides() throws Exception {
        final BufferedDataTable table = cubeWithSlab();
        for (final String rule : List.of("OVERLAP", "MS_SEG")) {
            final Result result = m_bench.run(new SegmentationScorerNodeFactory(), s -> {
                s.addBoolean("lesions", true);
                s.addString("lesionRule", rule);
            }, table);
            final DataRow row = result.rows(0).get(0);
            // The cube is found; of two predicted lesions, the slab of 16 mm³ is not confirmed.
            assertEquals(2, number(result, 0, row, "Lesions"), 0);
            assertEquals(1, number(result, 0, row, "Reference Lesions"), 0);
            assertEquals(1, number(result, 0, row, "Detected Lesions"), 0);
            assertEquals(1, number(result, 0, row, "Confirmed Lesions"), 0);
            assertEquals(1, number(result, 0, row, "Lesion Sensitivity"), 0);
            assertEquals(0.5, number(result, 0, row, "Lesion PPV"), 0);
            assertEquals(2 / 3.0, number(result, 0, row, "Lesion F1"), 1e-12);
        }
        final Result large = m_bench.run(new SegmentationScorerNodeFactory(), s -> {
            s.addBoolean("lesions", true);
            s.addDouble("ignoredVolume", 16);
        }, table);
        assertEquals(1, number(large, 0, large.rows(0).get(0), "Lesion PPV"), 0);
    }

    @Test
    void emptyMasksFollowTheChosenConvention() throws Exception {
        final byte[] none = labels(0, 0, 0, 0, 0, 0, 0, 0);
        final Subject[] subjects = {subject("full", "A", null, TRUTH, TRUTH), subject("missed", "A", null, TRUTH, none),
            subject("invented", "A", null, none, TRUTH), subject("none", "A", null, none, none)};
        final Result result = run(s -> s.addBoolean("lesions", true), List.of("Segmentation", "model"), subjects);
        final String scores = "Dice,Jaccard,Precision,Sensitivity,HD95 (mm),ASSD (mm),HD (mm),Surface Dice,Lesion F1";
        assertEquals("0.0 0.0 ? 0.0 ? ? ? ? 0.0", texts(result, "missed", scores));
        assertEquals("0.0 0.0 0.0 ? ? ? ? ? 0.0", texts(result, "invented", scores));
        assertEquals("? ? ? ? ? ? ? ? ?", texts(result, "none", scores));
        assertEquals("0.0 ? 0.0", texts(result, "missed", "Generalized Dice") + " "
            + texts(result, "none", "Generalized Dice") + " " + texts(result, "invented", "Generalized Dice"));
        final Result strict = run(s -> {
            s.addString("absentClass", "ONE");
            s.addString("emptyMask", "IMAGE_DIAGONAL");
        }, List.of("Segmentation", "model"), subjects);
        // The diagonal from first to last voxel center: 1, 1 and 2 mm.
        final String diagonal = Double.toString(Math.sqrt(6));
        assertEquals("0.0 0.0 ? 0.0 " + diagonal + " " + diagonal + " " + diagonal + " 0.0",
            texts(strict, "missed", scores.replace(",Lesion F1", "")));
        assertEquals("1.0 1.0 ? ? ? ? ? ? 1.0",
            texts(strict, "none", scores.replace(",Lesion F1", "") + ",Generalized Dice"));
        assertEquals("4", text(strict, 1, row(strict, 1, Map.of("Class", "CSF")), "Subjects"));
        assertEquals("3", text(result, 1, row(result, 1, Map.of("Class", "CSF")), "Subjects"));
    }

    private static String texts(final Result result, final String subject, final String columns) {
        final DataRow row = row(result, 0, Map.of("Subject", subject, "Class", "CSF"));
        return String.join(" ", List.of(columns.split(",")).stream().map(c -> text(result, 0, row, c)).toList());
    }

    @Test
    void statisticsAreOverSubjects() throws Exception {
        // Dice of class 1: 0.4, 2/3 and 1; of class 2: missing once.
        final byte[] poor = labels(1, 0, 0, 0, 0, 0, 0, 0);
        final byte[] onlyCsf = labels(1, 1, 1, 1, 0, 0, 0, 0);
        final Result result = run(s -> {
        }, List.of("Segmentation", "model"), subject("a", "A", null, onlyCsf, poor),
            subject("b", "A", null, TRUTH, labels(1, 1, 0, 0, 2, 0, 0, 0)), subject("c", "A", null, TRUTH, TRUTH));
        final DataRow csf = row(result, 2, Map.of("Class", "CSF", "Score", "Dice"));
        assertEquals("A source test model 3 0", String.join(" ", text(result, 2, csf, "Site"),
            text(result, 2, csf, "Domain"), text(result, 2, csf, "Role"), text(result, 2, csf, "Model"),
            text(result, 2, csf, "Subjects"), text(result, 2, csf, "Missing")));
        final double mean = (0.4 + 2 / 3.0 + 1) / 3;
        assertEquals(mean, number(result, 2, csf, "Mean"), 1e-12);
        assertEquals(2 / 3.0, number(result, 2, csf, "Median"), 1e-12);
        // numpy.std([.4, 2/3, 1], ddof=1)
        assertEquals(0.30061665, number(result, 2, csf, "SD"), 1e-7);
        assertTrue(number(result, 2, csf, "CI Low") >= 0.4 && number(result, 2, csf, "CI Low") < mean);
        assertTrue(number(result, 2, csf, "CI High") <= 1 && number(result, 2, csf, "CI High") > mean);
        final DataRow gm = row(result, 2, Map.of("Class", "GM", "Score", "Dice"));
        assertEquals("2 1", text(result, 2, gm, "Subjects") + " " + text(result, 2, gm, "Missing"));
        final DataRow both = row(result, 2, Map.of("Class", "mean of classes", "Score", "Dice"));
        assertEquals((0.4 + (2 / 3.0 + 1) / 2 + 1) / 3, number(result, 2, both, "Mean"), 1e-12);
        assertEquals("3", text(result, 2, row(result, 2, Map.of("Class", "all classes")), "Subjects"));
        assertEquals(0, result.rows(2).stream().filter(r -> text(result, 2, r, "Class").equals("mean of classes")
            && text(result, 2, r, "Score").equals("Volume (ml)")).count());
    }

    @Test
    void seedOnlyMovesTheIntervals() throws Exception {
        final Subject[] subjects = {subject("a", "A", null, TRUTH, labels(1, 0, 0, 0, 2, 0, 0, 0)),
            subject("b", "A", null, TRUTH, labels(1, 1, 0, 0, 2, 0, 0, 0)), subject("c", "A", null, TRUTH, TRUTH),
            subject("d", "A", null, TRUTH, labels(1, 1, 1, 1, 2, 1, 1, 0)),
            subject("e", "A", null, TRUTH, labels(1, 1, 1, 1, 2, 1, 0, 0))};
        final List<String> intervals = new ArrayList<>();
        for (final long seed : new long[]{1, 1, 2}) {
            final Result result = run(s -> s.addLong("seed", seed), List.of("Segmentation", "model"), subjects);
            final DataRow csf = row(result, 2, Map.of("Class", "CSF", "Score", "Precision"));
            final DataRow dice = row(result, 2, Map.of("Class", "CSF", "Score", "Dice"));
            intervals.add(text(result, 2, csf, "CI Low") + " " + text(result, 2, dice, "CI Low") + " "
                + text(result, 2, dice, "CI High"));
        }
        assertEquals(intervals.get(0), intervals.get(1));
        assertTrue(!intervals.get(0).equals(intervals.get(2)), intervals.toString());
    }

    @Test
    void theConfusionMatrixCountsVoxelsOfAllImages() throws Exception {
        final byte[] prediction = labels(1, 1, 2, 0, 2, 0, 0, 1);
        final Result result = run(s -> {
        }, List.of("Segmentation", "model"), subject("a", "A", null, TRUTH, prediction),
            subject("b", "A", null, TRUTH, TRUTH));
        assertEquals(9, result.rows(3).size());
        final List<String> matrix = result.rows(3).stream().map(r -> text(result, 3, r, "Reference Class") + ">"
            + text(result, 3, r, "Predicted Class") + " " + text(result, 3, r, "Voxels")).toList();
        assertEquals(List.of("background>background 5", "background>CSF 1", "background>GM 0", "CSF>background 1",
            "CSF>CSF 6", "CSF>GM 1", "GM>background 0", "GM>CSF 0", "GM>GM 2"), matrix);
        assertEquals(6 / 8.0,
            number(result, 3, row(result, 3, Map.of("Reference Class", "CSF", "Predicted Class", "CSF")),
                "Share of Reference"), 1e-12);
    }

    @Test
    void volumesAgreeOverSubjects() throws Exception {
        // Volumes of class 1 in units of 2 mm³, model against reference: 4/4, 2/3, 5/4, 1/2 at site A; 3/3, 6/4 at B.
        final int[][] counts = {{4, 4}, {2, 3}, {5, 4}, {1, 2}, {3, 3}, {6, 4}};
        final Subject[] subjects = new Subject[counts.length];
        for (int n = 0; n < counts.length; n++) {
            final byte[] model = new byte[8];
            final byte[] reference = new byte[8];
            Arrays.fill(model, 0, counts[n][0], (byte)1);
            Arrays.fill(reference, 0, counts[n][1], (byte)1);
            // Both sites have subjects of the same name.
            subjects[n] = subject("s" + n % 4, n < 4 ? "A" : "B", null, reference, model);
        }
        final Result result = run(s -> {
        }, List.of("Segmentation", "model"), subjects);
        final DataRow all = row(result, 4, Map.of("Site", "all sites", "Class", "CSF"));
        assertEquals("6", text(result, 4, all, "Subjects"));
        // Two-way analysis of variance of the six pairs, computed in Python by the formulas of methods.md E.
        assertEquals(0.7131147541, number(result, 4, all, "ICC(1,1)"), 1e-9);
        assertEquals(0.7058823529, number(result, 4, all, "ICC(2,1)"), 1e-9);
        assertEquals(0.6720000000, number(result, 4, all, "ICC(3,1)"), 1e-9);
        // Differences 0, -1, 1, -1, 0, 2 in units of 0.002 ml: mean 1/6, sample SD 1.169045.
        assertEquals(0.002 / 6, number(result, 4, all, "Mean Difference (ml)"), 1e-12);
        assertEquals(0.002 * 1.169045194, number(result, 4, all, "SD of Differences (ml)"), 1e-11);
        assertEquals(0.002 * (1 / 6.0 + 1.96 * 1.169045194),
            number(result, 4, all, "Limit of Agreement High (ml)"), 1e-11);
        assertEquals("4", text(result, 4, row(result, 4, Map.of("Site", "A", "Class", "CSF")), "Subjects"));
        // Class 2 is nowhere: nothing varies.
        assertEquals("?", text(result, 4, row(result, 4, Map.of("Site", "A", "Class", "GM")), "ICC(2,1)"));
    }

    @Test
    void oneSubjectHasNoAgreement() throws Exception {
        final Result result = run(s -> {
        }, List.of("Segmentation", "model"), subject("a", "A", null, TRUTH, TRUTH));
        assertEquals("1 ? ?", text(result, 4, result.rows(4).get(0), "Subjects") + " "
            + text(result, 4, result.rows(4).get(0), "ICC(1,1)") + " "
            + text(result, 4, result.rows(4).get(0), "Mean Difference (ml)"));
        assertEquals(0, result.rows(4).stream().filter(r -> text(result, 4, r, "Site").equals("all sites")).count());
    }

    @Test
    void planesAreScoredInThePlane() throws Exception {
        // A radiograph: a filled square of 4×4 pixels of 0.5 mm has 12 border pixels; along k there is no surface.
        final byte[] truth = new byte[64];
        for (int j = 2; j < 6; j++) {
            Arrays.fill(truth, j * 8 + 2, j * 8 + 6, (byte)1);
        }
        final byte[] prediction = truth.clone();
        Arrays.fill(prediction, 2 * 8 + 2, 2 * 8 + 6, (byte)0);
        final Geometry grid = Geometry.axial(new int[]{8, 8, 1}, 0.5, 0.5, 1);
        final VolumeCellFactory cells = VolumeCellFactory.of(m_bench.context());
        final Result result = m_bench.run(new SegmentationScorerNodeFactory(), s -> {
            s.addBoolean("lesions", true);
            s.addDouble("ignoredVolume", 1);
        },
            labelTable(new DataCell[]{new StringCell("s"), new StringCell("A"),
                cells.create("t", volume(truth, grid, "lung")), cells.create("p", volume(prediction, grid, "lung"))}));
        final DataRow row = result.rows(0).get(0);
        assertEquals(24 / 28.0, number(result, 0, row, "Dice"), 1e-12);
        assertEquals(0.5, number(result, 0, row, "HD (mm)"), 1e-12);
        assertEquals(1, number(result, 0, row, "Surface Dice"), 0);
        assertEquals(1, number(result, 0, row, "Lesion F1"), 0);
    }

    @Test
    void columnsFollowTheChosenGroups() throws Exception {
        final Result few = run(s -> s.addBoolean("surfaceDistances", false), List.of("Segmentation", "model"),
            subject("s", "A", null, TRUTH, TRUTH));
        final List<String> names = List.of(few.table(0).getDataTableSpec().getColumnNames());
        assertEquals("Generalized Dice", names.get(names.size() - 1));
        final Result all = run(s -> s.addBoolean("lesions", true), List.of("Segmentation", "model"),
            subject("s", "A", null, TRUTH, TRUTH));
        final List<String> more = List.of(all.table(0).getDataTableSpec().getColumnNames());
        assertEquals(names, more.subList(0, names.size()));
        assertEquals(List.of("Lesion F1", "Surface Dice by Area"), more.subList(more.size() - 2, more.size()));
    }

    @Test
    void boundsHoldWithoutADialog() {
        for (final String key : List.of("tolerance", "ignoredVolume")) {
            for (final double value : new double[]{-1, Double.NaN, Double.POSITIVE_INFINITY}) {
                assertThrows(InvalidSettingsException.class, () -> run(s -> s.addDouble(key, value),
                    List.of("Segmentation", "model"), subject("s", "A", null, TRUTH, TRUTH)), key + " " + value);
            }
        }
    }

    /** The rows of a table as text. */
    private static List<String> lines(final Result result, final int port) {
        final List<String> lines = new ArrayList<>();
        for (final DataRow row : result.rows(port)) {
            final StringBuilder line = new StringBuilder();
            row.forEach(cell -> line.append(cell.isMissing() ? "?" : cell.toString()).append(' '));
            lines.add(line.toString());
        }
        return lines;
    }

    /** Of the five annotated voxels, class 1 has TP 1, FP 1, FN 1, TN 2; what is found in the others is neither. */
    @Test
    void voxelsThatAreNotAnnotatedCountNowhere() throws Exception {
        final byte[] truth = labels(1, 1, 9, 9, 2, 0, 0, 9);
        final Bench.Change change = s -> {
            s.addString("notAnnotated", "9");
            s.addBoolean("lesions", true);
            s.addDouble("ignoredVolume", 0);
        };
        final Result result = run(change, List.of("Segmentation", "model"),
            subject("s", "A", null, truth, labels(1, 0, 1, 2, 2, 1, 0, 0)));
        assertEquals(2, result.rows(0).size());
        assertNull(result.warning());
        final DataRow csf = result.rows(0).get(0);
        assertEquals(2 / 4.0, number(result, 0, csf, "Dice"), 1e-12);
        assertEquals(2 / 3.0, number(result, 0, csf, "Specificity"), 1e-12);
        assertEquals(0.004, number(result, 0, csf, "Volume (ml)"), 1e-12);
        assertEquals(0.004, number(result, 0, csf, "Reference Volume (ml)"), 1e-12);
        assertEquals(1, number(result, 0, result.rows(0).get(1), "Dice"), 1e-12);
        assertEquals(5, result.rows(3).stream().mapToDouble(r -> ((LongValue)r.getCell(6)).getLongValue()).sum(), 0);
        // whatever a model says of voxels that nobody looked at, no number changes
        for (final byte[] other : List.of(labels(1, 0, 2, 2, 2, 1, 0, 1), labels(1, 0, 0, 0, 2, 1, 0, 0),
            labels(1, 0, 1, 1, 2, 1, 0, 2))) {
            final Result same = run(change, List.of("Segmentation", "model"), subject("s", "A", null, truth, other));
            for (int port = 0; port < 5; port++) {
                assertEquals(lines(result, port), lines(same, port));
            }
        }
    }

    @Test
    void aClassThatThereIsNotCannotBeLeftOut() throws Exception {
        final String message = assertThrows(NodeExecutionException.class,
            () -> run(s -> s.addString("notAnnotated", "unknown"), List.of("Segmentation", "model"),
                subject("s", "A", null, TRUTH, TRUTH))).getMessage();
        assertTrue(message.contains("\"Not annotated\" is \"unknown\"") && message.contains("1 = CSF, 2 = GM"), message);
        final String unused = assertThrows(NodeExecutionException.class,
            () -> run(s -> s.addString("notAnnotated", "200"), List.of("Segmentation", "model"),
                subject("s", "A", null, labels(1, 1, 9, 9, 2, 0, 0, 9), TRUTH))).getMessage();
        assertTrue(unused.contains("\"Not annotated\" is \"200\"") && unused.contains("1 = CSF, 2 = GM, 9 = class 9"),
            unused);
        for (final String number : List.of("0", "256", "-1")) {
            assertThrows(InvalidSettingsException.class, () -> run(s -> s.addString("notAnnotated", number),
                List.of("Segmentation", "model"), subject("s", "A", null, TRUTH, TRUTH)), number);
        }
    }

    /** What a model says where nobody looked is no class; elsewhere the mark is a class that no reference has. */
    @Test
    void modelsThatPredictTheMarkAreToldOf() throws Exception {
        final byte[] truth = labels(1, 1, 9, 9, 2, 0, 0, 9);
        final Bench.Change change = s -> s.addString("notAnnotated", "class 9");
        final Result hidden = run(change, List.of("Segmentation", "model"),
            subject("s", "A", null, truth, labels(1, 1, 9, 7, 2, 0, 0, 9)));
        assertNull(hidden.warning());
        assertEquals(2, hidden.rows(0).size());
        final Result result = run(change, List.of("Segmentation", "model"),
            subject("s", "A", null, truth, labels(1, 1, 9, 9, 2, 0, 9, 9)));
        assertFalse(result.warning().contains("No reference has"), result.warning());
        assertTrue(result.warning().contains("A model found class 9 (label 9), by which references mark")
            && result.warning().contains("its Dice is 0 there"), result.warning());
        assertEquals(0, number(result, 0, row(result, 0, Map.of("Class", "class 9")), "Dice"), 0);
    }

    private static Bench.Change region(final String name, final String classes) {
        return s -> {
            final NodeSettings region = s.getNodeSettings("regions").addNodeSettings("0");
            region.addString("name", name);
            region.addString("classes", classes);
        };
    }

    /**
     * CSF: TP 1, FP 2, FN 1; GM: TP 1, FP 1, FN 1. Both together: TP 4, FP 1, FN 0, whatever was taken for the other.
     */
    @Test
    void regionsAreScoredBesideTheClasses() throws Exception {
        final Subject subject =
            subject("s", "A", null, labels(1, 1, 2, 2, 0, 0, 0, 0), labels(1, 2, 2, 1, 0, 0, 0, 1));
        final Result result = run(region("brain", "csf, 2"), List.of("Segmentation", "model"), subject);
        assertEquals(3, result.rows(0).size());
        final DataRow brain = row(result, 0, Map.of("Class", "brain", "Kind", "region"));
        assertEquals(8 / 9.0, number(result, 0, brain, "Dice"), 1e-12);
        assertEquals(3 / 4.0, number(result, 0, brain, "Specificity"), 1e-12);
        assertEquals(0.010, number(result, 0, brain, "Volume (ml)"), 1e-12);
        assertEquals(0.4, number(result, 0, row(result, 0, Map.of("Class", "CSF", "Kind", "class")), "Dice"), 1e-12);
        assertEquals((0.4 + 0.5) / 2,
            number(result, 1, row(result, 1, Map.of("Class", SummaryTable.ALL_CLASSES)), "Mean Dice"), 1e-12);
        assertEquals(8 / 9.0, number(result, 1, row(result, 1, Map.of("Class", "brain")), "Mean Dice"), 1e-12);
        assertEquals(0.45, number(result, 2,
            row(result, 2, Map.of("Class", SummaryTable.ALL_CLASSES, "Score", "Dice")), "Mean"), 1e-12);
        assertEquals(8 / 9.0, number(result, 2, row(result, 2, Map.of("Class", "brain", "Score", "Dice")), "Mean"), 1e-12);
        assertTrue(lines(result, 3).stream().noneMatch(l -> l.contains("brain")));
        assertEquals(1, lines(result, 4).stream().filter(l -> l.contains("brain")).count());
        final Result classes = run(s -> {
        }, List.of("Segmentation", "model"), subject);
        assertEquals(number(classes, 0, classes.rows(0).get(0), "Generalized Dice"),
            number(result, 0, brain, "Generalized Dice"), 1e-12);
        assertFalse(classes.table(0).getDataTableSpec().containsName("Kind"));
    }

    /** The scores of both stay apart; the numbers are those of {@link #regionsAreScoredBesideTheClasses}. */
    @Test
    void regionsMayBeCalledLikeAClassOrARow() throws Exception {
        final Subject subject =
            subject("s", "A", null, labels(1, 1, 2, 2, 0, 0, 0, 0), labels(1, 2, 2, 1, 0, 0, 0, 1));
        for (final String name : List.of("csf", SummaryTable.ALL_CLASSES, StatisticsTable.TOGETHER)) {
            final Result result = run(region(name, "CSF, GM"), List.of("Segmentation", "model"), subject);
            final String shown = name + " (region)";
            assertEquals(8 / 9.0, number(result, 0, row(result, 0, Map.of("Class", shown, "Kind", "region")), "Dice"), 1e-12);
            assertEquals(0.4, number(result, 0, row(result, 0, Map.of("Class", "CSF", "Kind", "class")), "Dice"), 1e-12);
            assertEquals(8 / 9.0, number(result, 1, row(result, 1, Map.of("Class", shown)), "Mean Dice"), 1e-12);
            assertEquals(0.4, number(result, 1, row(result, 1, Map.of("Class", "CSF")), "Mean Dice"), 1e-12);
            assertEquals(0.45,
                number(result, 1, row(result, 1, Map.of("Class", SummaryTable.ALL_CLASSES)), "Mean Dice"), 1e-12);
            assertEquals(8 / 9.0, number(result, 2, row(result, 2, Map.of("Class", shown, "Score", "Dice")), "Mean"), 1e-12);
        }
    }

    @Test
    void regionsKnowClassesByTheirNumbersAndPrintedNames() throws Exception {
        final Subject subject =
            subject("s", "A", null, labels(1, 1, 2, 5, 5, 0, 0, 9), labels(1, 2, 2, 5, 0, 0, 0, 1));
        for (final String classes : List.of("1, 5", "csf, class 5")) {
            final Result result = run(s -> {
                s.addString("notAnnotated", "9");
                region("both", classes).apply(s);
            }, List.of("Segmentation", "model"), subject);
            assertEquals(2 * 2 / 6.0, number(result, 0, row(result, 0, Map.of("Class", "both")), "Dice"), 1e-12, classes);
        }
        for (final String classes : List.of("77", "1, 77", "9", "class 9")) {
            final String message = assertThrows(NodeExecutionException.class, () -> run(s -> {
                s.addString("notAnnotated", "9");
                region("both", classes).apply(s);
            }, List.of("Segmentation", "model"), subject)).getMessage();
            assertTrue(message.contains("Region \"both\" has the class") && message.contains("1 = CSF, 2 = GM, 5 = class 5."),
                message);
        }
    }

    @Test
    void regionsOfNothingAreRefused() throws Exception {
        final String equal = assertThrows(NodeExecutionException.class, () -> run(s -> {
            region("brain", "1, 2").apply(s);
            final NodeSettings region = s.getNodeSettings("regions").addNodeSettings("1");
            region.addString("name", "tissue");
            region.addString("classes", "GM, CSF");
        }, List.of("Segmentation", "model"), subject("s", "A", null, TRUTH, TRUTH))).getMessage();
        assertTrue(equal.contains("\"brain\" and \"tissue\" consist of the same classes"), equal);
        final String message = assertThrows(NodeExecutionException.class, () -> run(region("brain", "CSF, white"),
            List.of("Segmentation", "model"), subject("s", "A", null, TRUTH, TRUTH))).getMessage();
        assertTrue(message.contains("Region \"brain\""), message);
        assertThrows(InvalidSettingsException.class, () -> run(region(" ", "CSF"), List.of("Segmentation", "model"),
            subject("s", "A", null, TRUTH, TRUTH)));
    }
}

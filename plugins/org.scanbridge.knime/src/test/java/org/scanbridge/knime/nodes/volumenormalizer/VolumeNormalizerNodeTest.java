package org.scanbridge.knime.nodes.volumenormalizer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.scanbridge.knime.testing.TinyStudy.image;
import static org.scanbridge.knime.testing.TinyStudy.subject;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.knime.core.data.DataCell;
import org.knime.core.data.DataColumnSpecCreator;
import org.knime.core.data.DataTableSpec;
import org.knime.core.data.DoubleValue;
import org.knime.core.data.StringValue;
import org.knime.core.data.def.StringCell;
import org.knime.core.node.BufferedDataTable;
import org.knime.core.node.CanceledExecutionException;
import org.knime.core.node.DefaultNodeProgressMonitor;
import org.knime.core.node.InvalidSettingsException;
import org.knime.core.node.NodeSettings;
import org.knime.core.standin.run.NodeExecutionException;
import org.scanbridge.imaging.normalize.Clahe;
import org.scanbridge.imaging.normalize.Foreground;
import org.scanbridge.imaging.normalize.N4BiasCorrection;
import org.scanbridge.imaging.normalize.PolynomialBiasCorrection;
import org.scanbridge.imaging.volume.Geometry;
import org.scanbridge.imaging.volume.LabelVolume;
import org.scanbridge.imaging.volume.Volume;
import org.scanbridge.imaging.volume.VolumeInfo;
import org.scanbridge.knime.data.VolumeCell;
import org.scanbridge.knime.data.VolumeCellFactory;
import org.scanbridge.knime.data.VolumeValue;
import org.scanbridge.knime.testing.Bench;
import org.scanbridge.knime.testing.Bench.Result;
import org.scanbridge.knime.testing.TinyStudy;

import net.imglib2.parallel.TaskExecutors;

class VolumeNormalizerNodeTest {

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

    private static final float[] A = image(0, 0, 0, 0, 1, 2, 3, 4);

    private static final float[] B = image(0, 0, 0, 0, 10, 20, 30, 40);

    private BufferedDataTable study() throws Exception {
        return TinyStudy.table(m_bench, List.of(), subject("a", "A", A), subject("b", "B", B));
    }

    private Result run(final Bench.Change change, final BufferedDataTable table, final BufferedDataTable fitOn)
        throws Exception {
        return m_bench.run(new VolumeNormalizerNodeFactory(), change, table, fitOn, null);
    }

    private static float[] voxels(final Result result, final int row, final String column) {
        return ((VolumeValue)result.rows(0).get(row)
            .getCell(result.table(0).getDataTableSpec().findColumnIndex(column))).volume().voxels();
    }

    @Test
    void zScoresTheForegroundOfEachImage() throws Exception {
        final Result result = run(s -> {
        }, study(), null);
        // Of 1, 2, 3, 4: mean 2.5, population standard deviation √1.25.
        final float[] z = {0, 0, 0, 0, -1.34164079f, -0.44721360f, 0.44721360f, 1.34164079f};
        assertArrayEquals(z, voxels(result, 0, "Normalized"), 1e-6f);
        assertArrayEquals(z, voxels(result, 1, "Normalized"), 1e-6f);
        assertArrayEquals(B, voxels(result, 1, "Image"), "the original stays");
        assertNull(result.warning());
        assertEquals("z-score of each image, foreground automatic", result.table(0).getDataTableSpec()
            .getColumnSpec("Normalized").getProperties().getProperty("scanbridge.normalization"));
        final VolumeValue value = (VolumeValue)result.rows(0).get(1).getCell(3);
        assertEquals("b", value.info().subject());
        assertEquals(TinyStudy.GRID, value.geometry());
    }

    private BufferedDataTable one(final String modality, final float... x) throws Exception {
        final Volume image = new Volume(x, Geometry.axial(new int[]{x.length, 1, 1}, 1, 1, 1),
            new VolumeInfo(modality, "A", "a", "a-1", ""));
        return m_bench.table(new DataTableSpec(new DataColumnSpecCreator("Image", VolumeCell.TYPE).createSpec()),
            List.<DataCell[]> of(new DataCell[]{VolumeCellFactory.of(m_bench.context()).create("one", image)}));
    }

    private static String foreground(final Result result) {
        return ((StringValue)result.rows(0).get(0)
            .getCell(result.table(0).getDataTableSpec().findColumnIndex("Foreground"))).getStringValue();
    }

    /** Air, fat, muscle and bone of a CT: by default their order stays; above 0 it does not, and that is said. */
    @Test
    void ctKeepsItsOrderByDefault() throws Exception {
        final BufferedDataTable ct = one("CT", -1000, -1000, -100, 40, 42, 44, 700);
        final Result result = run(s -> {
        }, ct, null);
        final float[] z = voxels(result, 0, "Normalized");
        for (int v = 2; v < z.length; v++) {
            assertTrue(z[v - 1] < z[v], Arrays.toString(z));
        }
        assertEquals("whole image (CT has an absolute scale)", foreground(result));
        assertNull(result.warning());
        final Result above = run(s -> s.addString("foreground", "ABOVE_ZERO"), ct, null);
        assertTrue(above.warning().startsWith("The foreground rule (above zero) does not fit 1 of 1 images: in Row0,"
            + " in CT, air and fat") && above.warning().contains("Chosen by the image"), above.warning());
        assertEquals(-1, above.table(0).getDataTableSpec().findColumnIndex("Foreground"));
    }

    /** By hand: of -1, -1, 1, 1 and zeros the foreground has mean 0 and deviation 1 already. */
    @Test
    void whatWasNormalizedBeforeIsNotTakenForBackground() throws Exception {
        final float[] before = {0, 0, 0, -1, -1, 1, 1};
        final Result result = run(s -> {
        }, one("MR", before), null);
        assertArrayEquals(before, voxels(result, 0, "Normalized"), 1e-6f);
        assertEquals("not zero (normalized before, 43 % of the voxels are 0)", foreground(result));
        final Result above = run(s -> s.addString("foreground", "ABOVE_ZERO"), one("MR", before), null);
        assertTrue(above.warning().contains("29 % of the voxels are below 0"), above.warning());
    }

    /** A stored workflow says "above 0"; where that is right, nothing changes and nothing is said. */
    @Test
    void theOldDefaultStaysWhatItWas() throws Exception {
        final Result old = run(s -> s.addString("foreground", "ABOVE_ZERO"), study(), null);
        final Result chosen = run(s -> {
        }, study(), null);
        assertArrayEquals(voxels(old, 1, "Normalized"), voxels(chosen, 1, "Normalized"));
        assertNull(old.warning());
        assertArrayEquals(new String[]{"Subject", "Site", "Image", "Normalized"},
            old.table(0).getDataTableSpec().getColumnNames());
    }

    /** Scales written before the background's value was learned give what they gave. */
    @Test
    void anOlderLearnedScaleIsStillRead() throws Exception {
        final Bench.Change settings = s -> {
            s.addString("method", "QUANTILE_MATCHING");
            s.addString("foreground", "ABOVE_ZERO");
        };
        final Result fitted = run(settings, study(), trainingImages());
        final List<DataCell[]> rows = new ArrayList<>();
        fitted.rows(1).stream().limit(257).forEach(r -> rows.add(Bench.cells(r)));
        final Result applied = m_bench.run(new VolumeNormalizerNodeFactory(), settings, study(), null,
            m_bench.table(fitted.table(1).getDataTableSpec(), rows));
        assertEquals(1, voxels(applied, 0, "Normalized")[0]);
        assertEquals(0, voxels(fitted, 0, "Normalized")[0]);
        assertEquals(voxels(fitted, 0, "Normalized")[7], voxels(applied, 0, "Normalized")[7]);
    }

    @Test
    void oneMapForEverySite() throws Exception {
        final BufferedDataTable table = TinyStudy.table(m_bench, List.of(), subject("a", "A", A),
            subject("a2", "A", image(0, 0, 0, 0, 5, 6, 7, 8)), subject("b", "B", B));
        final Result result = run(s -> {
            s.addString("method", "MIN_MAX");
            s.addString("scope", "PER_SITE");
        }, table, null);
        // Site A spans 1..8, site B 10..40.
        assertArrayEquals(new float[]{0, 0, 0, 0, 0, 1 / 7f, 2 / 7f, 3 / 7f}, voxels(result, 0, "Normalized"), 1e-6f);
        assertArrayEquals(new float[]{0, 0, 0, 0, 4 / 7f, 5 / 7f, 6 / 7f, 1}, voxels(result, 1, "Normalized"), 1e-6f);
        assertArrayEquals(new float[]{0, 0, 0, 0, 0, 1 / 3f, 2 / 3f, 1}, voxels(result, 2, "Normalized"), 1e-6f);
    }

    @Test
    void statisticsComeFromTheSecondInputOnly() throws Exception {
        final BufferedDataTable training = TinyStudy.table(m_bench, List.of(), subject("t", "A",
            image(2, 0, 0, 0, 3, 3, 3, 4)));
        final Result result = run(s -> {
            s.addString("method", "MIN_MAX");
            s.addString("scope", "DATA_SET");
        }, study(), training);
        // 2..4 becomes 0..1; what lies outside is clipped, and nothing of B's 10..40 matters.
        assertArrayEquals(new float[]{0, 0, 0, 0, 0, 0, 0.5f, 1}, voxels(result, 0, "Normalized"), 1e-6f);
        assertArrayEquals(new float[]{0, 0, 0, 0, 1, 1, 1, 1}, voxels(result, 1, "Normalized"), 1e-6f);
    }

    @Test
    void percentilesAreThoseOfTheSettings() throws Exception {
        final Result result = run(s -> {
            s.addString("method", "PERCENTILE");
            s.addString("foreground", "WHOLE_IMAGE");
            s.addDouble("lowerPercentile", 0);
            s.addDouble("upperPercentile", 100);
        }, TinyStudy.table(m_bench, List.of(), subject("a", "A", image(2, 2, 2, 2, 4, 4, 6, 6))), null);
        assertArrayEquals(new float[]{0, 0, 0, 0, 0.5f, 0.5f, 1, 1}, voxels(result, 0, "Normalized"), 1e-6f);
    }

    /** By hand: quartiles 1.75 and 3.25 of 1 to 4; clipped at the percentiles 0 and 100 it is the z-score. */
    @Test
    void robustAndClippedScalesAreThoseOfTheSettings() throws Exception {
        final Result robust = run(s -> s.addString("method", "ROBUST"), study(), null);
        assertArrayEquals(new float[]{0, 0, 0, 0, -1, -1 / 3f, 1 / 3f, 1}, voxels(robust, 1, "Normalized"), 1e-6f);
        final Result clipped = run(s -> {
            s.addString("method", "CLIPPED_Z_SCORE");
            s.addDouble("lowerPercentile", 0);
            s.addDouble("upperPercentile", 100);
        }, study(), null);
        assertArrayEquals(new float[]{0, 0, 0, 0, -1.34164079f, -0.44721360f, 0.44721360f, 1.34164079f},
            voxels(clipped, 1, "Normalized"), 1e-6f);
    }

    @Test
    void noneCopies() throws Exception {
        final Result result = run(s -> s.addString("method", "NONE"), study(), null);
        assertArrayEquals(A, voxels(result, 0, "Normalized"));
        assertEquals(result.rows(0).get(0).getCell(2), result.rows(0).get(0).getCell(3));
    }

    @Test
    void replacesTheColumnWhenAsked() throws Exception {
        final Result result = run(s -> s.addBoolean("replace", true), study(), null);
        assertArrayEquals(new String[]{"Subject", "Site", "Image", "Foreground"},
            result.table(0).getDataTableSpec().getColumnNames());
        assertEquals(-1.34164079f, voxels(result, 0, "Image")[4], 1e-6f);
    }

    @Test
    void aTakenColumnNameIsMadeUnique() throws Exception {
        final Result once = run(s -> {
        }, study(), null);
        final Result twice = run(s -> s.addString("imageColumn", "Image"), once.table(0), null);
        assertEquals(7, twice.table(0).getDataTableSpec().getNumColumns());
        assertEquals(7, Arrays.stream(twice.table(0).getDataTableSpec().getColumnNames()).distinct().count());
    }

    @Test
    void rowsWithoutAnImageKeepAMissingCell() throws Exception {
        final BufferedDataTable table =
            TinyStudy.table(m_bench, List.of(), subject("a", "A", A), subject("n", "A", null));
        final Result result = run(s -> s.addString("scope", "DATA_SET"), table, null);
        assertTrue(result.rows(0).get(1).getCell(3).isMissing());
        assertEquals("1 of 2 rows have no image and keep a missing cell.", result.warning());
    }

    @Test
    void anEmptyTableGivesAnEmptyTableAndAWarning() throws Exception {
        final Result result = run(s -> s.addString("scope", "DATA_SET"), TinyStudy.table(m_bench, List.of()), null);
        assertEquals(0, result.table(0).size());
        assertTrue(result.warning().contains("no rows"), result.warning());
    }

    @Test
    void withoutAnImageColumnTheNodeSaysWhatToDo() {
        final BufferedDataTable table = m_bench.table(
            new DataTableSpec(new DataColumnSpecCreator("Site", StringCell.TYPE).createSpec()), List.of());
        final String message = assertThrows(InvalidSettingsException.class, () -> run(s -> {
        }, table, null)).getMessage();
        assertTrue(message.contains("Image column") && message.contains("no column with images"), message);
    }

    @Test
    void aColumnOfTheWrongKindIsNamed() throws Exception {
        final BufferedDataTable table = study();
        final String message = assertThrows(InvalidSettingsException.class,
            () -> run(s -> s.addString("imageColumn", "Site"), table, null)).getMessage();
        assertTrue(message.contains("\"Site\"") && message.contains("Choose one of: Image."), message);
    }

    @Test
    void anEmptyForegroundIsAClearError() throws Exception {
        final BufferedDataTable table = TinyStudy.table(m_bench, List.of(), subject("dark", "A", new float[8]));
        final String message = assertThrows(NodeExecutionException.class, () -> run(s -> {
        }, table, null)).getMessage();
        assertTrue(message.contains("dark") && message.contains("Choose another foreground rule"), message);
    }

    @Test
    void aSiteThatWasNotFittedIsAClearError() throws Exception {
        final BufferedDataTable training = TinyStudy.table(m_bench, List.of(), subject("a", "A", A));
        final BufferedDataTable table = study();
        final String message = assertThrows(NodeExecutionException.class,
            () -> run(s -> s.addString("scope", "PER_SITE"), table, training)).getMessage();
        assertTrue(message.contains("site B") && message.contains("[A]"), message);
    }

    @Test
    void aCancelledRunEndsAsCancelled() throws Exception {
        final DefaultNodeProgressMonitor progress = new DefaultNodeProgressMonitor();
        progress.setExecuteCanceled();
        final BufferedDataTable table = study();
        assertThrows(CanceledExecutionException.class,
            () -> m_bench.run(new VolumeNormalizerNodeFactory(), progress, s -> {
            }, table, null, null));
    }

    @Test
    void boundsHoldWithoutADialog() throws Exception {
        final BufferedDataTable table = study();
        for (final double[] p : new double[][]{{-1, 50}, {50, 50}, {60, 50}, {0, 101}, {Double.NaN, 50}}) {
            assertThrows(InvalidSettingsException.class, () -> run(s -> {
                s.addDouble("lowerPercentile", p[0]);
                s.addDouble("upperPercentile", p[1]);
            }, table, null), Arrays.toString(p));
        }
        assertThrows(InvalidSettingsException.class, () -> run(s -> s.addString("outputColumn", " "), table, null));
    }

    private static void learnedLandmarks(final NodeSettings s) {
        s.addString("method", "NYUL");
    }

    private static double value(final Result result, final int row) {
        return ((DoubleValue)result.rows(1).get(row).getCell(3)).getDoubleValue();
    }

    private static String text(final Result result, final int row, final int column) {
        return ((StringValue)result.rows(1).get(row).getCell(column)).getStringValue();
    }

    private BufferedDataTable trainingImages() throws Exception {
        return TinyStudy.table(m_bench, List.of(), subject("t1", "A", A),
            subject("t2", "B", image(0, 0, 0, 0, 10, 12, 30, 40)));
    }

    private static final float[] OTHER = image(0, 0, 0, 0, 5, 6, 8, 9);

    /** Expected numbers: numpy.percentile and numpy.interp on the same eight voxels. */
    @Test
    void landmarksAreLearnedFromTheSecondInputAndComeOut() throws Exception {
        final Result result = run(VolumeNormalizerNodeTest::learnedLandmarks,
            TinyStudy.table(m_bench, List.of(), subject("o", "C", OTHER)), trainingImages());
        assertArrayEquals(new float[]{0, 0, 0, 0, -0.61141866f, 20.0336005f, 67.9556033f, 101.016277f},
            voxels(result, 0, "Normalized"), 1e-4f);
        assertEquals(13, result.table(1).size());
        assertEquals("landmark at 20 %", text(result, 2, 2));
        assertEquals("histogram landmarks, foreground automatic", text(result, 2, 0));
        assertEquals(11.616954474097332, value(result, 2), 1e-6);
        assertEquals(100, value(result, 12), 1e-9);
        assertTrue(result.rows(1).get(0).getCell(1).isMissing(), "landmarks belong to no site");
    }

    @Test
    void onlyMarkedRowsAreFittedTo() throws Exception {
        final BufferedDataTable marked = TinyStudy.table(m_bench, List.of(), subject("a", "training", A),
            subject("b", "test", image(0, 0, 0, 0, 1, 1, 1, 100)));
        final Result result = run(s -> {
            s.addString("method", "MIN_MAX");
            s.addString("scope", "DATA_SET");
            s.addString("fitRows", "MARKED");
            s.addString("fitColumn", "Site");
        }, marked, null);
        // 1..4 becomes 0..1, though the test image reaches 100.
        assertArrayEquals(new float[]{0, 0, 0, 0, 0, 0, 0, 1}, voxels(result, 1, "Normalized"), 1e-6f);
        final String message = assertThrows(NodeExecutionException.class, () -> run(s -> {
            s.addString("method", "NYUL");
            s.addString("fitRows", "MARKED");
            s.addString("fitColumn", "Site");
            s.addString("fitValue", "train");
        }, marked, null)).getMessage();
        assertTrue(message.contains("\"train\"") && message.contains("\"Site\""), message);
    }

    /** Expected numbers: numpy.percentile of 257 quantiles and numpy.interp. */
    @Test
    void theReferenceImageIsTheNamedRowOrTheFirst() throws Exception {
        final BufferedDataTable table = TinyStudy.table(m_bench, List.of(), subject("o", "C", OTHER));
        final Result second = run(s -> {
            s.addString("method", "QUANTILE_MATCHING");
            s.addString("referenceRow", "Row1");
        }, table, trainingImages());
        assertArrayEquals(new float[]{0, 0, 0, 0, 10, 12.021875f, 30.003125f, 40},
            voxels(second, 0, "Normalized"), 1e-4f);
        final Result first = run(s -> s.addString("method", "QUANTILE_MATCHING"), table, trainingImages());
        assertEquals(1, voxels(first, 0, "Normalized")[4], 1e-6f);
        assertEquals(258, first.table(1).size(), "257 quantiles and the background, which stays 0");
        final String message = assertThrows(NodeExecutionException.class, () -> run(s -> {
            s.addString("method", "QUANTILE_MATCHING");
            s.addString("referenceRow", "Row7");
        }, table, null)).getMessage();
        assertTrue(message.contains("no Row7"), message);
    }

    /** What one workflow learns, another applies: the same bits, without the training images. */
    @ParameterizedTest
    @CsvSource({"Z_SCORE,PER_SITE", "Z_SCORE,DATA_SET", "MIN_MAX,PER_SITE", "PERCENTILE,DATA_SET",
        "CLIPPED_Z_SCORE,DATA_SET", "ROBUST,PER_SITE", "NYUL,PER_IMAGE",
        "QUANTILE_MATCHING,PER_IMAGE"})
    void aLearnedScaleIsAppliedElsewhereBitForBit(final String method, final String scope) throws Exception {
        final Bench.Change settings = s -> {
            s.addString("method", method);
            s.addString("scope", scope);
        };
        final Result fitted = run(settings, study(), trainingImages());
        final Result applied =
            m_bench.run(new VolumeNormalizerNodeFactory(), settings, study(), null, fitted.table(1));
        for (int row = 0; row < 2; row++) {
            assertArrayEquals(voxels(fitted, row, "Normalized"), voxels(applied, row, "Normalized"));
        }
        assertEquals(fitted.rows(1).toString(), applied.rows(1).toString(), "and is handed on");
    }

    @Test
    void aScaleLearnedWithOtherSettingsIsRefused() throws Exception {
        final Result fitted = run(VolumeNormalizerNodeTest::learnedLandmarks, study(), null);
        final BufferedDataTable table = study();
        final String other = assertThrows(NodeExecutionException.class,
            () -> m_bench.run(new VolumeNormalizerNodeFactory(), s -> {
                learnedLandmarks(s);
                s.addString("foreground", "OTSU");
            }, table, null, fitted.table(1))).getMessage();
        assertTrue(other.contains("automatic") && other.contains("otsu"), other);
        final String nothing = assertThrows(InvalidSettingsException.class,
            () -> m_bench.run(new VolumeNormalizerNodeFactory(), s -> {
            }, table, null, fitted.table(1))).getMessage();
        assertTrue(nothing.contains("learns nothing"), nothing);
        final String both = assertThrows(InvalidSettingsException.class,
            () -> m_bench.run(new VolumeNormalizerNodeFactory(), VolumeNormalizerNodeTest::learnedLandmarks, table,
                table, fitted.table(1))).getMessage();
        assertTrue(both.contains("Disconnect"), both);
        final String columns = assertThrows(InvalidSettingsException.class,
            () -> m_bench.run(new VolumeNormalizerNodeFactory(), VolumeNormalizerNodeTest::learnedLandmarks, table,
                null, table)).getMessage();
        assertTrue(columns.contains("Learned scale"), columns);
        final String empty = assertThrows(NodeExecutionException.class,
            () -> m_bench.run(new VolumeNormalizerNodeFactory(), VolumeNormalizerNodeTest::learnedLandmarks, table,
                null, run(s -> {
                }, table, null).table(1))).getMessage();
        assertTrue(empty.contains("no rows"), empty);
        final List<DataCell[]> rows = new ArrayList<>();
        fitted.rows(1).stream().skip(1).forEach(r -> rows.add(Bench.cells(r)));
        final String partly = assertThrows(NodeExecutionException.class,
            () -> m_bench.run(new VolumeNormalizerNodeFactory(), VolumeNormalizerNodeTest::learnedLandmarks, table,
                null, m_bench.table(fitted.table(1).getDataTableSpec(), rows))).getMessage();
        assertTrue(partly.contains("landmark at 1 %"), partly);
    }

    @Test
    void theMaskColumnIsTheForeground() throws Exception {
        final BufferedDataTable table = TinyStudy.table(m_bench, List.of("Mask"),
            subject("a", "A", image(9, 9, 9, 9, 1, 2, 3, 4), TinyStudy.labels(0, 0, 0, 0, 1, 2, 1, 2)));
        final Result result = run(s -> {
            s.addString("foreground", "MASK");
            s.addString("background", "MAPPED");
        }, table, null);
        // Mean 2.5, sd √1.25 of the masked voxels; 9 is mapped too.
        assertArrayEquals(new float[]{5.81377674f, 5.81377674f, 5.81377674f, 5.81377674f, -1.34164079f, -0.44721360f,
            0.44721360f, 1.34164079f}, voxels(result, 0, "Normalized"), 1e-6f);
        final BufferedDataTable without =
            TinyStudy.table(m_bench, List.of("Mask"), subject("a", "A", A, new byte[][]{null}));
        final String missing = assertThrows(NodeExecutionException.class,
            () -> run(s -> s.addString("foreground", "MASK"), without, null)).getMessage();
        assertTrue(missing.contains("Row0") && missing.contains("no mask"), missing);
        final BufferedDataTable empty = TinyStudy.table(m_bench, List.of("Mask"), subject("a", "A", A, new byte[8]));
        final String message = assertThrows(NodeExecutionException.class,
            () -> run(s -> s.addString("foreground", "MASK"), empty, null)).getMessage();
        assertTrue(message.contains("(mask)") && message.contains("is empty"), message);
    }

    @Test
    void aMaskOnAnotherGridIsAClearError() throws Exception {
        final BufferedDataTable table = TinyStudy.table(m_bench, List.of("Mask"), subject("a", "A", A, new byte[8]));
        final LabelVolume shifted = new LabelVolume(new byte[]{1, 1, 1, 1, 1, 1, 1, 1},
            Geometry.axial(new int[]{2, 2, 2}, 1, 1, 1), VolumeInfo.UNKNOWN, TinyStudy.LABELS);
        final DataCell[] cells = Bench.cells(Bench.rows(table).get(0));
        cells[3] = VolumeCellFactory.of(m_bench.context()).create("shifted", shifted);
        final String message = assertThrows(NodeExecutionException.class,
            () -> run(s -> s.addString("foreground", "MASK"),
                m_bench.table(table.getDataTableSpec(), List.<DataCell[]> of(cells)), null)).getMessage();
        assertTrue(message.contains("mask") && message.contains("Resample"), message);
    }

    @Test
    void claheAndBiasFieldAreThoseOfTheSettings() throws Exception {
        final Volume image = new Volume(A, TinyStudy.GRID, VolumeInfo.UNKNOWN);
        final Result slices = run(s -> {
            s.addString("method", "CLAHE_SLICES");
            s.getNodeSettings("clahe").addInt("tiles", 2);
            s.getNodeSettings("clahe").addInt("bins", 4);
            s.getNodeSettings("clahe").addDouble("clipLimit", 1);
        }, study(), null);
        assertArrayEquals(
            new Clahe(new Clahe.Settings(Clahe.Mode.SLICES, 2, 4, 1, Foreground.ABOVE_ZERO),
                TaskExecutors.singleThreaded()).apply(image).voxels(),
            voxels(slices, 0, "Normalized"));
        assertEquals("CLAHE of slices with 2 tiles per axis, 4 bins, clip limit 1.0, foreground automatic",
            slices.table(0).getDataTableSpec().getColumnSpec("Normalized").getProperties()
                .getProperty("scanbridge.normalization"));
        assertEquals(0, slices.table(1).size());
        final Result volume = run(s -> s.addString("method", "CLAHE_VOLUME"), study(), null);
        assertArrayEquals(
            new Clahe(new Clahe.Settings(Clahe.Mode.VOLUME, 8, 256, 0.01, Foreground.ABOVE_ZERO),
                TaskExecutors.singleThreaded()).apply(image).voxels(),
            voxels(volume, 0, "Normalized"));
        final Result field = run(s -> {
            s.addString("method", "BIAS_FIELD");
            s.getNodeSettings("biasField").addInt("order", 1);
            s.getNodeSettings("biasField").addInt("classes", 1);
            s.getNodeSettings("biasField").addInt("rounds", 2);
        }, study(), null);
        assertArrayEquals(new PolynomialBiasCorrection(Foreground.ABOVE_ZERO, 1, 1, 2).apply(image).voxels(),
            voxels(field, 0, "Normalized"));
        final Result n4 = run(s -> {
            s.addString("method", "N4");
            s.getNodeSettings("n4").addInt("levels", 2);
            s.getNodeSettings("n4").addInt("iterations", 3);
            s.getNodeSettings("n4").addInt("shrink", 1);
        }, study(), null);
        assertArrayEquals(new N4BiasCorrection(Foreground.ABOVE_ZERO, 2, 3, 1).apply(image).voxels(),
            voxels(n4, 0, "Normalized"));
        assertEquals("bias field removed by N4, 2 levels of at most 3 iterations, every voxel, foreground automatic",
            n4.table(0).getDataTableSpec().getColumnSpec("Normalized").getProperties()
                .getProperty("scanbridge.normalization"));
        assertThrows(InvalidSettingsException.class,
            () -> run(s -> s.getNodeSettings("n4").addInt("levels", 7), study(), null));
    }

    @Test
    void voxelsThatAreNotANumberStopTheNodeUnlessReplaced() throws Exception {
        final BufferedDataTable table = TinyStudy.table(m_bench, List.of(),
            subject("a", "A", image(Float.NaN, 0, Float.POSITIVE_INFINITY, 0, 1, 2, 3, 4)));
        for (final String method : List.of("Z_SCORE", "NYUL", "QUANTILE_MATCHING", "CLAHE_VOLUME", "BIAS_FIELD")) {
            final String message = assertThrows(NodeExecutionException.class,
                () -> run(s -> s.addString("method", method), table, null)).getMessage();
            assertTrue(message.contains("NaN") && message.contains("subject a"), message);
        }
        final Result result = run(s -> s.addBoolean("replaceNonFinite", true), table, null);
        assertArrayEquals(new float[]{0, 0, 0, 0, -1.34164079f, -0.44721360f, 0.44721360f, 1.34164079f},
            voxels(result, 0, "Normalized"), 1e-6f);
    }

    @Test
    void radiographsAreVolumesOfDepthOne() throws Exception {
        final float[] pixels = new float[64];
        for (int v = 0; v < pixels.length; v++) {
            pixels[v] = v;
        }
        final BufferedDataTable study = study();
        final DataCell[] cells = Bench.cells(Bench.rows(study).get(0));
        cells[2] = VolumeCellFactory.of(m_bench.context()).create("flat",
            new Volume(pixels, Geometry.axial(new int[]{8, 8, 1}, 1, 1, 1), VolumeInfo.UNKNOWN));
        final BufferedDataTable table = m_bench.table(study.getDataTableSpec(), List.<DataCell[]> of(cells));
        for (final String method : List.of("Z_SCORE", "NYUL", "QUANTILE_MATCHING", "CLAHE_SLICES", "CLAHE_VOLUME",
            "BIAS_FIELD")) {
            final float[] y = voxels(run(s -> s.addString("method", method), table, null), 0, "Normalized");
            assertEquals(64, y.length);
            for (final float v : y) {
                assertTrue(Float.isFinite(v), method);
            }
        }
    }

    @Test
    void boundsOfTheNewMethodsHoldWithoutADialog() throws Exception {
        final BufferedDataTable table = study();
        final List<Bench.Change> wrong = List.of(s -> s.getNodeSettings("clahe").addInt("tiles", 0),
            s -> s.getNodeSettings("clahe").addInt("bins", 1),
            s -> s.getNodeSettings("clahe").addDouble("clipLimit", Double.NaN),
            s -> s.getNodeSettings("biasField").addInt("order", 6),
            s -> s.getNodeSettings("biasField").addInt("classes", 0),
            s -> s.getNodeSettings("biasField").addInt("rounds", 101), s -> {
                s.addString("method", "NYUL");
                s.addString("fitRows", "MARKED");
                s.addString("fitValue", "");
            });
        for (final Bench.Change change : wrong) {
            assertThrows(InvalidSettingsException.class, () -> run(change, table, null));
        }
    }
}

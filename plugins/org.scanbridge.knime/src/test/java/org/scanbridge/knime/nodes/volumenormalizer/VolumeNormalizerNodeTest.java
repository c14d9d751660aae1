package org.scanbridge.knime.nodes.volumenormalizer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.scanbridge.knime.testing.TinyStudy.image;
import static org.scanbridge.knime.testing.TinyStudy.subject;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.knime.core.data.DataColumnSpecCreator;
import org.knime.core.data.DataTableSpec;
import org.knime.core.data.def.StringCell;
import org.knime.core.node.BufferedDataTable;
import org.knime.core.node.CanceledExecutionException;
import org.knime.core.node.DefaultNodeProgressMonitor;
import org.knime.core.node.InvalidSettingsException;
import org.knime.core.standin.run.NodeExecutionException;
import org.scanbridge.knime.data.VolumeValue;
import org.scanbridge.knime.testing.Bench;
import org.scanbridge.knime.testing.Bench.Result;
import org.scanbridge.knime.testing.TinyStudy;

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
        return m_bench.run(new VolumeNormalizerNodeFactory(), change, table, fitOn);
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
        assertEquals("z-score of each image, foreground above zero", result.table(0).getDataTableSpec()
            .getColumnSpec("Normalized").getProperties().getProperty("scanbridge.normalization"));
        final VolumeValue value = (VolumeValue)result.rows(0).get(1).getCell(3);
        assertEquals("b", value.info().subject());
        assertEquals(TinyStudy.GRID, value.geometry());
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

    @Test
    void noneCopies() throws Exception {
        final Result result = run(s -> s.addString("method", "NONE"), study(), null);
        assertArrayEquals(A, voxels(result, 0, "Normalized"));
        assertEquals(result.rows(0).get(0).getCell(2), result.rows(0).get(0).getCell(3));
    }

    @Test
    void replacesTheColumnWhenAsked() throws Exception {
        final Result result = run(s -> s.addBoolean("replace", true), study(), null);
        assertArrayEquals(new String[]{"Subject", "Site", "Image"}, result.table(0).getDataTableSpec().getColumnNames());
        assertEquals(-1.34164079f, voxels(result, 0, "Image")[4], 1e-6f);
    }

    @Test
    void aTakenColumnNameIsMadeUnique() throws Exception {
        final Result once = run(s -> {
        }, study(), null);
        final Result twice = run(s -> s.addString("imageColumn", "Image"), once.table(0), null);
        assertEquals(5, twice.table(0).getDataTableSpec().getNumColumns());
        assertEquals(5, Arrays.stream(twice.table(0).getDataTableSpec().getColumnNames()).distinct().count());
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
            }, table, null));
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
}

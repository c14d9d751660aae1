package org.scanbridge.knime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.knime.core.data.DataCell;
import org.knime.core.data.DataColumnSpec;
import org.knime.core.data.DataColumnSpecCreator;
import org.knime.core.data.DataRow;
import org.knime.core.data.DataTableSpec;
import org.knime.core.data.DataType;
import org.knime.core.data.MissingCell;
import org.knime.core.data.def.StringCell;
import org.knime.core.node.BufferedDataTable;
import org.knime.core.node.port.PortObject;
import org.scanbridge.imaging.volume.Geometry;
import org.scanbridge.imaging.volume.LabelSet;
import org.scanbridge.imaging.volume.LabelVolume;
import org.scanbridge.imaging.volume.Volume;
import org.scanbridge.imaging.volume.VolumeInfo;
import org.scanbridge.knime.data.LabelVolumeCell;
import org.scanbridge.knime.data.VolumeCell;
import org.scanbridge.knime.data.VolumeCellFactory;
import org.scanbridge.knime.data.VolumeValue;
import org.scanbridge.knime.nodes.imageregistration.ImageRegistrationNodeFactory;
import org.scanbridge.knime.nodes.segmentationscorer.SegmentationScorerNodeFactory;
import org.scanbridge.knime.nodes.volumeaugmenter.VolumeAugmenterNodeFactory;
import org.scanbridge.knime.nodes.volumenormalizer.VolumeNormalizerNodeFactory;
import org.scanbridge.knime.nodes.volumeresampler.VolumeResamplerNodeFactory;
import org.scanbridge.knime.testing.Bench;
import org.scanbridge.knime.testing.Bench.Result;

/**
 * One bad row must not cost the table: an image that is constant, one of nothing but NaN, one of a single voxel, and an empty
 * mask, between good rows.
 */
class BadRowsTest {

    private static final int SIZE = 24;

    private static final List<String> KINDS = List.of("good", "constant", "zero", "NaN", "single voxel", "empty mask", "good");

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

    private static DataColumnSpec column(final String name, final DataType type) {
        return new DataColumnSpecCreator(name, type).createSpec();
    }

    /** Brightness and bits of noise of a ball in air. */
    private static float value(final String kind, final int v) {
        final double r = Math.hypot(Math.hypot(v % SIZE - 12.3, v / SIZE % SIZE - 11.1), v / SIZE / SIZE - 12);
        return kind.equals("constant") ? 5 : kind.equals("zero") ? 0 : kind.equals("NaN") ? Float.NaN
            : r > 10 ? 0 : (r > 6 ? 100 : 200) + (v * 31 & 15);
    }

    private BufferedDataTable table(final List<String> kinds) throws Exception {
        final VolumeCellFactory cells = VolumeCellFactory.of(m_bench.context());
        final List<DataCell[]> rows = new ArrayList<>();
        for (final String kind : kinds) {
            final boolean single = kind.equals("single voxel");
            final Geometry grid = Geometry.axial(single ? new int[]{1, 1, 1} : new int[]{SIZE, SIZE, SIZE}, 2, 2, 2);
            final VolumeInfo info = new VolumeInfo("MR", "A", "s" + rows.size(), "r" + rows.size(), "");
            final float[] x = new float[grid.voxelCount()];
            final byte[] y = new byte[grid.voxelCount()];
            for (int v = 0; v < x.length; v++) {
                x[v] = single ? 7 : value(kind, v);
                y[v] = (byte)(kind.equals("empty mask") ? 0 : single || value("good", v) > 150 ? 1 : 0);
            }
            rows.add(new DataCell[]{new StringCell(info.subject()), new StringCell("A"),
                cells.create("i" + rows.size(), new Volume(x, grid, info)),
                cells.create("o" + rows.size(), new Volume(good(grid), grid, info)),
                cells.create("l" + rows.size(), new LabelVolume(y, grid, info, LabelSet.of("ball"))),
                cells.create("m" + rows.size(), new LabelVolume(y, grid, info, LabelSet.of("ball")))});
        }
        return m_bench.table(new DataTableSpec(column("Subject", StringCell.TYPE), column("Site", StringCell.TYPE),
            column("Image", VolumeCell.TYPE), column("Other", VolumeCell.TYPE), column("Segmentation", LabelVolumeCell.TYPE),
            column("Model", LabelVolumeCell.TYPE)), rows);
    }

    private static float[] good(final Geometry grid) {
        final float[] x = new float[grid.voxelCount()];
        for (int v = 0; v < x.length; v++) {
            x[v] = value("good", v) + 1;
        }
        return x;
    }

    /** Every row is there; good ones have a result, those without one know why, and the warning counts them. */
    private static void check(final Result result, final String column) {
        assertEquals(KINDS.size(), result.rows(0).size());
        final int index = result.table(0).getDataTableSpec().findColumnIndex(column);
        int bad = 0;
        for (int r = 0; r < KINDS.size(); r++) {
            final DataCell cell = result.rows(0).get(r).getCell(index);
            assertFalse(KINDS.get(r).equals("good") && cell.isMissing(), "row " + r + " of " + column);
            if (cell.isMissing()) {
                bad++;
                final String why = ((MissingCell)cell).getError();
                assertTrue(why != null && why.startsWith("Row" + r + ": "), KINDS.get(r) + ": " + why);
            } else if (cell instanceof VolumeValue image && !KINDS.get(r).equals("NaN")) {
                for (final float v : image.volume().voxels()) {
                    assertTrue(Float.isFinite(v), KINDS.get(r));
                }
            }
        }
        assertTrue(bad == 0 || result.warning().contains(bad + " of 7 rows could not be "), bad + ": " + result.warning());
    }

    @ParameterizedTest
    @ValueSource(strings = {"NONE", "Z_SCORE", "MIN_MAX", "PERCENTILE", "CLIPPED_Z_SCORE", "ROBUST", "NYUL", "QUANTILE_MATCHING",
        "CLAHE_SLICES", "CLAHE_VOLUME", "BIAS_FIELD", "N4"})
    void normalizerGoesOn(final String method) throws Exception {
        final BufferedDataTable table = table(KINDS);
        for (final String foreground : List.of("AUTOMATIC", "MASK")) {
            for (final String scope : List.of("PER_IMAGE", "PER_SITE", "DATA_SET")) {
                final Result result = m_bench.run(new VolumeNormalizerNodeFactory(), s -> {
                    s.addString("method", method);
                    s.addString("foreground", foreground);
                    s.addString("scope", scope);
                    s.addString("maskColumn", "Segmentation");
                    s.addString("imageColumn", "Image");
                }, table, null, null);
                check(result, "Normalized");
                assertEquals(method.equals("NONE"),
                    !result.rows(0).get(KINDS.indexOf("NaN")).getCell(6).isMissing(), "NaN has no statistics");
            }
        }
    }

    @Test
    void whatOthersLearnFromIsNotBentByABadRow() throws Exception {
        for (final String method : List.of("NYUL", "Z_SCORE")) {
            final Bench.Change settings = s -> {
                s.addString("method", method);
                s.addString("scope", "DATA_SET");
                s.addString("foreground", "MASK");
                s.addString("maskColumn", "Segmentation");
                s.addString("imageColumn", "Image");
            };
            final Result with = m_bench.run(new VolumeNormalizerNodeFactory(), settings,
                table(List.of("good", "NaN", "empty mask", "good")), null, null);
            final Result without = m_bench.run(new VolumeNormalizerNodeFactory(), settings, table(List.of("good", "good")), null,
                null);
            assertEquals(numbers(without), numbers(with));
            assertTrue(with.warning().contains("2 of 4 rows could not be fitted to"), with.warning());
        }
    }

    private static List<String> numbers(final Result result) {
        return result.rows(1).stream().map(r -> r.getCell(3).toString()).toList();
    }

    @Test
    void resamplerGoesOn() throws Exception {
        for (final String crop : List.of("NONE", "IMAGE", "LABELS")) {
            check(m_bench.run(new VolumeResamplerNodeFactory(), s -> {
                s.addString("crop", crop);
                s.addString("grid", "ISOTROPIC");
                s.addDouble("edge", 1.5);
                s.addString("imageColumn", "Image");
            }, table(KINDS), null), "Resampled");
        }
    }

    @Test
    void augmenterGoesOn() throws Exception {
        final Result result = m_bench.run(new VolumeAugmenterNodeFactory(), s -> {
            s.addString("imageColumn", "Image");
            s.addBoolean("keepOriginals", false);
            for (final String name : List.of("blur", "ghosting", "motion", "spike", "lowResolution")) {
                s.getNodeSettings("augmentation").getNodeSettings("acquisition").addBoolean(name, true);
                s.getNodeSettings("augmentation").getNodeSettings("acquisition").addDouble(name + "Probability", 1);
            }
        }, table(KINDS));
        check(result, "Image");
    }

    @Test
    void registrationGoesOn() throws Exception {
        final Result result = m_bench.run(new ImageRegistrationNodeFactory(), s -> {
            s.addString("fixedColumn", "Other");
            s.addString("movingColumn", "Image");
        }, table(KINDS));
        final int column = result.table(0).getDataTableSpec().getNumColumns() - 1;
        for (int r = 0; r < KINDS.size(); r++) {
            final DataRow transform = result.rows(1).get(r);
            final boolean failed = !transform.getCell(14).isMissing();
            assertEquals(failed, result.rows(0).get(r).getCell(column).isMissing());
            assertFalse(failed && KINDS.get(r).equals("good"), transform.toString());
            assertTrue(failed || !List.of("constant", "zero", "NaN", "single voxel").contains(KINDS.get(r)), KINDS.get(r));
        }
        assertTrue(result.warning().contains("not registered"), result.warning());
    }

    @Test
    void scorerGoesOn() throws Exception {
        final Result result = m_bench.run(new SegmentationScorerNodeFactory(), s -> {
            s.addString("referenceColumn", "Segmentation");
            s.addBoolean("lesions", true);
            s.addBoolean("surfaceArea", true);
        }, table(KINDS));
        assertEquals(KINDS.size(), result.rows(0).size());
    }

    @Test
    void whereNothingCanBeDoneTheNodeFailsAndSaysWhy() throws Exception {
        final BufferedDataTable table = table(List.of("NaN", "NaN"));
        final PortObject[] inputs = {table, null, null};
        final String message = assertThrows(Exception.class,
            () -> m_bench.run(new VolumeNormalizerNodeFactory(), s -> s.addString("imageColumn", "Image"), inputs)).getMessage();
        assertTrue(message.contains("None of 2 rows could be normalized") && message.contains("The first, Row0: ")
            && message.contains("\"Replace NaN and infinite voxels\" in the Volume Normalizer"),
            message);
    }
}

package org.scanbridge.knime.nodes.lesionscorer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.knime.core.data.DataCell;
import org.knime.core.data.DataColumnSpec;
import org.knime.core.data.DataColumnSpecCreator;
import org.knime.core.data.DataRow;
import org.knime.core.data.DataTableSpec;
import org.knime.core.data.DataType;
import org.knime.core.data.DoubleValue;
import org.knime.core.data.IntValue;
import org.knime.core.data.StringValue;
import org.knime.core.data.def.StringCell;
import org.knime.core.node.BufferedDataTable;
import org.knime.core.node.InvalidSettingsException;
import org.knime.core.standin.run.NodeExecutionException;
import org.scanbridge.imaging.volume.Geometry;
import org.scanbridge.imaging.volume.LabelSet;
import org.scanbridge.imaging.volume.LabelVolume;
import org.scanbridge.imaging.volume.Volume;
import org.scanbridge.imaging.volume.VolumeInfo;
import org.scanbridge.knime.data.LabelVolumeCell;
import org.scanbridge.knime.data.VolumeCell;
import org.scanbridge.knime.data.VolumeCellFactory;
import org.scanbridge.knime.testing.Bench;
import org.scanbridge.knime.testing.Bench.Result;

/** Lesions on a line of 16 voxels of 2 × 1 × 1 mm, so that two voxels are 4 mm³ and one is ignored. */
class LesionScorerNodeTest {

    private static final Geometry GRID = Geometry.axial(new int[]{16, 1, 1}, 2, 1, 1);

    private static final LabelSet NAMES = LabelSet.of("lesion");

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

    private static LabelVolume labels(final String line) {
        final byte[] voxels = new byte[16];
        for (int v = 0; v < 16; v++) {
            voxels[v] = (byte)(line.charAt(v) == '.' ? 0 : 1);
        }
        return new LabelVolume(voxels, GRID, VolumeInfo.UNKNOWN, NAMES);
    }

    /** Digits are tenths. */
    private static Volume map(final String line) {
        final float[] voxels = new float[16];
        for (int v = 0; v < 16; v++) {
            voxels[v] = (line.charAt(v) == '.' ? 0 : line.charAt(v) - '0') / 10f;
        }
        return new Volume(voxels, GRID, VolumeInfo.UNKNOWN);
    }

    private BufferedDataTable table(final Object[]... rows) throws Exception {
        return table(List.of("lesion"), rows);
    }

    private BufferedDataTable table(final List<String> maps, final Object[]... rows) throws Exception {
        final VolumeCellFactory cells = VolumeCellFactory.of(m_bench.context());
        final List<DataColumnSpec> columns = new ArrayList<>();
        columns.add(new DataColumnSpecCreator("Subject", StringCell.TYPE).createSpec());
        columns.add(new DataColumnSpecCreator("Site", StringCell.TYPE).createSpec());
        columns.add(new DataColumnSpecCreator("Segmentation", LabelVolumeCell.TYPE).createSpec());
        columns.add(new DataColumnSpecCreator("model", LabelVolumeCell.TYPE).createSpec());
        maps.forEach(m -> columns.add(new DataColumnSpecCreator("model p(" + m + ")", VolumeCell.TYPE).createSpec()));
        final List<DataCell[]> all = new ArrayList<>();
        for (final Object[] row : rows) {
            final DataCell[] to = new DataCell[row.length];
            for (int c = 0; c < row.length; c++) {
                to[c] = row[c] == null ? DataType.getMissingCell() : row[c] instanceof String text ? new StringCell(text)
                    : row[c] instanceof Volume volume ? cells.create("v" + all.size() + "-" + c, volume)
                        : cells.create("s" + all.size() + "-" + c, (LabelVolume)row[c]);
            }
            all.add(to);
        }
        return m_bench.table(new DataTableSpec(columns.toArray(DataColumnSpec[]::new)), all);
    }

    private static double number(final Result result, final int port, final int row, final String column) {
        final DataCell cell = result.rows(port).get(row).getCell(result.table(port).getDataTableSpec().findColumnIndex(column));
        return cell instanceof IntValue value ? value.getIntValue() : ((DoubleValue)cell).getDoubleValue();
    }

    private static String text(final Result result, final int port, final int row, final String column) {
        return ((StringValue)result.rows(port).get(row).getCell(result.table(port).getDataTableSpec().findColumnIndex(column)))
            .getStringValue();
    }

    private Result run(final BufferedDataTable table, final Bench.Change change) throws Exception {
        return m_bench.run(new LesionScorerNodeFactory(), change, table);
    }

    /** Site A: of 3 lesions 2 found, of 4 of the model 2 right; a single voxel is ignored. Site B: all found. */
    private BufferedDataTable two() throws Exception {
        return table(
            new Object[]{"S1", "A", labels("XX..XXXX..XX...."), labels(".XXX..XX....XX.X"), map("4999..66....88.9")},
            new Object[]{"S2", "A", labels("................"), labels("...XX..........."), map("...77...........")},
            new Object[]{"S3", "B", labels("XXX............."), labels("XXX............."), map("55511...........")});
    }

    @Test
    void lesionsOfASiteAreAddedUp() throws Exception {
        final Result result = run(two(), s -> {
        });
        assertNull(result.warning());
        assertEquals(2, result.rows(0).size());
        assertEquals("A", text(result, 0, 0, "Site"));
        assertEquals("lesion", text(result, 0, 0, "Class"));
        assertEquals("test", text(result, 0, 0, "Role"));
        assertEquals(2, number(result, 0, 0, "Images"));
        assertEquals(3, number(result, 0, 0, "Reference Lesions"));
        assertEquals(4, number(result, 0, 0, "Lesions"));
        assertEquals(2, number(result, 0, 0, "Detected Lesions"));
        assertEquals(1, number(result, 0, 0, "Missed Lesions"));
        assertEquals(2, number(result, 0, 0, "False Positives"));
        assertEquals(2.0 / 3, number(result, 0, 0, "Recall"), 1e-15);
        assertEquals(0.5, number(result, 0, 0, "Precision"));
        assertEquals(4.0 / 7, number(result, 0, 0, "F1"), 1e-15);
        assertEquals(1, number(result, 0, 0, "False Positives per Image"));
        assertEquals(1, number(result, 0, 1, "F1"));
    }

    /** What finds nothing where there is nothing to find has no sensitivity; one candidate is wrong in the one image. */
    @Test
    void aSiteWithoutLesionsHasNoSensitivity() throws Exception {
        final Result result = run(table(
            new Object[]{"S1", "A", labels("................"), labels("................"), map("...77...........")},
            new Object[]{"S2", "B", labels("..........XX...."), labels("................"), map("...77...........")}), s -> {
            });
        final int sensitivity = result.table(2).getDataTableSpec().findColumnIndex("Sensitivity");
        assertEquals(2, result.rows(2).size());
        assertEquals(1, number(result, 2, 0, "False Positives per Image"));
        assertTrue(result.rows(2).get(0).getCell(sensitivity).isMissing());
        assertEquals(0, number(result, 2, 1, "Sensitivity"), "a lesion that was not found");
    }

    /** By decreasing score: 0.9 right, 0.8 and 0.7 wrong, 0.6 right; two images, three lesions. */
    @Test
    void frocIsReadAtTheRatesOfLuna16() throws Exception {
        final Result result = run(two(), s -> {
        });
        for (final String rate : List.of("⅛", "¼", "½")) {
            assertEquals(1.0 / 3, number(result, 0, 0, "Sensitivity at " + rate), 1e-7);
        }
        for (final String rate : List.of("1", "2", "4", "8")) {
            assertEquals(2.0 / 3, number(result, 0, 0, "Sensitivity at " + rate), 1e-7);
        }
        assertEquals(11.0 / 21, number(result, 0, 0, "CPM"), 1e-7);
        assertEquals(5, result.rows(2).size());
        assertEquals(0.9, number(result, 2, 0, "Threshold"), 1e-7);
        assertEquals(1, number(result, 2, 3, "False Positives per Image"), 1e-7);
        assertEquals(2.0 / 3, number(result, 2, 3, "Sensitivity"), 1e-7);
    }

    @Test
    void boxesAreListedAndMatched() throws Exception {
        final Result result = run(two(), s -> {
            s.addString("lesionRule", "BOXES");
            s.addDouble("leastIou", 0.5);
        });
        // of the first image three lesions of the reference, then three of the model
        assertEquals(9, result.rows(1).size());
        assertEquals("reference", text(result, 1, 1, "Of"));
        assertEquals(4, number(result, 1, 1, "First I"));
        assertEquals(7, number(result, 1, 1, "Last I"));
        assertEquals(0, number(result, 1, 1, "Last K"));
        assertEquals(7, number(result, 1, 1, "Least L (mm)"));
        assertEquals(15, number(result, 1, 1, "Greatest L (mm)"));
        assertEquals(-0.5, number(result, 1, 1, "Least P (mm)"));
        assertEquals(8, number(result, 1, 1, "Volume (mm³)"));
        // 4-7 and 6-7 share half of their union, 0-1 and 1-3 a quarter
        assertEquals(0.5, number(result, 1, 1, "Best IoU"));
        assertEquals(0.25, number(result, 1, 0, "Best IoU"));
        assertEquals("model", text(result, 1, 3, "Of"));
        assertEquals(1, number(result, 0, 0, "Detected Lesions"));
        assertEquals(3, number(result, 0, 0, "False Positives"));
    }

    @Test
    void whatIsMissingIsSaid() throws Exception {
        final Geometry other = Geometry.axial(new int[]{16, 1, 1}, 3, 1, 1);
        final Result result = run(table(
            new Object[]{"S1", "A", labels("XX.............."), labels("XX.............."), null},
            new Object[]{"S2", "A", labels("XX.............."), labels("XX.............."), map("99..............")},
            new Object[]{"S3", "A", null, labels("XX.............."), null},
            new Object[]{"S4", "A", labels("XX.............."), null, null},
            new Object[]{"S5", "A", labels("XX.............."),
                new LabelVolume(new byte[16], other, VolumeInfo.UNKNOWN, NAMES), null}), s -> {
                });
        assertEquals(2, number(result, 0, 0, "Images"));
        final DataRow row = result.rows(0).get(0);
        assertTrue(row.getCell(result.table(0).getDataTableSpec().findColumnIndex("CPM")).isMissing());
        assertEquals(0, result.rows(2).size());
        assertTrue(result.warning().contains("1 of 5 rows have no reference"), result.warning());
        assertTrue(result.warning().contains("1 segmentations of models are missing"), result.warning());
        assertTrue(result.warning().contains("so it has no FROC there"), result.warning());
        assertTrue(result.warning().contains("Row4 (model)"), result.warning());
        assertTrue(assertThrows(InvalidSettingsException.class, () -> run(two(), s -> s.addDouble("candidates", 0))).getMessage()
            .contains("\"Candidates from probability\" is 0"));
    }

    private String failure(final Object map) throws Exception {
        final BufferedDataTable table = table(new Object[]{"S1", "A", labels("XX.............."), labels("XX.............."), map});
        return assertThrows(NodeExecutionException.class, () -> run(table, s -> {
        })).getMessage();
    }

    @Test
    void mapsThatAreNoProbabilitiesAreRefused() throws Exception {
        final float[] percent = map("99..............").voxels().clone();
        percent[1] = 90;
        final String much = failure(new Volume(percent, GRID, VolumeInfo.UNKNOWN));
        assertTrue(much.contains("\"model p(lesion)\" has the probability 90.0 in voxel (1, 0, 0)"), much);
        percent[1] = 0;
        percent[15] = Float.NaN;
        final String none = failure(new Volume(percent, GRID, VolumeInfo.UNKNOWN));
        assertTrue(none.contains("\"model p(lesion)\" has the probability NaN in voxel (15, 0, 0)"), none);
        percent[15] = -0.5f;
        final String little = failure(new Volume(percent, GRID, VolumeInfo.UNKNOWN));
        assertTrue(little.contains("has the probability -0.5"), little);
        final String moved =
            failure(new Volume(new float[16], Geometry.axial(new int[]{16, 1, 1}, 3, 1, 1), VolumeInfo.UNKNOWN));
        assertTrue(moved.contains("The probabilities \"model p(lesion)\" and the segmentation lie on different grids"), moved);
    }

    @Test
    void theLeastProbabilityIsEnough() throws Exception {
        final Result result = run(table(new Object[]{"S1", "A", labels("XX.............."), labels("XX.............."),
            map("77..............")}), s -> s.addDouble("candidates", 0.7));
        assertEquals(1, number(result, 0, 0, "CPM"));
    }

    /** The exact name comes first; what fits no class is said. */
    @Test
    void mapsFitClassesInOtherCapitals() throws Exception {
        final LabelVolume found = labels("XX..............");
        final Result other = run(table(List.of("Lesion"), new Object[]{"S1", "A", found, found, map("99..............")}), s -> {
        });
        assertNull(other.warning());
        assertEquals(1, number(other, 0, 0, "CPM"));
        final Result both = run(table(List.of("LESION", "lesion", "background"),
            new Object[]{"S1", "A", found, found, map("........99......"), map("99.............."), map("................")}), s -> {
            });
        assertNull(both.warning());
        assertEquals(1, number(both, 0, 0, "CPM"));
        final Result none = run(table(List.of("lesions", "5"),
            new Object[]{"S1", "A", found, found, map("99.............."), map("................")}), s -> {
            });
        assertEquals(0, none.rows(2).size());
        assertTrue(none.warning().contains(
            "No class of the segmentations has the name in \"model p(lesions)\", \"model p(5)\""), none.warning());
        assertTrue(none.warning().contains("Classes: lesion."), none.warning());
    }

    /** What covers everything finds everything, but by boxes only one; the other image's lesions are found one by one. */
    @Test
    void oneBlobOverAllLesionsIsSaid() throws Exception {
        final BufferedDataTable table = table(
            new Object[]{"S1", "A", labels("XX..XX..XX..XX.."), labels("XXXXXXXXXXXXXX.."), map("55555599555555..")},
            new Object[]{"S2", "B", labels("XX..XX.........."), labels("XX..XX.........."), map("5555559.........")});
        final Result result = run(table, s -> {
        });
        assertEquals(1, number(result, 0, 0, "F1"));
        assertTrue(result.warning().contains("Of \"model\", 1 lesion and 2 candidates of the FROC cover more than one reference"
            + " lesion each"), result.warning());
        assertTrue(result.warning().contains("raise \"Candidates from probability\""), result.warning());
        final Result boxes = run(table, s -> {
            s.addString("lesionRule", "BOXES");
            s.addDouble("leastIou", 0.1);
        });
        assertNull(boxes.warning());
        assertEquals(1, number(boxes, 0, 0, "Detected Lesions"));
        assertEquals(0.25, number(boxes, 0, 0, "CPM"));
    }
}

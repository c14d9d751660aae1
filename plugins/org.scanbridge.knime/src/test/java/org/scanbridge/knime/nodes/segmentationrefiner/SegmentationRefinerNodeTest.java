package org.scanbridge.knime.nodes.segmentationrefiner;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

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
import org.knime.core.data.DataColumnSpec;
import org.knime.core.data.DataColumnSpecCreator;
import org.knime.core.data.DataTableSpec;
import org.knime.core.data.DataType;
import org.knime.core.node.BufferedDataTable;
import org.knime.core.node.InvalidSettingsException;
import org.knime.core.standin.run.NodeExecutionException;
import org.scanbridge.imaging.volume.Geometry;
import org.scanbridge.imaging.volume.LabelSet;
import org.scanbridge.imaging.volume.LabelVolume;
import org.scanbridge.imaging.volume.Volume;
import org.scanbridge.imaging.volume.VolumeInfo;
import org.scanbridge.knime.data.LabelVolumeCell;
import org.scanbridge.knime.data.LabelVolumeValue;
import org.scanbridge.knime.data.VolumeCell;
import org.scanbridge.knime.data.VolumeCellFactory;
import org.scanbridge.knime.data.VolumeValue;
import org.scanbridge.knime.testing.Bench;
import org.scanbridge.knime.testing.Bench.Result;

/** A bright square of 4 × 4 voxels in a dark image of 10 × 10, of which the network misses a corner, and a speck elsewhere. */
class SegmentationRefinerNodeTest {

    private static final Geometry GRID = Geometry.axial(new int[]{10, 10, 1}, 1, 1, 2);

    /** The label value need not be the number of the class. */
    private static final LabelSet NAMES = LabelSet.of(Map.of(7, "lesion"));

    private static final int CORNER = 22;

    private static final int SPECK = 78;

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

    private static boolean isSquare(final int v) {
        return v % 10 >= 2 && v % 10 < 6 && v / 10 >= 2 && v / 10 < 6;
    }

    /** @param hidden whether the image shows nothing */
    private static Volume image(final boolean hidden) {
        final float[] voxels = new float[100];
        for (int v = 0; v < 100; v++) {
            voxels[v] = isSquare(v) && !hidden ? 3 : 0;
        }
        return new Volume(voxels, GRID, VolumeInfo.UNKNOWN);
    }

    private static Volume lesion() {
        final float[] p = new float[100];
        for (int v = 0; v < 100; v++) {
            p[v] = v == CORNER ? 0.4f : v == SPECK ? 0.6f : isSquare(v) ? 0.9f : 0.1f;
        }
        return new Volume(p, GRID, VolumeInfo.UNKNOWN);
    }

    private static Volume rest(final Volume p) {
        final float[] rest = new float[100];
        for (int v = 0; v < 100; v++) {
            rest[v] = 1 - p.voxels()[v];
        }
        return p.withVoxels(rest);
    }

    private static LabelVolume found(final Volume p) {
        final byte[] labels = new byte[100];
        for (int v = 0; v < 100; v++) {
            labels[v] = (byte)(p.voxels()[v] > 0.5 ? 7 : 0);
        }
        return new LabelVolume(labels, GRID, VolumeInfo.UNKNOWN, NAMES);
    }

    private static LabelVolume square(final boolean speck) {
        final byte[] labels = new byte[100];
        for (int v = 0; v < 100; v++) {
            labels[v] = (byte)(isSquare(v) || speck && v == SPECK ? 7 : 0);
        }
        return new LabelVolume(labels, GRID, VolumeInfo.UNKNOWN, NAMES);
    }

    private BufferedDataTable table(final List<String> maps, final Object[]... rows) throws Exception {
        final VolumeCellFactory cells = VolumeCellFactory.of(m_bench.context());
        final List<DataColumnSpec> columns = new ArrayList<>();
        columns.add(new DataColumnSpecCreator("Image", VolumeCell.TYPE).createSpec());
        columns.add(new DataColumnSpecCreator("prediction", LabelVolumeCell.TYPE).createSpec());
        maps.forEach(m -> columns.add(new DataColumnSpecCreator("prediction p(" + m + ")", VolumeCell.TYPE).createSpec()));
        final List<DataCell[]> all = new ArrayList<>();
        for (final Object[] row : rows) {
            final DataCell[] to = new DataCell[row.length];
            for (int c = 0; c < row.length; c++) {
                to[c] = row[c] == null ? DataType.getMissingCell() : row[c] instanceof Volume volume
                    ? cells.create("v" + all.size() + "-" + c, volume) : cells.create("s" + all.size() + "-" + c, (LabelVolume)row[c]);
            }
            all.add(to);
        }
        return m_bench.table(new DataTableSpec(columns.toArray(DataColumnSpec[]::new)), all);
    }

    private BufferedDataTable one() throws Exception {
        return table(List.of("background", "lesion"), new Object[]{image(false), found(lesion()), rest(lesion()), lesion()});
    }

    private Result run(final BufferedDataTable table, final Bench.Change change) throws Exception {
        return m_bench.run(new SegmentationRefinerNodeFactory(), change, table);
    }

    private static DataCell cell(final Result result, final int row, final String column) {
        return result.rows(0).get(row).getCell(result.table(0).getDataTableSpec().findColumnIndex(column));
    }

    private static byte[] refined(final Result result) {
        return ((LabelVolumeValue)cell(result, 0, "refined")).labelVolume().voxels();
    }

    /** A voxel that is only just lesion, among background that is sure. */
    @Test
    void saysWhereMostOfAClassWentAway() throws Exception {
        final float[] p = new float[100];
        Arrays.fill(p, 0.05f);
        p[SPECK] = 0.55f;
        final Volume unsure = lesion().withVoxels(p);
        final Result result = run(table(List.of("background", "lesion"),
            new Object[]{image(true), found(unsure), rest(unsure), unsure}), s -> {
                s.addDouble("smoothnessWeight", 2);
                s.addDouble("removedVolume", 0);
            });
        assertTrue(result.warning().contains("In 1 of 1 rows") && result.warning().contains("more than half of class \"lesion\""),
            result.warning());
    }

    @Test
    void theCornerIsFilledAndTheSpeckVanishes() throws Exception {
        final Result result = run(one(), s -> s.addBoolean("probabilities", true));
        assertNull(result.warning());
        assertArrayEquals(square(false).voxels(), refined(result));
        assertEquals(NAMES, ((LabelVolumeValue)cell(result, 0, "refined")).labels());
        final float[] p = ((VolumeValue)cell(result, 0, "refined p(lesion)")).volume().voxels();
        final float[] q = ((VolumeValue)cell(result, 0, "refined p(background)")).volume().voxels();
        for (int v = 0; v < 100; v++) {
            assertEquals(1, p[v] + q[v], 1e-6);
            assertEquals(isSquare(v), p[v] > 0.5, "voxel " + v);
        }
    }

    /** The maps of one class suffice; what the image does not show cannot fill the corner. */
    @Test
    void theBackgroundIsWhatTheClassesLeave() throws Exception {
        final Result shown = run(table(List.of("lesion"), new Object[]{image(false), found(lesion()), lesion()}), s -> {
        });
        assertArrayEquals(square(false).voxels(), refined(shown));
        final Result hidden = run(table(List.of("lesion"), new Object[]{image(true), found(lesion()), lesion()}), s -> {
        });
        assertEquals(0, refined(hidden)[CORNER]);
    }

    @Test
    void smallPartsAreRemovedWithoutACrf() throws Exception {
        final BufferedDataTable table = table(List.of(), new Object[]{null, square(true)});
        // a voxel has 2 mm³
        assertArrayEquals(square(true).voxels(), refined(run(table, s -> {
            s.addBoolean("crf", false);
            s.addDouble("removedVolume", 1.9);
        })));
        assertArrayEquals(square(false).voxels(), refined(run(table, s -> {
            s.addBoolean("crf", false);
            s.addDouble("removedVolume", 2);
        })));
        // both: nothing is left of a square of 32 mm³
        assertArrayEquals(new byte[100], refined(run(one(), s -> s.addDouble("removedVolume", 32))));
    }

    @Test
    void rowsThatCannotBeRefinedCostOnlyThemselves() throws Exception {
        final Geometry other = Geometry.axial(new int[]{10, 10, 1}, 1, 1.5, 2);
        final Result result = run(table(List.of("background", "lesion"),
            new Object[]{image(false), found(lesion()), rest(lesion()), lesion()},
            new Object[]{image(false), null, null, null},
            new Object[]{new Volume(new float[100], other, VolumeInfo.UNKNOWN), found(lesion()), rest(lesion()), lesion()},
            new Object[]{image(false), found(lesion()), lesion(), lesion()}), s -> {
            });
        assertArrayEquals(square(false).voxels(), refined(result));
        for (int row = 1; row < 4; row++) {
            assertTrue(cell(result, row, "refined").isMissing());
        }
        assertTrue(result.warning().contains("1 of 4 rows have no segmentation"), result.warning());
        assertTrue(result.warning().contains("another grid"), result.warning());
    }

    @Test
    void regionsAndWhatIsMissingAreNamed() throws Exception {
        final Exception regions = assertThrows(NodeExecutionException.class,
            () -> run(table(List.of("whole tumor"), new Object[]{image(false), found(lesion()), lesion()}), s -> {
            }));
        assertTrue(regions.getMessage().contains("\"prediction p(whole tumor)\" holds probabilities of what is no class"),
            regions.getMessage());
        final InvalidSettingsException none = assertThrows(InvalidSettingsException.class,
            () -> run(table(List.of(), new Object[]{image(false), found(lesion())}), s -> {
            }));
        assertTrue(none.getMessage().contains("Switch on \"Probabilities\""), none.getMessage());
        assertTrue(assertThrows(InvalidSettingsException.class, () -> run(one(), s -> s.addDouble("appearanceIntensity", 0)))
            .getMessage().contains("\"Appearance intensity\" is 0"));
        assertTrue(assertThrows(InvalidSettingsException.class, () -> run(one(), s -> s.addBoolean("crf", false)))
            .getMessage().contains("nothing to do"));
        assertTrue(assertThrows(InvalidSettingsException.class, () -> run(one(), s -> s.addString("outputColumn", "prediction")))
            .getMessage().contains("already has a column"));
    }
}

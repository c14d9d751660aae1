package org.scanbridge.knime.nodes.labelfusion;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.scanbridge.knime.testing.TinyStudy.labels;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

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
import org.knime.core.data.StringValue;
import org.knime.core.node.BufferedDataTable;
import org.knime.core.node.InvalidSettingsException;
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
import org.scanbridge.knime.testing.TinyStudy;

class LabelFusionNodeTest {

    private static final LabelSet NAMES = LabelSet.of("liver", "spleen");

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

    private static LabelVolume segmentation(final int... values) {
        return new LabelVolume(labels(values), TinyStudy.GRID, VolumeInfo.UNKNOWN, NAMES);
    }

    /** Rows of segmentations in the columns Segmentation, Segmentation 2, Segmentation 3; null is a missing cell. */
    private BufferedDataTable table(final LabelVolume[]... rows) throws Exception {
        final VolumeCellFactory cells = VolumeCellFactory.of(m_bench.context());
        final List<DataColumnSpec> columns = new ArrayList<>();
        for (int c = 0; c < rows[0].length; c++) {
            columns.add(new DataColumnSpecCreator("Segmentation" + (c == 0 ? "" : " " + (c + 1)), LabelVolumeCell.TYPE).createSpec());
        }
        final List<DataCell[]> all = new ArrayList<>();
        for (final LabelVolume[] row : rows) {
            final DataCell[] to = new DataCell[row.length];
            for (int c = 0; c < row.length; c++) {
                to[c] = row[c] == null ? DataType.getMissingCell() : cells.create("s" + all.size() + "-" + c, row[c]);
            }
            all.add(to);
        }
        return m_bench.table(new DataTableSpec(columns.toArray(DataColumnSpec[]::new)), all);
    }

    private Result run(final BufferedDataTable table, final Bench.Change change) throws Exception {
        return m_bench.run(new LabelFusionNodeFactory(), change, table);
    }

    private static LabelVolume fused(final Result result, final int row) {
        return ((LabelVolumeValue)result.rows(0).get(row).getCell(result.table(0).getDataTableSpec().findColumnIndex("Consensus")))
            .labelVolume();
    }

    private static double number(final DataRow row, final int column) {
        return ((DoubleValue)row.getCell(column)).getDoubleValue();
    }

    /** All other segmentation columns are fused unasked. */
    @Test
    void mostVotesWinAndRatersAreJudged() throws Exception {
        final Result result = run(table(new LabelVolume[]{segmentation(1, 1, 0, 0, 2, 2, 0, 0), segmentation(1, 1, 1, 0, 2, 0, 0, 0),
            segmentation(1, 0, 1, 0, 2, 2, 0, 1)}), s -> s.addString("probabilities", "liver, 0"));
        assertNull(result.warning());
        assertArrayEquals(labels(1, 1, 1, 0, 2, 2, 0, 0), fused(result, 0).voxels());
        assertEquals(NAMES, fused(result, 0).labels());
        final DataTableSpec spec = result.table(0).getDataTableSpec();
        final Volume liver = ((VolumeValue)result.rows(0).get(0).getCell(spec.findColumnIndex("Consensus p(liver)"))).volume();
        assertEquals(1, liver.voxels()[0]);
        assertEquals(2f / 3, liver.voxels()[1]);
        assertEquals(1f / 3, liver.voxels()[7]);
        assertTrue(spec.containsName("Consensus p(background)"));
        final DataRow first = result.rows(1).get(0);
        assertEquals("Segmentation", ((StringValue)first.getCell(1)).getStringValue());
        assertEquals("liver", ((StringValue)first.getCell(2)).getStringValue());
        // liver: 1 + 2/3 + 2/3 + 1/3 of the votes, of which the first column has 1 + 2/3
        assertEquals((5.0 / 3) / (8.0 / 3), number(first, 3), 1e-12);
        // not liver: 1/3 + 1/3 + 1 + 1 + 1 + 1 + 2/3, of which it takes 1/3 for liver
        assertEquals(1 - (1.0 / 3) / (16.0 / 3), number(first, 4), 1e-12);
        assertEquals(6, result.rows(1).size());
    }

    @Test
    void tiesGoToTheFirstColumnAndAreSaid() throws Exception {
        final Result result = run(table(new LabelVolume[]{segmentation(1, 1, 0, 0, 0, 0, 0, 0), segmentation(1, 2, 2, 0, 0, 0, 0, 0)}),
            s -> s.addString("furtherColumns", "Segmentation 2"));
        assertArrayEquals(labels(1, 1, 0, 0, 0, 0, 0, 0), fused(result, 0).voxels());
        assertTrue(result.warning().contains("On 2 voxels of 1 rows"), result.warning());
        final Result weighted = run(table(new LabelVolume[]{segmentation(1, 1, 0, 0, 0, 0, 0, 0),
            segmentation(1, 2, 2, 0, 0, 0, 0, 0)}), s -> s.addString("weights", "1, 1.5"));
        assertArrayEquals(labels(1, 2, 2, 0, 0, 0, 0, 0), fused(weighted, 0).voxels());
        assertNull(weighted.warning());
    }

    @Test
    void whatIsNotAnnotatedIsNoVote() throws Exception {
        final LabelSet names = LabelSet.of("liver", "spleen", "unknown");
        final LabelVolume a = new LabelVolume(labels(1, 0, 3, 3, 0, 0, 0, 0), TinyStudy.GRID, VolumeInfo.UNKNOWN, names);
        final LabelVolume b = new LabelVolume(labels(3, 0, 2, 3, 0, 0, 0, 0), TinyStudy.GRID, VolumeInfo.UNKNOWN, names);
        for (final String method : List.of("MAJORITY", "MEAN", "PRODUCT")) {
            final Result result = run(table(new LabelVolume[]{a, b}), s -> {
                s.addString("notAnnotated", "unknown");
                s.addString("method", method);
            });
            assertArrayEquals(labels(1, 0, 2, 3, 0, 0, 0, 0), fused(result, 0).voxels(), method);
        }
    }

    /** Odds of the product: (0.9 · 0.4) against (0.1 · 0.6) is liver; the mean 0.65, too; with weights 1 and 9 it is not. */
    @Test
    void probabilitiesArePooled() throws Exception {
        final VolumeCellFactory cells = VolumeCellFactory.of(m_bench.context());
        final DataTableSpec spec = new DataTableSpec(new DataColumnSpecCreator("net", LabelVolumeCell.TYPE).createSpec(),
            new DataColumnSpecCreator("atlas", LabelVolumeCell.TYPE).createSpec(),
            new DataColumnSpecCreator("net p(liver)", VolumeCell.TYPE).createSpec(),
            new DataColumnSpecCreator("atlas p(liver)", VolumeCell.TYPE).createSpec());
        final LabelSet liver = LabelSet.of("liver");
        final BufferedDataTable table = m_bench.table(spec, List.<DataCell[]> of(new DataCell[]{
            cells.create("a", new LabelVolume(labels(1, 0, 0, 0, 0, 0, 0, 0), TinyStudy.GRID, VolumeInfo.UNKNOWN, liver)),
            cells.create("b", new LabelVolume(labels(0, 0, 0, 0, 0, 0, 0, 0), TinyStudy.GRID, VolumeInfo.UNKNOWN, liver)),
            cells.create("pa", new Volume(new float[]{0.9f, 0, 0, 0, 0, 0, 0, 0}, TinyStudy.GRID, VolumeInfo.UNKNOWN)),
            cells.create("pb", new Volume(new float[]{0.4f, 0, 0, 0, 0, 0, 0, 0}, TinyStudy.GRID, VolumeInfo.UNKNOWN))}));
        for (final String method : List.of("MEAN", "PRODUCT")) {
            final Result result = run(table, s -> {
                s.addString("firstColumn", "net");
                s.addString("method", method);
                s.addString("probabilities", "liver");
            });
            assertEquals(1, fused(result, 0).voxels()[0]);
            final double odds = Math.sqrt(0.9 * 0.4 / (0.1 * 0.6));
            assertEquals(method.equals("MEAN") ? 0.65 : odds / (1 + odds),
                ((VolumeValue)result.rows(0).get(0).getCell(5)).volume().voxels()[0], 1e-6);
            assertNull(result.warning());
            assertEquals(0, fused(run(table, s -> {
                s.addString("firstColumn", "net");
                s.addString("method", method);
                s.addString("weights", "1, 9");
            }), 0).voxels()[0]);
        }
    }

    /** The network has a map of the liver, and none of the background. */
    @Test
    void anAsteriskAppendsAllProbabilitiesThatThereAre() throws Exception {
        final BufferedDataTable table = net(new Volume(new float[]{0.9f, 0, 0, 0, 0, 0, 0, 0}, TinyStudy.GRID, VolumeInfo.UNKNOWN),
            atlas(Map.of(1, "liver"), 1, 0, 0, 0, 0, 0, 0, 0));
        final Result result = run(table, s -> {
            s.addString("firstColumn", "atlas");
            s.addString("method", "BEST");
            s.addString("probabilities", "*");
        });
        final DataTableSpec spec = result.table(0).getDataTableSpec();
        assertEquals(List.of("Consensus", "Consensus p(liver)", "Consensus from"),
            spec.stream().skip(3).map(DataColumnSpec::getName).toList());
        assertEquals(0.9f, ((VolumeValue)result.rows(0).get(0).getCell(4)).volume().voxels()[0]);
        fails(table(new LabelVolume[]{segmentation(1, 0, 0, 0, 0, 0, 0, 0), segmentation(1, 0, 0, 0, 0, 0, 0, 0)}),
            s -> s.addString("probabilities", "*"), "Segmentation, Segmentation 2", "p(liver)", "name the classes");
    }

    /** In the first row the second column is the reference itself, in the second row the third; one cannot be compared. */
    @Test
    void forEachImageTheColumnThatAgreesMostIsTaken() throws Exception {
        final LabelVolume reference = segmentation(1, 1, 0, 0, 2, 2, 0, 0);
        final LabelVolume other = segmentation(0, 1, 1, 0, 0, 2, 2, 0);
        final Result result = run(table(new LabelVolume[]{reference, reference, other}, new LabelVolume[]{reference, other, reference},
            new LabelVolume[]{reference, null, other}, new LabelVolume[]{null, reference, other}), s -> {
                s.addString("method", "BEST");
                s.addString("probabilities", "spleen");
            });
        assertArrayEquals(reference.voxels(), fused(result, 0).voxels());
        assertArrayEquals(reference.voxels(), fused(result, 1).voxels());
        assertArrayEquals(other.voxels(), fused(result, 2).voxels());
        final DataTableSpec spec = result.table(0).getDataTableSpec();
        final int from = spec.findColumnIndex("Consensus from");
        assertEquals(List.of("Segmentation 2", "Segmentation 3", "Segmentation 3"),
            result.rows(0).stream().limit(3).map(r -> ((StringValue)r.getCell(from)).getStringValue()).toList());
        assertEquals(1, ((VolumeValue)result.rows(0).get(2).getCell(spec.findColumnIndex("Consensus p(spleen)"))).volume()
            .voxels()[6]);
        for (int c = 3; c < spec.getNumColumns(); c++) {
            assertTrue(result.rows(0).get(3).getCell(c).isMissing());
        }
        assertTrue(result.warning().contains("\"Segmentation\" is missing"), result.warning());
        fails(table(new LabelVolume[]{reference, null}), s -> s.addString("method", "BEST"), "all further columns are missing");
    }

    /** A row of the segmentation "net" (liver at voxel 0), its probabilities, and perhaps a second one, "atlas". */
    private BufferedDataTable net(final Volume map, final LabelVolume atlas) throws Exception {
        final VolumeCellFactory cells = VolumeCellFactory.of(m_bench.context());
        return m_bench.table(new DataTableSpec(new DataColumnSpecCreator("net", LabelVolumeCell.TYPE).createSpec(),
            new DataColumnSpecCreator("atlas", LabelVolumeCell.TYPE).createSpec(),
            new DataColumnSpecCreator("net p(liver)", VolumeCell.TYPE).createSpec()), List.<DataCell[]> of(new DataCell[]{
                cells.create("net", new LabelVolume(labels(1, 0, 0, 0, 0, 0, 0, 0), TinyStudy.GRID, VolumeInfo.UNKNOWN,
                    LabelSet.of("liver"))),
                atlas == null ? DataType.getMissingCell() : cells.create("atlas", atlas), cells.create("p", map)}));
    }

    private static LabelVolume atlas(final Map<Integer, String> names, final int... values) {
        return new LabelVolume(labels(values), TinyStudy.GRID, VolumeInfo.UNKNOWN, LabelSet.of(names));
    }

    private void fails(final BufferedDataTable table, final Bench.Change change, final String... parts) {
        final String message = assertThrows(Exception.class, () -> run(table, change)).getMessage();
        for (final String part : parts) {
            assertTrue(message.contains(part), part + " in " + message);
        }
    }

    @Test
    void mapsOnAnotherGridOrOfOtherNumbersAreRefused() throws Exception {
        final float[] p = {0.9f, 0, 0, 0, 0, 0, 0, 0};
        final LabelVolume atlas = atlas(Map.of(1, "liver"), 1, 0, 0, 0, 0, 0, 0, 0);
        final Geometry elsewhere = Geometry.axial(TinyStudy.GRID.size(), 9, 9, 9);
        for (final String method : List.of("MEAN", "PRODUCT")) {
            final Bench.Change change = s -> s.addString("method", method);
            fails(net(new Volume(p, elsewhere, VolumeInfo.UNKNOWN), atlas), change, "\"net p(liver)\"", "\"net\"",
                "different grids", "Volume Resampler");
            fails(net(new Volume(new float[]{Float.NaN, 0, 0, 0, 0, 0, 0, 0}, TinyStudy.GRID, VolumeInfo.UNKNOWN), atlas), change,
                "\"net p(liver)\"", "NaN", "from 0 to 1");
            fails(net(new Volume(new float[]{90, 0, 0, 0, 0, 0, 0, 0}, TinyStudy.GRID, VolumeInfo.UNKNOWN), atlas), change,
                "\"net p(liver)\"", "90.0", "from 0 to 1");
        }
    }

    /** The segmentation was changed after its probabilities were made: they have liver on voxel 1, not 0. */
    @Test
    void whatOneSegmentationGivesIsSaidAsItIs() throws Exception {
        final BufferedDataTable table =
            net(new Volume(new float[]{0.2f, 0.8f, 0, 0, 0, 0, 0, 0}, TinyStudy.GRID, VolumeInfo.UNKNOWN), null);
        final Result mean = run(table, s -> s.addString("method", "MEAN"));
        assertArrayEquals(labels(0, 1, 0, 0, 0, 0, 0, 0), fused(mean, 0).voxels());
        assertTrue(mean.warning().contains("largest of its probabilities"), mean.warning());
        final Result majority = run(table, s -> {
        });
        assertArrayEquals(labels(1, 0, 0, 0, 0, 0, 0, 0), fused(majority, 0).voxels());
        assertTrue(majority.warning().contains("one segmentation only, which is the result"), majority.warning());
    }

    @Test
    void classesOfColumnsMustFit() throws Exception {
        final Volume map = new Volume(new float[8], TinyStudy.GRID, VolumeInfo.UNKNOWN);
        fails(net(map, atlas(Map.of(255, "liver"), 255, 0, 0, 0, 0, 0, 0, 0)), s -> {
        }, "\"liver\"", "1 in \"net\"", "255 in \"atlas\"", "Label Editor");
        final Result result = run(net(map, atlas(Map.of(1, "liver", 3, "spleen, left"), 1, 3, 0, 0, 0, 0, 0, 0)),
            s -> s.addString("probabilities", "spleen, left"));
        for (final String part : List.of("\"spleen, left\" is not known to net", "\"spleen, left\" by 3")) {
            assertTrue(result.warning().contains(part), part + " in " + result.warning());
        }
        assertFalse(result.warning().contains("\"liver\" is not known"), result.warning());
    }

    @Test
    void columnsVoteOnceAndClassesAreAppendedOnce() throws Exception {
        final LabelVolume one = segmentation(1, 1, 0, 0, 0, 0, 0, 0);
        final BufferedDataTable two = table(new LabelVolume[]{one, one});
        final String twice = assertThrows(InvalidSettingsException.class, () -> m_bench.configured(new LabelFusionNodeFactory(),
            s -> {
                s.addString("firstColumn", "");
                s.addString("furtherColumns", "Segmentation, Segmentation 2");
            }, two)).getMessage();
        assertTrue(twice.contains("\"Segmentation\" would vote twice") && twice.contains("First column"), twice);
        final Result once = run(two, s -> s.addString("probabilities", "0, background, liver, Liver"));
        assertEquals(List.of("Consensus", "Consensus p(background)", "Consensus p(liver)"),
            List.of(once.table(0).getDataTableSpec().getColumnNames()).subList(2, 5));
        assertEquals(5, once.table(0).getDataTableSpec().getNumColumns());
        final Result byNumber = run(two, s -> s.addString("probabilities", "liver, 1"));
        assertTrue(byNumber.warning().contains("liver and 1"), byNumber.warning());
    }

    @Test
    void columnsWithCommasAreToBeRenamed() throws Exception {
        final VolumeCellFactory cells = VolumeCellFactory.of(m_bench.context());
        final DataCell cell = cells.create("s", segmentation(1, 1, 0, 0, 0, 0, 0, 0));
        final BufferedDataTable table = m_bench.table(new DataTableSpec(
            new DataColumnSpecCreator("Segmentation", LabelVolumeCell.TYPE).createSpec(),
            new DataColumnSpecCreator("Miller, Anna", LabelVolumeCell.TYPE).createSpec()),
            List.<DataCell[]> of(new DataCell[]{cell, cell}));
        fails(table, s -> s.addString("furtherColumns", "Miller, Anna"), "\"Miller, Anna\"", "Column Renamer");
        assertArrayEquals(labels(1, 1, 0, 0, 0, 0, 0, 0), fused(run(table, s -> {
        }), 0).voxels());
    }

    @Test
    void oneBadRowCostsOnlyItself() throws Exception {
        final LabelVolume other = new LabelVolume(labels(1, 0, 0, 0, 0, 0, 0, 0), TinyStudy.GRID, VolumeInfo.UNKNOWN, LabelSet.of("kidney"));
        final LabelVolume good = segmentation(1, 1, 0, 0, 0, 0, 0, 0);
        final Result result = run(table(new LabelVolume[]{good, other, good}, new LabelVolume[]{good, good, null},
            new LabelVolume[]{null, null, null}, new LabelVolume[]{null, good, null}), s -> s.addString("method", "STAPLE"));
        assertTrue(result.rows(0).get(0).getCell(3).isMissing());
        assertArrayEquals(good.voxels(), fused(result, 1).voxels());
        assertTrue(result.rows(0).get(2).getCell(3).isMissing());
        assertArrayEquals(good.voxels(), fused(result, 3).voxels());
        for (final String part : List.of("kidney", "1 of 4 rows could not be fused", "1 of 4 rows have no segmentation",
            "1 of 4 rows have one segmentation only")) {
            assertTrue(result.warning().contains(part), part + " in " + result.warning());
        }
    }

    @Test
    void whatMakesNoSenseIsRefusedBefore() throws Exception {
        final LabelVolume one = segmentation(1, 1, 0, 0, 0, 0, 0, 0);
        final BufferedDataTable two = table(new LabelVolume[]{one, one});
        for (final Bench.Change change : List.<Bench.Change> of(s -> s.addString("weights", "1, 0"), s -> s.addString("weights", "1, 2, 3"),
            s -> s.addString("weights", "a, b"), s -> s.addString("furtherColumns", "nobody"), s -> s.addString("outputColumn", " "),
            s -> s.addString("outputColumn", "Segmentation"), s -> s.addString("probabilities", "liver, liver"))) {
            assertThrows(InvalidSettingsException.class, () -> m_bench.configured(new LabelFusionNodeFactory(), change, two));
        }
        final String message = assertThrows(InvalidSettingsException.class,
            () -> m_bench.configured(new LabelFusionNodeFactory(), s -> {
            }, table(new LabelVolume[]{one}))).getMessage();
        assertTrue(message.contains("nothing to fuse"), message);
    }
}

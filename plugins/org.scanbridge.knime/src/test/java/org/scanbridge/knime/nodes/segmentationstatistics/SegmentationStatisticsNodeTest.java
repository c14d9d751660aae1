package org.scanbridge.knime.nodes.segmentationstatistics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.scanbridge.knime.testing.TinyStudy.image;
import static org.scanbridge.knime.testing.TinyStudy.labels;
import static org.scanbridge.knime.testing.TinyStudy.subject;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.knime.core.data.DataCell;
import org.knime.core.data.DataColumnSpecCreator;
import org.knime.core.data.DataTableSpec;
import org.knime.core.data.DoubleValue;
import org.knime.core.data.MissingCell;
import org.knime.core.node.BufferedDataTable;
import org.knime.core.node.InvalidSettingsException;
import org.scanbridge.imaging.volume.LabelSet;
import org.scanbridge.imaging.volume.LabelVolume;
import org.scanbridge.imaging.volume.Volume;
import org.scanbridge.imaging.volume.VolumeInfo;
import org.scanbridge.knime.data.LabelVolumeCell;
import org.scanbridge.knime.data.VolumeCell;
import org.scanbridge.knime.data.VolumeCellFactory;
import org.scanbridge.knime.testing.Bench;
import org.scanbridge.knime.testing.Bench.Result;
import org.scanbridge.knime.testing.TinyStudy;

/** Voxels of the tiny study are 2 mm³. */
class SegmentationStatisticsNodeTest {

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

    private Result run(final BufferedDataTable table, final Bench.Change change) throws Exception {
        return m_bench.run(new SegmentationStatisticsNodeFactory(), change, table);
    }

    private static DataCell cell(final Result result, final int row, final String column) {
        final int index = result.table(0).getDataTableSpec().findColumnIndex(column);
        assertTrue(index >= 0, column + " is not in " + result.table(0).getDataTableSpec());
        return result.rows(0).get(row).getCell(index);
    }

    private static double number(final Result result, final int row, final String column) {
        return ((DoubleValue)cell(result, row, column)).getDoubleValue();
    }

    /** One of 2, 4, 4, 6: mean 4, SD √2, median 4; histogram of two bins 1:3. */
    @Test
    void measuresEveryClassOfEveryRow() throws Exception {
        final Result result = run(TinyStudy.table(m_bench, List.of("Segmentation"),
            subject("s1", "A", image(2, 4, 4, 6, 9, 9, 9, 0), labels(1, 1, 1, 1, 2, 2, 2, 0)),
            subject("s2", "B", image(1, 5, 0, 0, 0, 0, 0, 0), labels(1, 1, 0, 0, 0, 0, 0, 0))), s -> s.addInt("bins", 2));
        assertNull(result.warning());
        assertEquals(0.008, number(result, 0, "CSF volume (ml)"), 1e-12);
        assertEquals(4, number(result, 0, "CSF mean"));
        assertEquals(Math.sqrt(2), number(result, 0, "CSF SD"), 1e-12);
        assertEquals(0, number(result, 0, "CSF skewness"), 1e-12);
        assertEquals(-1, number(result, 0, "CSF kurtosis"), 1e-12);
        assertEquals(2, number(result, 0, "CSF minimum"));
        assertEquals(2.6, number(result, 0, "CSF p10"), 1e-12);
        assertEquals(3.5, number(result, 0, "CSF p25"), 1e-12);
        assertEquals(4, number(result, 0, "CSF median"));
        assertEquals(4.5, number(result, 0, "CSF p75"), 1e-12);
        assertEquals(5.4, number(result, 0, "CSF p90"), 1e-12);
        assertEquals(6, number(result, 0, "CSF maximum"));
        assertEquals(2 - 0.75 * Math.log(3) / Math.log(2), number(result, 0, "CSF entropy"), 1e-12);
        assertEquals(0.006, number(result, 0, "GM volume (ml)"), 1e-12);
        assertEquals(0, number(result, 0, "GM SD"));
        assertEquals(0, number(result, 1, "GM volume (ml)"));
        assertTrue(cell(result, 1, "GM mean").isMissing());
        assertEquals(3, number(result, 1, "CSF mean"));
    }

    /** Sites that number their classes differently; a class without a name. */
    @Test
    void classesAreToldApartByTheirNames() throws Exception {
        final VolumeCellFactory cells = VolumeCellFactory.of(m_bench.context());
        final DataTableSpec spec = new DataTableSpec(new DataColumnSpecCreator("Image", VolumeCell.TYPE).createSpec(),
            new DataColumnSpecCreator("Segmentation", LabelVolumeCell.TYPE).createSpec());
        final DataCell scan =
            cells.create("i", new Volume(image(1, 2, 3, 4, 5, 6, 7, 8), TinyStudy.GRID, VolumeInfo.UNKNOWN));
        final BufferedDataTable table = m_bench.table(spec, List.of(
            new DataCell[]{scan, cells.create("a", new LabelVolume(labels(1, 2, 0, 0, 0, 0, 0, 0), TinyStudy.GRID, VolumeInfo.UNKNOWN,
                LabelSet.of("liver", "spleen")))},
            new DataCell[]{scan, cells.create("b", new LabelVolume(labels(0, 0, 2, 1, 9, 0, 0, 0), TinyStudy.GRID, VolumeInfo.UNKNOWN,
                LabelSet.of("spleen", "liver")))}));
        final Result result = run(table, s -> {
        });
        assertEquals(1, number(result, 0, "liver mean"));
        assertEquals(3, number(result, 1, "liver mean"));
        assertEquals(4, number(result, 1, "spleen mean"));
        assertEquals(5, number(result, 1, "class 9 mean"));
        assertEquals(0, number(result, 0, "class 9 volume (ml)"));
        // by name in any case, and by number
        final Result some = run(table, s -> s.addString("classes", "Spleen, 9"));
        assertEquals(2 + 2 * 13, some.table(0).getDataTableSpec().getNumColumns());
        assertEquals(4, number(some, 1, "Spleen mean"));
        assertEquals(5, number(some, 1, "9 mean"));
    }

    /** Writers differ in upper and lower case; one calls a class by what is another's number. */
    @Test
    void blankClassesAreOneWhateverTheirCase() throws Exception {
        final Result result = run(named(LabelSet.of("CSF", "GM"), LabelSet.of("gm", "csf")), s -> {
        });
        assertNull(result.warning());
        assertEquals(2 + 2 * 13, result.table(0).getDataTableSpec().getNumColumns());
        assertEquals(1, number(result, 0, "CSF mean"));
        assertEquals(2, number(result, 0, "GM mean"));
        assertEquals(2, number(result, 1, "CSF mean"));
        assertEquals(1, number(result, 1, "GM mean"));
        final Result numbers = run(named(LabelSet.of("2", "GM"), LabelSet.of("CSF", "GM")), s -> {
        });
        assertEquals(1, number(numbers, 0, "2 mean"));
        assertEquals(0, number(numbers, 1, "2 volume (ml)"));
        assertEquals(2, number(numbers, 1, "GM mean"));
        // one segmentation with both is refused by its numbers, not by the setting
        final String message = assertThrows(Exception.class, () -> run(named(LabelSet.of("CSF", "csf")), s -> {
        })).getMessage();
        assertTrue(message.contains("2 classes called CSF, with the numbers 1, 2"), message);
        assertFalse(message.contains("\"Classes\""), message);
    }

    /** Rows with the intensities 1 in class 1 and 2 in class 2. */
    private BufferedDataTable named(final LabelSet... classes) throws Exception {
        final VolumeCellFactory cells = VolumeCellFactory.of(m_bench.context());
        final DataTableSpec spec = new DataTableSpec(new DataColumnSpecCreator("Image", VolumeCell.TYPE).createSpec(),
            new DataColumnSpecCreator("Segmentation", LabelVolumeCell.TYPE).createSpec());
        final DataCell scan =
            cells.create("i", new Volume(image(1, 1, 2, 2, 0, 0, 0, 0), TinyStudy.GRID, VolumeInfo.UNKNOWN));
        final List<DataCell[]> rows = new ArrayList<>();
        for (final LabelSet labels : classes) {
            rows.add(new DataCell[]{scan, cells.create("s" + rows.size(),
                new LabelVolume(labels(1, 1, 2, 2, 0, 0, 0, 0), TinyStudy.GRID, VolumeInfo.UNKNOWN, labels))});
        }
        return m_bench.table(spec, rows);
    }

    @Test
    void aRowThatCannotBeMeasuredCostsOnlyItself() throws Exception {
        final Result result = run(TinyStudy.table(m_bench, List.of("Segmentation"),
            subject("s1", "A", image(2, Float.NaN, 4, 6, 9, 9, 9, 0), labels(1, 1, 1, 1, 2, 2, 2, 0)),
            subject("s2", "A", null, labels(1, 1, 1, 1, 2, 2, 2, 0)),
            subject("s3", "A", image(2, 4, 4, 6, 9, 9, 9, Float.NaN), labels(1, 1, 1, 1, 2, 2, 2, 0))), s -> {
            });
        assertTrue(((MissingCell)cell(result, 0, "GM mean")).getError().contains("1 NaN or infinite voxels within the class CSF"));
        assertTrue(cell(result, 1, "CSF volume (ml)").isMissing());
        assertEquals(4, number(result, 2, "CSF mean"));
        assertTrue(result.warning().contains("1 of 3 rows could not be measured"), result.warning());
        assertTrue(result.warning().contains("1 of 3 rows have no image or no segmentation"), result.warning());
    }

    /** Named classes make the columns known before anything runs. */
    @Test
    void columnsAreKnownBeforehandWhereClassesAreNamed() throws Exception {
        final BufferedDataTable table = TinyStudy.table(m_bench, List.of("Segmentation"),
            subject("s1", "A", image(2, 4, 4, 6, 9, 9, 9, 0), labels(1, 1, 1, 1, 2, 2, 2, 0)));
        assertNull(m_bench.configured(new SegmentationStatisticsNodeFactory(), s -> {
        }, table).configure(new DataTableSpec[]{table.getDataTableSpec()})[0]);
        assertTrue(((DataTableSpec)m_bench.configured(new SegmentationStatisticsNodeFactory(), s -> s.addString("classes", "GM"),
            table).configure(new DataTableSpec[]{table.getDataTableSpec()})[0]).containsName("GM entropy"));
    }

    /** A filter before may leave nothing. */
    @Test
    void aTableWithoutRowsPasses() throws Exception {
        final BufferedDataTable table = TinyStudy.table(m_bench, List.of("Segmentation"));
        final Result all = run(table, s -> {
        });
        assertEquals(0, all.rows(0).size());
        assertTrue(table.getDataTableSpec().equalStructure(all.table(0).getDataTableSpec()));
        assertTrue(all.warning().startsWith("The input table has no rows; nothing was measured. \"Classes\" is blank"), all.warning());
        final Result some = run(table, s -> s.addString("classes", "GM, 3"));
        assertEquals(table.getDataTableSpec().getNumColumns() + 2 * 13, some.table(0).getDataTableSpec().getNumColumns());
        assertTrue(some.table(0).getDataTableSpec().containsName("3 entropy"));
        assertEquals("The input table has no rows; nothing was measured.", some.warning());
    }

    @Test
    void aNumberOfDifferentClassesIsWarnedOf() throws Exception {
        final LabelSet usual = LabelSet.of("CSF", "GM");
        final Result mixed = run(named(usual, LabelSet.of("GM", "csf"), LabelSet.of("csf", "gm")), s -> s.addString("classes", "1"));
        assertTrue(mixed.warning().contains("1 is CSF in 2 rows and GM in 1 row. Give names"), mixed.warning());
        assertEquals(1, number(mixed, 1, "1 mean"));
        // one may be called by another's number
        final Result called = run(named(LabelSet.of("x", "1"), usual), s -> s.addString("classes", "1"));
        assertTrue(called.warning().contains("1 is 1 in 1 row and CSF in 1 row."), called.warning());
        // a class without a name may be the same, and names are told apart by themselves
        assertNull(run(named(usual, LabelSet.of()), s -> s.addString("classes", "1")).warning());
        assertNull(run(named(usual, LabelSet.of("gm", "csf")), s -> s.addString("classes", "CSF, gm")).warning());
        assertNull(run(named(usual, LabelSet.of("gm", "csf")), s -> {
        }).warning());
    }

    @Test
    void aClassWithACommaIsGivenByItsNumber() throws Exception {
        final BufferedDataTable table = named(LabelSet.of("a, b", "Lesion, left"), LabelSet.of("GM", "lesion, left"));
        final String message =
            assertThrows(Exception.class, () -> run(table, s -> s.addString("classes", "lesion, left"))).getMessage();
        assertTrue(message.contains("\"Classes\" names \"lesion\", but no segmentation has such a class."), message);
        assertTrue(message.contains("the class \"Lesion, left\", whose name has one, is given by its number, 2, or renamed"), message);
        final Result number = run(table, s -> s.addString("classes", "2"));
        assertNull(number.warning());
        assertEquals(2, number(number, 1, "2 mean"));
        final String plain = assertThrows(Exception.class, () -> run(named(LabelSet.of("CSF", "GM")), s -> s.addString("classes", "WM")))
            .getMessage();
        assertFalse(plain.contains("commas"), plain);
    }

    @Test
    void refusesWhatIsNotThere() throws Exception {
        final BufferedDataTable table = TinyStudy.table(m_bench, List.of("Segmentation"),
            subject("s1", "A", image(2, 4, 4, 6, 9, 9, 9, 0), labels(1, 1, 1, 1, 2, 2, 2, 0)));
        for (final Map.Entry<String, String> bad : Map.of("WM", "\"Classes\" names \"WM\", but no segmentation has such a class. The classes"
            + " are: 1 = CSF, 2 = GM", "CSF, 1", "names class CSF of this segmentation twice").entrySet()) {
            final String message =
                assertThrows(Exception.class, () -> run(table, s -> s.addString("classes", bad.getKey()))).getMessage();
            assertTrue(message.contains(bad.getValue()), message);
        }
        assertThrows(InvalidSettingsException.class, () -> run(table, s -> s.addString("classes", "CSF, csf")));
        assertThrows(InvalidSettingsException.class, () -> run(table, s -> s.addInt("bins", 1)));
        final BufferedDataTable empty = TinyStudy.table(m_bench, List.of("Segmentation"), subject("s1", "A", image(2, 4, 4, 6, 9, 9, 9, 0)));
        final String message = assertThrows(Exception.class, () -> run(empty, s -> {
        })).getMessage();
        assertTrue(message.contains("nothing to measure"), message);
        assertFalse(message.contains("null"), message);
        // measured twice
        final Result once = run(table, s -> s.addString("classes", "CSF"));
        final String again = assertThrows(Exception.class, () -> run(once.table(0), s -> s.addString("classes", "CSF"))).getMessage();
        assertTrue(again.contains("already has a column \"CSF volume (ml)\""), again);
    }
}

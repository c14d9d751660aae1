package org.knime.core.standin.table;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Set;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.knime.core.data.DataCell;
import org.knime.core.data.DataColumnSpecCreator;
import org.knime.core.data.DataRow;
import org.knime.core.data.DataTableSpec;
import org.knime.core.data.DataType;
import org.knime.core.data.MissingCell;
import org.knime.core.data.RowKey;
import org.knime.core.data.collection.CollectionCellFactory;
import org.knime.core.data.collection.ListCell;
import org.knime.core.data.container.CloseableRowIterator;
import org.knime.core.data.container.ColumnRearranger;
import org.knime.core.data.container.SingleCellFactory;
import org.knime.core.data.def.BooleanCell;
import org.knime.core.data.def.DefaultRow;
import org.knime.core.data.def.DoubleCell;
import org.knime.core.data.def.IntCell;
import org.knime.core.data.def.LongCell;
import org.knime.core.data.def.StringCell;
import org.knime.core.node.BufferedDataContainer;
import org.knime.core.node.BufferedDataTable;
import org.knime.core.node.DefaultNodeProgressMonitor;
import org.knime.core.node.ExecutionContext;
import org.knime.core.node.ExecutionMonitor;
import org.knime.core.standin.fixture.GreedyCell;
import org.knime.core.standin.fixture.ScanCell;
import org.knime.core.standin.run.RunDirectory;
import org.knime.core.util.DuplicateKeyException;

class TableTest {

    private static final DataTableSpec NAME_AND_NUMBER =
        new DataTableSpec(new DataColumnSpecCreator("name", StringCell.TYPE).createSpec(),
            new DataColumnSpecCreator("number", DoubleCell.TYPE).createSpec());

    @TempDir
    private Path m_temp;

    private final List<RunDirectory> m_runs = new ArrayList<>();

    private ExecutionContext m_memory;

    private ExecutionContext m_disk;

    @BeforeEach
    void openRuns() throws Exception {
        m_memory = context(RunDirectory.DEFAULT_CELLS_IN_MEMORY);
        m_disk = context(0);
    }

    private ExecutionContext context(final long cellsInMemory) throws Exception {
        final RunDirectory run = new RunDirectory(m_temp, "test", cellsInMemory);
        m_runs.add(run);
        return new ExecutionContext(new DefaultNodeProgressMonitor(), run.newNodeRun("Test"));
    }

    @AfterEach
    void closeRuns() {
        m_runs.forEach(RunDirectory::close);
        assertEquals(0, m_temp.toFile().list().length, "a run deletes what it has created");
    }

    private ExecutionContext context(final boolean disk) {
        return disk ? m_disk : m_memory;
    }

    private static BufferedDataTable table(final ExecutionContext exec, final DataTableSpec spec,
        final DataRow... rows) {
        final BufferedDataContainer c = exec.createDataContainer(spec);
        for (final DataRow r : rows) {
            c.addRowToTable(r);
        }
        c.close();
        return c.getTable();
    }

    private static List<DataRow> rows(final BufferedDataTable table) {
        final List<DataRow> rows = new ArrayList<>();
        try (CloseableRowIterator it = table.iterator()) {
            it.forEachRemaining(rows::add);
        }
        return rows;
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void keepsCellsOfEveryKind(final boolean disk) {
        final DataTableSpec spec = new DataTableSpec(new DataColumnSpecCreator("s", StringCell.TYPE).createSpec(),
            new DataColumnSpecCreator("i", IntCell.TYPE).createSpec(),
            new DataColumnSpecCreator("l", LongCell.TYPE).createSpec(),
            new DataColumnSpecCreator("d", DoubleCell.TYPE).createSpec(),
            new DataColumnSpecCreator("b", BooleanCell.TYPE).createSpec(),
            new DataColumnSpecCreator("list", ListCell.getCollectionType(StringCell.TYPE)).createSpec());
        final DataRow first = new DefaultRow("a", new StringCell("\u0000ä\uD83D\uDE00".repeat(30_000)),
            new IntCell(-1), new LongCell(Long.MIN_VALUE), new DoubleCell(Double.NaN), BooleanCell.TRUE, CollectionCellFactory
                .createListCell(List.of(new StringCell("x"), DataType.getMissingCell(), new StringCell(""))));
        final DataRow second = new DefaultRow("b", new MissingCell("why"), DataType.getMissingCell(),
            DataType.getMissingCell(), DataType.getMissingCell(), DataType.getMissingCell(), DataType.getMissingCell());
        final BufferedDataTable t = table(context(disk), spec, first, second);
        assertEquals(disk, t.rows().isOnDisk());
        assertEquals(List.of(first, second), rows(t));
        assertEquals("why", ((MissingCell)rows(t).get(1).getCell(0)).getError());
        assertNull(((MissingCell)rows(t).get(1).getCell(1)).getError());
        assertEquals("Rows: 2, Cols: 6", t.getSummary());
    }

    @Test
    void goesToDiskAboveTheLimit() throws Exception {
        final ExecutionContext four = context(4);
        final DataRow[] rows = new DataRow[3];
        for (int i = 0; i < rows.length; i++) {
            rows[i] = new DefaultRow(RowKey.createRowKey(i), new StringCell("n" + i), new DoubleCell(i));
        }
        assertFalse(table(four, NAME_AND_NUMBER, rows[0], rows[1]).rows().isOnDisk());
        final BufferedDataTable t = table(four, NAME_AND_NUMBER, rows);
        assertTrue(t.rows().isOnDisk());
        assertEquals(List.of(rows), rows(t));
    }

    @Test
    void fromDiskEveryIterationMakesNewCells() {
        final DataRow row = new DefaultRow("a", new StringCell("x"), new DoubleCell(1));
        final BufferedDataTable inMemory = table(m_memory, NAME_AND_NUMBER, row);
        assertSame(rows(inMemory).get(0).getCell(0), rows(inMemory).get(0).getCell(0));
        final BufferedDataTable onDisk = table(m_disk, NAME_AND_NUMBER, row);
        assertNotSame(rows(onDisk).get(0).getCell(0), rows(onDisk).get(0).getCell(0));
    }

    @Test
    void iteratorEndsAndCloses() {
        final BufferedDataTable t =
            table(m_disk, NAME_AND_NUMBER, new DefaultRow("a", new StringCell("x"), new DoubleCell(1)));
        try (CloseableRowIterator it = t.iterator()) {
            it.next();
            assertFalse(it.hasNext());
            assertThrows(NoSuchElementException.class, it::next);
        }
        final CloseableRowIterator closed = t.iterator();
        closed.close();
        assertFalse(closed.hasNext());
    }

    @Test
    void refusesWhatKnimeRefuses() {
        final BufferedDataContainer c = m_memory.createDataContainer(new DataTableSpec(
            new DataColumnSpecCreator("name", StringCell.TYPE).createSpec(),
            new DataColumnSpecCreator("scan", ScanCell.TYPE).createSpec()));
        c.addRowToTable(new DefaultRow("dup", new StringCell("a"), DataType.getMissingCell()));
        final DuplicateKeyException dup = assertThrows(DuplicateKeyException.class,
            () -> c.addRowToTable(new DefaultRow("dup", new StringCell("b"), DataType.getMissingCell())));
        assertEquals("Encountered duplicate row ID \"dup\"", dup.getMessage());
        assertEquals(
            "Runtime class of object \"x\" (index 1) in row \"Row0\" is String and does not comply with its supposed"
                + " superclass Scan",
            assertThrows(IllegalArgumentException.class,
                () -> c.addRowToTable(new DefaultRow("Row0", new StringCell("a"), new StringCell("x")))).getMessage());
        assertEquals("Cell at index 1 is null!", assertThrows(NullPointerException.class,
            () -> c.addRowToTable(new DefaultRow("Row0", new StringCell("a"), null))).getMessage());
        assertThrows(IllegalArgumentException.class,
            () -> c.addRowToTable(new DefaultRow("Row0", new StringCell("a"))));
        assertThrows(IllegalStateException.class, c::getTable);
        c.close();
        assertEquals(1, c.getTable().size());
        assertThrows(IllegalStateException.class,
            () -> c.addRowToTable(new DefaultRow("late", new StringCell("a"), DataType.getMissingCell())));
    }

    @Test
    void intIsNoDouble() {
        final BufferedDataContainer c = m_memory.createDataContainer(NAME_AND_NUMBER);
        assertThrows(IllegalArgumentException.class,
            () -> c.addRowToTable(new DefaultRow("r", new StringCell("a"), new IntCell(1))));
    }

    @Test
    void collectsDomains() {
        final DataTableSpec spec = table(m_memory, NAME_AND_NUMBER,
            new DefaultRow("1", new StringCell("b"), new DoubleCell(2)),
            new DefaultRow("2", new StringCell("a"), new DoubleCell(Double.NaN)),
            new DefaultRow("3", new StringCell("b"), DataType.getMissingCell()),
            new DefaultRow("4", DataType.getMissingCell(), new DoubleCell(-1))).getDataTableSpec();
        assertEquals(List.of(new StringCell("b"), new StringCell("a")),
            List.copyOf(spec.getColumnSpec("name").getDomain().getValues()));
        assertEquals(new DoubleCell(-1), spec.getColumnSpec("number").getDomain().getLowerBound());
        assertEquals(new DoubleCell(2), spec.getColumnSpec("number").getDomain().getUpperBound());
    }

    @Test
    void sixtyOneValuesAreNotNominal() {
        final BufferedDataContainer c = m_memory.createDataContainer(NAME_AND_NUMBER);
        for (int i = 0; i < 61; i++) {
            c.addRowToTable(new DefaultRow("r" + i, new StringCell("v" + i), new DoubleCell(i)));
        }
        c.close();
        assertNull(c.getTableSpec().getColumnSpec(0).getDomain().getValues());
    }

    @Test
    void startsDomainsFromTheSpecIfAsked() {
        final DataTableSpec known = table(m_memory, NAME_AND_NUMBER,
            new DefaultRow("1", new StringCell("old"), new DoubleCell(9))).getDataTableSpec();
        final DataRow row = new DefaultRow("1", new StringCell("new"), new DoubleCell(1));
        final BufferedDataContainer fresh = m_memory.createDataContainer(known, false);
        fresh.addRowToTable(row);
        fresh.close();
        assertEquals(Set.of(new StringCell("new")), fresh.getTableSpec().getColumnSpec(0).getDomain().getValues());
        final DataTableSpec spec = table(m_memory, known, row).getSpec();
        assertEquals(new DoubleCell(9), spec.getColumnSpec(1).getDomain().getUpperBound());
    }

    @Test
    void namesSerializerThatReadsTooMuch() {
        final DataTableSpec spec = new DataTableSpec(new DataColumnSpecCreator("g", GreedyCell.TYPE).createSpec());
        final BufferedDataTable t = table(m_disk, spec, new DefaultRow("a", new GreedyCell()));
        assertEquals("Row 0: a cell serializer read more than it had written",
            assertThrows(RuntimeException.class, () -> rows(t)).getMessage());
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void rearrangesColumns(final boolean disk) throws Exception {
        final ExecutionContext exec = context(disk);
        final BufferedDataTable in =
            table(exec, NAME_AND_NUMBER, new DefaultRow("a", new StringCell("x"), new DoubleCell(3)),
                new DefaultRow("b", new StringCell("y"), DataType.getMissingCell()));
        final ColumnRearranger r = new ColumnRearranger(in.getDataTableSpec());
        r.replace(new SingleCellFactory(new DataColumnSpecCreator("number", DoubleCell.TYPE).createSpec()) {
            @Override
            public DataCell getCell(final DataRow row) {
                return row.getCell(1) instanceof DoubleCell d ? new DoubleCell(d.getDoubleValue() * 2) : row.getCell(1);
            }
        }, "number");
        r.insertAt(0, new SingleCellFactory(new DataColumnSpecCreator("length", IntCell.TYPE).createSpec()) {
            @Override
            public DataCell getCell(final DataRow row) {
                return new IntCell(row.getCell(0).toString().length());
            }
        });
        r.remove("name");
        final BufferedDataTable out = exec.createColumnRearrangeTable(in, r, exec);
        assertEquals(List.of("length", "number"), List.of(out.getDataTableSpec().getColumnNames()));
        assertEquals(List.of(new DefaultRow("a", new IntCell(1), new DoubleCell(6)),
            new DefaultRow("b", new IntCell(1), DataType.getMissingCell())), rows(out));
        assertTrue(r.createSpec().equalStructure(out.getDataTableSpec()));
    }

    @Test
    void cellFactoriesCanCreateFileStores() throws Exception {
        final BufferedDataTable in =
            table(m_disk, NAME_AND_NUMBER, new DefaultRow("a", new StringCell("x"), new DoubleCell(3)));
        final ColumnRearranger r = new ColumnRearranger(in.getDataTableSpec());
        r.append(new SingleCellFactory(new DataColumnSpecCreator("scan", ScanCell.TYPE).createSpec()) {
            @Override
            public DataCell getCell(final DataRow row) {
                try {
                    return ScanCell.write(getFileStoreFactory().createFileStore("s"), "s", (byte)7);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }
        });
        final BufferedDataTable out = m_disk.createColumnRearrangeTable(in, r, m_disk);
        final ScanCell cell = (ScanCell)rows(out).get(0).getCell(2);
        assertEquals(7, cell.voxels()[0]);
        assertTrue(cell.fileStore().getFile().toPath().startsWith(m_temp), "lies in the run's folder");
    }

    @Test
    void concatenatesAndFillsMissingColumns() throws Exception {
        final BufferedDataTable a =
            table(m_memory, NAME_AND_NUMBER, new DefaultRow("a", new StringCell("x"), new DoubleCell(3)));
        final BufferedDataTable b =
            table(m_memory, new DataTableSpec(new DataColumnSpecCreator("number", IntCell.TYPE).createSpec()),
                new DefaultRow("b", new IntCell(4)));
        final BufferedDataTable both = m_memory.createConcatenateTable(new ExecutionMonitor(), a, b);
        assertEquals(List.of(new DefaultRow("a", new StringCell("x"), new DoubleCell(3)),
            new DefaultRow("b", DataType.getMissingCell(), new IntCell(4))), rows(both));
        assertThrows(DuplicateKeyException.class,
            () -> m_memory.createConcatenateTable(new ExecutionMonitor(), a, a));
    }

    @Test
    void replacesSpecs() {
        final BufferedDataTable in =
            table(m_memory, NAME_AND_NUMBER, new DefaultRow("a", new StringCell("x"), new DoubleCell(3)));
        final DataTableSpec renamed = new DataTableSpec(new DataColumnSpecCreator("n", StringCell.TYPE).createSpec(),
            new DataColumnSpecCreator("d", DoubleCell.TYPE).createSpec());
        assertEquals(rows(in), rows(m_memory.createSpecReplacerTable(in, renamed)));
        assertThrows(IllegalArgumentException.class, () -> m_memory.createSpecReplacerTable(in,
            new DataTableSpec(new DataColumnSpecCreator("n", StringCell.TYPE).createSpec())));
    }
}

package org.knime.core.standin.table;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.NotSerializableException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.knime.core.data.DataCell;
import org.knime.core.data.DataColumnSpecCreator;
import org.knime.core.data.DataRow;
import org.knime.core.data.DataTableSpec;
import org.knime.core.data.DataType;
import org.knime.core.data.collection.CollectionCellFactory;
import org.knime.core.data.collection.ListCell;
import org.knime.core.data.collection.ListDataValue;
import org.knime.core.data.def.DefaultRow;
import org.knime.core.node.BufferedDataContainer;
import org.knime.core.node.BufferedDataTable;
import org.knime.core.node.DefaultNodeProgressMonitor;
import org.knime.core.node.ExecutionContext;
import org.knime.core.standin.fixture.ScanCell;
import org.knime.core.standin.fixture.UnregisteredScanCell;
import org.knime.core.standin.run.NodeRun;
import org.knime.core.standin.run.RunDirectory;
import org.knime.core.util.DuplicateKeyException;

class FileStoreCellTest {

    private static final DataTableSpec SPEC =
        new DataTableSpec(new DataColumnSpecCreator("scan", ScanCell.TYPE).createSpec());

    @TempDir
    private Path m_temp;

    @BeforeEach
    void forgetEvents() {
        ScanCell.EVENTS.clear();
    }

    private ExecutionContext context(final long cellsInMemory) throws IOException {
        return new ExecutionContext(new DefaultNodeProgressMonitor(),
            new RunDirectory(m_temp, "test", cellsInMemory).newNodeRun("Make Volumes"));
    }

    private static BufferedDataTable table(final ExecutionContext exec, final DataTableSpec spec,
        final DataCell... cells) {
        final BufferedDataContainer c = exec.createDataContainer(spec);
        for (int i = 0; i < cells.length; i++) {
            c.addRowToTable(new DefaultRow("Row" + i, cells[i]));
        }
        c.close();
        return c.getTable();
    }

    private static DataCell first(final BufferedDataTable table) {
        for (final DataRow r : table) {
            return r.getCell(0);
        }
        throw new AssertionError("no row");
    }

    @Test
    void liesInTheNodesFolder() throws Exception {
        final ExecutionContext exec = context(0);
        final Path file = exec.createFileStore("vol0").getFile().toPath();
        assertTrue(file.toString().matches(".*/knime_test_\\d+/fs-MakeV-1/000/000/vol0"), file.toString());
        assertTrue(Files.isDirectory(file.getParent()));
        assertTrue(Files.notExists(file));
    }

    @Test
    void thousandAndOneFilesNeedTwoFolders() throws Exception {
        final ExecutionContext exec = context(0);
        Path last = null;
        for (int i = 0; i <= 1000; i++) {
            last = exec.createFileStore("v" + i).getFile().toPath();
        }
        assertTrue(last.endsWith("000/001/v1000"), String.valueOf(last));
    }

    @Test
    void refusesNames() throws Exception {
        final RunDirectory run = new RunDirectory(m_temp, "test", 0);
        final NodeRun node = run.newNodeRun("Make");
        final ExecutionContext exec = new ExecutionContext(new DefaultNodeProgressMonitor(), node);
        exec.createFileStore("same");
        assertEquals("Duplicate key detected: \"same\"",
            assertThrows(DuplicateKeyException.class, () -> exec.createFileStore("same")).getMessage());
        assertEquals("Invalid file name, must not contain (back) slash: \"a/b\"",
            assertThrows(IOException.class, () -> exec.createFileStore("a/b")).getMessage());
        assertThrows(IOException.class, () -> exec.createFileStore("a\\b"));
        assertEquals("Name must not start with a dot: \".a\"",
            assertThrows(IOException.class, () -> exec.createFileStore(".a")).getMessage());
        assertThrows(IllegalArgumentException.class, () -> exec.createFileStore(null));
        node.fileStores().close();
        assertTrue(assertThrows(IllegalStateException.class, () -> exec.createFileStore("late")).getMessage()
            .startsWith("File store on node Make is read only/closed"));
    }

    @Test
    void inMemoryNobodyFlushes() throws Exception {
        final ExecutionContext exec = context(RunDirectory.DEFAULT_CELLS_IN_MEMORY);
        final ScanCell cell = ScanCell.write(exec.createFileStore("a"), "a", (byte)1);
        assertEquals(cell, first(table(exec, SPEC, cell)));
        assertEquals(List.of(), ScanCell.EVENTS);
    }

    @Test
    void onDiskFlushesOncePerInstanceAndCompletesNewOnes() throws Exception {
        final ExecutionContext exec = context(0);
        final ScanCell cell = ScanCell.write(exec.createFileStore("a"), "a", (byte)1, (byte)2);
        final BufferedDataTable t = table(exec, SPEC, cell, cell);
        assertEquals(List.of("flush a", "serialize a", "serialize a"), ScanCell.EVENTS);
        ScanCell.EVENTS.clear();
        final ScanCell read = (ScanCell)first(t);
        assertEquals(List.of("deserialize a", "postConstruct a"), ScanCell.EVENTS);
        assertNotSame(cell, read);
        assertEquals(cell, read);
        assertEquals(cell.hashCode(), read.hashCode());
        assertArrayEquals(new byte[]{1, 2}, read.voxels());
        ScanCell.EVENTS.clear();
        table(exec, SPEC, read);
        assertEquals(List.of("serialize a"), ScanCell.EVENTS, "a cell that was read has nothing to flush");
    }

    @Test
    void failingFlushFailsTheTable() throws Exception {
        final ExecutionContext exec = context(0);
        final ScanCell boom = ScanCell.write(exec.createFileStore("a"), "boom");
        assertEquals("boom on flush",
            assertThrows(UncheckedIOException.class, () -> table(exec, SPEC, boom)).getMessage());
    }

    @Test
    void cellWithoutFileBecomesMissing() throws Exception {
        final ExecutionContext exec = context(0);
        final ScanCell cell = ScanCell.write(exec.createFileStore("a"), "a", (byte)1);
        final BufferedDataTable t = table(exec, SPEC, cell);
        Files.delete(cell.fileStore().getFile().toPath());
        assertTrue(first(t).isMissing());
    }

    @Test
    void unregisteredCellStaysInMemoryOnly() throws Exception {
        final DataTableSpec spec = new DataTableSpec(
            new DataColumnSpecCreator("scan", DataType.getType(UnregisteredScanCell.class)).createSpec());
        final ExecutionContext memory = context(RunDirectory.DEFAULT_CELLS_IN_MEMORY);
        assertEquals(1, table(memory, spec, new UnregisteredScanCell(memory.createFileStore("a"))).size());
        final ExecutionContext disk = context(0);
        final UnregisteredScanCell cell = new UnregisteredScanCell(disk.createFileStore("a"));
        final UncheckedIOException e =
            assertThrows(UncheckedIOException.class, () -> table(disk, spec, cell));
        assertEquals(NotSerializableException.class, e.getCause().getClass());
        assertEquals("org.knime.core.data.filestore.internal.FileStoreProxy", e.getMessage());
    }

    @Test
    void sharesAFileStore() throws Exception {
        final ExecutionContext exec = context(0);
        final ScanCell cell = ScanCell.write(exec.createFileStore("a"), "a", (byte)5);
        final ScanCell read = (ScanCell)first(table(exec, SPEC, cell.renamed("b")));
        assertEquals("Scan b", read.toString());
        assertArrayEquals(new byte[]{5}, read.voxels());
        assertEquals(cell, read, "the same file store is the same content");
    }

    @Test
    void comparesContentOfDifferentFileStores() throws Exception {
        final ExecutionContext exec = context(0);
        final ScanCell a = ScanCell.write(exec.createFileStore("a"), "a", (byte)5);
        assertEquals(a, ScanCell.write(exec.createFileStore("b"), "b", (byte)5));
        assertNotEquals(a, ScanCell.write(exec.createFileStore("c"), "c", (byte)6));
    }

    @Test
    void livesInLists() throws Exception {
        final ExecutionContext exec = context(0);
        final DataTableSpec spec = new DataTableSpec(
            new DataColumnSpecCreator("list", ListCell.getCollectionType(ScanCell.TYPE)).createSpec());
        final ScanCell cell = ScanCell.write(exec.createFileStore("a"), "a", (byte)9);
        final ListDataValue list = (ListDataValue)first(
            table(exec, spec, CollectionCellFactory.createListCell(List.of(cell, DataType.getMissingCell()))));
        assertArrayEquals(new byte[]{9}, ((ScanCell)list.get(0)).voxels());
        assertTrue(list.get(1).isMissing());
        assertEquals(ScanCell.TYPE, list.getElementType());
    }

    @Test
    void anotherRunDoesNotFindIt() throws Exception {
        final ScanCell foreign = ScanCell.write(context(0).createFileStore("a"), "a", (byte)9);
        final BufferedDataTable t = table(context(0), SPEC, foreign);
        assertTrue(assertThrows(UncheckedIOException.class, () -> first(t)).getMessage()
            .contains("File store \"a\" belongs to an execution"));
    }
}

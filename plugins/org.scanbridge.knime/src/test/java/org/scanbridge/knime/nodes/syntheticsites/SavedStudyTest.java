package org.scanbridge.knime.nodes.syntheticsites;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.knime.core.data.DataCell;
import org.knime.core.data.DataColumnSpecCreator;
import org.knime.core.data.DataTableSpec;
import org.knime.core.data.StringValue;
import org.knime.core.data.def.StringCell;
import org.knime.core.node.BufferedDataTable;
import org.knime.core.standin.run.NodeExecutionException;
import org.scanbridge.knime.nodes.dicomreader.DicomReaderNodeFactory;
import org.scanbridge.knime.testing.Bench;

/** A workflow is saved, KNIME is closed, and days later only the reader is run. */
class SavedStudyTest {

    private static final int FOLDER = 2;

    @TempDir
    Path m_folder;

    private Bench session(final String name) throws Exception {
        return new Bench(Files.createDirectory(m_folder.resolve(name)));
    }

    private static String path(final BufferedDataTable table) {
        return ((StringValue)Bench.rows(table).get(0).getCell(FOLDER)).getStringValue();
    }

    private static BufferedDataTable study(final Bench session, final Bench.Change change) throws Exception {
        return session.run(new SyntheticSitesNodeFactory(), s -> {
            s.addInt("size", 16);
            s.addInt("subjectsPerSite", 1);
            change.apply(s);
        }).table(0);
    }

    @Test
    void aGeneratedStudyIsStillThere() throws Exception {
        final Path saved = m_folder.resolve("saved");
        final String before;
        try (Bench first = session("first")) {
            final BufferedDataTable table = study(first, s -> {
            });
            before = path(table);
            first.save(table, saved);
        }
        assertFalse(Files.exists(Path.of(before)));
        try (Bench second = session("second")) {
            final BufferedDataTable table = second.load(saved);
            assertNotEquals(before, path(table));
            assertTrue(table.getDataTableSpec().getColumnSpec(FOLDER).getType().isCompatible(StringValue.class));
            final Bench.Result read = second.run(new DicomReaderNodeFactory(), s -> s.addString("folderColumn", "Folder"),
                table);
            assertEquals(List.of("A", "B"), read.rows(0).stream().map(r -> r.getCell(1).toString()).toList());
            assertEquals(0, read.rows(1).size());
        }
    }

    /** A folder of the user's stays a text: KNIME must not copy it into the workflow. */
    @Test
    void anOwnFolderStaysAPath() throws Exception {
        final Path own = m_folder.resolve("own");
        final Path saved = m_folder.resolve("saved");
        try (Bench first = session("first")) {
            first.save(study(first, s -> s.addString("folder", own.toString())), saved);
        }
        try (Bench second = session("second")) {
            final BufferedDataTable table = second.load(saved);
            assertEquals(new StringCell(own.toString()), Bench.rows(table).get(0).getCell(FOLDER));
            assertEquals(2, second.run(new DicomReaderNodeFactory(), s -> {
            }, table).rows(0).size());
        }
        assertFalse(Files.exists(saved.resolve("filestore")));
    }

    /** As older versions have stored it, and as it comes out of nodes that make texts of cells. */
    @ParameterizedTest
    @ValueSource(strings = {"/tmp/knime_Adapt_a_model_4711/fs-Synth_1_1-12/000/000/study",
        "/tmp/knime_My study_4711/fs-Synth-1/000/012/study/A",
        "C:\\Users\\me\\AppData\\Local\\Temp\\knime_Adapt_4711\\fs-Synth_1_1-12\\000\\000\\study"})
    void aPathIntoAnotherSessionIsRecognized(final String path) throws Exception {
        final String message = failure(path);
        assertTrue(message.contains(path) && message.contains("another KNIME session")
            && message.contains("Reset and run") && message.contains("Synthetic Sites"), message);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/data/study", "/data/knime_studies/000/000/study", "/home/me/fs-1/000/000/study"})
    void anotherPathIsNot(final String path) throws Exception {
        assertEquals("The study folder \"" + path + "\" does not exist. Check the path.", failure(path));
    }

    private String failure(final String path) throws Exception {
        try (Bench session = session("session")) {
            final BufferedDataTable table = session.table(
                new DataTableSpec(new DataColumnSpecCreator("Folder", StringCell.TYPE).createSpec()),
                List.<DataCell[]> of(new DataCell[]{new StringCell(path)}));
            return assertThrows(NodeExecutionException.class,
                () -> session.run(new DicomReaderNodeFactory(), s -> {
                }, table)).getMessage();
        }
    }
}

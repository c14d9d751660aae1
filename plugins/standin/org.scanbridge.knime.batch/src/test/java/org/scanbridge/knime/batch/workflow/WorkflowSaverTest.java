package org.scanbridge.knime.batch.workflow;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.knime.core.node.NodeSettings;
import org.scanbridge.knime.batch.TestWorkflow;
import org.scanbridge.knime.batch.TestVariables;

class WorkflowSaverTest {

    @TempDir
    private Path m_dir;

    private Workflow m_workflow;

    @BeforeEach
    void createWorkflow() throws Exception {
        final Path directory = new TestWorkflow(m_dir.resolve("flow"))
            .node(1, "A", "p.A", TestWorkflow.config("model", TestWorkflow.entry("epochs", "xint", "5")))
            .node(2, "B", "p.B", "").connect(1, 1, 2, 1).variable("v", "INTEGER", "xint", "1").write();
        Files.createDirectories(directory.resolve("data"));
        Files.writeString(directory.resolve("data/list.txt"), "kept");
        Files.createDirectories(directory.resolve("A (#1)/port_1"));
        Files.writeString(directory.resolve("A (#1)/port_1/data.xml"), "results");
        m_workflow = WorkflowReader.read(directory);
    }

    private WorkflowSaver saver() {
        final NodeSettings model = new NodeSettings("model");
        model.addInt("epochs", 9);
        return new WorkflowSaver(m_workflow, Map.of(1, model), List.of(TestVariables.integer("v", 2)),
            Map.of(1, "CONFIGURED", 2, "IDLE"), "IDLE");
    }

    private static void assertSaved(final Path directory) throws Exception {
        final Workflow saved = WorkflowReader.read(directory);
        assertEquals(List.of(), saved.problems());
        assertEquals(9, saved.nodes().get(0).model().orElseThrow().getInt("epochs"));
        assertEquals(List.of(TestVariables.integer("v", 2)), saved.variables());
        assertEquals("A note\nof two lines", saved.settings().getNodeSettings("annotations")
            .getNodeSettings("annotation_0").getString("text"));
    }

    private List<String> files(final Path directory) throws IOException {
        try (Stream<Path> walk = Files.walk(directory)) {
            return walk.filter(Files::isRegularFile).map(f -> directory.relativize(f).toString()).sorted().toList();
        }
    }

    @Test
    void inPlace() throws Exception {
        saver().saveInPlace();
        assertSaved(m_workflow.directory());
        assertEquals(List.of("A (#1)/port_1/data.xml", "A (#1)/settings.xml", "B (#2)/settings.xml", "data/list.txt",
            "workflow.knime"), files(m_workflow.directory()), "no temporary files stay");
    }

    @Test
    void nothingChangedNothingWritten() throws Exception {
        final WorkflowSaver same = new WorkflowSaver(m_workflow, Map.of(), m_workflow.variables(),
            Map.of(1, "IDLE", 2, "IDLE"), "IDLE");
        final byte[] before = Files.readAllBytes(m_workflow.directory().resolve("workflow.knime"));
        final byte[] node = Files.readAllBytes(m_workflow.directory().resolve("B (#2)/settings.xml"));
        same.saveInPlace();
        assertArrayEquals(before, Files.readAllBytes(m_workflow.directory().resolve("workflow.knime")));
        assertArrayEquals(node, Files.readAllBytes(m_workflow.directory().resolve("B (#2)/settings.xml")));
    }

    @Test
    void intoAnotherDirectoryWithoutResults() throws Exception {
        final Path target = m_dir.resolve("deep/copy");
        saver().saveAs(target);
        assertSaved(target);
        assertEquals(List.of("A (#1)/settings.xml", "B (#2)/settings.xml", "data/list.txt", "workflow.knime"),
            files(target));
        assertEquals(List.of("copy"), List.of(m_dir.resolve("deep").toFile().list()), "nothing else stays beside it");
        assertEquals(5, WorkflowReader.read(m_workflow.directory()).nodes().get(0).model().orElseThrow()
            .getInt("epochs"), "the source is untouched");
        saver().saveAs(target);
        assertSaved(target);
    }

    @Test
    void otherDirectoriesAreNotOverwritten() throws Exception {
        final Path target = Files.createDirectories(m_dir.resolve("photos"));
        Files.writeString(target.resolve("me.jpg"), "x");
        assertThrows(IOException.class, () -> saver().saveAs(target));
        assertTrue(Files.exists(target.resolve("me.jpg")));
    }

    @Test
    void zippedAndBack() throws Exception {
        final Path zip = m_dir.resolve("out/flow.knwf");
        saver().saveZipped(zip, Files.createDirectories(m_dir.resolve("tmp")));
        final Path unpacked = WorkflowZip.unpack(zip, Files.createDirectories(m_dir.resolve("unpacked")));
        assertEquals(m_dir.resolve("unpacked/flow"), unpacked);
        assertSaved(unpacked);
        assertEquals(List.of("flow.knwf"), List.of(m_dir.resolve("out").toFile().list()));
    }

    @Test
    void aFailedSaveLeavesTheOldWorkflow() throws Exception {
        // A directory where a settings file has to go makes the save fail halfway.
        final Path copy = m_dir.resolve("copy");
        saver().saveAs(copy);
        Files.delete(m_workflow.directory().resolve("A (#1)/settings.xml"));
        Files.createDirectories(m_workflow.directory().resolve("A (#1)/settings.xml/x"));
        assertThrows(IOException.class, () -> saver().saveAs(copy));
        assertSaved(copy);
        assertFalse(Stream.of(m_dir.toFile().list()).anyMatch(f -> f.startsWith(".copy")), "no debris");
    }

    @Test
    void executedNodesAreSavedWithoutResults() throws Exception {
        final Path settings = m_workflow.directory().resolve("A (#1)/settings.xml");
        Files.writeString(settings,
            Files.readString(settings).replace("\"state\" type=\"xstring\" value=\"IDLE\"",
                "\"state\" type=\"xstring\" value=\"EXECUTED\"")
                .replace("\"hasContent\" type=\"xboolean\" value=\"false\"",
                    "\"hasContent\" type=\"xboolean\" value=\"true\""));
        m_workflow = WorkflowReader.read(m_workflow.directory());
        assertTrue(m_workflow.nodes().get(0).executed());
        saver().saveInPlace();
        final NodeRecord node = WorkflowReader.read(m_workflow.directory()).nodes().get(0);
        assertFalse(node.executed());
        assertEquals("CONFIGURED", node.settings().getString("state"));
        assertFalse(node.settings().getBoolean("hasContent"));
    }

    @Test
    void lockedWorkflowsAreSeen() throws Exception {
        final WorkflowLock lock = WorkflowLock.acquire(m_workflow.directory());
        assertTrue(assertThrows(WorkflowLoadException.class, () -> WorkflowLock.acquire(m_workflow.directory()))
            .getMessage().contains("is locked"));
        lock.close();
        WorkflowLock.acquire(m_workflow.directory()).close();
        assertFalse(Files.exists(m_workflow.directory().resolve(".knimeLock")));
    }
}

package org.scanbridge.knime.batch.workflow;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.scanbridge.knime.batch.TestWorkflow;
import org.scanbridge.knime.batch.TestVariables;
import org.knime.core.node.workflow.FlowVariable;
import org.knime.core.node.workflow.VariableType;

class WorkflowReaderTest {

    @TempDir
    private Path m_dir;

    private TestWorkflow two() throws Exception {
        return new TestWorkflow(m_dir)
            .node(7, "Second", "p.Second",
                TestWorkflow.config("model", TestWorkflow.entry("epochs", "xint", "5"))
                    + TestWorkflow.config("variables", TestWorkflow.config("epochs",
                        TestWorkflow.entry("used_variable", "xstring", "n")
                            + TestWorkflow.nullEntry("exposed_variable"))))
            .node(2, "First", "p.First", "");
    }

    @Test
    void nodesConnectionsAndVariables() throws Exception {
        final Workflow workflow = WorkflowReader.read(two().connect(2, 1, 7, 1).connect(2, 0, 7, 0)
            .variable("n", "INTEGER", "xint", "3").variable("x", "DOUBLE", "xdouble", "0.5")
            .variable("s", "STRING", "xstring", "a").variable("b", "BOOLEAN", "xboolean", "true")
            .variable("l", "LONG", "xlong", "9").write());
        assertEquals(List.of(), workflow.problems());
        assertEquals(List.of("First (#2)", "Second (#7)"), workflow.nodes().stream().map(NodeRecord::label).toList());
        final NodeRecord second = workflow.nodes().get(1);
        assertEquals("p.Second", second.factory());
        assertEquals(5, second.model().orElseThrow().getInt("epochs"));
        assertTrue(workflow.nodes().get(0).model().isEmpty(), "no model: defaults apply");
        assertTrue(second.variables().isPresent());
        assertEquals(List.of(new Connection(2, 1, 7, 1), new Connection(2, 0, 7, 0)), workflow.connections());
        assertEquals(List.of(TestVariables.integer("n", 3), TestVariables.real("x", 0.5),
            TestVariables.string("s", "a"), new FlowVariable("b", VariableType.BooleanType.INSTANCE, true),
            new FlowVariable("l", VariableType.LongType.INSTANCE, 9L)),
            workflow.variables());
    }

    @Test
    void noWorkflowThere() {
        assertTrue(assertThrows(WorkflowLoadException.class, () -> WorkflowReader.read(m_dir)).getMessage()
            .contains("workflow.knime"));
    }

    @Test
    void garbage() throws Exception {
        Files.writeString(m_dir.resolve("workflow.knime"), "<config key='x'><entry");
        assertTrue(assertThrows(WorkflowLoadException.class, () -> WorkflowReader.read(m_dir)).getMessage()
            .startsWith("Unable to read workflow file \"" + m_dir.resolve("workflow.knime")));
    }

    @ParameterizedTest
    @CsvSource({"9.9.9,is unknown", "2.10.0,older than", "0.9.0,older than"})
    void unsupportedVersions(final String version, final String message) throws Exception {
        two().version(version).write();
        assertTrue(assertThrows(WorkflowLoadException.class, () -> WorkflowReader.read(m_dir)).getMessage()
            .contains(message));
    }

    @ParameterizedTest
    @CsvSource({"MetaNode,metanode", "SubNode,component"})
    void metanodesAndComponentsAreRefused(final String type, final String word) throws Exception {
        two().nodeEntry(9, "Group (#9)", type).write();
        final String message =
            assertThrows(WorkflowLoadException.class, () -> WorkflowReader.read(m_dir)).getMessage();
        assertTrue(message.contains("Node 9") && message.contains(word), message);
    }

    @Test
    void aLostSettingsFileIsALoadError() throws Exception {
        two().connect(2, 1, 7, 1).write();
        Files.delete(m_dir.resolve("First (#2)/settings.xml"));
        final Workflow workflow = WorkflowReader.read(m_dir);
        assertEquals(List.of(
            "Unable to load node \"node_2\": Unable to read settings file \"First (#2)/settings.xml\":"
                + " the file does not exist",
            "Unable to insert connection \"connection_0\": there is no node 2"), workflow.problems());
    }

    @Test
    void missingKeysAreNamedAsKnimeDoes() throws Exception {
        two().write();
        final Path settings = m_dir.resolve("First (#2)/settings.xml");
        Files.writeString(settings, Files.readString(settings).replaceAll("<config key=\"flow_stack\"></config>", "")
            .replaceAll("<entry key=\"state\".*", ""));
        final Path workflow = m_dir.resolve("workflow.knime");
        Files.writeString(workflow,
            Files.readString(workflow).replace("<config key=\"workflow_credentials\"></config>", ""));
        assertEquals(List.of(
            "Unable to load workflow credentials: Config for key \"workflow_credentials\" not found.",
            "Node \"First\" (#2): Config for key \"flow_stack\" not found.",
            "Node \"First\" (#2): String for key \"state\" not found."), WorkflowReader.read(m_dir).problems());
        Files.writeString(settings, Files.readString(settings).replaceAll("<entry key=\"factory\".*", ""));
        assertTrue(WorkflowReader.read(m_dir).problems()
            .contains("Unable to load node \"node_2\": String for key \"factory\" not found."));
    }

    @ParameterizedTest
    @CsvSource({"7,1,2,1,cycle", "2,1,7,1,connected already", "2,1,99,1,there is no node 99", "2,-1,7,2,negative port"})
    void badConnectionsAreDropped(final int source, final int sourcePort, final int destination,
        final int destinationPort, final String message) throws Exception {
        final Workflow workflow = WorkflowReader.read(two().connect(2, 1, 7, 1)
            .connect(source, sourcePort, destination, destinationPort).write());
        assertEquals(List.of(new Connection(2, 1, 7, 1)), workflow.connections());
        assertEquals(1, workflow.problems().size());
        assertTrue(workflow.problems().get(0).contains(message), workflow.problems().get(0));
    }

    @Test
    void settingsFilesStayInsideTheWorkflow() throws Exception {
        two().nodeEntry(9, "../Elsewhere", "NativeNode").write();
        assertTrue(WorkflowReader.read(m_dir).problems().get(0).contains("lies outside the workflow"));
    }
}

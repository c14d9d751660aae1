package org.scanbridge.knime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.knime.core.data.DataColumnSpec;
import org.knime.core.data.DataTableSpec;
import org.knime.core.standin.extension.ClassPathExtensions;
import org.knime.core.standin.run.RunDirectory;
import org.knime.node.parameters.NodeParametersInput;
import org.knime.node.standin.StandinNodeFactory;
import org.knime.node.standin.persistence.NodeParametersPersistence;
import org.scanbridge.knime.batch.execution.LoadedStates;
import org.scanbridge.knime.batch.nodes.InstalledNodes;
import org.scanbridge.knime.batch.workflow.NodeRecord;
import org.scanbridge.knime.batch.workflow.Workflow;
import org.scanbridge.knime.batch.workflow.WorkflowReader;
import org.scanbridge.knime.util.UnusedSettings;

/**
 * A workflow that a user opens for the first time is not marked as changed: KNIME finds every node in the state that the
 * files say, and has nothing to warn of.
 */
class ShippedWorkflowsTest {

    private static final Path REPOSITORY = Path.of(System.getProperty("basedir", ".")).resolve("../..").toAbsolutePath().normalize();

    /** Of inputs that all are connected. */
    private static final NodeParametersInput CONNECTED = (NodeParametersInput)Proxy.newProxyInstance(
        ShippedWorkflowsTest.class.getClassLoader(), new Class<?>[]{NodeParametersInput.class},
        (proxy, method, arguments) -> Optional.of(new DataTableSpec(new DataColumnSpec[0])));

    static List<Path> workflows() throws IOException {
        try (Stream<Path> shipped = Files.list(REPOSITORY.resolve("workflows"));
                Stream<Path> tested = Files.list(REPOSITORY.resolve("plugins/standin/runtime/src/test/resources"))) {
            return Stream.concat(shipped, tested).filter(w -> Files.exists(w.resolve(Workflow.FILE))).sorted().toList();
        }
    }

    @ParameterizedTest
    @MethodSource("workflows")
    void loadsWithoutWarnings(final Path directory) throws Exception {
        final Workflow workflow = WorkflowReader.read(directory);
        assertEquals(List.of(), workflow.problems());
        try (RunDirectory run = RunDirectory.create("states")) {
            final LoadedStates states = LoadedStates.of(workflow, Map.of(), workflow.variables(),
                new InstalledNodes(new ClassPathExtensions(getClass().getClassLoader()), run));
            // the first two nodes of every workflow need nothing but their settings; a single one needs a file of the user's
            assertEquals(states.nodes().containsKey(2) ? List.of("CONFIGURED", "CONFIGURED") : List.of("IDLE"),
                states.nodes().entrySet().stream().filter(n -> n.getKey() <= 2).map(Map.Entry::getValue).toList());
            assertTrue(states.nodes().keySet().containsAll(workflow.nodes().stream().map(n -> n.id()).toList()));
            assertEquals(List.of(), states.changes(workflow));
        }
    }

    /** No setting of theirs has a value that nothing uses. */
    @ParameterizedTest
    @MethodSource("workflows")
    void allThatIsSetHasAnEffect(final Path directory) throws Exception {
        for (final NodeRecord node : WorkflowReader.read(directory).nodes()) {
            final Object factory = Class.forName(node.factory()).getConstructor().newInstance();
            if (node.model().isPresent() && factory instanceof StandinNodeFactory ours) {
                assertEquals(List.of(), UnusedSettings.of(
                    NodeParametersPersistence.load(ours.getModelParametersClass().orElseThrow(), node.model().get()), CONNECTED),
                    node.factory());
            }
        }
    }
}

package org.scanbridge.knime.batch.workflow;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;

import org.knime.core.node.InvalidSettingsException;
import org.knime.core.node.NodeSettings;
import org.knime.core.node.workflow.FlowVariable;
import org.knime.core.standin.variable.SettingsOverwriter;

/**
 * Reads a workflow directory in KNIME's format 3.7.0 to 5.1.0 (KNIME 5.8 to 5.12 write 5.1.0). Annotations, positions
 * and editor settings are carried along unread. A key that must be there and is missing is a load error as in KNIME;
 * what this executor cannot run, such as metanodes and components, is refused.
 */
public final class WorkflowReader {

    private static final Set<String> SUPPORTED_VERSIONS = Set.of("3.7.0", "4.1.0", "5.1.0");

    private static final Set<String> OLD_VERSIONS = Set.of("0.9.0", "1.0", "1.1.0", "1.2.0", "1.3.0", "2.0.0", "2.1.0",
        "2.2.0", "2.3.0", "2.4.0", "2.5.0", "2.6.0", "2.8.0", "2.10.0", "3.1.0", "3.6.0");

    private final Path m_directory;

    private final List<String> m_problems = new ArrayList<>();

    private WorkflowReader(final Path directory) {
        m_directory = directory;
    }

    /**
     * @param directory a workflow directory
     * @return the workflow
     * @throws WorkflowLoadException if workflow.knime is missing, unreadable, of an unsupported version, or holds
     *             metanodes or components
     */
    public static Workflow read(final Path directory) throws WorkflowLoadException {
        return new WorkflowReader(directory).read();
    }

    private Workflow read() throws WorkflowLoadException {
        final Path file = m_directory.resolve(Workflow.FILE);
        if (!Files.isRegularFile(file)) {
            throw new WorkflowLoadException("No \"" + Workflow.FILE + "\" in \"" + m_directory
                + "\": it is no workflow directory. Give the folder that holds that file");
        }
        final NodeSettings settings;
        try {
            settings = load(file);
        } catch (IOException ex) {
            throw new WorkflowLoadException("Unable to read workflow file \"" + file + "\": " + ex.getMessage(), ex);
        }
        checkVersion(settings);
        if (!settings.containsKey("workflow_credentials")) {
            m_problems.add("Unable to load workflow credentials: Config for key \"workflow_credentials\" not found.");
        }
        final List<FlowVariable> variables = readVariables(settings);
        final List<NodeRecord> nodes = readNodes(settings);
        final List<Connection> connections =
            new ConnectionReader(nodes, m_problems).read(child(settings, "connections"));
        return new Workflow(m_directory, settings, variables, nodes, connections, m_problems);
    }

    private static void checkVersion(final NodeSettings settings) throws WorkflowLoadException {
        final String version = settings.getString("version", "0.9.0");
        if (OLD_VERSIONS.contains(version)) {
            throw new WorkflowLoadException("The workflow is of version " + version
                + ", older than this executor reads (3.7.0 to 5.1.0). Open and save it in KNIME 5.8 or newer");
        }
        if (!SUPPORTED_VERSIONS.contains(version)) {
            throw new WorkflowLoadException("Unable to load workflow, version string \"" + version
                + "\" is unknown. Known versions: 3.7.0, 4.1.0, 5.1.0");
        }
    }

    private List<FlowVariable> readVariables(final NodeSettings settings) {
        final List<FlowVariable> variables = new ArrayList<>();
        if (!settings.containsKey("workflow_variables")) {
            return variables;
        }
        try {
            final NodeSettings list = settings.getNodeSettings("workflow_variables");
            for (String key : list.keySet()) {
                variables.add(FlowVariable.load(list.getNodeSettings(key)));
            }
        } catch (InvalidSettingsException ex) {
            m_problems.add("Unable to load workflow variables: " + ex.getMessage());
        }
        return variables;
    }

    private List<NodeRecord> readNodes(final NodeSettings settings) throws WorkflowLoadException {
        final List<NodeRecord> nodes = new ArrayList<>();
        final Optional<NodeSettings> list = child(settings, "nodes");
        if (list.isEmpty()) {
            return nodes;
        }
        for (String key : list.get().keySet()) {
            try {
                final NodeRecord node = readNode(list.get().getNodeSettings(key));
                if (nodes.stream().anyMatch(n -> n.id() == node.id())) {
                    m_problems.add("Unable to load node \"" + key + "\": the id " + node.id() + " is in use already");
                } else {
                    nodes.add(node);
                }
            } catch (InvalidSettingsException ex) {
                m_problems.add("Unable to load node \"" + key + "\": " + ex.getMessage());
            }
        }
        nodes.sort(Comparator.comparingInt(NodeRecord::id));
        return nodes;
    }

    private NodeRecord readNode(final NodeSettings entry) throws InvalidSettingsException, WorkflowLoadException {
        final int id = entry.getInt("id");
        final String settingsFile = entry.getString("node_settings_file");
        final String type =
            entry.getString("node_type", entry.getBoolean("node_is_meta", false) ? "MetaNode" : "NativeNode");
        if (!type.equals("NativeNode")) {
            final String kind = type.equals("MetaNode") ? "metanode" : type.equals("SubNode") ? "component" : type;
            throw new WorkflowLoadException("Node " + id + " (\"" + settingsFile + "\") is a " + kind
                + "; this executor runs plain nodes only. Expand it in KNIME, or run the workflow with KNIME's own"
                + " batch executor");
        }
        if (settingsFile == null) {
            throw new InvalidSettingsException("node " + id + " has no settings file");
        }
        final Path file = m_directory.resolve(settingsFile).normalize();
        if (!file.startsWith(m_directory)) {
            throw new InvalidSettingsException("the settings file \"" + settingsFile + "\" lies outside the workflow");
        }
        try {
            return readNode(id, settingsFile, load(file));
        } catch (IOException ex) {
            throw new InvalidSettingsException(
                "Unable to read settings file \"" + settingsFile + "\": " + describe(ex), ex);
        }
    }

    private NodeRecord readNode(final int id, final String settingsFile, final NodeSettings settings)
        throws InvalidSettingsException {
        final String name = settings.getString("node-name");
        final String factory = settings.getString("factory");
        final String bundle = settings.getString("node-bundle-symbolic-name");
        final Optional<NodeSettings> model =
            settings.containsKey("model") ? Optional.of(settings.getNodeSettings("model")) : Optional.empty();
        final Optional<SettingsOverwriter> variables = settings.containsKey("variables")
            ? Optional.of(new SettingsOverwriter(settings.getNodeSettings("variables"))) : Optional.empty();
        for (String key : List.of("flow_stack", "internal_node_subsettings", "ports", "filestores")) {
            if (!(settings.containsKey(key))) {
                m_problems.add("Node \"" + name + "\" (#" + id + "): Config for key \"" + key + "\" not found.");
            }
        }
        final String state = settings.getString("state", null);
        if (state == null) {
            m_problems.add("Node \"" + name + "\" (#" + id + "): String for key \"state\" not found.");
        }
        return new NodeRecord(id, name == null ? factory : name, settingsFile, settings, factory,
            Optional.ofNullable(bundle), model, variables, "EXECUTED".equals(state));
    }

    private Optional<NodeSettings> child(final NodeSettings settings, final String key) {
        try {
            return Optional.of(settings.getNodeSettings(key));
        } catch (InvalidSettingsException ex) {
            m_problems.add("Unable to load " + key + " of the workflow: " + ex.getMessage());
            return Optional.empty();
        }
    }

    static NodeSettings load(final Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            return (NodeSettings)NodeSettings.loadFromXML(in);
        }
    }

    private static String describe(final IOException ex) {
        return ex instanceof NoSuchFileException ? "the file does not exist" : ex.getMessage();
    }
}

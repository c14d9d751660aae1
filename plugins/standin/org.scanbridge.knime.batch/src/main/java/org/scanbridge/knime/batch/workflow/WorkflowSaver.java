package org.scanbridge.knime.batch.workflow;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

import org.knime.core.node.InvalidSettingsException;
import org.knime.core.node.NodeSettings;
import org.knime.core.node.workflow.FlowVariable;

/**
 * Writes a workflow back: with the changed workflow variables and model settings, without data, and all nodes in the
 * state in which KNIME finds them when it loads and configures such a workflow. Files that do not change are not touched; each changed
 * one is replaced in one step, and a whole directory or zip appears in one step: an interrupted save leaves the
 * old workflow readable.
 */
public final class WorkflowSaver {

    /** What a workflow saved with data has beside its settings; of no use when its nodes are not executed. */
    private static final Pattern DATA = Pattern.compile("port_\\d+|internalTables|filestore|internal|drop");

    private static final String LOCK = ".knimeLock";

    private final Workflow m_workflow;

    private final Map<Integer, NodeSettings> m_models;

    private final List<FlowVariable> m_variables;

    private final Map<Integer, String> m_states;

    private final String m_state;

    /**
     * @param workflow the workflow as it was read
     * @param models model settings that replace those read, by node id
     * @param variables the workflow variables, which replace those read
     * @param states what KNIME will find the nodes' states to be when it loads the workflow, by node id
     * @param state the same of the workflow
     */
    public WorkflowSaver(final Workflow workflow, final Map<Integer, NodeSettings> models,
        final List<FlowVariable> variables, final Map<Integer, String> states, final String state) {
        m_workflow = workflow;
        m_models = Map.copyOf(models);
        m_variables = List.copyOf(variables);
        m_states = Map.copyOf(states);
        m_state = state;
    }

    /**
     * Saves where the workflow was read from.
     *
     * @throws IOException if writing fails
     */
    public void saveInPlace() throws IOException {
        write(m_workflow.directory());
    }

    /**
     * Saves into another directory, which is created, or replaced if it holds a workflow.
     *
     * @param target the directory
     * @throws IOException if writing fails, or the directory exists and holds something else than a workflow
     */
    public void saveAs(final Path target) throws IOException {
        final boolean exists = Files.exists(target);
        if (exists && Files.isSameFile(target, m_workflow.directory())) {
            saveInPlace();
            return;
        }
        if (exists && !Files.exists(target.resolve(Workflow.FILE)) && !isEmpty(target)) {
            throw new IOException("\"" + target + "\" exists and holds no workflow. Give an empty or a new directory");
        }
        Files.createDirectories(target.toAbsolutePath().getParent());
        final Path fresh = Files.createTempDirectory(target.toAbsolutePath().getParent(), "." + target.getFileName());
        try {
            final Path copy = fresh.resolve("new");
            copyTo(copy);
            final Path old = fresh.resolve("old");
            if (exists) {
                Files.move(target, old);
            }
            try {
                Files.move(copy, target);
            } catch (IOException ex) {
                if (exists) {
                    Files.move(old, target);
                }
                throw ex;
            }
        } finally {
            FileTree.delete(fresh);
        }
    }

    /**
     * Saves into a zip file, which is created or replaced.
     *
     * @param zip the file
     * @param temporary an existing directory for what lies between
     * @throws IOException if writing fails
     */
    public void saveZipped(final Path zip, final Path temporary) throws IOException {
        final Path copy = Files.createTempDirectory(temporary, "save").resolve("workflow");
        copyTo(copy);
        Files.createDirectories(zip.toAbsolutePath().getParent());
        final String name = zip.getFileName().toString();
        WorkflowZip.pack(copy, name.contains(".") ? name.substring(0, name.lastIndexOf('.')) : name, zip);
    }

    private static boolean isEmpty(final Path directory) throws IOException {
        try (var children = Files.list(directory)) {
            return children.findAny().isEmpty();
        }
    }

    private void copyTo(final Path copy) throws IOException {
        FileTree.copy(m_workflow.directory(), copy, relative -> relative.endsWith(LOCK)
            || relative.getNameCount() == 2 && DATA.matcher(relative.getFileName().toString()).matches()
                && isNodeDirectory(relative.getParent()));
        write(copy);
    }

    private boolean isNodeDirectory(final Path relative) {
        return m_workflow.nodes().stream().anyMatch(n -> relative.equals(Path.of(n.settingsFile()).getParent()));
    }

    private void write(final Path directory) throws IOException {
        try {
            for (NodeRecord node : m_workflow.nodes()) {
                writeIfChanged(directory.resolve(node.settingsFile()), node.settings(), reset(node));
            }
            writeIfChanged(directory.resolve(Workflow.FILE), m_workflow.settings(), reset(m_workflow));
        } catch (InvalidSettingsException ex) {
            throw new IOException("The workflow cannot be saved: " + ex.getMessage(), ex);
        }
    }

    private NodeSettings reset(final NodeRecord node) throws InvalidSettingsException {
        final NodeSettings settings = copyOf(node.settings());
        final NodeSettings model = m_models.get(node.id());
        if (model != null) {
            model.copyTo(settings.addNodeSettings("model"));
        }
        settings.addString("state", m_states.get(node.id()));
        settings.addBoolean("hasContent", false);
        settings.removeConfig("nodecontainer_message");
        settings.removeConfig("internalObjects");
        if (settings.containsKey("ports")) {
            final NodeSettings ports = settings.getNodeSettings("ports");
            for (String key : List.copyOf(ports.keySet())) {
                final int index = ports.getNodeSettings(key).getInt("index");
                final NodeSettings port = ports.addNodeSettings(key);
                port.addInt("index", index);
                port.addString("port_dir_location", null);
            }
        }
        final NodeSettings fileStores = settings.addNodeSettings("filestores");
        fileStores.addString("file_store_location", null);
        fileStores.addString("file_store_id", null);
        return settings;
    }

    private NodeSettings reset(final Workflow workflow) {
        final NodeSettings settings = copyOf(workflow.settings());
        settings.addString("state", m_state);
        if (!m_variables.isEmpty()) {
            final NodeSettings list = settings.addNodeSettings("workflow_variables");
            int i = 0;
            for (FlowVariable variable : m_variables) {
                variable.save(list.addNodeSettings("Var_" + i));
                i++;
            }
        }
        return settings;
    }

    private static NodeSettings copyOf(final NodeSettings settings) {
        final NodeSettings copy = new NodeSettings(settings.getKey());
        settings.copyTo(copy);
        return copy;
    }

    private static void writeIfChanged(final Path file, final NodeSettings before, final NodeSettings after)
        throws IOException {
        final byte[] content = xml(after);
        if (!Files.exists(file) || !Arrays.equals(xml(before), content)) {
            FileTree.replace(file, out -> out.write(content));
        }
    }

    private static byte[] xml(final NodeSettings settings) throws IOException {
        final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        settings.saveToXML(bytes);
        return bytes.toByteArray();
    }
}

package org.scanbridge.knime.batch;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Writes workflow directories in KNIME's format, by hand as a text editor would. */
public final class TestWorkflow {

    private static final String ROOT = """
        <?xml version="1.0" encoding="UTF-8"?>
        <config xmlns="http://www.knime.org/2008/09/XMLConfig" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" \
        xsi:schemaLocation="http://www.knime.org/2008/09/XMLConfig http://www.knime.org/XMLConfig_2008_09.xsd" key="%s">
        %s</config>
        """;

    private final Path m_directory;

    private final StringBuilder m_nodes = new StringBuilder();

    private final StringBuilder m_connections = new StringBuilder();

    private final StringBuilder m_variables = new StringBuilder();

    private String m_version = "5.1.0";

    private int m_connectionCount;

    private int m_variableCount;

    /** @param directory where the workflow goes; created */
    public TestWorkflow(final Path directory) {
        m_directory = directory;
    }

    /** @return an entry of a config */
    public static String entry(final String key, final String type, final String value) {
        return "<entry key=\"%s\" type=\"%s\" value=\"%s\"/>\n".formatted(key, type, value);
    }

    /** @return a config with the given content */
    public static String config(final String key, final String content) {
        return "<config key=\"%s\">%s</config>\n".formatted(key, content);
    }

    /** @return a null string */
    public static String nullEntry(final String key) {
        return "<entry key=\"%s\" type=\"xstring\" isnull=\"true\" value=\"\"/>\n".formatted(key);
    }

    /** Sets the version of the format. */
    public TestWorkflow version(final String version) {
        m_version = version;
        return this;
    }

    /** Adds a workflow variable. */
    public TestWorkflow variable(final String name, final String variableClass, final String type,
        final String value) {
        m_variables.append(config("Var_" + m_variableCount, entry("name", "xstring", name)
            + entry("class", "xstring", variableClass) + entry("value", type, value)));
        m_variableCount++;
        return this;
    }

    /** Adds a node whose settings.xml also holds {@code settings}, such as a model. */
    public TestWorkflow node(final int id, final String name, final String factory, final String settings)
        throws IOException {
        final String folder = name + " (#" + id + ")";
        nodeEntry(id, folder, "NativeNode");
        write(folder + "/settings.xml", entry("node_file", "xstring", "settings.xml") + config("flow_stack", "")
            + config("internal_node_subsettings", entry("memory_policy", "xstring", "CacheSmallInMemory")) + settings
            + entry("state", "xstring", "IDLE") + entry("factory", "xstring", factory)
            + entry("node-name", "xstring", name) + entry("node-bundle-name", "xstring", "Test")
            + entry("node-bundle-symbolic-name", "xstring", "org.scanbridge.test")
            + entry("node-bundle-vendor", "xstring", "Test") + entry("hasContent", "xboolean", "false")
            + config("ports", config("port_1", entry("index", "xint", "1") + nullEntry("port_dir_location")))
            + config("filestores", nullEntry("file_store_location") + nullEntry("file_store_id")));
        return this;
    }

    /** Adds a node to workflow.knime, without settings file. */
    public TestWorkflow nodeEntry(final int id, final String folder, final String type) {
        m_nodes.append(config("node_" + id, entry("id", "xint", Integer.toString(id))
            + entry("node_settings_file", "xstring", folder + "/settings.xml") + entry("node_type", "xstring", type)));
        return this;
    }

    /** Adds a connection. */
    public TestWorkflow connect(final int source, final int sourcePort, final int destination,
        final int destinationPort) {
        m_connections.append(config("connection_" + m_connectionCount,
            entry("sourceID", "xint", Integer.toString(source)) + entry("destID", "xint", Integer.toString(destination))
            + entry("sourcePort", "xint", Integer.toString(sourcePort))
            + entry("destPort", "xint", Integer.toString(destinationPort))));
        m_connectionCount++;
        return this;
    }

    /** Writes workflow.knime and returns the directory. */
    public Path write() throws IOException {
        write("workflow.knime", entry("created_by", "xstring", "5.8.0") + entry("version", "xstring", m_version)
            + entry("state", "xstring", "IDLE") + config("workflow_credentials", "")
            + (m_variables.isEmpty() ? "" : config("workflow_variables", m_variables.toString()))
            + config("annotations", config("annotation_0", entry("text", "xstring", "A note%%00010of two lines")))
            + config("nodes", m_nodes.toString()) + config("connections", m_connections.toString()));
        return m_directory;
    }

    private void write(final String file, final String content) throws IOException {
        final Path path = m_directory.resolve(file);
        Files.createDirectories(path.getParent());
        Files.writeString(path, ROOT.formatted(path.getFileName(), content));
    }
}

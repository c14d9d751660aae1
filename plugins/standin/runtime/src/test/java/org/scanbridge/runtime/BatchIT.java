package org.scanbridge.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The start script and the runtime in a real Equinox, nodes found in a bundle's plugin.xml. */
class BatchIT {

    private static final String PROBE = "org.scanbridge.knime.batch.probe.";

    @TempDir
    private static Path s_root;

    private static Installation s_installation;

    @TempDir
    private Path m_dir;

    private Path m_flow;

    private Path m_result;

    @BeforeAll
    static void install() throws IOException {
        s_installation = Installation.create(Files.createDirectories(s_root.resolve("a checkout")));
    }

    @BeforeEach
    void createFlow() throws IOException {
        m_flow = m_dir.resolve("my flow");
        m_result = m_dir.resolve("result.txt");
    }

    private static String entry(final String key, final Object value) {
        return "<entry key=\"%s\" type=\"%s\" value=\"%s\"/>".formatted(key,
            value instanceof Integer ? "xint" : "xstring", value);
    }

    private static String config(final String key, final String... content) {
        return "<config key=\"%s\">%s</config>".formatted(key, String.join("\n", content));
    }

    private void write(final String file, final String... content) throws IOException {
        final Path path = m_flow.resolve(file);
        Files.createDirectories(path.getParent());
        Files.writeString(path,
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
                + "<config xmlns=\"http://www.knime.org/2008/09/XMLConfig\" key=\""
                + path.getFileName() + "\">" + String.join("\n", content) + "</config>");
    }

    private String node(final int id, final String name, final String factory, final String... model)
        throws IOException {
        write(name + " (#" + id + ")/settings.xml", config("flow_stack"), config("internal_node_subsettings"),
            config("model", model), entry("state", "IDLE"), entry("factory", PROBE + factory),
            entry("node-name", name), entry("node-bundle-symbolic-name", "org.scanbridge.probe"), config("ports"),
            config("filestores"));
        return config("node_" + id, entry("id", id), entry("node_settings_file", name + " (#" + id + ")/settings.xml"),
            entry("node_type", "NativeNode"));
    }

    private static String connection(final int source, final int destination, final int port) {
        return config("connection_" + source + "_" + port, entry("sourceID", source), entry("destID", destination),
            entry("sourcePort", 1), entry("destPort", port));
    }

    /** A source, a node that waits for a file, and a sink. */
    private void writeFlow(final Path awaited) throws IOException {
        write("workflow.knime", entry("version", "5.1.0"), config("workflow_credentials"),
            config("nodes", node(1, "Source", "SourceNodeFactory", entry("text", "hello")),
                node(2, "Rendezvous", "RendezvousNodeFactory", entry("own", m_dir.resolve("here")),
                    entry("other", awaited), entry("stopped", m_dir.resolve("stopped"))),
                node(3, "Sink", "SinkNodeFactory", entry("file", m_result))),
            config("connections", connection(1, 2, 1), connection(2, 3, 1), connection(1, 3, 2)));
    }

    @Test
    void aWorkflowRunsFromAnyDirectory() throws Exception {
        writeFlow(m_flow);
        final Installation.Result run =
            s_installation.run(m_dir, "-reset", "-nosave", "-failonloaderror", "-workflowDir=my flow");
        assertEquals(0, run.code(), run.output());
        assertEquals(List.of("hello", "hello"), Files.readAllLines(m_result));
        assertTrue(run.output().contains("Workflow executed sucessfully"), run.output());
    }

    @ParameterizedTest
    @CsvSource({"-foo,2,Unknown option '-foo'", "'-option=1,txet,x,String',2,has no setting",
        "'-option=3,file,/no/such/folder/file,String',4,Cannot write", "'-option=1,rows,-1,int',3,rows -1 < 0"})
    void exitCodes(final String argument, final int code, final String message) throws Exception {
        writeFlow(m_flow);
        final Installation.Result run =
            s_installation.run(m_dir, argument, "-nosave", "-workflowDir=" + m_flow);
        assertEquals(code, run.code(), run.output());
        assertTrue(run.output().contains(message), run.output());
    }

    @ParameterizedTest
    @CsvSource({"INT,130", "TERM,143"})
    void signalsStopTheNodesAndLeaveNothingBehind(final String signal, final int code) throws Exception {
        assumeTrue(signal.equals("TERM") || !isInterruptIgnored(), "started in the background: SIGINT is ignored");
        writeFlow(m_dir.resolve("never"));
        final Path settings = m_flow.resolve("Source (#1)/settings.xml");
        final String before = Files.readString(settings);
        final Path temporary = Files.createDirectories(m_dir.resolve("tmp"));
        final Path log = m_dir.resolve("log");
        final ProcessBuilder builder = new ProcessBuilder();
        builder.environment().put("SCANBRIDGE_JAVA_OPTS", "-Djava.io.tmpdir=" + temporary);
        final Process process = Installation.start(builder, s_root.resolve("a checkout"), m_dir, log,
            List.of("-workflowDir=" + m_flow, "-option=1,text,changed,String"));
        for (int i = 0; i < 500 && process.isAlive() && !Files.exists(m_dir.resolve("here")); i++) {
            Thread.sleep(50);
        }
        assertTrue(Files.exists(m_dir.resolve("here")), Files.readString(log));
        new ProcessBuilder("kill", "-" + signal, Long.toString(process.pid())).start().waitFor();
        final Installation.Result run = Installation.end(process, log);
        assertEquals(code, run.code(), run.output());
        assertTrue(Files.exists(m_dir.resolve("stopped")), "the node was interrupted: " + run.output());
        assertEquals(before, Files.readString(settings), "nothing is saved");
        assertFalse(Files.exists(m_flow.resolve(".knimeLock")));
        assertEquals(List.of(), List.of(temporary.toFile().list((d, name) -> name.startsWith("scanbridge"))));
    }

    private static boolean isInterruptIgnored() throws IOException {
        final String mask = Files.readAllLines(Path.of("/proc/self/status")).stream()
            .filter(l -> l.startsWith("SigIgn:")).findFirst().orElse("SigIgn: 0").substring(7).strip();
        return (Long.parseUnsignedLong(mask, 16) & 2) != 0;
    }

    @Test
    void theScriptBuildsWhatIsMissingAndTellsSo() throws Exception {
        final Path root = Files.createDirectories(m_dir.resolve("fresh checkout"));
        Installation.copyScript(root);
        Files.createFile(root.resolve("pom.xml"));
        Files.createDirectories(root.resolve("plugins/standin/runtime"));
        final Path bin = Files.createDirectories(m_dir.resolve("bin"));
        final Path maven = Files.writeString(bin.resolve("mvn"), "#!/bin/sh\necho \"mvn $*\"; exit 1\n");
        assertTrue(maven.toFile().setExecutable(true));
        final ProcessBuilder builder = new ProcessBuilder();
        builder.environment().put("PATH", bin + ":" + System.getenv("PATH"));
        final Path log = m_dir.resolve("log");
        final Installation.Result run =
            Installation.end(Installation.start(builder, root, m_dir, log, List.of("-nosave")), log);
        assertTrue(run.code() != 0, run.output());
        assertTrue(run.output().contains("building (the runtime is missing)"), run.output());
        assertTrue(run.output().contains("-f " + root + "/pom.xml -pl plugins/standin/runtime -am"), run.output());
        assertTrue(run.output().contains("the build failed"), run.output());
    }
}

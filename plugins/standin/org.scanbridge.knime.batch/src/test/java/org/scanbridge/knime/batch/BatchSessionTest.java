package org.scanbridge.knime.batch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.scanbridge.knime.batch.TestWorkflow.config;
import static org.scanbridge.knime.batch.TestWorkflow.entry;
import static org.scanbridge.knime.batch.TestWorkflow.nullEntry;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.knime.core.standin.extension.ClassPathExtensions;
import org.scanbridge.knime.batch.arguments.Dialect;
import org.scanbridge.knime.batch.workflow.WorkflowReader;

/** Whole runs of small workflows, from the command line to the exit code; nodes come from the test's plugin.xml. */
@Timeout(60)
class BatchSessionTest {

    private static final String PROBE = "org.scanbridge.knime.batch.probe.";

    @TempDir
    private Path m_dir;

    private Path m_result;

    private final ByteArrayOutputStream m_out = new ByteArrayOutputStream();

    private final ByteArrayOutputStream m_err = new ByteArrayOutputStream();

    private BatchSession m_session;

    @BeforeEach
    void prepare() {
        m_result = m_dir.resolve("result.txt");
        m_session = session(Optional.empty());
    }

    private BatchSession session(final Optional<Path> workspace) {
        return new BatchSession(new ClassPathExtensions(getClass().getClassLoader()), workspace,
            new PrintStream(m_out, true, StandardCharsets.UTF_8), new PrintStream(m_err, true, StandardCharsets.UTF_8));
    }

    private int run(final Path workflow, final String... arguments) throws IOException {
        final List<String> all = new ArrayList<>(List.of("-workflowDir=" + workflow));
        all.addAll(List.of(arguments));
        return m_session.run(all);
    }

    private String out() {
        return m_out.toString(StandardCharsets.UTF_8);
    }

    private String err() {
        return m_err.toString(StandardCharsets.UTF_8);
    }

    private void assertOut(final String text) {
        assertTrue(out().contains(text), () -> "\"" + text + "\" is not in:\n" + out());
    }

    private List<String> result() throws IOException {
        return Files.readAllLines(m_result);
    }

    private static String source(final String text, final String behavior) {
        return config("model", entry("rows", "xint", "1") + entry("text", "xstring", text)
            + entry("behavior", "xstring", behavior) + entry("share", "xdouble", "0.5"));
    }

    private String sink() {
        return config("model", entry("file", "xstring", m_result.toString()));
    }

    /** Source 1 and source 2 into sink 3. */
    private TestWorkflow small(final String behavior) throws IOException {
        return new TestWorkflow(m_dir.resolve("flow")).node(1, "Probe Source", PROBE + "SourceNodeFactory",
            source("one", behavior)).node(2, "Probe Source", PROBE + "SourceNodeFactory", source("two", "NORMAL"))
            .node(3, "Probe Sink", PROBE + "SinkNodeFactory", sink()).connect(1, 1, 3, 1).connect(2, 1, 3, 2);
    }

    private static String used(final String key, final String variable, final String exposed) {
        return config(key, (variable == null ? nullEntry("used_variable") : entry("used_variable", "xstring", variable))
            + (exposed == null ? nullEntry("exposed_variable") : entry("exposed_variable", "xstring", exposed)));
    }

    /** What is asked for is no mistake: the text, and exit code 0. */
    @Test
    void helpIsGivenToWhoAsksForIt() throws Exception {
        for (final String option : List.of("--help", "-help", "-h")) {
            m_out.reset();
            assertEquals(0, m_session.run(List.of(option)));
            assertOut("Usage: scanbridge-batch OPTIONS");
        }
        assertEquals("", err());
    }

    /** As docs/run-without-a-window.md has it: no such folder is a wrong argument, one without a workflow cannot be loaded. */
    @Test
    void noFolderIsAnotherCodeThanNoWorkflow() throws Exception {
        final Path empty = Files.createDirectory(m_dir.resolve("empty"));
        assertEquals(2, run(m_dir.resolve("none"), "-nosave"));
        assertEquals(3, run(empty, "-nosave"));
        assertEquals(10, m_session.run(List.of("--no-save", m_dir.resolve("none").toString())));
        assertEquals(20, m_session.run(List.of("--no-save", empty.toString())));
    }

    @Test
    void aWorkflowRuns() throws Exception {
        final Path flow = small("NORMAL").write();
        final String before = Files.readString(flow.resolve("workflow.knime"));
        assertEquals(0, run(flow, "-reset", "-nosave", "-failonloaderror"), this::out);
        assertEquals(List.of("one", "two"), result());
        assertEquals(before, Files.readString(flow.resolve("workflow.knime")));
        assertOut("===== Executing workflow " + flow + " =====");
        assertOut("============= Workflow executed sucessfully ===============");
        assertTrue(out().lines().filter(l -> l.matches("Probe S\\w+ \\(#\\d\\) +EXECUTED +\\d+\\.\\d s")).count() == 3,
            this::out);
    }

    /** KNIME's words. What is saved is what KNIME would find. */
    @Test
    void aStateThatIsNotWhatItWillBeIsWarnedOf() throws Exception {
        final Path flow = small("NORMAL").write();
        assertEquals(0, run(flow, "-reset", "-failonloaderror", "-destDir=" + m_dir.resolve("saved")), this::out);
        assertOut("WARN  Probe Source (#1)  State has changed from IDLE to CONFIGURED");
        assertOut("WARN  Probe Source (#2)  State has changed from IDLE to CONFIGURED");
        assertOut("WARN  Probe Sink (#3)  State has changed from IDLE to CONFIGURED");
        assertOut("WARN  Workflow  State has changed from IDLE to CONFIGURED");
        m_out.reset();
        assertEquals(0, run(m_dir.resolve("saved"), "-reset", "-nosave"), this::out);
        assertFalse(out().contains("State has changed"), this::out);
    }

    /** An open input makes the sink wait, and with it the workflow. */
    @Test
    void aWorkflowThatIsNotFinishedIsIdle() throws Exception {
        final Path flow = new TestWorkflow(m_dir.resolve("flow"))
            .node(1, "Probe Source", PROBE + "SourceNodeFactory", source("one", "NORMAL"))
            .node(3, "Probe Sink", PROBE + "SinkNodeFactory", sink()).write();
        run(flow, "-reset", "-nosave");
        assertOut("WARN  Probe Source (#1)  State has changed from IDLE to CONFIGURED");
        assertFalse(out().contains("Probe Sink (#3)  State has changed"), this::out);
        assertFalse(out().contains("Workflow  State has changed"), this::out);
    }

    /** What tools that call NodePit Batch make of its exit codes: 10 input, 20 load, 30 execute, 40 save, 50 else. */
    @Test
    void theExitCodesOfNodePitBatch() throws Exception {
        final Path flow = small("NORMAL").write();
        assertEquals(0, m_session.run(List.of("--reset", "--no-save", flow.toString())), this::out);
        assertEquals(List.of("one", "two"), result());
        assertEquals(10, m_session.run(List.of("--reset", "--no-save", m_dir.resolve("nowhere").toString())));
        assertEquals(20, m_session.run(List.of("--reset", "--no-save",
            Files.createDirectory(m_dir.resolve("empty")).toString())), this::out);
        assertEquals(30, m_session.run(List.of("--reset", "--no-save", small("RUNTIME_ERROR").write().toString())), this::out);
        // the codes of the same ends in KNIME's words
        assertEquals(3, m_session.run(List.of("-reset", "-nosave", "-workflowDir=" + m_dir.resolve("empty"))));
        assertEquals(4, m_session.run(List.of("-reset", "-nosave", "-workflowDir=" + flow)));
        assertEquals(40, ExitCode.SAVE_FAILED.code(Dialect.NODEPIT));
        assertEquals(4, ExitCode.SAVE_FAILED.code(Dialect.KNIME));
    }

    @Test
    void withoutArgumentsThereIsHelp() throws Exception {
        assertEquals(0, m_session.run(List.of()));
        assertTrue(err().startsWith("Usage:"));
        assertEquals("", out());
    }

    @Test
    void wrongArgumentsAre2() throws Exception {
        assertEquals(2, m_session.run(List.of("-workflowDir=/no/such")));
        assertTrue(err().contains("'/no/such' does not exist"), this::err);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"9,text,x,String|has no node 9. Its nodes: Probe Sink (#3), Probe Source (#1)",
        "1,txet,x,String|has no setting \"txet\". Settings are: rows, text, behavior, share",
        "1,text/deep,x,String|is a value, not a group", "1,rows,3,double|the setting is of type int",
        "1,share,1,int|the setting is of type double"})
    void misspelledOptionsAre2(final String option, final String message) throws Exception {
        assertEquals(2, run(small("NORMAL").write(), "-nosave", "-option=" + option), this::out);
        assertTrue(err().contains(message), this::err);
        assertFalse(Files.exists(m_result), "nothing was executed");
    }

    @Test
    void optionsReachTheNode() throws Exception {
        assertEquals(0, run(small("NORMAL").write(), "-nosave", "-option=1,rows,2,int", "-option=1,text,a,b,String"));
        assertEquals(List.of("a,b", "a,b", "two"), result());
    }

    @Test
    void optionsReachSettingsThatAreNotStored() throws Exception {
        final Path flow = new TestWorkflow(m_dir.resolve("flow"))
            .node(1, "Probe Source", PROBE + "SourceNodeFactory",
                config("model", entry("text", "xstring", "one")))
            .node(2, "Probe Source", PROBE + "SourceNodeFactory", "")
            .node(3, "Probe Sink", PROBE + "SinkNodeFactory", sink()).connect(1, 1, 3, 1).connect(2, 1, 3, 2).write();
        assertEquals(0, run(flow, "-nosave", "-option=1,rows,2,int", "-option=2,text,two,String"), this::out);
        assertOut("WARN  Probe Source (#2)  has no stored settings");
        assertFalse(out().contains("Probe Source (#1)  has no stored settings"));
        assertEquals(List.of("one", "one", "two"), result());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"1,behavior,NOPE,String|Invalid value 'NOPE'. Possible values: NORMAL, WARN",
        "1,rows,-1,int|rows -1 < 0",
        "1,rows,99,int|Coding issue: java.lang.IllegalStateException: unforeseen"})
    void refusedOptionsAre3(final String option, final String message) throws Exception {
        assertEquals(3, run(small("NORMAL").write(), "-nosave", "-option=" + option), this::out);
        assertOut(message);
        assertFalse(Files.exists(m_result));
    }

    @Test
    void anUnknownNodeIs3AndNothingRuns() throws Exception {
        final Path flow = small("NORMAL").node(4, "Magic Wand", "com.acme.MagicWandNodeFactory", "").write();
        assertEquals(3, run(flow, "-nosave"), this::out);
        assertOut("Node \"Magic Wand\" not available (#4)");
        assertOut("com.acme.MagicWandNodeFactory");
        assertFalse(Files.exists(m_result));
    }

    @Test
    void aFactoryThatFailsIsNamedWithItsCause() throws Exception {
        final Path flow = small("NORMAL").node(4, "Probe Broken", PROBE + "BrokenNodeFactory", "").write();
        assertEquals(3, run(flow, "-nosave"), this::out);
        assertOut("Node \"Probe Broken\" not available (#4)");
        assertOut("no icon");
    }

    @Test
    void invalidSettingsRunWithDefaultsUnlessToldOtherwise() throws Exception {
        final Path flow = small("NOPE").write();
        assertEquals(3, run(flow, "-nosave", "-failonloaderror"), this::out);
        assertFalse(Files.exists(m_result));
        assertEquals(0, run(flow, "-nosave"), this::out);
        assertEquals(List.of("default", "two"), result());
        assertOut("ERROR Probe Source (#1)  Loading model settings failed: Invalid value 'NOPE'");
        assertOut("The workflow was loaded with errors");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"KNIME_ERROR|ERROR Probe Source (#1)  The disk is full. Free some space",
        "RUNTIME_ERROR|Execute failed: index out of range",
        "OUT_OF_MEMORY|Execute failed: (\"OutOfMemoryError\"): fake",
        "NO_DATA|Execute failed: Invalid result. Execution failed, reason: data at output 0 is null.",
        "CONFIGURE_ERROR|WARN  Probe Source (#1)  Select a text"})
    void failingNodesAre4AndOthersStillRun(final String behavior, final String message) throws Exception {
        assertEquals(4, run(small(behavior).write(), "-nosave"), this::out);
        assertOut(message);
        assertOut("========= Workflow did not execute sucessfully ============");
        assertTrue(out().lines().anyMatch(l -> l.matches("Probe Source \\(#2\\) +EXECUTED.*")), this::out);
        final String sink = "Probe Sink \\(#3\\) +\\w+ +-  Not executed, because Probe Source \\(#1\\) was not";
        assertTrue(out().lines().anyMatch(l -> l.matches(sink)), this::out);
        assertFalse(Files.exists(m_result), "its successor does not run");
    }

    @Test
    void aFileThatCannotBeWrittenIs4() throws Exception {
        m_result = m_dir.resolve("no/such/folder/result.txt");
        assertEquals(4, run(small("NORMAL").write(), "-nosave"), this::out);
        assertOut("Cannot write \"" + m_result);
    }

    @Test
    void warningsDoNotFail() throws Exception {
        assertEquals(0, run(small("WARN").write(), "-nosave"), this::out);
        assertOut("WARN  Probe Source (#1)  2 texts were skipped");
    }

    @Test
    void unwritableDestinationsAre4BeforeAnythingRuns() throws Exception {
        final Path file = Files.writeString(m_dir.resolve("file"), "x");
        assertEquals(4, run(small("NORMAL").write(), "-destDir=" + file.resolve("out")), this::out);
        assertOut("cannot be written");
        assertFalse(Files.exists(m_result));
    }

    @Test
    void savingKeepsOptionsAndVariables() throws Exception {
        final Path flow = small("NORMAL").variable("v", "STRING", "xstring", "old").write();
        final Path copy = m_dir.resolve("copy");
        assertEquals(0, run(flow, "-option=1,text,new,String", "-workflow.variable=v,x,String", "-destDir=" + copy),
            this::out);
        assertEquals("new",
            WorkflowReader.read(copy).nodes().get(0).model().orElseThrow().getString("text"));
        assertEquals("x", WorkflowReader.read(copy).variables().get(0).getValueAsString());
        assertEquals("one", WorkflowReader.read(flow).nodes().get(0).model().orElseThrow().getString("text"));
        assertEquals(0, run(flow, "-noexecute", "-option=1,text,here,String"), this::out);
        assertEquals("here", WorkflowReader.read(flow).nodes().get(0).model().orElseThrow().getString("text"));
    }

    @Test
    void zippedWorkflowsRun() throws Exception {
        final Path flow = small("NORMAL").write();
        final Path zip = m_dir.resolve("flow.knwf");
        assertEquals(0, run(flow, "-noexecute", "-destFile=" + zip), this::out);
        assertFalse(Files.exists(m_result));
        assertEquals(0, m_session.run(List.of("-workflowFile=" + zip, "-nosave")), this::out);
        assertEquals(List.of("one", "two"), result());
    }

    @Test
    void variablesOverwriteSettingsAndFlowDownstream() throws Exception {
        final Path flow = new TestWorkflow(m_dir.resolve("flow"))
            .variable("greeting", "STRING", "xstring", "unchanged").variable("file", "STRING", "xstring", "")
            .node(1, "Probe Source", PROBE + "SourceNodeFactory",
                source("one", "NORMAL") + config("variables", used("text", "greeting", "said")))
            .node(2, "Probe Source", PROBE + "SourceNodeFactory",
                source("two", "NORMAL") + config("variables", used("text", "said", null)))
            .node(3, "Probe Sink", PROBE + "SinkNodeFactory", config("variables", used("file", "file", null)))
            .connect(1, 0, 2, 0).connect(1, 1, 3, 1).connect(2, 1, 3, 2).write();
        assertEquals(0, run(flow, "-nosave", "-workflow.variable=greeting,hello,String",
            "-workflow.variable=file," + m_result + ",String", "-workflow.variable=spare,1,int"), this::out);
        assertEquals(List.of("hello", "hello"), result());
        assertOut("Unknown variable \"spare\"");
        assertFalse(out().contains("Unknown variable \"file\""), this::out);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"text,nosuch|Unknown variable \"nosuch\"",
        "rows,v|Can't evaluate variable \"v\" as xint expression, it is a DOUBLE",
        "behavior,s|Invalid value 'x'. Possible values:"})
    void variablesThatDoNotFitAre4(final String overwrite, final String message) throws Exception {
        final String[] keyAndVariable = overwrite.split(",");
        final Path flow = new TestWorkflow(m_dir.resolve("flow")).variable("v", "DOUBLE", "xdouble", "0.5")
            .variable("s", "STRING", "xstring", "x").node(1, "Probe Source", PROBE + "SourceNodeFactory",
                source("one", "NORMAL") + config("variables", used(keyAndVariable[0], keyAndVariable[1], null)))
            .write();
        assertEquals(4, run(flow, "-nosave"), this::out);
        assertOut("Errors loading flow variables into node : ");
        assertOut(message);
    }

    @Test
    void variablesForSettingsThatAreNotStoredAreWarnedOf() throws Exception {
        final Path flow = new TestWorkflow(m_dir.resolve("flow")).variable("s", "STRING", "xstring", "x")
            .node(1, "Probe Source", PROBE + "SourceNodeFactory",
                config("model", entry("rows", "xint", "1")) + config("variables", used("text", "s", null)))
            .write();
        assertEquals(0, run(flow, "-nosave"), this::out);
        assertOut("A flow variable is set for \"text\", which the node's stored settings do not have");
    }

    @Test
    void unconnectedInputsAre4() throws Exception {
        final Path flow = new TestWorkflow(m_dir.resolve("flow"))
            .node(3, "Probe Sink", PROBE + "SinkNodeFactory", sink()).write();
        assertEquals(4, run(flow, "-nosave"), this::out);
        assertOut("Input port 1 (First) is not connected");
    }

    @Test
    void portsThatDoNotExistOrFitAreLoadErrors() throws Exception {
        final Path flow = small("NORMAL").node(4, "Probe Token Source", PROBE + "TokenSourceNodeFactory", "")
            .node(5, "Probe Sink", PROBE + "SinkNodeFactory", sink()).connect(4, 1, 5, 1).connect(1, 2, 5, 2).write();
        assertEquals(3, run(flow, "-nosave", "-failonloaderror"), this::out);
        assertOut("port types do not fit: Token into Table");
        assertOut("there is no output port 2");
    }

    @Test
    void portObjectsAreSerializedOnEveryEdge() throws Exception {
        final Path flow = new TestWorkflow(m_dir.resolve("flow"))
            .node(1, "Probe Token Source", PROBE + "TokenSourceNodeFactory", "")
            .node(2, "Probe Token to Table", PROBE + "TokenTableNodeFactory", "")
            .node(3, "Probe Sink", PROBE + "SinkNodeFactory", sink()).connect(1, 1, 2, 1).connect(2, 1, 3, 1)
            .connect(2, 1, 3, 2).write();
        assertEquals(0, run(flow, "-nosave"), this::out);
        assertEquals(List.of("note/null/stored", "note/null/stored"), result());
    }

    private TestWorkflow rendezvous(final String first, final String second) throws IOException {
        return new TestWorkflow(m_dir.resolve("flow"))
            .node(1, "Probe Source", PROBE + "SourceNodeFactory", source("one", "NORMAL"))
            .node(2, "Probe Rendezvous", PROBE + "RendezvousNodeFactory", meet(first, second))
            .node(4, "Probe Rendezvous", PROBE + "RendezvousNodeFactory", meet(second, first))
            .node(3, "Probe Sink", PROBE + "SinkNodeFactory", sink()).connect(1, 1, 2, 1).connect(1, 1, 4, 1)
            .connect(2, 1, 3, 1).connect(4, 1, 3, 2);
    }

    private String meet(final String own, final String other) {
        return config("model", entry("own", "xstring", m_dir.resolve(own).toString())
            + entry("other", "xstring", m_dir.resolve(other).toString())
            + entry("stopped", "xstring", m_dir.resolve(own + ".stopped").toString()) + entry("seconds", "xint", "20"));
    }

    @Test
    void independentBranchesRunAtTheSameTime() throws Exception {
        assertEquals(0, run(rendezvous("a", "b").write(), "-nosave"), this::out);
        assertEquals(List.of("one", "one"), result());
    }

    /** One node waits for a file that never comes. */
    private Path waiting() throws IOException {
        return new TestWorkflow(m_dir.resolve("flow"))
            .node(1, "Probe Source", PROBE + "SourceNodeFactory", source("one", "NORMAL"))
            .node(2, "Probe Rendezvous", PROBE + "RendezvousNodeFactory", meet("here", "never"))
            .node(3, "Probe Sink", PROBE + "SinkNodeFactory", sink()).connect(1, 1, 2, 1).connect(2, 1, 3, 1)
            .connect(2, 1, 3, 2).write();
    }

    private void awaitFile(final String name) throws InterruptedException {
        for (int i = 0; i < 1000 && !Files.exists(m_dir.resolve(name)); i++) {
            Thread.sleep(20);
        }
        assertTrue(Files.exists(m_dir.resolve(name)), "nobody made " + name);
    }

    private static long temporaryDirectories() throws IOException {
        try (Stream<Path> files = Files.list(Path.of(System.getProperty("java.io.tmpdir")))) {
            return files.filter(f -> f.getFileName().toString().startsWith("scanbridge-batch-")).count();
        }
    }

    @Test
    void theCancelFileCancels() throws Exception {
        m_session = session(Optional.of(m_dir));
        final Path flow = waiting();
        final CompletableFuture<Integer> code = start(flow, "-nosave");
        awaitFile("here");
        Files.createFile(m_dir.resolve(".cancel"));
        assertEquals(4, code.get(10, TimeUnit.SECONDS), this::out);
        assertTrue(Files.exists(m_dir.resolve("here.stopped")), "the node's thread was interrupted");
        assertFalse(Files.exists(m_dir.resolve(".cancel")), "the file is taken");
        assertOut("WARN  Probe Rendezvous (#2)  Execution canceled");
        assertOut("WARN  Workflow execution canceled");
        assertTrue(out().lines().anyMatch(l -> l.matches("Probe Rendezvous \\(#2\\) +CANCELED.*")), this::out);
        assertFalse(Files.exists(m_result));
    }

    @Test
    void terminationStopsNodesSavesNothingAndCleansUp() throws Exception {
        final long before = temporaryDirectories();
        final Path flow = waiting();
        final String stored = Files.readString(flow.resolve("Probe Source (#1)/settings.xml"));
        final CompletableFuture<Integer> code = start(flow, "-option=1,text,changed,String");
        awaitFile("here");
        m_session.terminate();
        assertTrue(m_session.isTerminating());
        assertEquals(4, code.get(10, TimeUnit.SECONDS), this::out);
        assertTrue(Files.exists(m_dir.resolve("here.stopped")));
        assertEquals(stored, Files.readString(flow.resolve("Probe Source (#1)/settings.xml")));
        assertFalse(Files.exists(flow.resolve(".knimeLock")));
        assertEquals(before, temporaryDirectories());
    }

    private CompletableFuture<Integer> start(final Path flow, final String... arguments) {
        return CompletableFuture.supplyAsync(() -> {
            try {
                return run(flow, arguments);
            } catch (IOException ex) {
                throw new IllegalStateException(ex);
            }
        });
    }
}

package org.scanbridge.knime;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

import org.knime.core.standin.extension.ClassPathExtensions;
import org.knime.core.standin.run.RunDirectory;
import org.scanbridge.knime.batch.BatchExecutor;
import org.scanbridge.knime.batch.ExitCode;
import org.scanbridge.knime.batch.arguments.BatchArgumentsParser;
import org.scanbridge.knime.batch.execution.Cancellation;
import org.scanbridge.knime.batch.nodes.InstalledNodes;
import org.scanbridge.knime.batch.report.RunLog;

/**
 * A workflow of the folder {@code workflows}, run by the batch executor in this virtual machine.
 *
 * @param name of its folder
 * @param temporary a folder of the test's own
 */
record ShippedWorkflow(String name, Path temporary) {

    /**
     * Runs it anew, to its end.
     *
     * @param arguments of the executor, beside the workflow's folder
     * @return the log
     */
    String run(final List<String> arguments) throws Exception {
        final Path workflow = Path.of(System.getProperty("basedir", ".")).resolve("../..").toAbsolutePath().normalize()
            .resolve("workflows").resolve(name);
        final List<String> all = new ArrayList<>(List.of("-workflowDir=" + workflow, "-reset", "-nosave"));
        all.addAll(arguments);
        final ByteArrayOutputStream log = new ByteArrayOutputStream();
        final ExecutorService threads = Executors.newCachedThreadPool();
        try (RunDirectory run = RunDirectory.create("shipped")) {
            final ExitCode code = new BatchExecutor(new InstalledNodes(new ClassPathExtensions(getClass().getClassLoader()), run),
                threads, Files.createDirectories(temporary),
                new RunLog(new PrintStream(log, true, StandardCharsets.UTF_8), Duration.ofSeconds(10), System::nanoTime),
                System::nanoTime, new Cancellation()).run(BatchArgumentsParser.parse(all));
            assertEquals(ExitCode.SUCCESS, code, log.toString(StandardCharsets.UTF_8));
        } finally {
            threads.shutdownNow();
        }
        return log.toString(StandardCharsets.UTF_8);
    }
}

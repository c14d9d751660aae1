package org.scanbridge.knime.batch;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import org.knime.core.standin.extension.ExtensionSource;
import org.knime.core.standin.run.RunDirectory;
import org.scanbridge.knime.batch.arguments.BatchArguments;
import org.scanbridge.knime.batch.arguments.BatchArgumentsParser;
import org.scanbridge.knime.batch.arguments.Dialect;
import org.scanbridge.knime.batch.arguments.Usage;
import org.scanbridge.knime.batch.arguments.WrongArgumentException;
import org.scanbridge.knime.batch.execution.CancelFile;
import org.scanbridge.knime.batch.execution.Cancellation;
import org.scanbridge.knime.batch.nodes.InstalledNodes;
import org.scanbridge.knime.batch.report.RunLog;
import org.scanbridge.knime.batch.workflow.FileTree;

/**
 * One command from its arguments to its exit code, with what surrounds the run: threads, the temporary directory, the
 * cancel file, and termination from outside.
 */
final class BatchSession {

    /** How long nodes get to end after the process was told to. */
    private static final Duration GRACE = Duration.ofSeconds(10);

    private static final Duration PROGRESS_ON_TERMINAL = Duration.ofSeconds(2);

    private static final Duration PROGRESS_IN_LOG = Duration.ofSeconds(10);

    private final ExtensionSource m_extensions;

    private final Optional<Path> m_workspace;

    private final PrintStream m_out;

    private final PrintStream m_err;

    private final Cancellation m_cancellation = new Cancellation();

    private final CountDownLatch m_ended = new CountDownLatch(1);

    private volatile Path m_temporary;

    /**
     * @param extensions where nodes and types are registered
     * @param workspace the directory in which a cancel file is watched for; empty = none is
     * @param out where the run is reported
     * @param err where wrong arguments are reported
     */
    BatchSession(final ExtensionSource extensions, final Optional<Path> workspace, final PrintStream out,
        final PrintStream err) {
        m_extensions = extensions;
        m_workspace = workspace;
        m_out = out;
        m_err = err;
    }

    /**
     * @param arguments the command line
     * @return the exit code
     * @throws IOException if no temporary directory can be made
     */
    int run(final List<String> arguments) throws IOException {
        final Dialect dialect = Dialect.of(arguments);
        try {
            if (arguments.stream().anyMatch(Usage::isAskedFor)) {
                m_out.print(Usage.TEXT);
                return ExitCode.SUCCESS.code(dialect);
            }
            if (arguments.isEmpty()) {
                m_err.print(Usage.TEXT);
                return ExitCode.SUCCESS.code(dialect);
            }
            return run(BatchArgumentsParser.parse(arguments)).code(dialect);
        } catch (WrongArgumentException ex) {
            m_err.println(ex.getMessage());
            m_err.println("Run with --help or without arguments for help.");
            return ExitCode.WRONG_ARGUMENTS.code(dialect);
        } finally {
            m_ended.countDown();
        }
    }

    private ExitCode run(final BatchArguments arguments) throws IOException, WrongArgumentException {
        final RunLog log =
            new RunLog(m_out, System.console() == null ? PROGRESS_IN_LOG : PROGRESS_ON_TERMINAL, System::nanoTime);
        final ExecutorService workers = Executors.newFixedThreadPool(threads(), new Workers());
        final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor(new Workers());
        m_temporary = Files.createTempDirectory("scanbridge-batch-");
        try {
            clock.scheduleAtFixedRate(() -> tick(log), 1, 1, TimeUnit.SECONDS);
            final RunDirectory directory =
                new RunDirectory(m_temporary, arguments.workflow().getFileName().toString(), cellsInMemory());
            final InstalledNodes nodes = new InstalledNodes(m_extensions, directory);
            return new BatchExecutor(nodes, workers, m_temporary, log, System::nanoTime, m_cancellation).run(arguments);
        } finally {
            clock.shutdownNow();
            workers.shutdownNow();
            deleteTemporary(log);
        }
    }

    /** Windows does not delete a file that a view or a virus scanner has open; that is no failure of the run. */
    private void deleteTemporary(final RunLog log) {
        try {
            FileTree.delete(m_temporary);
        } catch (IOException ex) {
            log.warn("Temporary files are left in " + m_temporary + ": " + ex.getMessage());
        }
    }

    private void tick(final RunLog log) {
        log.tick();
        if (m_workspace.isPresent() && !m_cancellation.isCanceled()) {
            try {
                if (new CancelFile(m_workspace.get()).take()) {
                    log.warn("Canceling: found .cancel in " + m_workspace.get());
                    m_cancellation.cancel();
                }
            } catch (IOException ex) {
                log.warn("Cannot remove .cancel in " + m_workspace.get() + ": " + ex.getMessage());
            }
        }
    }

    /** KNIME's property; 0 puts all tables on disk, where each iteration creates the cells anew. */
    private static long cellsInMemory() {
        return Long.getLong("org.knime.container.cellsinmemory", RunDirectory.DEFAULT_CELLS_IN_MEMORY);
    }

    /** KNIME's property and default. */
    private static int threads() {
        return Integer.getInteger("org.knime.core.maxThreads", 2 * Runtime.getRuntime().availableProcessors());
    }

    /** @return whether {@link #terminate()} was called */
    boolean isTerminating() {
        return m_cancellation.isTerminated();
    }

    /** Cancels the run because the process is about to end, waits a little for its nodes, and cleans up. */
    void terminate() {
        if (m_ended.getCount() == 0) {
            return;
        }
        m_cancellation.terminate();
        m_err.println("Canceling: nothing is saved");
        try {
            if (!m_ended.await(GRACE.toMillis(), TimeUnit.MILLISECONDS)) {
                m_err.println("A node did not stop within " + GRACE.toSeconds() + " s and is abandoned");
            }
            final Path temporary = m_temporary;
            if (temporary != null) {
                FileTree.delete(temporary);
            }
        } catch (IOException ex) {
            m_err.println("Temporary files are left in " + m_temporary + ": " + ex.getMessage());
        } catch (InterruptedException ex) {
            Thread.currentThread().interrupt();
        }
    }

    /** Daemon threads, so that a node that ignores its cancellation does not keep the process alive. */
    private static final class Workers implements ThreadFactory {

        private final AtomicInteger m_count = new AtomicInteger();

        @Override
        public Thread newThread(final Runnable work) {
            final Thread thread = new Thread(work, "KNIME-Worker-" + m_count.getAndIncrement());
            thread.setDaemon(true);
            return thread;
        }
    }
}

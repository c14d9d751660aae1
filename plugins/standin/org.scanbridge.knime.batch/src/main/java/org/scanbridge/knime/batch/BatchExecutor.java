package org.scanbridge.knime.batch;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.function.LongSupplier;

import org.knime.core.node.InvalidSettingsException;
import org.knime.core.node.NodeSettings;
import org.knime.core.node.workflow.FlowVariable;
import org.scanbridge.knime.batch.arguments.BatchArguments;
import org.scanbridge.knime.batch.arguments.NodeOption;
import org.scanbridge.knime.batch.arguments.WrongArgumentException;
import org.scanbridge.knime.batch.execution.Cancellation;
import org.scanbridge.knime.batch.execution.LoadedStates;
import org.scanbridge.knime.batch.execution.NodeContainer;
import org.scanbridge.knime.batch.execution.OptionApplier;
import org.scanbridge.knime.batch.execution.WorkflowLoader;
import org.scanbridge.knime.batch.execution.WorkflowRun;
import org.scanbridge.knime.batch.nodes.InstalledNodes;
import org.scanbridge.knime.batch.report.RunLog;
import org.scanbridge.knime.batch.report.SummaryTable;
import org.scanbridge.knime.batch.variables.VariableScope;
import org.scanbridge.knime.batch.workflow.Workflow;
import org.scanbridge.knime.batch.workflow.WorkflowLoadException;
import org.scanbridge.knime.batch.workflow.WorkflowLock;
import org.scanbridge.knime.batch.workflow.WorkflowReader;
import org.scanbridge.knime.batch.workflow.WorkflowSaver;
import org.scanbridge.knime.batch.workflow.WorkflowZip;

/**
 * One batch run in KNIME's order: load, workflow variables, reset, options, configure, execute, save.
 * <p>
 * Where it is stricter than KNIME: a node that is not available ends the run with {@link ExitCode#LOAD_FAILED} before
 * anything executes, because the run could not succeed any more (KNIME would execute the other nodes first); an option
 * that names no existing setting is a wrong argument (see {@link OptionApplier}).
 */
public final class BatchExecutor {

    private final InstalledNodes m_nodes;

    private final Executor m_executor;

    private final Path m_temporary;

    private final RunLog m_log;

    private final LongSupplier m_nanos;

    private final Cancellation m_cancellation;

    /**
     * @param nodes makes the nodes
     * @param executor gives the threads that nodes run on
     * @param temporary an existing directory for files of this run; the caller deletes it
     * @param log where the run is reported
     * @param nanos the clock, as {@link System#nanoTime()}; times are reported only
     * @param cancellation stops the run
     */
    public BatchExecutor(final InstalledNodes nodes, final Executor executor, final Path temporary, final RunLog log,
        final LongSupplier nanos, final Cancellation cancellation) {
        m_nodes = nodes;
        m_executor = executor;
        m_temporary = temporary;
        m_log = log;
        m_nanos = nanos;
        m_cancellation = cancellation;
    }

    /**
     * Runs a workflow.
     *
     * @param arguments what to do
     * @return how it ended
     * @throws WrongArgumentException if an option or variable does not fit the workflow
     */
    public ExitCode run(final BatchArguments arguments) throws WrongArgumentException {
        m_log.info("===== Executing workflow " + arguments.workflow() + " =====");
        try {
            if (arguments.save() && !isWritable(arguments.target())) {
                m_log.error("The workflow is not run: \"" + arguments.target()
                    + "\" cannot be written. Give another place with -destDir, or -nosave");
                return ExitCode.SAVE_FAILED;
            }
            if (arguments.save() && !arguments.zipped() && arguments.target().equals(arguments.workflow())) {
                final WorkflowLock lock = WorkflowLock.acquire(arguments.workflow());
                try {
                    return run(arguments, arguments.workflow());
                } finally {
                    lock.close();
                }
            }
            final Path directory = arguments.zipped()
                ? WorkflowZip.unpack(arguments.workflow(), Files.createTempDirectory(m_temporary, "unpacked"))
                : arguments.workflow();
            return run(arguments, directory);
        } catch (WorkflowLoadException ex) {
            m_log.error(ex.getMessage());
            return ExitCode.LOAD_FAILED;
        } catch (IOException ex) {
            m_log.error("The workflow is not run: " + ex.getMessage());
            return ExitCode.OTHER;
        }
    }

    /** Minutes of computing must not end in a result that cannot be saved. */
    private static boolean isWritable(final Path target) {
        Path existing = target;
        while (!Files.exists(existing)) {
            existing = existing.getParent();
        }
        return Files.isWritable(existing) && (existing.equals(target) || Files.isDirectory(existing));
    }

    private ExitCode run(final BatchArguments arguments, final Path directory)
        throws WorkflowLoadException, WrongArgumentException {
        final Workflow workflow = WorkflowReader.read(directory);
        final WorkflowLoader.Loaded loaded = new WorkflowLoader(m_nodes, m_log).load(workflow);
        if (!loaded.missing().isEmpty() && arguments.execute()) {
            throw new WorkflowLoadException("The workflow is not run: " + loaded.missing().size()
                + " of its nodes are not available: " + String.join(", ", loaded.missing())
                + ". Install the extension that has them, or remove them");
        }
        if (!loaded.errors().isEmpty() && arguments.failOnLoadError()) {
            throw new WorkflowLoadException(
                "The workflow has " + loaded.errors().size() + " load errors and is not run (-failonloaderror)");
        }
        final List<String> changes =
            LoadedStates.of(workflow, Map.of(), workflow.variables(), m_nodes).changes(workflow);
        changes.forEach(m_log::warn);
        if (!changes.isEmpty()) {
            m_log.warn("The workflow was loaded with warnings: KNIME would mark it as changed. Save it to be rid of them");
        }
        final List<NodeContainer> nodes = loaded.nodes();
        final List<FlowVariable> variables = variables(workflow, arguments);
        if (!arguments.reset()) {
            nodes.stream().filter(n -> n.record().executed()).forEach(n -> m_log.warn(n.label()
                + "  was saved with results; this executor does not read them and executes the node again"));
        }
        try {
            for (NodeOption option : arguments.options()) {
                OptionApplier.apply(option, nodes, m_log::warn);
            }
        } catch (InvalidSettingsException ex) {
            m_log.error(ex.getMessage());
            return ExitCode.LOAD_FAILED;
        }
        final WorkflowRun run =
            new WorkflowRun(nodes, loaded.connections(), VariableScope.of(variables), m_log, m_nanos);
        final boolean executed = execute(arguments, run);
        final boolean saved = !arguments.save() || m_cancellation.isTerminated()
            || save(arguments, workflow, variables, nodes);
        if (!loaded.errors().isEmpty()) {
            m_log.warn("The workflow was loaded with errors, see above: " + String.join("; ", loaded.errors()));
        }
        return finish(executed, saved);
    }

    /** @return whether all nodes were executed that were to be */
    private boolean execute(final BatchArguments arguments, final WorkflowRun run) {
        if (!arguments.execute()) {
            return true;
        }
        final long begin = m_nanos.getAsLong();
        run.configure();
        run.execute(m_executor, m_cancellation);
        final Duration elapsed = Duration.ofNanos(m_nanos.getAsLong() - begin);
        m_log.info("Workflow execution done Finished in " + elapsed.toSeconds() + " s (" + elapsed.toMillis() + "ms)");
        m_log.table(SummaryTable.format(run.nodes().stream().map(NodeContainer::report).toList()));
        return run.isExecuted();
    }

    private ExitCode finish(final boolean executed, final boolean saved) {
        final boolean success = executed && saved;
        if (m_cancellation.isCanceled()) {
            m_log.warn("Workflow execution canceled");
        }
        // KNIME's own lines, spelled as there: scripts look for them.
        m_log.info(success ? "============= Workflow executed sucessfully ==============="
            : "========= Workflow did not execute sucessfully ============");
        return success ? ExitCode.SUCCESS : executed ? ExitCode.SAVE_FAILED : ExitCode.EXECUTION_FAILED;
    }

    private List<FlowVariable> variables(final Workflow workflow, final BatchArguments arguments) {
        for (FlowVariable variable : arguments.variables()) {
            if (workflow.variables().stream().noneMatch(v -> v.getName().equals(variable.getName()))) {
                m_log.warn("Unknown variable \"" + variable.getName() + "\": the workflow does not declare it,"
                    + " so it is potentially unused");
            }
        }
        return VariableScope.of(workflow.variables()).with(arguments.variables()).variables();
    }

    /** @return whether that went well; KNIME saves after a failed execution, too */
    private boolean save(final BatchArguments arguments, final Workflow workflow, final List<FlowVariable> variables,
        final List<NodeContainer> nodes) {
        final Map<Integer, NodeSettings> models = new HashMap<>();
        nodes.forEach(n -> n.model().ifPresent(m -> models.put(n.record().id(), m)));
        final LoadedStates states = LoadedStates.of(workflow, models, variables, m_nodes);
        final WorkflowSaver saver = new WorkflowSaver(workflow, models, variables, states.nodes(), states.workflow());
        try {
            if (arguments.targetZipped()) {
                saver.saveZipped(arguments.target(), m_temporary);
            } else if (arguments.target().equals(workflow.directory())) {
                saver.saveInPlace();
            } else {
                saver.saveAs(arguments.target());
            }
            m_log.info("Saved the workflow, without results, to " + arguments.target());
            return true;
        } catch (IOException ex) {
            m_log.error("Cannot save the workflow to " + arguments.target() + ": " + ex.getMessage());
            return false;
        }
    }
}

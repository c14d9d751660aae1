package org.scanbridge.knime.testing;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import org.knime.core.data.DataCell;
import org.knime.core.data.DataRow;
import org.knime.core.data.DataTableSpec;
import org.knime.core.data.RowKey;
import org.knime.core.data.def.DefaultRow;
import org.knime.core.node.BufferedDataContainer;
import org.knime.core.node.BufferedDataTable;
import org.knime.core.node.DefaultNodeProgressMonitor;
import org.knime.core.node.ExecutionContext;
import org.knime.core.node.InvalidSettingsException;
import org.knime.core.node.NodeFactory;
import org.knime.core.node.NodeSettings;
import org.knime.core.node.port.PortObject;
import org.knime.core.node.port.PortObjectSpec;
import org.knime.core.standin.run.NodeHost;
import org.knime.core.standin.run.RunDirectory;

/**
 * A workbench for single nodes: makes input tables, runs a node through the host as a workflow would, and reads its
 * output. Every table with rows lies on disk, so all cells pass through their serializers.
 */
public final class Bench implements AutoCloseable {

    private final RunDirectory m_run;

    private final List<String> m_warnings = new ArrayList<>();

    private int m_contexts;

    /** @param temporary a folder for tables and file stores */
    public Bench(final Path temporary) throws IOException {
        m_run = new RunDirectory(temporary, "bench", 0);
    }

    /** Changes the settings of a node. */
    @FunctionalInterface
    public interface Change {
        /** @param model the sub-tree {@code model} of settings.xml, filled with the defaults for the inputs */
        void apply(NodeSettings model) throws InvalidSettingsException;
    }

    /** What a node gave. */
    public record Result(PortObject[] outputs, String warning) {

        /** The table at an output port. */
        public BufferedDataTable table(final int port) {
            return (BufferedDataTable)outputs[port];
        }

        /** The rows at an output port. */
        public List<DataRow> rows(final int port) {
            return Bench.rows(table(port));
        }
    }

    /** A context of a node that makes inputs. */
    public ExecutionContext context() {
        return new ExecutionContext(new DefaultNodeProgressMonitor(), m_run.newNodeRun("maker " + m_contexts++));
    }

    /** A table with rows Row0, Row1, …. */
    public BufferedDataTable table(final DataTableSpec spec, final List<DataCell[]> rows) {
        final BufferedDataContainer container = context().createDataContainer(spec);
        for (final DataCell[] row : rows) {
            container.addRowToTable(new DefaultRow(RowKey.createRowKey(container.size()), row));
        }
        container.close();
        return container.getTable();
    }

    /** Saves a table with its file stores, as KNIME does with a workflow. */
    public void save(final BufferedDataTable table, final Path directory) throws IOException {
        m_run.save(table, directory);
    }

    /** Loads a table that another bench has saved: another session, with other temporary folders. */
    public BufferedDataTable load(final Path directory) throws IOException {
        return m_run.load(directory);
    }

    /** Configures and executes a node with default settings, changed by {@code change}. */
    public Result run(final NodeFactory<?> factory, final Change change, final PortObject... inputs)
        throws Exception {
        return run(factory, new DefaultNodeProgressMonitor(), change, inputs);
    }

    /** As {@link #run(NodeFactory, Change, PortObject...)} with a progress monitor to cancel by. */
    public Result run(final NodeFactory<?> factory, final DefaultNodeProgressMonitor progress, final Change change,
        final PortObject... inputs) throws Exception {
        final NodeHost host = configured(factory, change, inputs);
        final PortObject[] outputs = host.execute(inputs, progress);
        if (!m_warnings.isEmpty()) {
            throw new AssertionError("the host warns: " + m_warnings);
        }
        return new Result(outputs, host.warningMessage());
    }

    /** A node that was put on the canvas, then connected, then given its settings. */
    public NodeHost configured(final NodeFactory<?> factory, final Change change, final PortObject... inputs)
        throws InvalidSettingsException {
        final PortObjectSpec[] specs = new PortObjectSpec[inputs.length];
        for (int i = 0; i < inputs.length; i++) {
            specs[i] = inputs[i] == null ? null : inputs[i].getSpec();
        }
        final NodeHost host = new NodeHost(factory.getNodeName(), factory, m_run, m_warnings::add);
        host.add();
        try {
            host.configure(specs);
        } catch (final InvalidSettingsException e) {
            // the defaults need not fit; the changed settings must
        }
        final NodeSettings settings = host.saveSettings();
        change.apply(settings);
        host.loadSettings(settings);
        host.configure(specs);
        return host;
    }

    /** The rows of a table. */
    public static List<DataRow> rows(final BufferedDataTable table) {
        final List<DataRow> rows = new ArrayList<>();
        for (final DataRow row : table) {
            rows.add(row);
        }
        return rows;
    }

    /** The cells of a row; a copy. */
    public static DataCell[] cells(final DataRow row) {
        final DataCell[] cells = new DataCell[row.getNumCells()];
        for (int c = 0; c < cells.length; c++) {
            cells[c] = row.getCell(c);
        }
        return cells;
    }

    @Override
    public void close() {
        m_run.close();
    }
}

package org.knime.core.node;

import java.io.IOException;
import java.util.Objects;

import org.knime.core.data.DataRow;
import org.knime.core.data.DataTable;
import org.knime.core.data.DataTableSpec;
import org.knime.core.data.container.ColumnRearranger;
import org.knime.core.data.filestore.FileStore;
import org.knime.core.standin.HostOnly;
import org.knime.core.standin.run.NodeRun;
import org.knime.core.standin.table.Tables;

/** What a running node creates tables and file stores with. */
public class ExecutionContext extends ExecutionMonitor {

    private final NodeRun m_run;

    /**
     * For the host.
     *
     * @param progress where to report
     * @param run where tables and file stores of this execution are kept
     */
    @HostOnly
    public ExecutionContext(final NodeProgressMonitor progress, final NodeRun run) {
        super(progress);
        m_run = Objects.requireNonNull(run, "run");
    }

    /** @return a container for the rows of a new table; domains start with what the spec knows */
    public BufferedDataContainer createDataContainer(final DataTableSpec spec) {
        return createDataContainer(spec, true);
    }

    /**
     * @param spec the columns
     * @param initDomain whether domains start with what the spec knows, or empty
     * @return a container for the rows of a new table
     */
    public BufferedDataContainer createDataContainer(final DataTableSpec spec, final boolean initDomain) {
        return new BufferedDataContainer(spec, initDomain, m_run.tables());
    }

    /**
     * Creates a file store: the parent folder of its file exists, the file does not. Write the file (or make it a
     * folder) before the cell or port object is created.
     *
     * @param relativePath the name, unique within this execution; no slashes, no leading dot
     * @return the file store
     * @throws IOException if the name is not allowed or the folder cannot be created
     * @throws org.knime.core.util.DuplicateKeyException if the name is taken
     * @throws IllegalStateException after the execution
     */
    public FileStore createFileStore(final String relativePath) throws IOException {
        return m_run.fileStores().create(relativePath);
    }

    /**
     * @param table any table
     * @param subProgress where to report
     * @return a copy of it
     * @throws CanceledExecutionException if execution was canceled
     */
    public BufferedDataTable createBufferedDataTable(final DataTable table, final ExecutionMonitor subProgress)
        throws CanceledExecutionException {
        if (table instanceof BufferedDataTable b) {
            return b;
        }
        final BufferedDataContainer container = createDataContainer(table.getDataTableSpec());
        for (final DataRow row : table) {
            subProgress.checkCanceled();
            container.addRowToTable(row);
        }
        container.close();
        return container.getTable();
    }

    /**
     * @param in a table
     * @param rearranger how to change its columns
     * @param subProgress where to report
     * @return the changed table
     * @throws CanceledExecutionException if execution was canceled
     */
    public BufferedDataTable createColumnRearrangeTable(final BufferedDataTable in, final ColumnRearranger rearranger,
        final ExecutionMonitor subProgress) throws CanceledExecutionException {
        return Tables.rearrange(in, rearranger, this, subProgress);
    }

    /**
     * @param in a table
     * @param newSpec as many columns, each of the same or a more general type
     * @return the same rows under the new spec
     */
    public BufferedDataTable createSpecReplacerTable(final BufferedDataTable in, final DataTableSpec newSpec) {
        return Tables.replaceSpec(in, newSpec);
    }

    /**
     * @param exec where to report
     * @param tables tables without common row ids; columns missing in some are filled with missing cells
     * @return the rows of all tables, one after the other
     * @throws CanceledExecutionException if execution was canceled
     */
    public BufferedDataTable createConcatenateTable(final ExecutionMonitor exec, final BufferedDataTable... tables)
        throws CanceledExecutionException {
        return Tables.concatenate(this, exec, tables);
    }

    /** @return a context whose way from 0 to 1 is the given share of this one's */
    public ExecutionContext createSubExecutionContext(final double maxProg) {
        return new ExecutionContext(new SubNodeProgressMonitor(getProgressMonitor(), maxProg, false), m_run);
    }
}

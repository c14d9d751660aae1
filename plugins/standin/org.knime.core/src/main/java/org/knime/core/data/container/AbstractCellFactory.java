package org.knime.core.data.container;

import org.knime.core.data.DataCell;
import org.knime.core.data.DataColumnSpec;
import org.knime.core.data.DataRow;
import org.knime.core.data.filestore.FileStoreFactory;

/**
 * Computes new cells from a row; can create file stores. The stand-in calls every factory from one thread, also one
 * that allows several.
 */
public abstract class AbstractCellFactory implements CellFactory {

    private final DataColumnSpec[] m_columns;

    private FileStoreFactory m_fileStores;

    /** @param columns the new columns */
    protected AbstractCellFactory(final DataColumnSpec... columns) {
        this(false, columns);
    }

    /**
     * @param processConcurrently whether several threads may call this at once
     * @param columns the new columns
     */
    protected AbstractCellFactory(final boolean processConcurrently, final DataColumnSpec... columns) {
        m_columns = columns.clone();
    }

    @Override
    public DataColumnSpec[] getColumnSpecs() {
        return m_columns.clone();
    }

    /**
     * @param row a row of the input
     * @return one cell per new column
     */
    public DataCell[] getCells(final DataRow row) {
        throw new IllegalStateException(
            getClass().getName() + " must override getCells(DataRow) or getCells(DataRow, long)");
    }

    @Override
    public DataCell[] getCells(final DataRow row, final long rowIndex) {
        return getCells(row);
    }

    final void setFileStoreFactory(final FileStoreFactory factory) {
        m_fileStores = factory;
    }

    /** @return creates file stores of the running node */
    protected final FileStoreFactory getFileStoreFactory() {
        if (m_fileStores == null) {
            m_fileStores = FileStoreFactory.createNotInWorkflowFileStoreFactory();
        }
        return m_fileStores;
    }
}

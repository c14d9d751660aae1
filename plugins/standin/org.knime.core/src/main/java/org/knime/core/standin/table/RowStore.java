package org.knime.core.standin.table;

import org.knime.core.data.container.CloseableRowIterator;

/** The rows of a finished table. */
public interface RowStore {

    /** @return the number of rows */
    long size();

    /** @return the rows in order */
    CloseableRowIterator iterator();

    /** @return whether the rows are on disk, so that every iteration creates the cells anew */
    boolean isOnDisk();
}

package org.knime.core.data.container;

import org.knime.core.data.RowIterator;

/** Runs over the rows of a table and can be closed before its end, which releases the file it reads. */
public abstract class CloseableRowIterator extends RowIterator implements AutoCloseable {

    @Override
    public abstract void close();
}

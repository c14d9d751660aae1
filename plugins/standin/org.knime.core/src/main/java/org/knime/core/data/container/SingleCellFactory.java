package org.knime.core.data.container;

import org.knime.core.data.DataCell;
import org.knime.core.data.DataColumnSpec;
import org.knime.core.data.DataRow;

/** Computes one new cell from a row. */
public abstract class SingleCellFactory extends AbstractCellFactory {

    /** @param column the new column */
    protected SingleCellFactory(final DataColumnSpec column) {
        super(column);
    }

    /**
     * @param processConcurrently whether several threads may call this at once
     * @param column the new column
     */
    protected SingleCellFactory(final boolean processConcurrently, final DataColumnSpec column) {
        super(processConcurrently, column);
    }

    /**
     * @param row a row of the input
     * @return the new cell, not null
     */
    public abstract DataCell getCell(DataRow row);

    @Override
    public DataCell[] getCells(final DataRow row) {
        return new DataCell[]{getCell(row)};
    }
}

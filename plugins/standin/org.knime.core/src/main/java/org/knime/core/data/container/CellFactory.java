package org.knime.core.data.container;

import org.knime.core.data.DataCell;
import org.knime.core.data.DataColumnSpec;
import org.knime.core.data.DataRow;

/** Computes new cells from a row. */
public interface CellFactory {

    /**
     * @param row a row of the input
     * @param rowIndex its index, counted from 0
     * @return one cell per column of {@link #getColumnSpecs()}
     */
    DataCell[] getCells(DataRow row, long rowIndex);

    /** @return the new columns */
    DataColumnSpec[] getColumnSpecs();
}

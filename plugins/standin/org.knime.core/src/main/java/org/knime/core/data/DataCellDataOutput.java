package org.knime.core.data;

import java.io.DataOutput;
import java.io.IOException;

/** Where a cell writes itself. */
public interface DataCellDataOutput extends DataOutput {

    /**
     * Writes another cell, which must not be null.
     *
     * @param cell the cell
     * @throws IOException if writing fails or no serializer is registered for the cell's class
     */
    void writeDataCell(DataCell cell) throws IOException;
}

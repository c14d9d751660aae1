package org.knime.core.data;

import java.io.DataInput;
import java.io.IOException;

/** Where a cell is read from. */
public interface DataCellDataInput extends DataInput {

    /**
     * @return the next cell, written by {@link DataCellDataOutput#writeDataCell(DataCell)}
     * @throws IOException if reading fails
     */
    DataCell readDataCell() throws IOException;
}

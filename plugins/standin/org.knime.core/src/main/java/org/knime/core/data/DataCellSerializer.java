package org.knime.core.data;

import java.io.IOException;

/**
 * Writes and reads cells of one class; registered at the extension point {@code org.knime.core.DataType}.
 *
 * @param <T> the cell class; implementations must bind it literally
 */
public interface DataCellSerializer<T extends DataCell> {

    /**
     * @param cell the cell to write
     * @param output where to
     * @throws IOException if writing fails
     */
    void serialize(T cell, DataCellDataOutput output) throws IOException;

    /**
     * @param input what {@link #serialize} wrote
     * @return the cell
     * @throws IOException if reading fails
     */
    T deserialize(DataCellDataInput input) throws IOException;
}

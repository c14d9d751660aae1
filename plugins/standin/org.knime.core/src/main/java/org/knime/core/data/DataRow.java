package org.knime.core.data;

/** One row of a table: its key and its cells. */
public interface DataRow extends Iterable<DataCell> {

    /** @return the number of cells */
    int getNumCells();

    /** @return the row's name */
    RowKey getKey();

    /** @return the cell at the index, counted from 0 */
    DataCell getCell(int index);
}

package org.knime.core.data;

/** Rows that all follow one spec. */
public interface DataTable extends Iterable<DataRow> {

    /** @return the columns */
    DataTableSpec getDataTableSpec();

    @Override
    RowIterator iterator();
}

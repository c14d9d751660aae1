package org.knime.core.standin.table;

import org.knime.core.data.DataCell;
import org.knime.core.data.DataRow;
import org.knime.core.data.DataTableSpec;
import org.knime.core.data.DataType;
import org.knime.core.data.container.CloseableRowIterator;
import org.knime.core.data.container.ColumnRearranger;
import org.knime.core.data.def.DefaultRow;
import org.knime.core.data.filestore.FileStoreFactory;
import org.knime.core.node.BufferedDataContainer;
import org.knime.core.node.BufferedDataTable;
import org.knime.core.node.CanceledExecutionException;
import org.knime.core.node.ExecutionContext;
import org.knime.core.node.ExecutionMonitor;

/** Makes tables from tables. */
public final class Tables {

    private Tables() {
    }

    /** @return the table with its columns changed row by row */
    public static BufferedDataTable rearrange(final BufferedDataTable in, final ColumnRearranger rearranger,
        final ExecutionContext context, final ExecutionMonitor progress) throws CanceledExecutionException {
        rearranger.setFileStoreFactory(FileStoreFactory.createFileStoreFactory(context));
        final BufferedDataContainer container = context.createDataContainer(rearranger.createSpec());
        try (CloseableRowIterator rows = in.iterator()) {
            for (long i = 0; rows.hasNext(); i++) {
                progress.checkCanceled();
                final DataRow row = rows.next();
                progress.setProgress((i + 1.0) / in.size(), "Row " + (i + 1) + " (\"" + row.getKey() + "\")");
                container.addRowToTable(rearranger.apply(row, i));
            }
        }
        container.close();
        return container.getTable();
    }

    /** @return the same rows under another spec */
    public static BufferedDataTable replaceSpec(final BufferedDataTable in, final DataTableSpec spec) {
        final DataTableSpec old = in.getDataTableSpec();
        if (old.getNumColumns() != spec.getNumColumns()) {
            throw new IllegalArgumentException("Table specs have different number of columns: " + old.getNumColumns()
                + " vs. " + spec.getNumColumns());
        }
        for (int i = 0; i < spec.getNumColumns(); i++) {
            if (!spec.getColumnSpec(i).getType().isASuperTypeOf(old.getColumnSpec(i).getType())) {
                throw new IllegalArgumentException("Column at index " + i + ": type " + spec.getColumnSpec(i).getType()
                    + " is no super type of " + old.getColumnSpec(i).getType());
            }
        }
        return new BufferedDataTable(spec, in.rows());
    }

    /** @return the rows of all tables one after the other, under the union of their columns */
    public static BufferedDataTable concatenate(final ExecutionContext context, final ExecutionMonitor progress,
        final BufferedDataTable... tables) throws CanceledExecutionException {
        final DataTableSpec[] specs = new DataTableSpec[tables.length];
        long total = 0;
        for (int i = 0; i < tables.length; i++) {
            specs[i] = tables[i].getDataTableSpec();
            total += tables[i].size();
        }
        final DataTableSpec merged = DataTableSpec.mergeDataTableSpecs(specs);
        final BufferedDataContainer container = context.createDataContainer(merged);
        for (final BufferedDataTable table : tables) {
            final int[] sources = merged.stream().mapToInt(c -> table.getDataTableSpec().findColumnIndex(c.getName()))
                .toArray();
            try (CloseableRowIterator rows = table.iterator()) {
                while (rows.hasNext()) {
                    progress.checkCanceled();
                    container.addRowToTable(select(rows.next(), sources));
                    progress.setProgress((double)container.size() / total);
                }
            }
        }
        container.close();
        return container.getTable();
    }

    private static DataRow select(final DataRow row, final int... sources) {
        final DataCell[] cells = new DataCell[sources.length];
        for (int i = 0; i < cells.length; i++) {
            cells[i] = sources[i] < 0 ? DataType.getMissingCell() : row.getCell(sources[i]);
        }
        return new DefaultRow(row.getKey(), cells);
    }
}

package org.knime.core.standin.table;

import java.util.Comparator;

import org.knime.core.data.DataCell;
import org.knime.core.data.DoubleValue;
import org.knime.core.data.LongValue;

/** The order of cells that hold numbers. */
enum CellOrder implements Comparator<DataCell> {
    /** The only instance. */
    INSTANCE;

    @Override
    public int compare(final DataCell a, final DataCell b) {
        if (a instanceof LongValue x && b instanceof LongValue y) {
            return Long.compare(x.getLongValue(), y.getLongValue());
        }
        return Double.compare(((DoubleValue)a).getDoubleValue(), ((DoubleValue)b).getDoubleValue());
    }
}

package org.scanbridge.knime.util;

import java.util.List;
import java.util.Objects;
import java.util.OptionalDouble;

import org.knime.core.data.DataCell;
import org.knime.core.data.DataColumnSpec;
import org.knime.core.data.DataRow;
import org.knime.core.data.DataTableSpec;
import org.knime.core.data.DataType;
import org.knime.core.data.DataValue;
import org.knime.core.data.DoubleValue;
import org.knime.core.data.StringValue;
import org.knime.core.data.def.DefaultRow;
import org.knime.core.data.def.DoubleCell;
import org.knime.core.data.def.StringCell;
import org.knime.core.node.InvalidSettingsException;
import org.scanbridge.knime.data.LabelVolumeValue;
import org.scanbridge.knime.data.VolumeValue;

/** Finds columns by name and type, and reads and makes simple cells. */
public final class Columns {

    private Columns() {
    }

    /** The names of the columns of a type, in table order. */
    public static List<String> names(final DataTableSpec spec, final Class<? extends DataValue> type) {
        return spec.stream().filter(c -> c.getType().isCompatible(type)).map(DataColumnSpec::getName).toList();
    }

    /** A row with further cells behind its own. */
    public static DataRow append(final DataRow row, final DataCell... further) {
        final DataCell[] cells = new DataCell[row.getNumCells() + further.length];
        for (int c = 0; c < row.getNumCells(); c++) {
            cells[c] = row.getCell(c);
        }
        System.arraycopy(further, 0, cells, row.getNumCells(), further.length);
        return new DefaultRow(row.getKey(), cells);
    }

    /**
     * The index of a column that a node cannot do without.
     *
     * @param spec the table
     * @param name the chosen column
     * @param type what it must hold
     * @param setting title of the setting, for the message
     * @throws InvalidSettingsException if there is no such column or it holds something else
     */
    public static int index(final DataTableSpec spec, final String name, final Class<? extends DataValue> type,
        final String setting) throws InvalidSettingsException {
        final List<String> candidates = names(spec, type);
        if (name == null || name.isBlank()) {
            throw new InvalidSettingsException(
                "No column is chosen for \"" + setting + "\". " + wayOut(candidates, type));
        }
        final int index = spec.findColumnIndex(name);
        if (index < 0) {
            throw new InvalidSettingsException("Column \"" + name + "\" (setting \"" + setting
                + "\") is not in the input table. " + wayOut(candidates, type));
        }
        if (!spec.getColumnSpec(index).getType().isCompatible(type)) {
            throw new InvalidSettingsException("Column \"" + name + "\" (setting \"" + setting + "\") holds "
                + spec.getColumnSpec(index).getType().getName() + ", not " + title(type) + ". "
                + wayOut(candidates, type));
        }
        return index;
    }

    /** As {@link #index}; -1 if no column is chosen. */
    public static int optionalIndex(final DataTableSpec spec, final String name, final Class<? extends DataValue> type,
        final String setting) throws InvalidSettingsException {
        return name == null || name.isBlank() ? -1 : index(spec, name, type, setting);
    }

    private static String wayOut(final List<String> candidates, final Class<? extends DataValue> type) {
        return candidates.isEmpty()
            ? "The table has no column with " + title(type) + "; connect a table that has one, such as the DICOM"
                + " Reader's."
            : "Choose one of: " + String.join(", ", candidates) + ".";
    }

    private static String title(final Class<? extends DataValue> type) {
        if (type == VolumeValue.class) {
            return "images";
        }
        if (type == LabelVolumeValue.class) {
            return "segmentations";
        }
        if (type == DoubleValue.class) {
            return "numbers";
        }
        return type == StringValue.class ? "text" : type.getSimpleName();
    }

    /** The text of a cell; empty if the column is absent (index -1) or the cell is missing. */
    public static String text(final DataRow row, final int index) {
        final DataCell cell = index < 0 ? DataType.getMissingCell() : row.getCell(index);
        return cell.isMissing() ? "" : ((StringValue)cell).getStringValue();
    }

    /** A cell with a text; missing if the text is empty. */
    public static DataCell text(final String text) {
        return Objects.requireNonNull(text, "text").isEmpty() ? DataType.getMissingCell() : new StringCell(text);
    }

    /** A cell with a number; missing if there is none. */
    public static DataCell number(final OptionalDouble value) {
        return value.isPresent() ? new DoubleCell(value.getAsDouble()) : DataType.getMissingCell();
    }

    /** A cell with a number; missing if it is NaN. */
    public static DataCell number(final double value) {
        return Double.isNaN(value) ? DataType.getMissingCell() : new DoubleCell(value);
    }
}

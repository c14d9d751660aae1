package org.scanbridge.knime.view;

import java.util.ArrayList;
import java.util.List;

import org.knime.core.data.DataCell;
import org.knime.core.data.DataColumnSpec;
import org.knime.core.data.DataRow;
import org.knime.core.data.DataTableSpec;
import org.knime.core.data.StringValue;
import org.knime.core.data.container.CloseableRowIterator;
import org.knime.core.node.BufferedDataTable;
import org.knime.node.DefaultView.ViewInput;
import org.scanbridge.imaging.volume.VolumeInfo;
import org.scanbridge.knime.data.LabelVolumeValue;
import org.scanbridge.knime.data.VolumeValue;
import org.scanbridge.knime.util.StudyTable;

/** The images and segmentations in the rows of one of a node's internal tables. Keeps the view's input, never a table. */
final class ViewedTable {

    private final ViewInput m_input;

    private final int m_table;

    /**
     * @param input the node's; kept instead of its tables, which change when the node is executed again
     * @param table which internal table
     */
    ViewedTable(final ViewInput input, final int table) {
        m_input = input;
        m_table = table;
    }

    /**
     * What a row is called, in the words of the table where it has these columns, else in those of its first image.
     *
     * @param name the row's ID
     */
    record Names(String name, String subject, String site, String series, String modality) {
    }

    /** Whether the node is executed. */
    boolean executed() {
        // A node that was executed by a version without this view has kept nothing, or less.
        return m_input.getInternalPortObjects() != null && m_input.getInternalPortObjects().length > m_table;
    }

    /** @throws IllegalArgumentException if the node is not executed */
    BufferedDataTable table() {
        if (!executed()) {
            throw new IllegalArgumentException("The node has been reset. Execute it and open the view again.");
        }
        return m_input.getInternalTables()[m_table];
    }

    /** The columns with images and those with segmentations, in table order. */
    static List<Integer> columns(final DataTableSpec spec) {
        final List<Integer> columns = new ArrayList<>();
        for (int c = 0; c < spec.getNumColumns(); c++) {
            if (isImage(spec.getColumnSpec(c)) || spec.getColumnSpec(c).getType().isCompatible(LabelVolumeValue.class)) {
                columns.add(c);
            }
        }
        return columns;
    }

    static boolean isImage(final DataColumnSpec column) {
        return column.getType().isCompatible(VolumeValue.class);
    }

    /**
     * A row of the table.
     *
     * @param row its number, from 0
     * @throws IllegalArgumentException if there is no such row, or the node is not executed
     */
    DataRow row(final int row) {
        final BufferedDataTable table = table();
        if (row < 0 || row >= table.size()) {
            throw new IllegalArgumentException("There is no row " + row + " of " + table.size() + ".");
        }
        try (CloseableRowIterator rows = table.iterator()) {
            for (int r = 0; r < row; r++) {
                rows.next();
            }
            return rows.next();
        }
    }

    /** What a row is called. */
    static Names names(final DataTableSpec spec, final DataRow row) {
        VolumeInfo info = VolumeInfo.UNKNOWN;
        for (final int c : columns(spec)) {
            if (info.equals(VolumeInfo.UNKNOWN)) {
                final DataCell cell = row.getCell(c);
                info = cell instanceof VolumeValue v ? v.info() : cell instanceof LabelVolumeValue l ? l.info() : info;
            }
        }
        return new Names(row.getKey().getString(), text(spec, row, StudyTable.SUBJECT, info.subject()),
            text(spec, row, StudyTable.SITE, info.site()), text(spec, row, StudyTable.SERIES, info.series()),
            text(spec, row, StudyTable.MODALITY, info.modality()));
    }

    private static String text(final DataTableSpec spec, final DataRow row, final String column, final String otherwise) {
        final int index = spec.findColumnIndex(column);
        return index >= 0 && row.getCell(index) instanceof StringValue s ? s.getStringValue() : otherwise;
    }
}

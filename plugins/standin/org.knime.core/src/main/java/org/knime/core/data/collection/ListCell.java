package org.knime.core.data.collection;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;

import org.knime.core.data.DataCell;
import org.knime.core.data.DataCellDataInput;
import org.knime.core.data.DataCellDataOutput;
import org.knime.core.data.DataCellSerializer;
import org.knime.core.data.DataType;

/** A list of cells. */
public final class ListCell extends DataCell implements ListDataValue {

    private static final long serialVersionUID = 1;

    private final transient List<DataCell> m_cells;

    private final transient DataType m_elementType;

    ListCell(final Collection<? extends DataCell> cells) {
        m_cells = List.copyOf(cells);
        m_elementType = DataType.getCommonSuperType(m_cells);
    }

    /** @return the type of lists of such elements */
    public static DataType getCollectionType(final DataType elementType) {
        return DataType.getType(ListCell.class, elementType);
    }

    @Override
    public DataType getElementType() {
        return m_elementType;
    }

    @Override
    public int size() {
        return m_cells.size();
    }

    @Override
    public DataCell get(final int index) {
        return m_cells.get(index);
    }

    @Override
    public Iterator<DataCell> iterator() {
        return m_cells.iterator();
    }

    @Override
    public String toString() {
        return m_cells.toString();
    }

    @Override
    protected boolean equalsDataCell(final DataCell dc) {
        return m_cells.equals(((ListCell)dc).m_cells);
    }

    @Override
    public int hashCode() {
        return m_cells.hashCode();
    }

    /** Writes and reads the elements. */
    public static final class ListSerializer implements DataCellSerializer<ListCell> {

        @Override
        public void serialize(final ListCell cell, final DataCellDataOutput output) throws IOException {
            output.writeInt(cell.size());
            for (final DataCell c : cell) {
                output.writeDataCell(c);
            }
        }

        @Override
        public ListCell deserialize(final DataCellDataInput input) throws IOException {
            final int size = input.readInt();
            final List<DataCell> cells = new ArrayList<>();
            for (int i = 0; i < size; i++) {
                cells.add(input.readDataCell());
            }
            return new ListCell(cells);
        }
    }
}

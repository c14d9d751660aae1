package org.knime.core.data.def;

import java.io.IOException;
import java.util.Objects;

import org.knime.core.data.DataCell;
import org.knime.core.data.DataCellDataInput;
import org.knime.core.data.DataCellDataOutput;
import org.knime.core.data.DataCellSerializer;
import org.knime.core.data.DataType;
import org.knime.core.data.NominalValue;
import org.knime.core.data.StringValue;

/** A string. */
public final class StringCell extends DataCell implements StringValue, NominalValue {

    private static final long serialVersionUID = 1;

    /** The type of these cells. */
    public static final DataType TYPE = DataType.getType(StringCell.class);

    private final String m_value;

    /** @param value the string, not null */
    public StringCell(final String value) {
        m_value = Objects.requireNonNull(value, "String value can't be null.");
    }

    @Override
    public String getStringValue() {
        return m_value;
    }

    @Override
    public String toString() {
        return m_value;
    }

    @Override
    protected boolean equalsDataCell(final DataCell dc) {
        return m_value.equals(((StringCell)dc).m_value);
    }

    @Override
    public int hashCode() {
        return m_value.hashCode();
    }

    /** Writes and reads the string. */
    public static final class StringSerializer implements DataCellSerializer<StringCell> {

        private static final int CHUNK = 16_000; // at most three bytes each: within the 65,535 of writeUTF

        @Override
        public void serialize(final StringCell cell, final DataCellDataOutput output) throws IOException {
            final int length = cell.m_value.length();
            output.writeInt(length);
            for (int i = 0; i < length; i += CHUNK) {
                output.writeUTF(cell.m_value.substring(i, Math.min(length, i + CHUNK)));
            }
        }

        @Override
        public StringCell deserialize(final DataCellDataInput input) throws IOException {
            final int length = input.readInt();
            final StringBuilder b = new StringBuilder(length);
            while (b.length() < length) {
                b.append(input.readUTF());
            }
            return new StringCell(b.toString());
        }
    }
}

package org.knime.core.standin.table;

import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.NotSerializableException;
import java.io.OutputStream;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

import org.knime.core.data.DataCell;
import org.knime.core.data.DataCellDataOutput;
import org.knime.core.data.DataCellSerializer;
import org.knime.core.data.DataRow;
import org.knime.core.data.MissingValue;
import org.knime.core.data.filestore.FileStoreCell;
import org.knime.core.data.filestore.FileStoreUtil;
import org.knime.core.standin.extension.CellTypes;
import org.knime.core.standin.filestore.FileStoreKey;

/**
 * Writes rows. A row is its key, the number of cells and the cells; a cell is its class, the keys of its file stores
 * and the bytes its registered serializer wrote, with their number in front.
 */
final class CellWriter implements Closeable {

    /** What KNIME names when it cannot write a file-store cell whose class has no registered serializer. */
    static final String UNREGISTERED_FILE_STORE = "org.knime.core.data.filestore.internal.FileStoreProxy";

    static final String MISSING = "";

    private final DataOutputStream m_out;

    private final CellTypes m_types;

    private final Set<FileStoreKey> m_keys = new LinkedHashSet<>();

    private final Map<Class<? extends DataCell>, DataCellSerializer<DataCell>> m_serializers = new HashMap<>();

    CellWriter(final OutputStream out, final CellTypes types) {
        m_out = new DataOutputStream(new BufferedOutputStream(out));
        m_types = types;
    }

    void writeRow(final DataRow row) throws IOException {
        m_out.writeUTF(row.getKey().getString());
        m_out.writeInt(row.getNumCells());
        for (final DataCell c : row) {
            writeCell(c, m_out);
        }
    }

    private void writeCell(final DataCell cell, final DataOutputStream out) throws IOException {
        if (cell.isMissing()) {
            out.writeUTF(MISSING);
            final String error = ((MissingValue)cell).getError();
            out.writeBoolean(error != null);
            if (error != null) {
                out.writeUTF(error);
            }
            return;
        }
        out.writeUTF(cell.getClass().getName());
        final DataCellSerializer<DataCell> serializer = serializer(cell);
        final List<FileStoreKey> keys = cell instanceof FileStoreCell f ? FileStoreUtil.flushAndGetKeys(f) : List.of();
        out.writeInt(keys.size());
        for (final FileStoreKey k : keys) {
            k.write(out);
            m_keys.add(k);
        }
        final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        serializer.serialize(cell, new Output(bytes));
        out.writeInt(bytes.size());
        bytes.writeTo(out);
    }

    /** @return the file stores of all cells written so far */
    Set<FileStoreKey> fileStores() {
        return m_keys;
    }

    private DataCellSerializer<DataCell> serializer(final DataCell cell) throws NotSerializableException {
        DataCellSerializer<DataCell> s = m_serializers.get(cell.getClass());
        if (s == null) {
            s = m_types.serializer(cell.getClass()).orElse(null);
            if (s == null) {
                throw new NotSerializableException(
                    cell instanceof FileStoreCell ? UNREGISTERED_FILE_STORE : cell.getClass().getName());
            }
            m_serializers.put(cell.getClass(), s);
        }
        return s;
    }

    @Override
    public void close() throws IOException {
        m_out.close();
    }

    private final class Output extends DataOutputStream implements DataCellDataOutput {

        Output(final OutputStream out) {
            super(out);
        }

        @Override
        public void writeDataCell(final DataCell cell) throws IOException {
            writeCell(cell, this);
        }
    }
}

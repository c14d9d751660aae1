package org.knime.core.standin.table;

import java.io.BufferedInputStream;
import java.io.ByteArrayInputStream;
import java.io.Closeable;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import org.knime.core.data.DataCell;
import org.knime.core.data.DataCellDataInput;
import org.knime.core.data.DataCellSerializer;
import org.knime.core.data.DataRow;
import org.knime.core.data.DataType;
import org.knime.core.data.MissingCell;
import org.knime.core.data.def.DefaultRow;
import org.knime.core.data.filestore.FileStore;
import org.knime.core.data.filestore.FileStoreCell;
import org.knime.core.data.filestore.FileStoreUtil;
import org.knime.core.node.InvalidSettingsException;
import org.knime.core.node.NodeLogger;
import org.knime.core.standin.extension.CellTypes;
import org.knime.core.standin.filestore.FileStoreKey;
import org.knime.core.standin.filestore.FileStoreRepository;

/** Reads what {@link CellWriter} wrote; every cell is a new instance, with its file stores attached. */
final class CellReader implements Closeable {

    private static final NodeLogger LOGGER = NodeLogger.getLogger(CellReader.class);

    private final DataInputStream m_in;

    private final Path m_file;

    private final CellTypes m_types;

    private final FileStoreRepository m_fileStores;

    private final Map<String, DataCellSerializer<DataCell>> m_serializers = new HashMap<>();

    private long m_row;

    private boolean m_warned;

    CellReader(final InputStream in, final Path file, final CellTypes types, final FileStoreRepository fileStores) {
        m_in = new DataInputStream(new BufferedInputStream(in));
        m_file = file;
        m_types = types;
        m_fileStores = fileStores;
    }

    DataRow readRow() throws IOException {
        final String key = m_in.readUTF();
        final DataCell[] cells = new DataCell[m_in.readInt()];
        for (int i = 0; i < cells.length; i++) {
            cells[i] = readCell(m_in);
        }
        m_row++;
        return new DefaultRow(key, cells);
    }

    private DataCell readCell(final DataInputStream in) throws IOException {
        final String className = in.readUTF();
        if (className.equals(CellWriter.MISSING)) {
            return in.readBoolean() ? new MissingCell(in.readUTF()) : DataType.getMissingCell();
        }
        final List<FileStoreKey> keys = new ArrayList<>();
        for (int n = in.readInt(); n > 0; n--) {
            keys.add(FileStoreKey.read(in));
        }
        final byte[] bytes = new byte[in.readInt()];
        in.readFully(bytes);
        final DataCell cell = serializer(className).deserialize(new Input(new ByteArrayInputStream(bytes)));
        return cell instanceof FileStoreCell f ? attach(f, keys) : cell;
    }

    /** A cell that cannot be completed becomes missing; only the first one of a table is logged, as in KNIME. */
    private DataCell attach(final FileStoreCell cell, final List<FileStoreKey> keys) throws IOException {
        final List<FileStore> stores = new ArrayList<>();
        for (final FileStoreKey k : keys) {
            stores.add(m_fileStores.find(k));
        }
        try {
            FileStoreUtil.attach(cell, stores);
            return cell;
        } catch (IOException e) {
            if (!m_warned) {
                m_warned = true;
                LOGGER.error("Errors while reading row " + m_row + " from file \"" + m_file + "\": " + e.getMessage()
                    + "; Suppressing further warnings.");
            }
            return new MissingCell(null);
        }
    }

    private DataCellSerializer<DataCell> serializer(final String className) throws IOException {
        DataCellSerializer<DataCell> s = m_serializers.get(className);
        if (s == null) {
            try {
                s = m_types.serializer(m_types.find(className))
                    .orElseThrow(() -> new IOException("No serializer for cells of class " + className));
            } catch (InvalidSettingsException e) {
                throw new IOException(e.getMessage(), e);
            }
            m_serializers.put(className, s);
        }
        return s;
    }

    @Override
    public void close() throws IOException {
        m_in.close();
    }

    private final class Input extends DataInputStream implements DataCellDataInput {

        Input(final InputStream in) {
            super(in);
        }

        @Override
        public DataCell readDataCell() throws IOException {
            return readCell(this);
        }
    }
}

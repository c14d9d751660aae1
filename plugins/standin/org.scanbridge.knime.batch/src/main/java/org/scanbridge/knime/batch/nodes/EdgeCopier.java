package org.scanbridge.knime.batch.nodes;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.NoSuchElementException;

import org.knime.core.data.filestore.FileStore;
import org.knime.core.data.filestore.FileStorePortObject;
import org.knime.core.data.filestore.FileStoreUtil;
import org.knime.core.node.BufferedDataTable;
import org.knime.core.node.CanceledExecutionException;
import org.knime.core.node.ExecutionMonitor;
import org.knime.core.node.port.PortObject;
import org.knime.core.node.port.PortObject.PortObjectSerializer;
import org.knime.core.node.port.PortObjectSpec;
import org.knime.core.node.port.PortObjectSpec.PortObjectSpecSerializer;
import org.knime.core.node.port.PortObjectSpecZipInputStream;
import org.knime.core.node.port.PortObjectSpecZipOutputStream;
import org.knime.core.node.port.PortObjectZipInputStream;
import org.knime.core.node.port.PortObjectZipOutputStream;
import org.knime.core.node.port.PortTypeRegistry;
import org.knime.core.standin.filestore.FileStoreRepository;

/**
 * Copies port objects on their way along a connection as KNIME does: spec and object are written by their registered
 * serializers and read again, file stores are attached by key. So whatever a serializer forgets is lost at the next
 * node, here as there. Tables are handed on as they are.
 */
final class EdgeCopier {

    private final PortTypeRegistry m_types;

    private final FileStoreRepository m_fileStores;

    EdgeCopier(final PortTypeRegistry types, final FileStoreRepository fileStores) {
        m_types = types;
        m_fileStores = fileStores;
    }

    /**
     * @param object what leaves an output port
     * @param monitor cancels the copying
     * @return what arrives at the input port
     * @throws IOException if writing or reading fails
     * @throws CanceledExecutionException if canceled
     * @throws NoSuchElementException if no serializer is registered for the object's class or its spec's
     */
    PortObject copy(final PortObject object, final ExecutionMonitor monitor)
        throws IOException, CanceledExecutionException {
        if (object instanceof BufferedDataTable) {
            return object;
        }
        final PortObjectSpec spec = copySpec(object.getSpec());
        final PortObject copy = copyObject(object, spec, monitor);
        if (object instanceof FileStorePortObject original && copy instanceof FileStorePortObject copied) {
            final List<FileStore> stores = new ArrayList<>();
            for (FileStore store : FileStoreUtil.getFileStores(original)) {
                stores.add(m_fileStores.find(store.key()));
            }
            FileStoreUtil.attach(copied, stores);
        }
        return copy;
    }

    private PortObjectSpec copySpec(final PortObjectSpec spec) throws IOException {
        return copySpec(spec, serializerOf(spec));
    }

    @SuppressWarnings("unchecked") // the registry binds class and serializer
    private PortObjectSpecSerializer<PortObjectSpec> serializerOf(final PortObjectSpec spec) {
        return (PortObjectSpecSerializer<PortObjectSpec>)m_types.getSpecSerializer(spec.getClass()).orElseThrow();
    }

    private static PortObjectSpec copySpec(final PortObjectSpec spec,
        final PortObjectSpecSerializer<PortObjectSpec> serializer) throws IOException {
        final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (PortObjectSpecZipOutputStream out = new PortObjectSpecZipOutputStream(bytes)) {
            serializer.savePortObjectSpec(spec, out);
        }
        try (PortObjectSpecZipInputStream in =
            new PortObjectSpecZipInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
            return serializer.loadPortObjectSpec(in);
        }
    }

    private PortObject copyObject(final PortObject object, final PortObjectSpec spec, final ExecutionMonitor monitor)
        throws IOException, CanceledExecutionException {
        @SuppressWarnings("unchecked") // the registry binds class and serializer
        final PortObjectSerializer<PortObject> serializer =
            (PortObjectSerializer<PortObject>)m_types.getObjectSerializer(object.getClass()).orElseThrow();
        if (object instanceof FileStorePortObject stored) {
            FileStoreUtil.flush(stored);
        }
        final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (PortObjectZipOutputStream out = new PortObjectZipOutputStream(bytes)) {
            serializer.savePortObject(object, out, monitor);
        }
        try (PortObjectZipInputStream in = new PortObjectZipInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
            return serializer.loadPortObject(in, spec, monitor);
        }
    }
}

package org.knime.core.standin.run;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Objects;

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
 * Carries a port object over an edge of the workflow as KNIME does: spec and object are written and read by their
 * registered serializers, file stores are attached, the new object completes itself. Tables are handed on as they are.
 */
public final class PortObjectTransfer {

    private final PortTypeRegistry m_types;

    private final FileStoreRepository m_fileStores;

    /**
     * @param types the registered port types
     * @param fileStores where objects find their files again
     */
    public PortObjectTransfer(final PortTypeRegistry types, final FileStoreRepository fileStores) {
        m_types = Objects.requireNonNull(types, "types");
        m_fileStores = Objects.requireNonNull(fileStores, "fileStores");
    }

    /**
     * @param <T> the class of the object
     * @param object the object that leaves a node
     * @param exec for cancellation
     * @return the object that enters the next one
     * @throws NoSuchElementException with KNIME's message "No value present" if a class is not registered
     * @throws IOException if a serializer fails
     * @throws CanceledExecutionException if execution was canceled
     */
    @SuppressWarnings("unchecked") // getClass() of a T is a class of T
    public <T extends PortObject> T copy(final T object, final ExecutionMonitor exec)
        throws IOException, CanceledExecutionException {
        if (object instanceof BufferedDataTable) {
            return object;
        }
        final PortObjectSerializer<T> serializer =
            m_types.getObjectSerializer((Class<T>)object.getClass()).orElseThrow();
        final PortObjectSpec spec = copySpec(object.getSpec());
        if (object instanceof FileStorePortObject f) {
            FileStoreUtil.flush(f);
        }
        final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (PortObjectZipOutputStream out = new PortObjectZipOutputStream(bytes)) {
            serializer.savePortObject(object, out, exec);
        }
        final T copy;
        try (PortObjectZipInputStream in =
            new PortObjectZipInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
            copy = serializer.loadPortObject(in, spec, exec);
        }
        if (copy == null) {
            throw new IOException("Serializer " + serializer.getClass().getName() + " returned null");
        }
        if (object instanceof FileStorePortObject from && copy instanceof FileStorePortObject to) {
            final List<FileStore> stores = new ArrayList<>();
            for (final FileStore f : FileStoreUtil.getFileStores(from)) {
                stores.add(m_fileStores.find(f.key()));
            }
            FileStoreUtil.attach(to, stores);
        }
        return copy;
    }

    /**
     * @param <S> the class of the spec
     * @param spec a spec, or null
     * @return what its registered serializer makes of it
     * @throws NoSuchElementException with KNIME's message "No value present" if the class is not registered
     * @throws IOException if the serializer fails
     */
    @SuppressWarnings("unchecked") // getClass() of an S is a class of S
    public <S extends PortObjectSpec> S copySpec(final S spec) throws IOException {
        if (spec == null) {
            return null;
        }
        final PortObjectSpecSerializer<S> serializer =
            m_types.getSpecSerializer((Class<S>)spec.getClass()).orElseThrow();
        final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (PortObjectSpecZipOutputStream out = new PortObjectSpecZipOutputStream(bytes)) {
            serializer.savePortObjectSpec(spec, out);
        }
        try (PortObjectSpecZipInputStream in =
            new PortObjectSpecZipInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
            return serializer.loadPortObjectSpec(in);
        }
    }
}

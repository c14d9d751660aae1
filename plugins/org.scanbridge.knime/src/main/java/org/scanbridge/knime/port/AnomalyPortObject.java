package org.scanbridge.knime.port;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.List;

import javax.swing.JComponent;

import org.knime.core.data.filestore.FileStore;
import org.knime.core.data.filestore.FileStorePortObject;
import org.knime.core.node.ExecutionContext;
import org.knime.core.node.ExecutionMonitor;
import org.knime.core.node.port.PortObjectSpec;
import org.knime.core.node.port.PortObjectZipInputStream;
import org.knime.core.node.port.PortObjectZipOutputStream;
import org.knime.core.node.port.PortType;
import org.knime.core.node.port.PortTypeRegistry;
import org.scanbridge.learning.anomaly.AnomalyArchive;
import org.scanbridge.learning.anomaly.AnomalyModel;

/** An {@link AnomalyModel} between nodes: an archive in a file store, read only by {@link #model()}, and a spec. */
public final class AnomalyPortObject extends FileStorePortObject {

    /** The type of an anomaly model port. */
    public static final PortType TYPE = PortTypeRegistry.getInstance().getPortType(AnomalyPortObject.class);

    private static final String STORE = "anomaly";

    private final AnomalyPortObjectSpec m_spec;

    private AnomalyPortObject(final AnomalyPortObjectSpec spec, final FileStore store) {
        super(List.of(store));
        m_spec = spec;
    }

    /** For the serializer; KNIME attaches the file store afterwards. */
    private AnomalyPortObject(final AnomalyPortObjectSpec spec) {
        m_spec = spec;
    }

    /**
     * Writes a model into the executing node's file store. At most one per execution of a node.
     *
     * @param context the execution the model belongs to
     * @param model the model
     * @throws IOException if it cannot be written
     */
    public static AnomalyPortObject create(final ExecutionContext context, final AnomalyModel model) throws IOException {
        final FileStore store = context.createFileStore(STORE);
        try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(store.getFile().toPath()))) {
            AnomalyArchive.write(model, out);
        }
        return new AnomalyPortObject(AnomalyPortObjectSpec.of(model), store);
    }

    /**
     * Reads the model.
     *
     * @throws UncheckedIOException if its file is missing or damaged; the message is meant for the user
     */
    public AnomalyModel model() {
        try (InputStream in = new BufferedInputStream(Files.newInputStream(getFileStore(0).getFile().toPath()))) {
            return AnomalyArchive.read(in);
        } catch (final IOException e) {
            throw new UncheckedIOException("The anomaly model cannot be read: " + e.getMessage(), e);
        }
    }

    @Override
    public AnomalyPortObjectSpec getSpec() {
        return m_spec;
    }

    @Override
    public String getSummary() {
        return m_spec.toString();
    }

    @Override
    public JComponent[] getViews() {
        return new JComponent[0];
    }

    /** Writes nothing of its own: KNIME keeps the spec and the key of the file store. */
    public static final class Serializer extends PortObjectSerializer<AnomalyPortObject> {

        @Override
        public void savePortObject(final AnomalyPortObject portObject, final PortObjectZipOutputStream out,
            final ExecutionMonitor exec) throws IOException {
            FormatEntry.write(out);
        }

        @Override
        public AnomalyPortObject loadPortObject(final PortObjectZipInputStream in, final PortObjectSpec spec,
            final ExecutionMonitor exec) throws IOException {
            return new AnomalyPortObject(FormatEntry.read(in, spec, AnomalyPortObjectSpec.class, "anomaly model"));
        }
    }
}

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
import org.scanbridge.imaging.atlas.Atlas;
import org.scanbridge.imaging.atlas.AtlasArchive;

/** An {@link Atlas} between nodes: an archive in a file store, read only by {@link #atlas()}, and a spec. */
public final class AtlasPortObject extends FileStorePortObject {

    /** The type of an atlas port. */
    public static final PortType TYPE = PortTypeRegistry.getInstance().getPortType(AtlasPortObject.class);

    private static final String STORE = "atlas";

    private final AtlasPortObjectSpec m_spec;

    private AtlasPortObject(final AtlasPortObjectSpec spec, final FileStore store) {
        super(List.of(store));
        m_spec = spec;
    }

    /** For the serializer; KNIME attaches the file store afterwards. */
    private AtlasPortObject(final AtlasPortObjectSpec spec) {
        m_spec = spec;
    }

    /**
     * Writes an atlas into the executing node's file store. At most one per execution of a node.
     *
     * @param context the execution the atlas belongs to
     * @param atlas the atlas
     * @throws IOException if it cannot be written
     */
    public static AtlasPortObject create(final ExecutionContext context, final Atlas atlas) throws IOException {
        final FileStore store = context.createFileStore(STORE);
        try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(store.getFile().toPath()))) {
            AtlasArchive.write(atlas, out);
        }
        return new AtlasPortObject(new AtlasPortObjectSpec(atlas.labels(), atlas.subjects()), store);
    }

    /**
     * Reads the atlas.
     *
     * @throws UncheckedIOException if its file is missing or damaged; the message is meant for the user
     */
    public Atlas atlas() {
        try (InputStream in = new BufferedInputStream(Files.newInputStream(getFileStore(0).getFile().toPath()))) {
            return AtlasArchive.read(in);
        } catch (final IOException e) {
            throw new UncheckedIOException("The atlas cannot be read: " + e.getMessage(), e);
        }
    }

    @Override
    public AtlasPortObjectSpec getSpec() {
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
    public static final class Serializer extends PortObjectSerializer<AtlasPortObject> {

        @Override
        public void savePortObject(final AtlasPortObject portObject, final PortObjectZipOutputStream out,
            final ExecutionMonitor exec) throws IOException {
            FormatEntry.write(out);
        }

        @Override
        public AtlasPortObject loadPortObject(final PortObjectZipInputStream in, final PortObjectSpec spec,
            final ExecutionMonitor exec) throws IOException {
            return new AtlasPortObject(FormatEntry.read(in, spec, AtlasPortObjectSpec.class, "atlas"));
        }
    }
}

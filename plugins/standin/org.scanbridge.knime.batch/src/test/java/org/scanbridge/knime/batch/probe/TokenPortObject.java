package org.scanbridge.knime.batch.probe;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.List;
import java.util.zip.ZipEntry;

import javax.swing.JComponent;

import org.knime.core.data.filestore.FileStore;
import org.knime.core.data.filestore.FileStorePortObject;
import org.knime.core.node.ExecutionMonitor;
import org.knime.core.node.InvalidSettingsException;
import org.knime.core.node.ModelContentRO;
import org.knime.core.node.ModelContentWO;
import org.knime.core.node.port.AbstractSimplePortObjectSpec;
import org.knime.core.node.port.PortObject;
import org.knime.core.node.port.PortObjectSpec;
import org.knime.core.node.port.PortObjectZipInputStream;
import org.knime.core.node.port.PortObjectZipOutputStream;

/** A port object with a saved note, an unsaved remark, and a text in a file store. */
public final class TokenPortObject extends FileStorePortObject {

    private final Spec m_spec;

    private final String m_note;

    private final String m_unsaved;

    TokenPortObject(final FileStore store, final String note, final String unsaved) {
        super(List.of(store));
        m_spec = new Spec();
        m_note = note;
        m_unsaved = unsaved;
    }

    private TokenPortObject(final Spec spec, final String note) {
        m_spec = spec;
        m_note = note;
        m_unsaved = null;
    }

    String describe() throws IOException {
        return m_note + "/" + m_unsaved + "/" + Files.readString(getFileStore(0).getFile().toPath());
    }

    @Override
    public String getSummary() {
        return "Token";
    }

    @Override
    public Spec getSpec() {
        return m_spec;
    }

    @Override
    public JComponent[] getViews() {
        return new JComponent[0];
    }

    /** The spec, without content. */
    public static final class Spec extends AbstractSimplePortObjectSpec {

        /** For the serializer. */
        public Spec() {
            // nothing to set
        }

        @Override
        protected void save(final ModelContentWO model) {
            // nothing to save
        }

        @Override
        protected void load(final ModelContentRO model) throws InvalidSettingsException {
            // nothing to load
        }

        /** Registered in plugin.xml. */
        public static final class Serializer extends AbstractSimplePortObjectSpecSerializer<Spec> {
        }
    }

    /** Registered in plugin.xml. */
    public static final class Serializer extends PortObject.PortObjectSerializer<TokenPortObject> {

        @Override
        public void savePortObject(final TokenPortObject token, final PortObjectZipOutputStream out,
            final ExecutionMonitor exec) throws IOException {
            out.putNextEntry(new ZipEntry("note"));
            out.write(token.m_note.getBytes(StandardCharsets.UTF_8));
            out.closeEntry();
        }

        @Override
        public TokenPortObject loadPortObject(final PortObjectZipInputStream in, final PortObjectSpec spec,
            final ExecutionMonitor exec) throws IOException {
            in.getNextEntry();
            return new TokenPortObject((Spec)spec, new String(in.readAllBytes(), StandardCharsets.UTF_8));
        }
    }
}

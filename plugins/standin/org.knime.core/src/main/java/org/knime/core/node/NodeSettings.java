package org.knime.core.node;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

import org.knime.core.node.config.Config;
import org.knime.core.standin.config.ConfigXml;

/** A node's settings, a tree of typed values that is stored as XML. */
public final class NodeSettings extends Config implements NodeSettingsRO, NodeSettingsWO {

    /** @param key the name of the tree */
    public NodeSettings(final String key) {
        super(key);
    }

    @Override
    public NodeSettings getInstance(final String key) {
        return new NodeSettings(key);
    }

    @Override
    public NodeSettings getNodeSettings(final String key) throws InvalidSettingsException {
        return (NodeSettings)getConfigBase(key);
    }

    @Override
    public NodeSettings addNodeSettings(final String key) {
        return (NodeSettings)addConfigBase(key);
    }

    @Override
    public void addNodeSettings(final NodeSettings settings) {
        addEntry(settings);
    }

    /**
     * Reads a tree; closes the stream.
     *
     * @param in XML in KNIME's 2008/09 configuration format
     * @return the tree, named as in the XML
     * @throws IOException if reading fails or the XML is not of that format
     */
    public static NodeSettingsRO loadFromXML(final InputStream in) throws IOException {
        return (NodeSettings)ConfigXml.read(in, NodeSettings::new);
    }

    /**
     * Writes this tree; closes the stream.
     *
     * @param out where to
     * @throws IOException if writing fails
     */
    public void saveToXML(final OutputStream out) throws IOException {
        ConfigXml.write(this, out);
    }
}

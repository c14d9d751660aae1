package org.knime.core.node;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

import org.knime.core.node.config.Config;
import org.knime.core.standin.config.ConfigXml;

/** The content of a port object or spec, a tree of typed values that is stored as XML. */
public final class ModelContent extends Config implements ModelContentRO, ModelContentWO {

    /** @param key the name of the tree */
    public ModelContent(final String key) {
        super(key);
    }

    @Override
    public ModelContent getInstance(final String key) {
        return new ModelContent(key);
    }

    @Override
    public ModelContent getModelContent(final String key) throws InvalidSettingsException {
        return (ModelContent)getConfigBase(key);
    }

    @Override
    public ModelContent addModelContent(final String key) {
        return (ModelContent)addConfigBase(key);
    }

    /**
     * Reads a tree; closes the stream.
     *
     * @param in XML in KNIME's 2008/09 configuration format
     * @return the tree, named as in the XML
     * @throws IOException if reading fails or the XML is not of that format
     */
    public static ModelContentRO loadFromXML(final InputStream in) throws IOException {
        return (ModelContent)ConfigXml.read(in, ModelContent::new);
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

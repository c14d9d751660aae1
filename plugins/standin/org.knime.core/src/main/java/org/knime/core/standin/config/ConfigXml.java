package org.knime.core.standin.config;

import java.io.BufferedInputStream;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Function;

import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;

import org.knime.core.node.config.base.AbstractConfigEntry;
import org.knime.core.node.config.base.ConfigBase;
import org.knime.core.node.config.base.ConfigEntries;
import org.knime.core.node.config.base.ConfigValueEntry;

/** Settings trees as XML, in the format of {@code http://www.knime.org/2008/09/XMLConfig}. */
public final class ConfigXml {

    private static final String NAMESPACE = "http://www.knime.org/2008/09/XMLConfig";

    private ConfigXml() {
    }

    /**
     * Reads a tree and closes the stream. A document type is ignored, external entities are never loaded.
     *
     * @param in the XML
     * @param root makes the empty tree from the root's key
     * @return the tree
     * @throws IOException if reading fails or the XML is not of the format; the message names line and column
     */
    public static ConfigBase read(final InputStream in, final Function<String, ? extends ConfigBase> root)
        throws IOException {
        final XMLInputFactory factory = XMLInputFactory.newDefaultFactory();
        factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
        factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
        try (InputStream buffered = new BufferedInputStream(in)) {
            final XMLStreamReader xml = factory.createXMLStreamReader(buffered);
            try {
                return read(xml, root);
            } finally {
                xml.close();
            }
        } catch (XMLStreamException e) {
            throw new IOException("Not a KNIME settings file: " + e.getMessage(), e);
        }
    }

    private static ConfigBase read(final XMLStreamReader xml, final Function<String, ? extends ConfigBase> root)
        throws XMLStreamException, IOException {
        final Deque<ConfigBase> open = new ArrayDeque<>();
        ConfigBase result = null;
        boolean inEntry = false;
        while (xml.hasNext()) {
            final int event = xml.next();
            if (event == XMLStreamConstants.END_ELEMENT) {
                if (inEntry) {
                    inEntry = false;
                } else {
                    open.pop();
                }
            } else if (event == XMLStreamConstants.START_ELEMENT) {
                final String name = xml.getLocalName();
                if (inEntry || result == null && !name.equals("config")) {
                    throw error(xml, "unexpected element <" + name + ">");
                }
                final String key = attribute(xml, "key");
                if (name.equals("config")) {
                    final ConfigBase c = result == null ? root.apply(key) : open.element().addConfigBase(key);
                    result = result == null ? c : result;
                    open.push(c);
                } else if (name.equals("entry")) {
                    open.element().addEntry(entry(xml, key));
                    inEntry = true;
                } else {
                    throw error(xml, "unknown element <" + name + ">");
                }
            }
        }
        if (result == null) {
            throw error(xml, "no <config> element");
        }
        return result;
    }

    private static ConfigValueEntry entry(final XMLStreamReader xml, final String key) throws IOException {
        final String typeName = attribute(xml, "type");
        final String text = attribute(xml, "value");
        final boolean isNull = "true".equals(xml.getAttributeValue(null, "isnull"));
        try {
            final ConfigEntries type = ConfigEntries.valueOf(typeName);
            return ConfigValueEntry.parse(key, type, isNull ? null : ValueEscape.unescape(text));
        } catch (IllegalArgumentException e) {
            throw error(xml, "entry \"" + key + "\": \"" + text + "\" is no value of type " + typeName);
        }
    }

    private static String attribute(final XMLStreamReader xml, final String name) throws IOException {
        final String value = xml.getAttributeValue(null, name);
        if (value == null) {
            throw error(xml, "<" + xml.getLocalName() + "> has no attribute \"" + name + '"');
        }
        return name.equals("key") ? ValueEscape.unescape(value) : value;
    }

    private static IOException error(final XMLStreamReader xml, final String what) {
        return new IOException("Not a KNIME settings file, line " + xml.getLocation().getLineNumber() + ", column "
            + xml.getLocation().getColumnNumber() + ": " + what);
    }

    /**
     * Writes a tree and closes the stream.
     *
     * @param config the tree
     * @param out where to
     * @throws IOException if writing fails
     */
    public static void write(final ConfigBase config, final OutputStream out) throws IOException {
        try (Writer w = new BufferedWriter(new OutputStreamWriter(out, StandardCharsets.UTF_8))) {
            w.write("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
            w.write("<config xmlns=\"" + NAMESPACE + "\" xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\""
                + " xsi:schemaLocation=\"" + NAMESPACE + " http://www.knime.org/XMLConfig_2008_09.xsd\" key=\""
                + attributeText(config.getKey()) + "\">\n");
            for (final AbstractConfigEntry e : config.entries()) {
                write(e, w);
            }
            w.write("</config>\n");
        }
    }

    private static void write(final AbstractConfigEntry entry, final Writer w) throws IOException {
        final String key = attributeText(entry.getKey());
        if (entry instanceof ConfigBase c) {
            if (c.getChildCount() == 0) {
                w.write("<config key=\"" + key + "\"/>\n");
                return;
            }
            w.write("<config key=\"" + key + "\">\n");
            for (final AbstractConfigEntry e : c.entries()) {
                write(e, w);
            }
            w.write("</config>\n");
        } else if (entry.getType() != ConfigEntries.xtransientstring) {
            final String value = entry.toStringValue();
            w.write("<entry key=\"" + key + "\" type=\"" + entry.getType() + '"'
                + (value == null ? " isnull=\"true\" value=\"\"" : " value=\"" + attributeText(value) + '"') + "/>\n");
        }
    }

    private static String attributeText(final String s) {
        return ValueEscape.escape(s).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
            .replace("\"", "&quot;");
    }
}

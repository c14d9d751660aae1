package org.knime.node.standin;

import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.InvocationTargetException;
import java.util.ArrayList;
import java.util.List;

import javax.xml.XMLConstants;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;

import org.knime.core.node.NodeFactory;
import org.knime.core.node.NodeModel;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.SAXException;

/**
 * A node as a plugin.xml registers it at the extension point {@code org.knime.workbench.repository.nodes}. For tests
 * and documentation, which run without an extension registry.
 *
 * @param factoryClass the name of the factory class
 * @param categoryPath where the node is offered
 */
public record NodeRegistration(String factoryClass, String categoryPath) {

    private static final String POINT = "org.knime.workbench.repository.nodes";

    /**
     * @param pluginXml a plugin.xml; not closed
     * @return the nodes it registers, in its order
     * @throws IOException if it cannot be read or is not XML
     */
    public static List<NodeRegistration> read(final InputStream pluginXml) throws IOException {
        final NodeList extensions;
        try {
            final DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
            factory.setFeature(XMLConstants.FEATURE_SECURE_PROCESSING, true);
            extensions = factory.newDocumentBuilder().parse(pluginXml).getElementsByTagName("extension");
        } catch (SAXException e) {
            throw new IOException("The plugin.xml is not well-formed: " + e.getMessage(), e);
        } catch (ParserConfigurationException e) {
            throw new IllegalStateException("The XML parser of this Java cannot be set up.", e);
        }
        final List<NodeRegistration> registrations = new ArrayList<>();
        for (int i = 0; i < extensions.getLength(); i++) {
            final Element extension = (Element)extensions.item(i);
            if (POINT.equals(extension.getAttribute("point"))) {
                final NodeList nodes = extension.getElementsByTagName("node");
                for (int n = 0; n < nodes.getLength(); n++) {
                    final Element node = (Element)nodes.item(n);
                    registrations.add(new NodeRegistration(node.getAttribute("factory-class"),
                        node.getAttribute("category-path")));
                }
            }
        }
        return registrations;
    }

    /**
     * @param loader finds the class
     * @return a new factory
     * @throws IllegalStateException naming the class, if it is missing, is not a node factory, lacks a public
     *             constructor without arguments, or fails; KNIME would say {@code Node "…" not available} only
     */
    @SuppressWarnings("unchecked")
    public NodeFactory<NodeModel> createFactory(final ClassLoader loader) {
        try {
            return (NodeFactory<NodeModel>)Class.forName(factoryClass, true, loader).getConstructor().newInstance();
        } catch (InvocationTargetException e) {
            throw new IllegalStateException("The factory " + factoryClass + " fails: " + e.getCause(), e.getCause());
        } catch (ReflectiveOperationException | ClassCastException | LinkageError e) {
            throw new IllegalStateException("The factory " + factoryClass + " cannot be made: " + e, e);
        }
    }
}

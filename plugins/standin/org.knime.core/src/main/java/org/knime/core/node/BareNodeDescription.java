package org.knime.core.node;

import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;

import org.knime.core.node.NodeFactory.NodeType;
import org.w3c.dom.Document;
import org.w3c.dom.Element;

/** The description of a factory that gives none: the class name without "NodeFactory". */
final class BareNodeDescription extends NodeDescription {

    private final String m_name;

    BareNodeDescription(final Class<?> factoryClass) {
        m_name = factoryClass.getSimpleName().replaceFirst("NodeFactory\\d*$", "");
    }

    @Override
    public String getNodeName() {
        return m_name;
    }

    @Override
    public String getIconPath() {
        return null;
    }

    @Override
    public NodeType getType() {
        return NodeType.Unknown;
    }

    @Override
    public String getInportName(final int index) {
        return null;
    }

    @Override
    public String getInportDescription(final int index) {
        return null;
    }

    @Override
    public String getOutportName(final int index) {
        return null;
    }

    @Override
    public String getOutportDescription(final int index) {
        return null;
    }

    @Override
    public int getViewCount() {
        return 0;
    }

    @Override
    public String getViewName(final int index) {
        return null;
    }

    @Override
    public String getViewDescription(final int index) {
        return null;
    }

    @Override
    public Element getXMLDescription() {
        try {
            final Document doc = DocumentBuilderFactory.newInstance().newDocumentBuilder().newDocument();
            final Element node = doc.createElementNS("http://knime.org/node/v5.3", "knimeNode");
            final Element name = doc.createElementNS("http://knime.org/node/v5.3", "name");
            name.setTextContent(m_name);
            node.appendChild(name);
            return node;
        } catch (ParserConfigurationException e) {
            throw new IllegalStateException(e);
        }
    }
}

package org.knime.node.impl.description;

import java.util.List;

import org.knime.core.node.NodeDescription;
import org.knime.core.node.NodeFactory.NodeType;
import org.knime.node.impl.description.NodeDescriptionContent.Entry;
import org.w3c.dom.Document;
import org.w3c.dom.Element;

/** The description of a node that is described in code. */
public final class DefaultNodeDescription extends NodeDescription {

    private final NodeDescriptionContent m_content;

    private final Document m_document;

    /**
     * @param content what the description says
     * @param document the same as XML
     */
    public DefaultNodeDescription(final NodeDescriptionContent content, final Document document) {
        m_content = content;
        m_document = document;
    }

    @Override
    public String getNodeName() {
        return m_content.name();
    }

    @Override
    public String getIconPath() {
        return m_content.icon();
    }

    @Override
    public NodeType getType() {
        return m_content.type();
    }

    @Override
    public String getInportName(final int index) {
        return m_content.inputs().get(index).name();
    }

    @Override
    public String getInportDescription(final int index) {
        return m_content.inputs().get(index).description();
    }

    @Override
    public String getOutportName(final int index) {
        return m_content.outputs().get(index).name();
    }

    @Override
    public String getOutportDescription(final int index) {
        return m_content.outputs().get(index).description();
    }

    @Override
    public int getViewCount() {
        return m_content.views().size();
    }

    @Override
    public String getViewName(final int index) {
        return m_content.views().get(index).name();
    }

    @Override
    public String getViewDescription(final int index) {
        return m_content.views().get(index).description();
    }

    /** @return the options in the order of the dialog, those of the view last */
    public List<Entry> getOptions() {
        return m_content.options();
    }

    @Override
    public Element getXMLDescription() {
        return m_document.getDocumentElement();
    }
}

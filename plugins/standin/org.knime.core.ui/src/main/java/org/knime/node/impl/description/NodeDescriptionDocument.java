package org.knime.node.impl.description;

import java.util.List;

import org.knime.node.impl.description.NodeDescriptionContent.Entry;
import org.w3c.dom.Document;
import org.w3c.dom.Element;

/** Writes the description of a node as the XML that the schema Node_v5.3 describes. */
public final class NodeDescriptionDocument {

    /** The namespace of the elements. */
    public static final String NAMESPACE = "http://knime.org/node/v5.3";

    private final Document m_document = Markup.newDocumentBuilder().newDocument();

    private final String m_node;

    private NodeDescriptionDocument(final String node) {
        m_node = node;
    }

    /**
     * @param content what the description says
     * @return the document
     * @throws IllegalStateException if a text is missing, is not well-formed or has an element that is not allowed
     */
    public static Document of(final NodeDescriptionContent content) {
        return new NodeDescriptionDocument(content.name()).write(content);
    }

    private Document write(final NodeDescriptionContent content) {
        if (content.name() == null || content.name().isBlank()) {
            throw new IllegalStateException("The name of a node is missing.");
        }
        final Element root = m_document.createElementNS(NAMESPACE, "knimeNode");
        m_document.appendChild(root);
        root.setAttribute("icon", content.icon());
        root.setAttribute("type", content.type().name());
        append(root, "name").setTextContent(content.name());
        markup(append(root, "shortDescription"), content.shortDescription(), "short description", false);
        final Element full = append(root, "fullDescription");
        markup(append(full, "intro"), content.fullDescription(), "full description", true);
        options(full, content.options());
        for (final ExternalResource link : content.links()) {
            final Element element = append(full, "link");
            element.setAttribute("href", link.href());
            markup(element, link.description(), "description of the link " + link.href(), false);
        }
        final Element ports = append(root, "ports");
        indexed(ports, "inPort", content.inputs(), "input port");
        indexed(ports, "outPort", content.outputs(), "output port");
        if (!content.views().isEmpty()) {
            indexed(append(root, "views"), "view", content.views(), "view");
        }
        if (!content.keywords().isEmpty()) {
            final Element keywords = append(root, "keywords");
            content.keywords().forEach(keyword -> append(keywords, "keyword").setTextContent(keyword));
        }
        return m_document;
    }

    private void options(final Element full, final List<Entry> options) {
        if (options.isEmpty()) {
            return;
        }
        final Element tab = append(full, "tab");
        tab.setAttribute("name", "Options");
        for (final Entry option : options) {
            final Element element = append(tab, "option");
            element.setAttribute("name", option.name());
            markup(element, option.description(), "description of option \"" + option.name() + "\"", false);
        }
    }

    private void indexed(final Element parent, final String tag, final List<Entry> entries, final String what) {
        for (int i = 0; i < entries.size(); i++) {
            final Element element = append(parent, tag);
            element.setAttribute("index", Integer.toString(i));
            element.setAttribute("name", entries.get(i).name());
            markup(element, entries.get(i).description(),
                "description of " + what + " \"" + entries.get(i).name() + "\"", false);
        }
    }

    private Element append(final Element parent, final String tag) {
        final Element element = m_document.createElementNS(NAMESPACE, tag);
        parent.appendChild(element);
        return element;
    }

    private void markup(final Element parent, final String text, final String what, final boolean intro) {
        parent.appendChild(Markup.parse(m_document, text, what + " of node \"" + m_node + "\"", intro));
    }
}

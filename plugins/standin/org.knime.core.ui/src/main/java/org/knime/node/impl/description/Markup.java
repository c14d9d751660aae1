package org.knime.node.impl.description;

import java.io.IOException;
import java.io.StringReader;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import javax.xml.XMLConstants;
import javax.xml.parsers.DocumentBuilder;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;

import org.w3c.dom.Document;
import org.w3c.dom.DocumentFragment;
import org.w3c.dom.Element;
import org.w3c.dom.NamedNodeMap;
import org.w3c.dom.Node;
import org.xml.sax.ErrorHandler;
import org.xml.sax.InputSource;
import org.xml.sax.SAXException;
import org.xml.sax.SAXParseException;

/** The markup of node descriptions: well-formed, and only the elements the schema Node_v5.3 allows. */
final class Markup {

    /** Elements allowed in every description. */
    private static final Set<String> ANYWHERE = Set.of("p", "ul", "ol", "li", "dl", "dt", "dd", "hr", "pre", "a", "b",
        "i", "em", "u", "code", "tt", "s", "samp", "sup", "sub", "br");

    /** Elements allowed in the full description of a node as well. */
    private static final Set<String> IN_INTRO =
        Stream.concat(ANYWHERE.stream(), Stream.of("h3", "h4", "table", "tr", "th", "td"))
            .collect(Collectors.toUnmodifiableSet());

    private Markup() {
    }

    static DocumentBuilder newDocumentBuilder() {
        try {
            final DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
            factory.setNamespaceAware(true);
            factory.setFeature(XMLConstants.FEATURE_SECURE_PROCESSING, true);
            factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
            final DocumentBuilder builder = factory.newDocumentBuilder();
            builder.setErrorHandler(new Throwing());
            return builder;
        } catch (ParserConfigurationException e) {
            throw new IllegalStateException("The XML parser of this Java cannot be set up.", e);
        }
    }

    /**
     * @param markup the text
     * @param where what it describes, for messages
     * @param intro whether it is the full description of a node
     * @return the text's nodes, owned by the document
     * @throws IllegalStateException if it is not well-formed or has an element that is not allowed
     */
    static DocumentFragment parse(final Document document, final String markup, final String where,
        final boolean intro) {
        if (markup == null) {
            throw new IllegalStateException("The " + where + " is missing.");
        }
        final Element root;
        try {
            root = newDocumentBuilder().parse(new InputSource(new StringReader(
                "<x xmlns=\"" + NodeDescriptionDocument.NAMESPACE + "\">" + markup + "</x>"))).getDocumentElement();
        } catch (SAXException e) {
            throw new IllegalStateException(
                "The " + where + " is not well-formed XML: " + e.getMessage() + " Text: " + markup, e);
        } catch (IOException e) {
            throw new IllegalStateException("The " + where + " cannot be read.", e);
        }
        check(root, where, intro ? IN_INTRO : ANYWHERE);
        final DocumentFragment fragment = document.createDocumentFragment();
        for (Node child = root.getFirstChild(); child != null; child = child.getNextSibling()) {
            fragment.appendChild(document.importNode(child, true));
        }
        return fragment;
    }

    private static void check(final Node parent, final String where, final Set<String> allowed) {
        for (Node child = parent.getFirstChild(); child != null; child = child.getNextSibling()) {
            if (child instanceof Element element) {
                checkElement(element, where, allowed);
                check(element, where, allowed);
            }
        }
    }

    private static void checkElement(final Element element, final String where, final Set<String> allowed) {
        final String name = element.getLocalName();
        if (!allowed.contains(name)) {
            throw new IllegalStateException("The " + where + " has the element <" + name
                + ">, which node descriptions do not know. Allowed: "
                + allowed.stream().sorted().collect(Collectors.joining(" ")));
        }
        final NamedNodeMap attributes = element.getAttributes();
        for (int i = 0; i < attributes.getLength(); i++) {
            final String attribute = attributes.item(i).getNodeName();
            if (!"a".equals(name) || !"href".equals(attribute)) {
                throw new IllegalStateException("The " + where + " has the attribute \"" + attribute
                    + "\" at <" + name + ">; only <a href=\"…\"> takes an attribute.");
            }
        }
    }

    /** Keeps the parser from printing errors. */
    private static final class Throwing implements ErrorHandler {

        @Override
        public void warning(final SAXParseException e) throws SAXException {
            throw e;
        }

        @Override
        public void error(final SAXParseException e) throws SAXException {
            throw e;
        }

        @Override
        public void fatalError(final SAXParseException e) throws SAXException {
            throw e;
        }
    }
}

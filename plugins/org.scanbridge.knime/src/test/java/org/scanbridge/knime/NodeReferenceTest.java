package org.scanbridge.knime;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import javax.xml.transform.OutputKeys;
import javax.xml.transform.Transformer;
import javax.xml.transform.TransformerException;
import javax.xml.transform.TransformerFactory;
import javax.xml.transform.dom.DOMSource;
import javax.xml.transform.stream.StreamResult;

import org.junit.jupiter.api.Test;
import org.knime.core.node.NodeFactory;
import org.knime.core.standin.extension.ExtensionSource;
import org.knime.core.standin.run.NodeCatalog;
import org.w3c.dom.Element;
import org.w3c.dom.Node;
import org.w3c.dom.NodeList;

/**
 * The node reference in {@code docs/nodes.md} says what the nodes say of themselves. After a change of a node's texts, have
 * it written again with {@code -Dscanbridge.rewriteNodeReference=true}.
 */
class NodeReferenceTest {

    private static final Path REFERENCE = Path.of(System.getProperty("basedir", ".")).resolve("../../docs/nodes.md");

    private static final String BEGIN = """
            # Nodes

            What each node does, as its description in KNIME has it. This page is written by the build; change the nodes' own
            texts instead.
            """;

    @Test
    void isUpToDate() throws Exception {
        final String reference = reference();
        if (Boolean.getBoolean("scanbridge.rewriteNodeReference")) {
            Files.writeString(REFERENCE, reference);
        }
        assertEquals(reference, Files.readString(REFERENCE),
            "docs/nodes.md is not what the nodes say; run this test with -Dscanbridge.rewriteNodeReference=true");
    }

    private static String reference() throws Exception {
        final Map<String, List<NodeFactory<?>>> categories = new LinkedHashMap<>();
        for (final NodeCatalog.Node node : new NodeCatalog(ExtensionSource.installed()).nodes()) {
            if (node.factoryClass().startsWith("org.scanbridge.knime.")) {
                categories.computeIfAbsent(node.categoryPath(), c -> new ArrayList<>()).add(node.createFactory());
            }
        }
        final StringBuilder page = new StringBuilder(BEGIN);
        for (final Map.Entry<String, List<NodeFactory<?>>> category : categories.entrySet()) {
            page.append("\n## ").append(category.getKey()).append('\n');
            for (final NodeFactory<?> factory : category.getValue()) {
                node(page, factory.getNodeDescription().getXMLDescription());
            }
        }
        return page.toString();
    }

    private static void node(final StringBuilder page, final Element description) throws TransformerException {
        page.append("\n### ").append(child(description, "name").getTextContent().strip()).append("\n\n*")
            .append(inner(child(description, "shortDescription"))).append("*\n\n");
        page.append(inner(child(child(description, "fullDescription"), "intro"))).append("\n");
        rows(page, "Input", "name", description.getElementsByTagName("inPort"));
        rows(page, "Output", "name", description.getElementsByTagName("outPort"));
        rows(page, "Option", "name", description.getElementsByTagName("option"));
    }

    private static void rows(final StringBuilder page, final String title, final String attribute, final NodeList elements)
        throws TransformerException {
        if (elements.getLength() == 0) {
            return;
        }
        page.append("\n| ").append(title).append(" | |\n|---|---|\n");
        for (int n = 0; n < elements.getLength(); n++) {
            final Element element = (Element)elements.item(n);
            page.append("| **").append(element.getAttribute(attribute)).append("** | ")
                .append(inner(element).replace("|", "\\|")).append(" |\n");
        }
    }

    private static Element child(final Element parent, final String name) {
        return (Element)parent.getElementsByTagName(name).item(0);
    }

    /** The markup inside an element on one line, without the namespace that KNIME's schema puts on it. */
    private static String inner(final Element element) throws TransformerException {
        final Transformer transformer = TransformerFactory.newInstance().newTransformer();
        transformer.setOutputProperty(OutputKeys.OMIT_XML_DECLARATION, "yes");
        final StringWriter text = new StringWriter();
        for (Node child = element.getFirstChild(); child != null; child = child.getNextSibling()) {
            transformer.transform(new DOMSource(child), new StreamResult(text));
        }
        return text.toString().replaceAll(" xmlns(:\\w+)?=\"[^\"]*\"", "").replaceAll("\\s+", " ").strip();
    }
}

package org.knime.node.impl.description;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.StringWriter;
import java.util.List;
import java.util.Optional;

import javax.xml.transform.OutputKeys;
import javax.xml.transform.Transformer;
import javax.xml.transform.TransformerException;
import javax.xml.transform.TransformerFactory;
import javax.xml.transform.dom.DOMSource;
import javax.xml.transform.stream.StreamResult;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.knime.core.node.NodeFactory.NodeType;
import org.knime.node.impl.description.NodeDescriptionContent.Entry;
import org.knime.node.parameters.NodeParameters;
import org.knime.node.parameters.Widget;
import org.knime.node.parameters.array.ArrayWidget;
import org.knime.node.parameters.layout.After;
import org.knime.node.parameters.layout.Before;
import org.knime.node.parameters.layout.Layout;
import org.knime.node.parameters.layout.Section;
import org.knime.node.parameters.widget.choices.Label;
import org.w3c.dom.Document;

class NodeDescriptionDocumentTest {

    enum Method {
        @Label(value = "Z & score", description = "Mean 0, <i>σ</i> 1.")
        Z_SCORE, @Label("Min–max")
        MIN_MAX
    }

    static final class Group implements NodeParameters {
        @Widget(title = "Gamma", description = "The <b>exponent</b>.")
        double m_gamma;
    }

    static final class Parameters implements NodeParameters {

        @Section(title = "Last")
        @After(Middle.class)
        interface Last {
        }

        @Section(title = "Middle")
        interface Middle {
            interface Inner {
            }
        }

        @Section(title = "First")
        @Before(Middle.class)
        interface First {
        }

        @Layout(Last.class)
        @Widget(title = "In last", description = "l")
        int m_last;

        @Layout(Middle.Inner.class)
        @Widget(title = "In inner", description = "n")
        int m_inner;

        @Layout(Middle.class)
        @Widget(title = "Method", description = "How.")
        Method m_method = Method.Z_SCORE;

        @Layout(First.class)
        Group m_group = new Group();

        @Widget(title = "Without layout", description = "w")
        Optional<Double> m_clip = Optional.empty();

        int m_notShown;

        @Layout(Last.class)
        @Widget(title = "Rows", description = "r")
        @ArrayWidget
        Group[] m_rows = {};
    }

    private static NodeDescriptionContent content(final String fullDescription) {
        return new NodeDescriptionContent("Sample & Co", "icon.png", NodeType.Manipulator, "Does it.", fullDescription,
            WidgetOptions.of(Parameters.class), List.of(new ExternalResource("https://example.org/?a=1&b=2", "More")),
            List.of(new Entry("In", "rows")), List.of(new Entry("Out", "rows"), new Entry("Problems", "<i>bad</i>")),
            List.of(new Entry("Sample & Co", "Slices.")), List.of("MRI", "CT"));
    }

    private static String xml(final Document document) throws TransformerException {
        final Transformer transformer = TransformerFactory.newInstance().newTransformer();
        transformer.setOutputProperty(OutputKeys.OMIT_XML_DECLARATION, "yes");
        final StringWriter out = new StringWriter();
        transformer.transform(new DOMSource(document), new StreamResult(out));
        return out.toString();
    }

    @Test
    void writesTheElementsOfTheSchemaInOrder() throws TransformerException {
        assertEquals("<knimeNode icon=\"icon.png\" type=\"Manipulator\" xmlns=\"http://knime.org/node/v5.3\">"
            + "<name>Sample &amp; Co</name><shortDescription>Does it.</shortDescription>"
            + "<fullDescription><intro><h3>What</h3><p>All of it.</p></intro><tab name=\"Options\">"
            + "<option name=\"Without layout\">w</option>" + "<option name=\"Gamma\">The <b>exponent</b>.</option>"
            + "<option name=\"Method\">How.<ul><li><b>Z &amp; score</b>: Mean 0, <i>σ</i> 1.</li></ul></option>"
            + "<option name=\"In inner\">n</option><option name=\"In last\">l</option>"
            + "<option name=\"Rows\">r</option><option name=\"Gamma\">The <b>exponent</b>.</option></tab>"
            + "<link href=\"https://example.org/?a=1&amp;b=2\">More</link></fullDescription>"
            + "<ports><inPort index=\"0\" name=\"In\">rows</inPort><outPort index=\"0\" name=\"Out\">rows</outPort>"
            + "<outPort index=\"1\" name=\"Problems\"><i>bad</i></outPort></ports>"
            + "<views><view index=\"0\" name=\"Sample &amp; Co\">Slices.</view></views>"
            + "<keywords><keyword>MRI</keyword><keyword>CT</keyword></keywords></knimeNode>",
            xml(NodeDescriptionDocument.of(content("<h3>What</h3><p>All of it.</p>"))));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        a < b                     | is not well-formed XML
        R&D                       | is not well-formed XML
        <p>open                   | is not well-formed XML
        <br>                      | is not well-formed XML
        a&nbsp;b                  | is not well-formed XML
        <div>no</div>             | has the element <div>
        <p><span>no</span></p>    | has the element <span>
        <h2>no</h2>               | has the element <h2>
        <strong>no</strong>       | has the element <strong>
        <p style="x">no</p>       | has the attribute "style"
        """)
    void refusesMarkupThatKnimeDoesNotKnow(final String text, final String message) {
        final IllegalStateException e =
            assertThrows(IllegalStateException.class, () -> NodeDescriptionDocument.of(content(text)));
        assertTrue(e.getMessage().contains("full description of node \"Sample & Co\"")
            && e.getMessage().contains(message), e.getMessage());
    }

    @Test
    void headingsAndTablesBelongToTheFullDescriptionOnly() {
        final NodeDescriptionContent c = content("ok");
        final NodeDescriptionContent withHeading = new NodeDescriptionContent(c.name(), c.icon(), c.type(),
            c.shortDescription(), c.fullDescription(), List.of(new Entry("Opt", "<h3>no</h3>")), c.links(), c.inputs(),
            c.outputs(), c.views(), c.keywords());
        final IllegalStateException e =
            assertThrows(IllegalStateException.class, () -> NodeDescriptionDocument.of(withHeading));
        assertTrue(e.getMessage().startsWith("The description of option \"Opt\" of node \"Sample & Co\" has the element"),
            e.getMessage());
    }
}

package org.knime.node.standin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.knime.node.DefaultNode;
import org.knime.node.DefaultNodeFactory;
import org.knime.node.parameters.NodeParameters;
import org.knime.node.parameters.migration.LoadDefaultsForAbsentFields;

class NodeFactoryCheckTest {

    @LoadDefaultsForAbsentFields
    static final class Good implements NodeParameters {
        int m_n = 1;

        Inner[] m_inner = {new Inner()};
    }

    @LoadDefaultsForAbsentFields
    static final class Inner implements NodeParameters {
        double m_d = Double.NaN;
    }

    @LoadDefaultsForAbsentFields
    static final class Bad implements NodeParameters {
        Strict m_strict = new Strict();
    }

    static final class Strict implements NodeParameters {
        double m_d = 1;
    }

    /** A node as it should be. */
    public static final class GoodFactory extends DefaultNodeFactory {
        /** Found by reflection. */
        public GoodFactory() {
            super(node("/web/view.html", Good.class));
        }
    }

    /** A node with every problem the check knows. */
    public static final class BadFactory extends DefaultNodeFactory {
        /** Found by reflection. */
        public BadFactory() {
            super(node("none.png", Bad.class).addView(v -> v.withoutParameters().description("v")
                .page(p -> p.fromString(() -> "x").relativePath("x.html"))));
        }
    }

    /** A factory KNIME cannot make. */
    public static final class FailingFactory extends DefaultNodeFactory {
        /** Found by reflection. */
        public FailingFactory() {
            super(node("<", Good.class).keywords((String)null));
        }
    }

    private static DefaultNode node(final String icon, final Class<? extends NodeParameters> parameters) {
        return DefaultNode.create().name("n").icon(icon).shortDescription("s.").fullDescription("f.")
            .sinceVersion(5, 8, 0).ports(p -> p.addInputTable("i", "i"))
            .model(m -> m.parametersClass(parameters).configure((in, out) -> {
            }).execute((in, out) -> {
            }));
    }

    private static List<NodeRegistration> registrations(final Class<?>... factories) throws IOException {
        final StringBuilder xml = new StringBuilder("<?xml version=\"1.0\"?><?eclipse version=\"3.0\"?><plugin>"
            + "<extension point=\"org.knime.workbench.repository.categories\"><category name=\"c\"/></extension>"
            + "<extension point=\"org.knime.workbench.repository.nodes\">");
        for (final Class<?> factory : factories) {
            xml.append("<node factory-class=\"").append(factory.getName()).append("\" category-path=\"/community\"/>");
        }
        xml.append("</extension></plugin>");
        return NodeRegistration.read(new ByteArrayInputStream(xml.toString().getBytes(StandardCharsets.UTF_8)));
    }

    @Test
    void readsTheNodesOfAPluginXml() throws IOException {
        assertEquals(
            List.of(new NodeRegistration(GoodFactory.class.getName(), "/community"),
                new NodeRegistration(BadFactory.class.getName(), "/community")),
            registrations(GoodFactory.class, BadFactory.class));
    }

    @Test
    void findsNothingInAGoodNode() throws IOException {
        assertEquals(List.of(), NodeFactoryCheck
            .problems(registrations(GoodFactory.class).get(0).createFactory(getClass().getClassLoader())));
    }

    @Test
    void findsEveryProblemOfABadNode() throws IOException {
        final String factory = BadFactory.class.getName() + ": ";
        assertEquals(
            List.of(factory + "the icon \"none.png\" does not exist beside the factory class",
                factory + Strict.class.getName() + " lacks @LoadDefaultsForAbsentFields",
                factory + "the view has no initial data"),
            NodeFactoryCheck.problems(registrations(BadFactory.class).get(0).createFactory(getClass().getClassLoader())));
    }

    @Test
    void namesTheFactoryThatFails() throws IOException {
        final IllegalStateException e = assertThrows(IllegalStateException.class,
            () -> registrations(FailingFactory.class).get(0).createFactory(getClass().getClassLoader()));
        assertTrue(e.getMessage().startsWith("The factory " + FailingFactory.class.getName() + " fails"),
            e.getMessage());
        assertThrows(IllegalStateException.class,
            () -> new NodeRegistration("no.such.Factory", "/").createFactory(getClass().getClassLoader()));
    }
}

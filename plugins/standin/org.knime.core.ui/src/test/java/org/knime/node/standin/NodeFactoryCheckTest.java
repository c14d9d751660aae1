package org.knime.node.standin;

import static org.junit.jupiter.api.Assertions.assertEquals;

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
        /** Without anything to set. */
        public GoodFactory() {
            super(node("/web/view.html", Good.class));
        }
    }

    /** A node with every problem the check knows. */
    public static final class BadFactory extends DefaultNodeFactory {
        /** Without anything to set. */
        public BadFactory() {
            super(node("none.png", Bad.class).addView(v -> v.withoutParameters().description("v")
                .page(p -> p.fromString(() -> "x").relativePath("x.html").addResourceFromString(() -> "y", "y.css"))));
        }
    }

    private static DefaultNode node(final String icon, final Class<? extends NodeParameters> parameters) {
        return DefaultNode.create().name("n").icon(icon).shortDescription("s.").fullDescription("f.")
            .sinceVersion(5, 8, 0).ports(p -> p.addInputTable("i", "i"))
            .model(m -> m.parametersClass(parameters).configure((in, out) -> {
            }).execute((in, out) -> {
            }));
    }

    @Test
    void findsNothingInAGoodNode() {
        assertEquals(List.of(), NodeFactoryCheck.problems(new GoodFactory()));
    }

    @Test
    void findsEveryProblemOfABadNode() {
        final String factory = BadFactory.class.getName() + ": ";
        assertEquals(
            List.of(factory + "the icon \"none.png\" does not exist beside the factory class",
                factory + Strict.class.getName() + " lacks @LoadDefaultsForAbsentFields",
                factory + "the view has no initial data",
                factory + "the style sheet \"y.css\" of the view is served without a content type"),
            NodeFactoryCheck.problems(new BadFactory()));
    }
}

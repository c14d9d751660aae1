package org.knime.core.standin.run;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

import org.knime.core.node.NodeFactory;
import org.knime.core.standin.extension.Extension;
import org.knime.core.standin.extension.ExtensionSource;

/** The nodes and categories that extensions have registered. */
public final class NodeCatalog {

    private static final String NODES = "org.knime.workbench.repository.nodes";

    private static final String CATEGORIES = "org.knime.workbench.repository.categories";

    private static final String UNCATEGORIZED = "/uncategorized";

    private final Map<String, Node> m_nodes = new LinkedHashMap<>();

    /** @param extensions where the registrations come from */
    public NodeCatalog(final ExtensionSource extensions) {
        final TreeSet<String> categories = new TreeSet<>(List.of("/"));
        for (final Extension e : extensions.extensions(CATEGORIES)) {
            if (e.name().equals("category")) {
                final String path = e.required("path");
                categories.add((path.endsWith("/") ? path : path + "/") + e.required("level-id"));
            }
        }
        for (final Extension e : extensions.extensions(NODES)) {
            if (e.name().equals("node")) {
                final String path = e.required("category-path");
                m_nodes.putIfAbsent(e.required("factory-class"),
                    new Node(e, categories.contains(path) ? path : UNCATEGORIZED));
            }
        }
    }

    /** @return the nodes in the order of their registration */
    public List<Node> nodes() {
        return List.copyOf(m_nodes.values());
    }

    /** @return the node whose factory has that class name */
    public Optional<Node> find(final String factoryClass) {
        return Optional.ofNullable(m_nodes.get(factoryClass));
    }

    /**
     * A registered node.
     *
     * @param extension its registration
     * @param categoryPath where users find it; {@code /uncategorized} if its category does not exist
     */
    public record Node(Extension extension, String categoryPath) {

        /** @return the class name of the factory */
        public String factoryClass() {
            return extension.required("factory-class");
        }

        /** @return the symbolic name of the contributing bundle */
        public String bundle() {
            return extension.contributor();
        }

        /** @return whether the node is no longer offered */
        public boolean deprecated() {
            return Boolean.parseBoolean(extension.attribute("deprecated"));
        }

        /**
         * @return a new factory, with its description read
         * @throws ReflectiveOperationException if it cannot be made, with the cause that KNIME hides
         */
        public NodeFactory<?> createFactory() throws ReflectiveOperationException {
            try {
                final NodeFactory<?> factory = (NodeFactory<?>)extension.create("factory-class");
                factory.init();
                return factory;
            } catch (LinkageError | RuntimeException e) {
                throw new ReflectiveOperationException(factoryClass() + " cannot be instantiated: " + e, e);
            }
        }
    }
}

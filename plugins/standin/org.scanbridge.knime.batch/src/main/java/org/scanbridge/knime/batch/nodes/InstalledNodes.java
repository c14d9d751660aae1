package org.scanbridge.knime.batch.nodes;

import java.util.List;

import org.knime.core.node.NodeFactory;
import org.knime.core.node.port.PortTypeRegistry;
import org.knime.core.standin.extension.Extension;
import org.knime.core.standin.extension.ExtensionSource;
import org.scanbridge.knime.batch.workflow.NodeRecord;

/** The nodes that extensions contribute to {@code org.knime.workbench.repository.nodes}, found by factory class name. */
public final class InstalledNodes implements NodeProvider {

    private static final String POINT = "org.knime.workbench.repository.nodes";

    private static final String FACTORY = "factory-class";

    private final List<Extension> m_nodes;

    private final RunStorage m_storage;

    private final EdgeCopier m_copier;

    /**
     * @param extensions where the nodes are registered
     * @param types the registered port types
     * @param storage where the nodes keep what they create
     */
    public InstalledNodes(final ExtensionSource extensions, final PortTypeRegistry types, final RunStorage storage) {
        m_nodes = extensions.extensions(POINT).stream().filter(e -> e.name().equals("node")).toList();
        m_storage = storage;
        m_copier = new EdgeCopier(types, storage.fileStores());
    }

    @Override
    public HostedNode create(final NodeRecord record) throws NodeNotAvailableException {
        final Extension extension = m_nodes.stream().filter(e -> record.factory().equals(e.attribute(FACTORY)))
            .findFirst().orElseThrow(() -> notAvailable(record, "no installed extension registers its factory "
                + record.factory() + record.bundle().map(b -> "; it was part of \"" + b + "\"").orElse(""), null));
        try {
            return new ModelNode(record, (NodeFactory<?>)extension.create(FACTORY), m_storage, m_copier);
        } catch (ReflectiveOperationException | RuntimeException | LinkageError ex) {
            // KNIME hides the cause. It is nearly always a mistake in the factory, so it is told here.
            throw notAvailable(record, "its factory " + record.factory() + " fails: " + rootOf(ex), ex);
        }
    }

    private static NodeNotAvailableException notAvailable(final NodeRecord record, final String why,
        final Throwable cause) {
        return new NodeNotAvailableException(
            "Node \"" + record.name() + "\" not available (#" + record.id() + "): " + why, cause);
    }

    private static Throwable rootOf(final Throwable ex) {
        Throwable root = ex;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return root;
    }
}

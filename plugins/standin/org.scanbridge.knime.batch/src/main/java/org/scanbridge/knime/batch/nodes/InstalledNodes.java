package org.scanbridge.knime.batch.nodes;

import java.util.function.Consumer;

import org.knime.core.standin.extension.ExtensionSource;
import org.knime.core.standin.run.NodeCatalog;
import org.knime.core.standin.run.NodeHost;
import org.knime.core.standin.run.RunDirectory;
import org.scanbridge.knime.batch.workflow.NodeRecord;

/** Makes the nodes of a workflow from what extensions contribute. */
public final class InstalledNodes {

    private final NodeCatalog m_catalog;

    private final RunDirectory m_run;

    /**
     * @param extensions where the nodes are registered
     * @param run where the nodes keep what they create
     */
    public InstalledNodes(final ExtensionSource extensions, final RunDirectory run) {
        m_catalog = new NodeCatalog(extensions);
        m_run = run;
    }

    /**
     * @param record a node as stored
     * @param warnings gets warnings that the node itself does not make
     * @return the node with its default settings
     * @throws NodeNotAvailableException if nothing installed provides it, or its factory fails
     */
    public NodeHost create(final NodeRecord record, final Consumer<String> warnings) throws NodeNotAvailableException {
        final NodeCatalog.Node node = m_catalog.find(record.factory()).orElseThrow(() -> notAvailable(record,
            "no installed extension registers its factory " + record.factory()
                + record.bundle().map(b -> "; it was part of \"" + b + "\"").orElse(""), null));
        try {
            return new NodeHost(record.label(), node.createFactory(), m_run, warnings);
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

package org.knime.core.standin.extension;

import java.util.ArrayList;
import java.util.List;

import org.knime.core.data.DataValue;
import org.knime.core.data.renderer.DataValueRendererFactory;
import org.knime.core.node.NodeLogger;

/** The renderers that extensions have registered at {@code org.knime.core.DataValueRenderer}. */
public final class Renderers {

    private static final String POINT = "org.knime.core.DataValueRenderer";

    private static final NodeLogger LOGGER = NodeLogger.getLogger(Renderers.class);

    private final ExtensionSource m_extensions;

    /** @param extensions where the registrations come from */
    public Renderers(final ExtensionSource extensions) {
        m_extensions = extensions;
    }

    /** @return new factories of renderers for the value interface, suggested ones first; one that fails is logged */
    public List<DataValueRendererFactory> factories(final Class<? extends DataValue> valueClass) {
        final List<DataValueRendererFactory> result = new ArrayList<>();
        int suggested = 0;
        for (final Extension value : m_extensions.extensions(POINT)) {
            if (!value.name().equals("dataValue") || !value.required("valueClass").equals(valueClass.getName())) {
                continue;
            }
            for (final Extension r : value.children()) {
                try {
                    final DataValueRendererFactory f = (DataValueRendererFactory)r.create("rendererFactoryClass");
                    if (Boolean.parseBoolean(r.attribute("suggestAsDefault"))) {
                        result.add(suggested++, f);
                    } else {
                        result.add(f);
                    }
                } catch (ReflectiveOperationException | LinkageError | ClassCastException e) {
                    LOGGER.error("Could not create renderer factory '" + r.attribute("rendererFactoryClass")
                        + "' from plug-in '" + r.contributor() + "': " + e.getMessage(), e);
                }
            }
        }
        return result;
    }
}

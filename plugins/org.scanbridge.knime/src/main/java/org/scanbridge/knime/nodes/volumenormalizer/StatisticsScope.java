package org.scanbridge.knime.nodes.volumenormalizer;

import org.knime.node.parameters.widget.choices.Label;
import org.scanbridge.imaging.normalize.Scope;

/** Over which images statistics are taken. */
enum StatisticsScope {
        @Label(value = "Each image", description = "Every image by its own statistics.")
        PER_IMAGE(Scope.IMAGE, "each image"),

        @Label(value = "Each site", description = "One map per site.")
        PER_SITE(Scope.SITE, "each site"),

        @Label(value = "All images", description = "One map for everything. It changes the scale, but brings sites"
            + " no nearer to each other.")
        DATA_SET(Scope.DATA_SET, "all images");

    private final Scope m_scope;

    private final String m_text;

    StatisticsScope(final Scope scope, final String text) {
        m_scope = scope;
        m_text = text;
    }

    Scope scope() {
        return m_scope;
    }

    String text() {
        return m_text;
    }
}

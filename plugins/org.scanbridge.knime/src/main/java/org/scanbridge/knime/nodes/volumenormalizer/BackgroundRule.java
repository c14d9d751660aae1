package org.scanbridge.knime.nodes.volumenormalizer;

import org.knime.node.parameters.widget.choices.Label;
import org.scanbridge.imaging.normalize.Background;

/** What becomes of the voxels outside the foreground. */
enum BackgroundRule {
        @Label(value = "A constant", description = "They become the lower end of the new scale, 0 for most methods;"
            + " with a reference image, what its background is.")
        CONSTANT(Background.CONSTANT),

        @Label(value = "Mapped too", description = "They are mapped like the foreground. For images without a"
            + " background, such as CT.")
        MAPPED(Background.MAPPED);

    private final Background m_background;

    BackgroundRule(final Background background) {
        m_background = background;
    }

    Background background() {
        return m_background;
    }
}

package org.knime.core.data.renderer;

import java.awt.Component;
import java.awt.Dimension;

/** Shows a value in a table. */
public interface DataValueRenderer {

    /** @return what the user picks this renderer by */
    String getDescription();

    /** @return the size in pixels */
    Dimension getPreferredSize();

    /** @return a component that shows the value */
    Component getRendererComponent(Object val);
}

package org.knime.core.data.renderer;

import org.knime.core.data.DataColumnSpec;

/** Creates renderers; registered at {@code org.knime.core.DataValueRenderer}. */
public interface DataValueRendererFactory {

    /** @return what the user picks the renderer by */
    String getDescription();

    /** @return a technical name */
    String getId();

    /** @return a new renderer for the column */
    DataValueRenderer createRenderer(DataColumnSpec colSpec);
}

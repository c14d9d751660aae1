package org.knime.core.data.renderer;

import java.awt.Component;

import javax.swing.JComponent;

/** Paints a value. Headless use: set a size and paint into an image. */
public abstract class AbstractPainterDataValueRenderer extends JComponent implements DataValueRenderer {

    private static final long serialVersionUID = 1;

    /** Sets what is painted next; a missing cell is possible. */
    protected abstract void setValue(Object value);

    @Override
    public Component getRendererComponent(final Object val) {
        setValue(val);
        return this;
    }
}

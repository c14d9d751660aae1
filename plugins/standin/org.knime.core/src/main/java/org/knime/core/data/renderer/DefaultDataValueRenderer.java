package org.knime.core.data.renderer;

import java.awt.Component;

import javax.swing.JLabel;

/** Shows a value as text. */
public class DefaultDataValueRenderer extends JLabel implements DataValueRenderer {

    private static final long serialVersionUID = 1;

    private final String m_description;

    /** A renderer described as "Default". */
    public DefaultDataValueRenderer() {
        this("Default");
    }

    /** @param description what the user picks this renderer by */
    public DefaultDataValueRenderer(final String description) {
        m_description = description;
    }

    @Override
    public String getDescription() {
        return m_description;
    }

    /** Sets what is shown next. */
    protected void setValue(final Object value) {
        setText(value == null ? "" : value.toString());
    }

    @Override
    public Component getRendererComponent(final Object val) {
        setValue(val);
        return this;
    }
}

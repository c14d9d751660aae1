package org.knime.core.data.renderer;

/** A renderer factory whose id is its class name. */
public abstract class AbstractDataValueRendererFactory implements DataValueRendererFactory {

    @Override
    public String getId() {
        return getClass().getName();
    }
}

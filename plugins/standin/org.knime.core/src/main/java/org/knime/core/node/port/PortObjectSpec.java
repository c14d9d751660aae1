package org.knime.core.node.port;

import java.io.IOException;

import javax.swing.JComponent;

/** What is known about a port object before it exists. */
public interface PortObjectSpec {

    /** @return components showing the spec; may be null or empty, never called headless */
    JComponent[] getViews();

    /**
     * Writes and reads specs of one class; registered at the extension point {@code org.knime.core.PortType}.
     *
     * @param <T> the class of the specs
     */
    abstract class PortObjectSpecSerializer<T extends PortObjectSpec> {

        /** Writes the spec as zip entries. */
        public abstract void savePortObjectSpec(T portObjectSpec, PortObjectSpecZipOutputStream out) throws IOException;

        /** @return the spec that {@link #savePortObjectSpec} wrote */
        public abstract T loadPortObjectSpec(PortObjectSpecZipInputStream in) throws IOException;
    }
}

package org.knime.core.node.port;

import java.io.IOException;

import javax.swing.JComponent;

import org.knime.core.node.CanceledExecutionException;
import org.knime.core.node.ExecutionMonitor;

/** What travels along a connection. On every edge it is written and read again: only what its serializer keeps arrives. */
public interface PortObject {

    /** The type that accepts every port object. */
    PortType TYPE = PortType.GENERIC;

    /** @return one line about the object */
    String getSummary();

    /** @return the spec; the declared return type of the implementation tells the port type's spec class */
    PortObjectSpec getSpec();

    /** @return components showing the object; may be null or empty, never called headless */
    JComponent[] getViews();

    /**
     * Writes and reads objects of one class; registered at the extension point {@code org.knime.core.PortType}.
     *
     * @param <T> the class of the objects
     */
    abstract class PortObjectSerializer<T extends PortObject> {

        /** Writes the object as zip entries. */
        public abstract void savePortObject(T portObject, PortObjectZipOutputStream out, ExecutionMonitor exec)
            throws IOException, CanceledExecutionException;

        /** @return the object that {@link #savePortObject} wrote */
        public abstract T loadPortObject(PortObjectZipInputStream in, PortObjectSpec spec, ExecutionMonitor exec)
            throws IOException, CanceledExecutionException;
    }
}

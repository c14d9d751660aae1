package org.knime.core.node.port;

/** A node model that keeps port objects beside its output, for its view. */
public interface PortObjectHolder {

    /** @return the kept objects, or null if there are none */
    PortObject[] getInternalPortObjects();

    /** Hands over the objects again, for instance after a workflow was loaded. */
    void setInternalPortObjects(PortObject[] portObjects);
}

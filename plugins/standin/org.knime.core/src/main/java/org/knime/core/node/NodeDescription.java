package org.knime.core.node;

import org.knime.core.node.NodeFactory.NodeType;
import org.w3c.dom.Element;

/** What users read about a node. Indexes count from 0; texts may be null where a node gives none. */
public abstract class NodeDescription {

    /** @return the node's name */
    public abstract String getNodeName();

    /** @return the icon, relative to the factory class */
    public abstract String getIconPath();

    /** @return the kind of node */
    public abstract NodeType getType();

    /** @return the name of the input port */
    public abstract String getInportName(int index);

    /** @return the description of the input port */
    public abstract String getInportDescription(int index);

    /** @return the name of the output port */
    public abstract String getOutportName(int index);

    /** @return the description of the output port */
    public abstract String getOutportDescription(int index);

    /** @return the number of views */
    public abstract int getViewCount();

    /** @return the name of the view */
    public abstract String getViewName(int index);

    /** @return the description of the view */
    public abstract String getViewDescription(int index);

    /** @return the whole description, element {@code knimeNode} */
    public abstract Element getXMLDescription();

    /** @return whether the node is no longer offered */
    public boolean isDeprecated() {
        return false;
    }
}

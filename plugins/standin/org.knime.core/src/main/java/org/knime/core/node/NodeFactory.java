package org.knime.core.node;

import org.knime.core.standin.HostOnly;

/**
 * Creates the parts of a node. Named in plugin.xml; needs a public constructor without parameters.
 *
 * @param <T> the class of the model
 */
public abstract class NodeFactory<T extends NodeModel> {

    /** The kinds of nodes, which decide their color. */
    public enum NodeType {
        /** Reads data. */
        Source,
        /** Writes data. */
        Sink,
        /** Trains a model. */
        Learner,
        /** Applies a model. */
        Predictor,
        /** Changes data. */
        Manipulator,
        /** Shows data. */
        Visualizer,
        /** Shows or asks for something on a page. */
        Widget,
        /** A metanode. */
        Meta,
        /** Begins a loop. */
        LoopStart,
        /** Ends a loop. */
        LoopEnd,
        /** Begins a scope. */
        ScopeStart,
        /** Ends a scope. */
        ScopeEnd,
        /** Asks for something. */
        QuickForm,
        /** Asks for something in a component's dialog. */
        Configuration,
        /** Anything else. */
        Other,
        /** A node whose factory is not installed. */
        Missing,
        /** Not known. */
        Unknown,
        /** A component. */
        Subnode,
        /** Input of a component. */
        VirtualIn,
        /** Output of a component. */
        VirtualOut,
        /** Input or output of a workflow. */
        Container
    }

    private NodeDescription m_description;

    /** Reads the description at once. */
    protected NodeFactory() {
        this(false);
    }

    /** @param lazyInitialization whether the description is read by {@link #init()} only */
    protected NodeFactory(final boolean lazyInitialization) {
        if (!lazyInitialization) {
            init();
        }
    }

    /**
     * Reads the description. Factories that initialize lazily call it at the end of their constructor.
     *
     * @throws IllegalStateException if the description is malformed
     */
    public final synchronized void init() {
        if (m_description == null) {
            m_description = createNodeDescription();
        }
    }

    /** @return the description; factories without override have a bare one */
    protected NodeDescription createNodeDescription() {
        return new BareNodeDescription(getClass());
    }

    /** @return the description */
    @HostOnly
    public final NodeDescription getNodeDescription() {
        init();
        return m_description;
    }

    /** @return the node's name */
    public final String getNodeName() {
        return getNodeDescription().getNodeName();
    }

    /** @return the kind of node */
    public final NodeType getType() {
        return getNodeDescription().getType();
    }

    /** @return a new model */
    public abstract T createNodeModel();

    /** @return the number of Swing views */
    protected abstract int getNrNodeViews();

    /** @return a new Swing view; never called by the stand-in */
    public abstract NodeView<T> createNodeView(int viewIndex, T nodeModel);

    /** @return whether there is a dialog */
    protected abstract boolean hasDialog();

    /** @return a new Swing dialog; never called by the stand-in */
    protected abstract NodeDialogPane createNodeDialogPane();
}

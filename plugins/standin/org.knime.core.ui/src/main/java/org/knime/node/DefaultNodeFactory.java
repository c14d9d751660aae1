package org.knime.node;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import org.knime.core.node.NodeDescription;
import org.knime.core.node.NodeDialogPane;
import org.knime.core.node.NodeFactory;
import org.knime.core.node.NodeModel;
import org.knime.core.node.NodeView;
import org.knime.core.node.port.PortObjectHolder;
import org.knime.node.impl.description.DefaultNodeDescription;
import org.knime.node.impl.description.NodeDescriptionContent;
import org.knime.node.impl.description.NodeDescriptionContent.Entry;
import org.knime.node.impl.description.NodeDescriptionDocument;
import org.knime.node.impl.description.WidgetOptions;
import org.knime.node.parameters.NodeParameters;
import org.knime.node.standin.PageView;
import org.knime.node.standin.StandinNodeFactory;

/** The factory of a node that is described in code. A subclass has a public constructor without arguments. */
public abstract class DefaultNodeFactory extends NodeFactory<NodeModel> implements StandinNodeFactory {

    private final DefaultNode m_node;

    /**
     * @param node the node
     * @throws IllegalStateException if a description is missing, is not well-formed, or has an element that node
     *             descriptions do not know
     */
    protected DefaultNodeFactory(final DefaultNode node) {
        super(true);
        m_node = node;
        init();
    }

    @Override
    protected final NodeDescription createNodeDescription() {
        final NodeDescriptionContent content = content(m_node);
        return new DefaultNodeDescription(content, NodeDescriptionDocument.of(content));
    }

    private static NodeDescriptionContent content(final DefaultNode node) {
        final List<Entry> options = new ArrayList<>();
        node.model().parametersClass().map(WidgetOptions::of).ifPresent(options::addAll);
        node.view().flatMap(DefaultView::parametersClass).map(WidgetOptions::of).ifPresent(options::addAll);
        return new NodeDescriptionContent(node.name(), node.icon(), node.nodeType(), node.shortDescription(),
            node.fullDescription(), options, node.externalResources(), entries(node.ports().inputs()),
            entries(node.ports().outputs()),
            node.view().map(view -> List.of(new Entry(node.name(), view.description()))).orElse(List.of()),
            node.keywords());
    }

    private static List<Entry> entries(final List<NodePorts.Port> ports) {
        return ports.stream().map(port -> new Entry(port.name(), port.description())).toList();
    }

    @Override
    public final NodeModel createNodeModel() {
        return new DefaultNodeModel(m_node);
    }

    /** {@inheritDoc} None: the view is a page. */
    @Override
    protected final int getNrNodeViews() {
        return 0;
    }

    @Override
    public final NodeView<NodeModel> createNodeView(final int viewIndex, final NodeModel nodeModel) {
        throw new IllegalStateException("The node \"" + m_node.name() + "\" has no Swing view.");
    }

    /** {@inheritDoc} None: the dialog is made from the parameters' annotations, in KNIME's modern user interface. */
    @Override
    protected final boolean hasDialog() {
        return false;
    }

    @Override
    protected final NodeDialogPane createNodeDialogPane() {
        throw new IllegalStateException("The node \"" + m_node.name() + "\" has no Swing dialog.");
    }

    @Override
    public final Optional<Class<? extends NodeParameters>> getModelParametersClass() {
        return m_node.model().parametersClass();
    }

    @Override
    public final Optional<Class<? extends NodeParameters>> getViewParametersClass() {
        return m_node.view().flatMap(DefaultView::parametersClass);
    }

    @Override
    public final Optional<PageView> createView(final NodeModel model) {
        return m_node.view().map(view -> new DefaultNodeView(view, (PortObjectHolder)model));
    }
}

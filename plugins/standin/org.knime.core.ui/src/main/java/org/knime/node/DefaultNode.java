package org.knime.node;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

import org.knime.core.node.NodeFactory.NodeType;
import org.knime.node.DefaultModel.RequireModelParameters;
import org.knime.node.DefaultView.RequireViewParameters;
import org.knime.node.impl.description.ExternalResource;

/**
 * A node, described in code: {@code DefaultNode.create().name(..).icon(..).shortDescription(..).fullDescription(..)
 * .sinceVersion(5, 8, 0).ports(..).model(..)}, then the optional parts. Given to the constructor of a
 * {@link DefaultNodeFactory}.
 */
public final class DefaultNode {

    private final String m_name;

    private final String m_icon;

    private final String m_shortDescription;

    private final String m_fullDescription;

    private final NodePorts m_ports;

    private final DefaultModel m_model;

    private final List<String> m_keywords = new ArrayList<>();

    private final List<ExternalResource> m_externalResources = new ArrayList<>();

    private DefaultView m_view;

    private NodeType m_nodeType;

    private DefaultNode(final String name, final String icon, final String shortDescription,
        final String fullDescription, final NodePorts ports, final DefaultModel model) {
        m_name = name;
        m_icon = icon;
        m_shortDescription = shortDescription;
        m_fullDescription = fullDescription;
        m_ports = ports;
        m_model = model;
    }

    /** @return the first stage */
    public static RequireName create() {
        return name -> icon -> shortDescription -> fullDescription -> (major, minor,
            revision) -> ports -> model -> new DefaultNode(name, icon, shortDescription, fullDescription,
                NodePorts.of(ports), model.apply(DefaultModel.create()));
    }

    /**
     * @param view makes the view
     * @return this
     * @throws IllegalStateException if the node already has a view
     */
    public DefaultNode addView(final Function<RequireViewParameters, DefaultView> view) {
        if (m_view != null) {
            throw new IllegalStateException("The node \"" + m_name + "\" already has a view; one at most is supported.");
        }
        m_view = view.apply(DefaultView.create());
        return this;
    }

    /**
     * @param nodeType the type, which decides on the node's color; when not given, Source without inputs, Sink
     *            without outputs, Manipulator otherwise
     * @return this
     */
    public DefaultNode nodeType(final NodeType nodeType) {
        m_nodeType = nodeType;
        return this;
    }

    /**
     * @param keywords words that find the node and are not part of its name
     * @return this
     */
    public DefaultNode keywords(final String... keywords) {
        m_keywords.addAll(List.of(keywords));
        return this;
    }

    /**
     * @param href the address
     * @param description the text of the link
     * @return this
     */
    public DefaultNode addExternalResource(final String href, final String description) {
        m_externalResources.add(new ExternalResource(href, description));
        return this;
    }

    String name() {
        return m_name;
    }

    String icon() {
        return m_icon;
    }

    String shortDescription() {
        return m_shortDescription;
    }

    String fullDescription() {
        return m_fullDescription;
    }

    NodePorts ports() {
        return m_ports;
    }

    DefaultModel model() {
        return m_model;
    }

    Optional<DefaultView> view() {
        return Optional.ofNullable(m_view);
    }

    List<String> keywords() {
        return List.copyOf(m_keywords);
    }

    List<ExternalResource> externalResources() {
        return List.copyOf(m_externalResources);
    }

    NodeType nodeType() {
        if (m_nodeType != null) {
            return m_nodeType;
        }
        if (m_ports.inputs().isEmpty()) {
            return NodeType.Source;
        }
        return m_ports.outputs().isEmpty() ? NodeType.Sink : NodeType.Manipulator;
    }

    /** Asks for the name. */
    @FunctionalInterface
    public interface RequireName {

        /** @param name the name, plain text in title case */
        RequireIcon name(String name);
    }

    /** Asks for the icon. */
    @FunctionalInterface
    public interface RequireIcon {

        /** @param icon the path of a picture, relative to the factory class */
        RequireShortDescription icon(String icon);
    }

    /** Asks for the short description. */
    @FunctionalInterface
    public interface RequireShortDescription {

        /** @param shortDescription one sentence */
        RequireFullDescription shortDescription(String shortDescription);
    }

    /** Asks for the full description. */
    @FunctionalInterface
    public interface RequireFullDescription {

        /** @param fullDescription well-formed markup of node descriptions */
        RequireSinceVersion fullDescription(String fullDescription);
    }

    /** Asks for the version that first had the node. */
    @FunctionalInterface
    public interface RequireSinceVersion {

        /** Gives the KNIME version. */
        RequirePorts sinceVersion(int major, int minor, int revision);
    }

    /** Asks for what the node does. */
    @FunctionalInterface
    public interface RequireModel {

        /** @param model makes the model */
        DefaultNode model(Function<RequireModelParameters, DefaultModel> model);
    }
}

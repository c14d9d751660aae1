package org.knime.node.impl.description;

import java.util.List;

import org.knime.core.node.NodeFactory.NodeType;

/**
 * What the description of a node says. Texts are markup unless said otherwise.
 *
 * @param name the name, plain text
 * @param icon the path of the icon, relative to the factory class
 * @param type the type
 * @param shortDescription one sentence
 * @param fullDescription what the node does
 * @param options the options in the order of the dialog
 * @param links further reading
 * @param inputs the input ports in order
 * @param outputs the output ports in order
 * @param views the views in order
 * @param keywords words that find the node, plain text
 */
public record NodeDescriptionContent(String name, String icon, NodeType type, String shortDescription,
    String fullDescription, List<Entry> options, List<ExternalResource> links, List<Entry> inputs,
    List<Entry> outputs, List<Entry> views, List<String> keywords) {

    /**
     * An option, a port or a view.
     *
     * @param name its name, plain text
     * @param description markup
     */
    public record Entry(String name, String description) {
    }
}

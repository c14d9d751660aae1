package org.knime.node.impl.description;

/**
 * A link of a node description.
 *
 * @param href the address
 * @param description the text of the link, markup allowed
 */
public record ExternalResource(String href, String description) {
}

package org.knime.node.parameters.widget.choices;

/**
 * A choice of a field of type String.
 *
 * @param id what is stored
 * @param text what is shown
 */
public record StringChoice(String id, String text) {
}

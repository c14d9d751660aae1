package org.knime.node.parameters;

/** A class whose fields may carry {@link Widget}: node parameters and what is nested in them. */
public interface WidgetGroup {
}

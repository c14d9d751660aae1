package org.knime.node.parameters.updates;

/**
 * A name for the value of a field, bound to it by {@link ValueReference}.
 *
 * @param <T> the type of the field
 */
public interface ParameterReference<T> {
}

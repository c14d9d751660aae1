package org.knime.core.data;

/** A value with an order, for which tables keep the smallest and largest one. */
public interface BoundedValue extends DataValue {
}

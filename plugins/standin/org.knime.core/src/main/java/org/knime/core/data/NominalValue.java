package org.knime.core.data;

/** A value out of a limited set, which tables keep as the possible values of the column. */
public interface NominalValue extends DataValue {
}

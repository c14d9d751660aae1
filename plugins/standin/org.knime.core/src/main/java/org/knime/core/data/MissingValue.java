package org.knime.core.data;

/** A cell without a value. */
public interface MissingValue extends DataValue {

    /** @return why the value is missing, or null */
    String getError();
}

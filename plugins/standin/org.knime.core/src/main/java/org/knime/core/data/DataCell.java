package org.knime.core.data;

import java.io.Serializable;

/** One cell of a table. Immutable; what it can be read as is told by the {@link DataValue} interfaces it implements. */
public abstract class DataCell implements DataValue, Serializable {

    private static final long serialVersionUID = 1;

    /** @return the type of cells of this class */
    public final DataType getType() {
        return DataType.typeOf(this);
    }

    /** @return whether there is no value; always ask before casting to a value interface */
    public boolean isMissing() {
        return false;
    }

    @Override
    public abstract String toString();

    /**
     * @param dc a cell of the same class, neither null nor this
     * @return whether the values are equal
     */
    protected abstract boolean equalsDataCell(DataCell dc);

    @Override
    public final boolean equals(final Object o) {
        return this == o || o != null && o.getClass() == getClass() && equalsDataCell((DataCell)o);
    }

    @Override
    public abstract int hashCode();
}

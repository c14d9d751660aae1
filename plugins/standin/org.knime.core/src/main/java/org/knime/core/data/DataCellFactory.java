package org.knime.core.data;

/** Creates cells of one type. */
public interface DataCellFactory {

    /** @return the type of the cells */
    DataType getDataType();
}

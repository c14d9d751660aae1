package org.knime.core.data.collection;

import java.util.Iterator;

import org.knime.core.data.DataCell;
import org.knime.core.data.DataType;
import org.knime.core.data.DataValue;

/** Can be read as a collection of cells, which may be missing cells. */
public interface CollectionDataValue extends DataValue, Iterable<DataCell> {

    /** @return the common type of the elements */
    DataType getElementType();

    /** @return the number of elements */
    int size();

    @Override
    Iterator<DataCell> iterator();
}

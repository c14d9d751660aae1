package org.knime.core.data.collection;

import org.knime.core.data.DataCell;

/** Can be read as a list of cells. */
public interface ListDataValue extends CollectionDataValue {

    /** @return the element at the index, counted from 0 */
    DataCell get(int index);
}

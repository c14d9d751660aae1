package org.knime.core.data.collection;

import java.util.Collection;

import org.knime.core.data.DataCell;

/** Creates collection cells. */
public final class CollectionCellFactory {

    private CollectionCellFactory() {
    }

    /** @return a list of the cells, none of which may be null */
    public static ListCell createListCell(final Collection<? extends DataCell> cells) {
        return new ListCell(cells);
    }
}

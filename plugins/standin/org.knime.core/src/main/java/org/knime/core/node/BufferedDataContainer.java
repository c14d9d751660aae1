package org.knime.core.node;

import org.knime.core.data.DataTableSpec;
import org.knime.core.data.container.DataContainer;
import org.knime.core.standin.table.TableSpace;

/** Collects the rows of a table that a node puts out. */
public class BufferedDataContainer extends DataContainer {

    BufferedDataContainer(final DataTableSpec spec, final boolean initDomain, final TableSpace space) {
        super(spec, initDomain, space);
    }

    /**
     * @return the table; after {@link #close()}
     * @throws IllegalStateException if the container is still open
     */
    @Override
    public BufferedDataTable getTable() {
        return new BufferedDataTable(finalSpec(), finalRows());
    }
}

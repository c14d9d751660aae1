package org.knime.core.standin.run;

import java.util.Objects;

import org.knime.core.standin.filestore.NodeFileStores;
import org.knime.core.standin.table.TableSpace;

/**
 * Where one execution of a node keeps what it creates.
 *
 * @param tables the rows of its tables
 * @param fileStores its file stores
 */
public record NodeRun(TableSpace tables, NodeFileStores fileStores) {

    /** Both are needed. */
    public NodeRun {
        Objects.requireNonNull(tables, "tables");
        Objects.requireNonNull(fileStores, "fileStores");
    }
}

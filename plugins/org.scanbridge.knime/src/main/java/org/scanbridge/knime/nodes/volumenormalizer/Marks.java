package org.scanbridge.knime.nodes.volumenormalizer;

import org.knime.node.parameters.updates.ParameterReference;
import org.scanbridge.knime.util.KnownValues;
import org.scanbridge.knime.util.StudyTable;

/** Offers what rows are marked with. */
final class Marks extends KnownValues {

    Marks() {
        super(Column.class, StudyTable.ROLE);
    }

    /** Bound to the setting that chooses the column. */
    static final class Column implements ParameterReference<String> {
    }
}

package org.scanbridge.knime.nodes.segmentationscorer;

import java.util.List;

import org.knime.core.data.DataCell;
import org.knime.core.data.DataColumnSpec;
import org.knime.core.data.DataColumnSpecCreator;
import org.knime.core.data.DataType;
import org.knime.core.data.def.StringCell;
import org.scanbridge.knime.util.Columns;
import org.scanbridge.knime.util.StudyTable;

/**
 * What a row of a summary sums up.
 *
 * @param site name of the site
 * @param domain {@code source} or {@code target}
 * @param role what its subjects were used for
 * @param model name of the model
 */
record ScoreGroup(String site, String domain, String role, String model) {

    /** The columns of {@link #cells()}. */
    static List<DataColumnSpec> columns() {
        return List.of(column(StudyTable.SITE, StringCell.TYPE), column("Domain", StringCell.TYPE),
            column(StudyTable.ROLE, StringCell.TYPE), column("Model", StringCell.TYPE));
    }

    static DataColumnSpec column(final String name, final DataType type) {
        return new DataColumnSpecCreator(name, type).createSpec();
    }

    List<DataCell> cells() {
        return List.of(Columns.text(site), Columns.text(domain), Columns.text(role), Columns.text(model));
    }
}

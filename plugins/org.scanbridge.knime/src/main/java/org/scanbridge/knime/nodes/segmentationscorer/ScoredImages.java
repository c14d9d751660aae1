package org.scanbridge.knime.nodes.segmentationscorer;

import java.util.ArrayList;
import java.util.List;

import org.knime.core.data.DataColumnSpecCreator;
import org.knime.core.data.DataRow;
import org.knime.core.data.DataTableSpec;
import org.knime.core.data.RowKey;
import org.knime.core.data.def.DefaultRow;
import org.knime.core.data.def.StringCell;
import org.knime.core.node.BufferedDataContainer;
import org.knime.core.node.BufferedDataTable;
import org.knime.core.node.ExecutionContext;
import org.knime.node.DefaultView.ViewInput;
import org.scanbridge.knime.util.Columns;
import org.scanbridge.knime.view.ImageViewer;

/**
 * What the scorer's view needs to show the images behind a score.
 *
 * @param start the rows and columns of the scored table
 * @param subjects for each row its subject, as the scores name it
 * @param reference the column that the models are compared with; empty if there are no rows
 */
record ScoredImages(ImageViewer.Start start, List<String> subjects, String reference) {

    /** Which internal tables of the node hold the images and what is said about them here. */
    static final int IMAGES = 2;

    private static final int SUBJECTS = 3;

    private static final DataTableSpec SPEC =
        new DataTableSpec(new DataColumnSpecCreator("Subject", StringCell.TYPE).createSpec(),
            new DataColumnSpecCreator("Reference", StringCell.TYPE).createSpec());

    /** What the execution leaves for the view beside the scored table: which columns were chosen is known only then. */
    static BufferedDataTable table(final BufferedDataTable scored, final ScoredColumns columns, final String reference,
        final ExecutionContext exec) {
        final BufferedDataContainer container = exec.createDataContainer(SPEC);
        for (final DataRow row : scored) {
            container.addRowToTable(new DefaultRow(RowKey.createRowKey(container.size()),
                new StringCell(columns.study().row(row).subject()), new StringCell(reference)));
        }
        container.close();
        return container.getTable();
    }

    static ScoredImages of(final ViewInput input) {
        final List<String> subjects = new ArrayList<>();
        String reference = "";
        for (final DataRow row : input.getInternalTables()[SUBJECTS]) {
            subjects.add(Columns.text(row, 0));
            reference = Columns.text(row, 1);
        }
        return new ScoredImages(ImageViewer.start(input, IMAGES, i -> 0), subjects, reference);
    }
}

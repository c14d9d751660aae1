package org.scanbridge.knime.nodes.trainingplanner;

import org.knime.core.data.DataCell;
import org.knime.core.data.DataColumnSpec;
import org.knime.core.data.DataColumnSpecCreator;
import org.knime.core.data.DataTableSpec;
import org.knime.core.data.DataType;
import org.knime.core.data.RowKey;
import org.knime.core.data.def.BooleanCell;
import org.knime.core.data.def.DefaultRow;
import org.knime.core.data.def.DoubleCell;
import org.knime.core.data.def.IntCell;
import org.knime.core.data.def.StringCell;
import org.knime.core.node.BufferedDataContainer;
import org.knime.core.node.BufferedDataTable;
import org.knime.core.node.ExecutionContext;
import org.scanbridge.learning.plan.TrainingPlan;
import org.scanbridge.learning.plan.TrainingPlan.Augmentation;
import org.scanbridge.learning.plan.TrainingPlan.Normalization;

/** The plan for machines: one row whose cells are what the settings of the nodes are stored as. */
final class SettingsTable {

    static final DataTableSpec SPEC = new DataTableSpec(column("axes", StringCell.TYPE), column("spacing_i", DoubleCell.TYPE),
        column("spacing_j", DoubleCell.TYPE), column("spacing_k", DoubleCell.TYPE), column("normalization", StringCell.TYPE),
        column("normalization_scope", StringCell.TYPE), column("foreground_share", DoubleCell.TYPE),
        column("steps", IntCell.TYPE), column("batch", IntCell.TYPE), column("validation_interval", IntCell.TYPE),
        column("mirror", BooleanCell.TYPE), column("augment", BooleanCell.TYPE), column("scans", StringCell.TYPE),
        column("seconds_per_step", DoubleCell.TYPE));

    private SettingsTable() {
    }

    private static DataColumnSpec column(final String name, final DataType type) {
        return new DataColumnSpecCreator(name, type).createSpec();
    }

    static BufferedDataTable of(final TrainingPlan plan, final ExecutionContext exec) {
        final boolean z = plan.normalization() == Normalization.Z_SCORE;
        final BufferedDataContainer rows = exec.createDataContainer(SPEC);
        rows.addRowToTable(new DefaultRow(RowKey.createRowKey(0L),
            new DataCell[]{new StringCell(plan.lpsAxes() ? "LPS" : "KEEP"), new DoubleCell(plan.spacing().get(0)),
                new DoubleCell(plan.spacing().get(1)), new DoubleCell(plan.spacing().get(2)),
                new StringCell(z ? "Z_SCORE" : "CLIPPED_Z_SCORE"), new StringCell(z ? "PER_IMAGE" : "DATA_SET"),
                new DoubleCell(plan.foregroundShare()), new IntCell(plan.steps()), new IntCell(plan.batch()),
                new IntCell(plan.validationInterval()), BooleanCell.get(plan.mirror()),
                BooleanCell.get(plan.augmentation() != Augmentation.NONE),
                new StringCell(plan.augmentation() == Augmentation.OTHER_SCANNERS ? "OTHER_SCANNERS" : "SAME_KIND"),
                new DoubleCell(plan.secondsPerStep())}));
        rows.close();
        return rows.getTable();
    }
}

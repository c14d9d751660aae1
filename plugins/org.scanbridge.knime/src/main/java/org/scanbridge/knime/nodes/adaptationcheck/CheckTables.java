package org.scanbridge.knime.nodes.adaptationcheck;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;

import org.knime.core.data.DataCell;
import org.knime.core.data.DataColumnSpec;
import org.knime.core.data.DataColumnSpecCreator;
import org.knime.core.data.DataTableSpec;
import org.knime.core.data.DataType;
import org.knime.core.data.def.DoubleCell;
import org.knime.core.data.def.IntCell;
import org.knime.core.data.def.StringCell;
import org.scanbridge.knime.util.Columns;
import org.scanbridge.knime.util.StudyTable;
import org.scanbridge.learning.check.Evidence;
import org.scanbridge.learning.check.StructureVerdict;

/** The outputs of the Adaptation Check. */
final class CheckTables {

    private CheckTables() {
    }

    private static DataColumnSpec column(final String name, final DataType type) {
        return new DataColumnSpecCreator(name, type).createSpec();
    }

    /** @param compared whether there is a network before the adaptation */
    static DataTableSpec verdicts(final boolean compared) {
        final List<DataColumnSpec> columns = new ArrayList<>(List.of(column("Image row", StringCell.TYPE),
            column(StudyTable.SUBJECT, StringCell.TYPE), column(StudyTable.SITE, StringCell.TYPE),
            column("Class", StringCell.TYPE), column("Predicted Dice", DoubleCell.TYPE), column("Low", DoubleCell.TYPE),
            column("High", DoubleCell.TYPE), column("Dice on Labeled Images", DoubleCell.TYPE),
            column("Verdict", StringCell.TYPE), column("Reason", StringCell.TYPE)));
        if (compared) {
            columns.add(column("Predicted Dice before", DoubleCell.TYPE));
        }
        for (final Evidence evidence : Evidence.values()) {
            columns.add(column("Evidence: " + evidence.title(), DoubleCell.TYPE));
        }
        return new DataTableSpec(columns.toArray(DataColumnSpec[]::new));
    }

    /** @param compared whether there is a network before the adaptation */
    static DataTableSpec sites(final boolean compared) {
        final List<DataColumnSpec> columns = new ArrayList<>(List.of(column(StudyTable.SITE, StringCell.TYPE),
            column("Images", IntCell.TYPE), column("Predicted Dice", DoubleCell.TYPE),
            column("Dice on Labeled Images", DoubleCell.TYPE), column("Probably worse", IntCell.TYPE),
            column("Perhaps worse", IntCell.TYPE)));
        if (compared) {
            columns.add(column("Predicted Dice before", DoubleCell.TYPE));
            columns.add(column("Adaptation", StringCell.TYPE));
        }
        columns.add(column("Images to look at", IntCell.TYPE));
        return new DataTableSpec(columns.toArray(DataColumnSpec[]::new));
    }

    /**
     * A row of the verdicts.
     *
     * @param before what is predicted of the network before the adaptation; empty if there is none
     */
    static DataCell[] cells(final String row, final String subject, final String site, final StructureVerdict verdict,
        final OptionalDouble before, final boolean compared) {
        final List<DataCell> cells = new ArrayList<>(List.of(new StringCell(row), Columns.text(subject), Columns.text(site),
            new StringCell(verdict.structure()), Columns.number(verdict.estimate().dice()),
            Columns.number(verdict.estimate().low()), Columns.number(verdict.estimate().high()),
            Columns.number(verdict.sourceDice()), new StringCell(verdict.verdict().kind().words()),
            Columns.text(verdict.verdict().reason())));
        if (compared) {
            cells.add(Columns.number(before));
        }
        for (final Evidence evidence : Evidence.values()) {
            final Double value = verdict.evidence().get(evidence);
            cells.add(Columns.number(value == null ? OptionalDouble.empty() : OptionalDouble.of(value)));
        }
        return cells.toArray(DataCell[]::new);
    }
}

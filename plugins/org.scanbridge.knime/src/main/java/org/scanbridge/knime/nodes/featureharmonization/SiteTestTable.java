package org.scanbridge.knime.nodes.featureharmonization;

import java.util.Arrays;
import java.util.List;
import java.util.OptionalDouble;
import java.util.stream.IntStream;

import org.knime.core.data.DataColumnSpec;
import org.knime.core.data.DataColumnSpecCreator;
import org.knime.core.data.DataTableSpec;
import org.knime.core.data.DataType;
import org.knime.core.data.RowKey;
import org.knime.core.data.def.DefaultRow;
import org.knime.core.data.def.DoubleCell;
import org.knime.core.data.def.IntCell;
import org.knime.core.data.def.StringCell;
import org.knime.core.node.BufferedDataContainer;
import org.knime.core.node.BufferedDataTable;
import org.knime.core.node.ExecutionContext;
import org.scanbridge.imaging.ImagingException;
import org.scanbridge.imaging.Progress;
import org.scanbridge.imaging.harmonize.ComBat;
import org.scanbridge.imaging.harmonize.FeatureRows;
import org.scanbridge.knime.util.Columns;
import org.scanbridge.learning.LearningException;
import org.scanbridge.learning.study.SiteClassification;

/** Whether sites can be told by the features, as a table. */
final class SiteTestTable {

    static final DataTableSpec SPEC = new DataTableSpec(column("Features", StringCell.TYPE), column("Rows", IntCell.TYPE),
        column("Sites", IntCell.TYPE), column("Accuracy", DoubleCell.TYPE), column("Chance", DoubleCell.TYPE),
        column("Mean of permutations", DoubleCell.TYPE), column("p-value", DoubleCell.TYPE), column("Permutations", IntCell.TYPE),
        column("Remark", StringCell.TYPE));

    private final FeatureHarmonizationParameters m_parameters;

    private final FeatureRows m_rows;

    private final List<String> m_subjects;

    private final String m_remark;

    private final BufferedDataContainer m_table;

    /**
     * @param rows complete ones
     * @param subjects of the rows
     * @param remark on all tests; may be empty
     */
    SiteTestTable(final FeatureHarmonizationParameters parameters, final FeatureRows rows, final List<String> subjects,
        final String remark, final ExecutionContext exec) {
        m_parameters = parameters;
        m_rows = rows;
        m_subjects = subjects;
        m_remark = remark;
        m_table = exec.createDataContainer(SPEC);
    }

    private static DataColumnSpec column(final String name, final DataType type) {
        return new DataColumnSpecCreator(name, type).createSpec();
    }

    /**
     * The tests.
     *
     * @param harmonized the rows' harmonized features
     * @param refit whether the harmonization learned from the same rows, so that one without the tested ones is to be tried, too
     */
    void run(final double[][] harmonized, final boolean refit, final Progress progress) {
        final double share = refit ? 1.0 / 3 : 0.5;
        test("original", training -> m_rows.values(), progress.part(0, share));
        test("harmonized", training -> harmonized, progress.part(share, 2 * share));
        if (refit) {
            final ComBat combat = new ComBat(m_parameters.priors(), m_parameters.reference());
            test("harmonized by other folds", training -> combat.fit(m_rows.rows(training)).apply(m_rows),
                progress.part(2 * share, 1));
        }
    }

    private void test(final String what, final SiteClassification.Features features, final Progress progress) {
        try {
            final SiteClassification.Outcome outcome =
                new SiteClassification(m_rows.sites(), m_subjects, m_parameters.m_folds, m_parameters.m_seed).of(features,
                    m_parameters.m_permutations, progress);
            add(what, OptionalDouble.of(outcome.accuracy()), OptionalDouble.of(outcome.chance()), known(outcome.permuted()),
                known(outcome.p()), m_remark);
        } catch (final ImagingException | LearningException e) {
            final OptionalDouble none = OptionalDouble.empty();
            add(what, none, none, none, none, e.getMessage());
        }
    }

    private static OptionalDouble known(final double value) {
        return Double.isNaN(value) ? OptionalDouble.empty() : OptionalDouble.of(value);
    }

    private void add(final String what, final OptionalDouble accuracy, final OptionalDouble chance, final OptionalDouble permuted,
        final OptionalDouble p, final String remark) {
        m_table.addRowToTable(new DefaultRow(RowKey.createRowKey(m_table.size()), new StringCell(what),
            new IntCell(m_rows.values().length), new IntCell((int)m_rows.sites().stream().distinct().count()),
            Columns.number(accuracy), Columns.number(chance), Columns.number(permuted), Columns.number(p),
            new IntCell(accuracy.isPresent() ? m_parameters.m_permutations : 0), Columns.text(remark)));
    }

    /** Complete rows of a table's. */
    static int[] complete(final double[][] values) {
        return IntStream.range(0, values.length)
            .filter(r -> Arrays.stream(values[r]).allMatch(Double::isFinite)).toArray();
    }

    BufferedDataTable close() {
        m_table.close();
        return m_table.getTable();
    }
}

package org.scanbridge.knime.nodes.segmentationscorer;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;

import org.knime.core.data.DataCell;
import org.knime.core.data.DataColumnSpec;
import org.knime.core.data.DataTableSpec;
import org.knime.core.data.RowKey;
import org.knime.core.data.def.DefaultRow;
import org.knime.core.data.def.DoubleCell;
import org.knime.core.data.def.IntCell;
import org.knime.core.data.def.StringCell;
import org.knime.core.node.BufferedDataContainer;
import org.knime.core.node.BufferedDataTable;
import org.knime.core.node.ExecutionContext;
import org.scanbridge.imaging.stats.BlandAltman;
import org.scanbridge.imaging.stats.IntraclassCorrelation;
import org.scanbridge.knime.util.Columns;
import org.scanbridge.knime.util.StudyTable;

/**
 * The scorer's fifth table: how well a model's volumes agree with the reference volumes over subjects, per site and over
 * all sites.
 */
final class AgreementTable {

    /** The site of the rows over all sites. */
    static final String ALL_SITES = "all sites";

    static final DataTableSpec SPEC = spec();

    /** Subjects whose volumes are compared: of one site or of all, of one role, by one model, of one class. */
    private record Cohort(boolean allSites, String site, String role, String model, String className) {
    }

    /** Sums over the images of one subject. */
    private static final class Volumes {

        private double m_predicted;

        private double m_reference;

        private int m_images;
    }

    private final Map<Cohort, Map<List<String>, Volumes>> m_cohorts = new LinkedHashMap<>();

    private static DataTableSpec spec() {
        final List<DataColumnSpec> columns = new ArrayList<>();
        for (final String text : List.of(StudyTable.SITE, StudyTable.ROLE, "Model", "Class")) {
            columns.add(ScoreGroup.column(text, StringCell.TYPE));
        }
        columns.add(ScoreGroup.column("Subjects", IntCell.TYPE));
        for (final String number : List.of("ICC(1,1)", "ICC(2,1)", "ICC(3,1)", "Mean Difference (ml)",
            "SD of Differences (ml)", "Limit of Agreement Low (ml)", "Limit of Agreement High (ml)")) {
            columns.add(ScoreGroup.column(number, DoubleCell.TYPE));
        }
        return new DataTableSpec(columns.toArray(DataColumnSpec[]::new));
    }

    void add(final String subject, final ScoreGroup group, final String className, final ClassScore score) {
        for (final boolean all : new boolean[]{false, true}) {
            final Cohort cohort =
                new Cohort(all, all ? ALL_SITES : group.site(), group.role(), group.model(), className);
            // Two sites may well have a subject of the same name.
            final Volumes volumes = m_cohorts.computeIfAbsent(cohort, s -> new LinkedHashMap<>())
                .computeIfAbsent(List.of(group.site(), subject), s -> new Volumes());
            volumes.m_predicted += score.volume();
            volumes.m_reference += score.referenceVolume();
            volumes.m_images++;
        }
    }

    BufferedDataTable create(final ExecutionContext exec) {
        final BufferedDataContainer rows = exec.createDataContainer(SPEC);
        final long sites = m_cohorts.keySet().stream().filter(c -> !c.allSites()).map(Cohort::site).distinct().count();
        m_cohorts.forEach((cohort, subjects) -> {
            if (!cohort.allSites()) {
                add(rows, cohort, subjects);
            }
        });
        m_cohorts.forEach((cohort, subjects) -> {
            if (cohort.allSites() && sites > 1) {
                add(rows, cohort, subjects);
            }
        });
        rows.close();
        return rows.getTable();
    }

    private static void add(final BufferedDataContainer rows, final Cohort cohort,
        final Map<List<String>, Volumes> subjects) {
        final List<DataCell> cells = new ArrayList<>();
        for (final String text : List.of(cohort.site(), cohort.role(), cohort.model(), cohort.className())) {
            cells.add(Columns.text(text));
        }
        cells.add(new IntCell(subjects.size()));
        agreement(subjects.values().stream().map(v -> new double[]{v.m_predicted / v.m_images, v.m_reference / v.m_images})
            .toArray(double[][]::new)).forEach(number -> cells.add(Columns.number(number)));
        rows.addRowToTable(new DefaultRow(RowKey.createRowKey(rows.size()), cells.toArray(DataCell[]::new)));
    }

    /** All missing for fewer than two subjects, which cannot vary. */
    private static List<OptionalDouble> agreement(final double[][] volumes) {
        final List<OptionalDouble> numbers = new ArrayList<>();
        if (volumes.length < 2) {
            for (int n = 0; n < 7; n++) {
                numbers.add(OptionalDouble.empty());
            }
            return numbers;
        }
        final IntraclassCorrelation icc = new IntraclassCorrelation(volumes);
        final double[] predicted = new double[volumes.length];
        final double[] reference = new double[volumes.length];
        for (int s = 0; s < volumes.length; s++) {
            predicted[s] = volumes[s][0];
            reference[s] = volumes[s][1];
        }
        final BlandAltman differences = BlandAltman.of(predicted, reference);
        numbers.addAll(List.of(icc.oneWay(), icc.agreement(), icc.consistency()));
        for (final double number : new double[]{differences.meanDifference(), differences.standardDeviation(),
            differences.lower(), differences.upper()}) {
            numbers.add(OptionalDouble.of(number));
        }
        return numbers;
    }
}

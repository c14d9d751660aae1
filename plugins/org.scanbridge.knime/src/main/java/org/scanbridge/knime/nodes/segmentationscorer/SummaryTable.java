package org.scanbridge.knime.nodes.segmentationscorer;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;

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
import org.scanbridge.knime.util.Columns;
import org.scanbridge.knime.util.StudyTable;
import org.scanbridge.learning.report.GapClosure;
import org.scanbridge.learning.report.ReportModel.ModelRoles;
import org.scanbridge.learning.report.ScoreRow;

/** The scorer's second table: means over subjects, per site, role, model and class or region. */
final class SummaryTable {

    /** The class of the rows that hold the mean over classes. */
    static final String ALL_CLASSES = "mean of classes";

    static final DataTableSpec SPEC = spec();

    private SummaryTable() {
    }

    private static DataTableSpec spec() {
        final List<DataColumnSpec> columns = new ArrayList<>(ScoreGroup.columns());
        columns.add(ScoreGroup.column("Class", StringCell.TYPE));
        columns.add(ScoreGroup.column("Subjects", IntCell.TYPE));
        for (final String number : List.of("Mean Dice", "SD Dice", "Gap Closure", "Gap Closure Low",
            "Gap Closure High")) {
            columns.add(ScoreGroup.column(number, DoubleCell.TYPE));
        }
        return new DataTableSpec(columns.toArray(DataColumnSpec[]::new));
    }

    /** Groups come in the order in which they first occur. */
    static BufferedDataTable create(final List<ScoredClass> scored, final ModelRoles models,
        final ExecutionContext exec) {
        final Map<ScoreGroup, Map<String, Map<String, List<Double>>>> groups = new LinkedHashMap<>();
        final Set<String> regions = new HashSet<>();
        for (final ScoredClass each : scored) {
            final ScoreRow row = each.row();
            if (each.region()) {
                regions.add(row.className());
            }
            final Map<String, Map<String, List<Double>>> classes = groups.computeIfAbsent(
                new ScoreGroup(row.site(), row.domain(), row.role(), row.model()), g -> new LinkedHashMap<>());
            final Map<String, List<Double>> bySubject =
                classes.computeIfAbsent(row.className(), c -> new LinkedHashMap<>());
            row.dice().ifPresent(
                dice -> bySubject.computeIfAbsent(row.subject(), s -> new ArrayList<>()).add(dice));
        }
        final List<GapClosure> closures = GapClosure.of(
            scored.stream().filter(s -> !s.region()).map(ScoredClass::row).toList(), models);
        final BufferedDataContainer rows = exec.createDataContainer(SPEC);
        groups.forEach((group, classes) -> {
            classes.forEach((name, dice) -> add(rows, group, name, means(dice), Optional.empty()));
            add(rows, group, ALL_CLASSES, means(allClasses(classes, regions)), closure(group, closures, models));
        });
        rows.close();
        return rows.getTable();
    }

    private static Optional<GapClosure> closure(final ScoreGroup group, final List<GapClosure> closures,
        final ModelRoles models) {
        return group.model().equals(models.adapted()) && group.role().equals(StudyTable.TEST)
            && group.domain().equals(StudyTable.TARGET)
                ? closures.stream().filter(c -> c.site().equals(group.site())).findFirst() : Optional.empty();
    }

    /** By subject, the values of all classes that have a Dice. */
    private static Map<String, List<Double>> allClasses(final Map<String, Map<String, List<Double>>> classes,
        final Set<String> regions) {
        final Map<String, List<Double>> bySubject = new LinkedHashMap<>();
        classes.forEach((name, dice) -> {
            if (!regions.contains(name)) {
                dice.forEach(
                    (subject, values) -> bySubject.computeIfAbsent(subject, s -> new ArrayList<>()).addAll(values));
            }
        });
        return bySubject;
    }

    /** One value per subject, so that a subject with several series counts once. */
    private static List<Double> means(final Map<String, List<Double>> bySubject) {
        return bySubject.values().stream().map(values -> mean(values).getAsDouble()).toList();
    }

    private static void add(final BufferedDataContainer rows, final ScoreGroup group, final String className,
        final List<Double> dice, final Optional<GapClosure> closure) {
        rows.addRowToTable(new DefaultRow(RowKey.createRowKey(rows.size()), Columns.text(group.site()),
            Columns.text(group.domain()), Columns.text(group.role()), Columns.text(group.model()),
            Columns.text(className), new IntCell(dice.size()), Columns.number(mean(dice)),
            Columns.number(standardDeviation(dice)),
            Columns.number(closure.map(GapClosure::closure).orElse(OptionalDouble.empty())),
            Columns.number(closure.map(GapClosure::low).orElse(OptionalDouble.empty())),
            Columns.number(closure.map(GapClosure::high).orElse(OptionalDouble.empty()))));
    }

    private static OptionalDouble mean(final List<Double> values) {
        return values.stream().mapToDouble(Double::doubleValue).average();
    }

    /** Of the sample (n - 1); empty for fewer than two values. */
    private static OptionalDouble standardDeviation(final List<Double> values) {
        if (values.size() < 2) {
            return OptionalDouble.empty();
        }
        final double mean = mean(values).getAsDouble();
        final double squares = values.stream().mapToDouble(v -> (v - mean) * (v - mean)).sum();
        return OptionalDouble.of(Math.sqrt(squares / (values.size() - 1)));
    }
}

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
import org.scanbridge.imaging.Progress;
import org.scanbridge.imaging.stats.ScoreSummary;
import org.scanbridge.knime.nodes.segmentationscorer.Score.Level;
import org.scanbridge.knime.util.Columns;

/**
 * The scorer's third table: each score over the subjects of a site. A subject counts once, with the mean of its images.
 */
final class StatisticsTable {

    /** The class of the rows whose score is one of all classes together. */
    static final String TOGETHER = "all classes";

    static final DataTableSpec SPEC = spec();

    private final List<Score> m_scores;

    private final long m_seed;

    private final BufferedDataContainer m_rows;

    private StatisticsTable(final List<Score> scores, final long seed, final ExecutionContext exec) {
        m_scores = scores;
        m_seed = seed;
        m_rows = exec.createDataContainer(SPEC);
    }

    private static DataTableSpec spec() {
        final List<DataColumnSpec> columns = new ArrayList<>(ScoreGroup.columns());
        columns.add(ScoreGroup.column("Class", StringCell.TYPE));
        columns.add(ScoreGroup.column("Score", StringCell.TYPE));
        columns.add(ScoreGroup.column("Subjects", IntCell.TYPE));
        columns.add(ScoreGroup.column("Missing", IntCell.TYPE));
        for (final String number : List.of("Mean", "SD", "Median", "CI Low", "CI High")) {
            columns.add(ScoreGroup.column(number, DoubleCell.TYPE));
        }
        return new DataTableSpec(columns.toArray(DataColumnSpec[]::new));
    }

    /**
     * @param rows all scores; groups come in the order in which they first occur
     * @param scores what the values of a row are
     * @param seed of the bootstrap
     */
    static BufferedDataTable create(final List<ScoredClass> rows, final List<Score> scores, final long seed,
        final ExecutionContext exec, final Progress progress) {
        final Map<ScoreGroup, Map<String, List<ScoredClass>>> groups = new LinkedHashMap<>();
        for (final ScoredClass row : rows) {
            groups.computeIfAbsent(row.group(), g -> new LinkedHashMap<>())
                .computeIfAbsent(row.row().className(), c -> new ArrayList<>()).add(row);
        }
        final StatisticsTable table = new StatisticsTable(scores, seed, exec);
        int done = 0;
        for (final Map.Entry<ScoreGroup, Map<String, List<ScoredClass>>> group : groups.entrySet()) {
            final Progress part = progress.part((double)done / groups.size(), (done + 1.0) / groups.size());
            table.add(group.getKey(), group.getValue(), part);
            done++;
        }
        table.m_rows.close();
        return table.m_rows.getTable();
    }

    private void add(final ScoreGroup group, final Map<String, List<ScoredClass>> classes, final Progress progress) {
        // a voxel of a region has counted in its class already
        final List<ScoredClass> all =
            classes.values().stream().flatMap(List::stream).filter(row -> !row.region()).toList();
        for (int s = 0; s < m_scores.size(); s++) {
            final Score score = m_scores.get(s);
            final int index = s;
            progress.report((double)s / m_scores.size(), "Summarizing " + score.title());
            if (score.level() != Level.IMAGE) {
                classes.forEach((name, rows) -> add(group, name, score, bySubject(rows, index)));
            }
            if (score.level() != Level.CLASS) {
                add(group, score.level() == Level.IMAGE ? TOGETHER : SummaryTable.ALL_CLASSES, score,
                    bySubject(all, index));
            }
        }
    }

    /** One value per subject: the mean of those that are there. */
    private static List<OptionalDouble> bySubject(final List<ScoredClass> rows, final int score) {
        final Map<String, List<OptionalDouble>> subjects = new LinkedHashMap<>();
        for (final ScoredClass row : rows) {
            subjects.computeIfAbsent(row.row().subject(), s -> new ArrayList<>()).add(row.values().get(score));
        }
        return subjects.values().stream()
            .map(values -> values.stream().flatMapToDouble(OptionalDouble::stream).average()).toList();
    }

    private void add(final ScoreGroup group, final String className, final Score score,
        final List<OptionalDouble> subjects) {
        final ScoreSummary summary = ScoreSummary.of(subjects, m_seed);
        final List<DataCell> cells = new ArrayList<>(group.cells());
        cells.add(Columns.text(className));
        cells.add(new StringCell(score.title()));
        cells.add(new IntCell(summary.count()));
        cells.add(new IntCell(summary.missing()));
        for (final OptionalDouble number : List.of(summary.mean(), summary.standardDeviation(), summary.median(),
            summary.lower(), summary.upper())) {
            cells.add(Columns.number(number));
        }
        m_rows.addRowToTable(new DefaultRow(RowKey.createRowKey(m_rows.size()), cells.toArray(DataCell[]::new)));
    }
}

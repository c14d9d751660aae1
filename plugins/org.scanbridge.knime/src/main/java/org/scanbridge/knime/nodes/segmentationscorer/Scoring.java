package org.scanbridge.knime.nodes.segmentationscorer;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;

import org.knime.core.data.DataCell;
import org.knime.core.data.DataRow;
import org.knime.core.node.BufferedDataTable;
import org.knime.core.node.ExecutionContext;
import org.knime.core.node.InvalidSettingsException;
import org.knime.core.node.KNIMEException;
import org.knime.node.DefaultModel.ExecuteOutput;
import org.scanbridge.imaging.Progress;
import org.scanbridge.imaging.volume.LabelSet;
import org.scanbridge.imaging.volume.LabelVolume;
import org.scanbridge.knime.data.LabelVolumeValue;
import org.scanbridge.knime.util.ClassNames;
import org.scanbridge.knime.util.KnimeProgress;
import org.scanbridge.knime.util.SourceSite;
import org.scanbridge.knime.util.StudyRow;
import org.scanbridge.learning.report.ScoreRow;

/** One execution of the Segmentation Scorer. */
final class Scoring {

    /** How much of the progress is looking for the classes. */
    private static final double CLASSES = 0.2;

    private final SegmentationScorerParameters m_parameters;

    private final BufferedDataTable m_table;

    private final ScoredColumns m_columns;

    private final SortedSet<Integer> m_classes = new TreeSet<>();

    private final Set<String> m_sites = new TreeSet<>();

    private long m_unlabeled;

    private long m_unpredicted;

    Scoring(final SegmentationScorerParameters parameters, final BufferedDataTable table)
        throws InvalidSettingsException {
        m_parameters = parameters;
        m_table = table;
        m_columns = new ScoredColumns(parameters, table.getDataTableSpec());
    }

    /** Fills both output tables. */
    void run(final ExecutionContext exec, final ExecuteOutput out) throws InvalidSettingsException, KNIMEException {
        final Progress progress = new KnimeProgress(exec);
        final ScoreTable scores = new ScoreTable(exec);
        final List<ScoreRow> rows = new ArrayList<>();
        if (m_table.size() > 0) {
            final LabelSet labels = collectClasses(progress.part(0, CLASSES));
            final String source = SourceSite.of(m_parameters.m_sourceSite, m_sites);
            score(labels, source, scores, rows, progress.part(CLASSES, 1));
            if (rows.isEmpty()) {
                throw new KNIMEException("No row has both a reference in column \"" + m_parameters.m_referenceColumn
                    + "\" and a segmentation of a model, so there is nothing to score. Choose another reference"
                    + " column, or connect labeled images.");
            }
        }
        out.setOutData(0, scores.close());
        out.setOutData(1, SummaryTable.create(rows, m_parameters.models(), exec));
        final String warning = warning();
        if (!warning.isEmpty()) {
            out.setWarningMessage(warning);
        }
    }

    /** The classes are those of all references together: a subject may well lack one. */
    private LabelSet collectClasses(final Progress progress) {
        final ClassNames names = new ClassNames();
        long seen = 0;
        for (final DataRow row : m_table) {
            progress.report((double)seen++ / m_table.size(), "Looking for classes in row " + seen);
            final StudyRow study = m_columns.study().row(row);
            m_sites.add(study.site());
            if (study.segmentation().isPresent()) {
                final LabelVolumeValue reference = study.segmentation().get();
                names.add(reference.labels(), "the reference of " + study.name());
                m_classes.addAll(values(reference.labelVolume()));
            }
            for (final int column : m_columns.models().values()) {
                if (!row.getCell(column).isMissing()) {
                    names.add(((LabelVolumeValue)row.getCell(column)).labels(), "column \""
                        + m_table.getDataTableSpec().getColumnSpec(column).getName() + "\" of " + study.name());
                }
            }
        }
        m_classes.addAll(names.labels().names().keySet());
        return names.labels();
    }

    private void score(final LabelSet labels, final String source, final ScoreTable scores, final List<ScoreRow> rows,
        final Progress progress) throws KNIMEException {
        long seen = 0;
        for (final DataRow row : m_table) {
            progress.report((double)seen++ / m_table.size(), "Scoring row " + seen + " of " + m_table.size());
            final StudyRow study = m_columns.study().row(row);
            if (study.segmentation().isEmpty()) {
                m_unlabeled++;
                continue;
            }
            final LabelVolume reference = study.segmentation().get().labelVolume();
            for (final var model : m_columns.models().entrySet()) {
                final DataCell cell = row.getCell(model.getValue());
                if (cell.isMissing()) {
                    m_unpredicted++;
                    continue;
                }
                final LabelVolume prediction = ((LabelVolumeValue)cell).labelVolume();
                requireKnownClasses(prediction, labels, model.getKey(), study);
                for (final int label : m_classes) {
                    final ScoreRow names = new ScoreRow(study.subject(), study.site(), m_columns.role(row),
                        SourceSite.domain(study.site(), source), model.getKey(), labels.name(label),
                        OptionalDouble.empty());
                    final ClassScore score =
                        ClassScore.of(names, prediction, reference, label, m_parameters.m_surfaceDistances);
                    scores.add(score);
                    rows.add(score.row());
                }
            }
        }
    }

    private void requireKnownClasses(final LabelVolume prediction, final LabelSet labels, final String model,
        final StudyRow row) throws KNIMEException {
        final SortedSet<Integer> unknown = values(prediction);
        unknown.removeAll(m_classes);
        if (!unknown.isEmpty()) {
            throw new KNIMEException("Column \"" + model + "\" of " + row.name() + " holds label value "
                + unknown.first() + ", which is no class of the references (" + classes(labels) + "). Use a model"
                + " trained on the same classes, or choose another reference column.");
        }
    }

    private String classes(final LabelSet labels) {
        return String.join(", ", m_classes.stream().map(c -> c + " " + labels.name(c)).toList());
    }

    /** The label values that occur, without the background. */
    private static SortedSet<Integer> values(final LabelVolume segmentation) {
        final boolean[] occurs = new boolean[256];
        for (final byte value : segmentation.voxels()) {
            occurs[value & 0xff] = true;
        }
        final SortedSet<Integer> values = new TreeSet<>();
        for (int value = 1; value < occurs.length; value++) {
            if (occurs[value]) {
                values.add(value);
            }
        }
        return values;
    }

    private String warning() {
        if (m_table.size() == 0) {
            return "The input table has no rows; nothing was scored.";
        }
        final List<String> warnings = new ArrayList<>();
        if (m_unlabeled > 0) {
            warnings.add(m_unlabeled + " of " + m_table.size() + " rows have no reference and were left out.");
        }
        if (m_unpredicted > 0) {
            warnings.add(m_unpredicted + " segmentations of models are missing and were left out.");
        }
        return String.join(" ", warnings);
    }
}

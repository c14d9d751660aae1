package org.scanbridge.knime.nodes.segmentationscorer;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

import org.knime.core.data.DataCell;
import org.knime.core.data.DataRow;
import org.knime.core.node.BufferedDataTable;
import org.knime.core.node.ExecutionContext;
import org.knime.core.node.InvalidSettingsException;
import org.knime.core.node.KNIMEException;
import org.knime.core.node.port.PortObject;
import org.knime.node.DefaultModel.ExecuteOutput;
import org.scanbridge.imaging.Progress;
import org.scanbridge.imaging.labels.IgnoredVoxels;
import org.scanbridge.imaging.labels.Region;
import org.scanbridge.imaging.metrics.OverlapMetric;
import org.scanbridge.imaging.volume.LabelSet;
import org.scanbridge.imaging.volume.LabelVolume;
import org.scanbridge.knime.data.LabelVolumeValue;
import org.scanbridge.knime.util.ClassList;
import org.scanbridge.knime.util.ClassNames;
import org.scanbridge.knime.util.HeapNeed;
import org.scanbridge.knime.util.KnimeProgress;
import org.scanbridge.knime.util.NotAnnotated;
import org.scanbridge.knime.util.NodeMemory;
import org.scanbridge.knime.util.RegionParameters;
import org.scanbridge.knime.util.SourceSite;
import org.scanbridge.knime.util.StudyRow;
import org.scanbridge.learning.report.ScoreRow;

import net.imglib2.parallel.TaskExecutor;
import net.imglib2.parallel.TaskExecutors;

/** One execution of the Segmentation Scorer. */
final class Scoring {

    /** How much of the progress is looking for the classes. */
    private static final double CLASSES = 0.2;

    /** Where the scores are done and the statistics begin. */
    private static final double STATISTICS = 0.95;

    private final SegmentationScorerParameters m_parameters;

    private final BufferedDataTable m_table;

    private final ScoredColumns m_columns;

    private final ScoreOptions m_options;

    private final ScoredMaps m_maps;

    private final List<Score> m_scores;

    private final List<ScoredClass> m_rows = new ArrayList<>();

    private final AgreementTable m_agreement = new AgreementTable();

    private final SortedSet<Integer> m_classes = new TreeSet<>();

    private final Set<String> m_sites = new TreeSet<>();

    /** Classes that models found and no reference has. */
    private final SortedSet<Integer> m_onlyPredicted = new TreeSet<>();

    /** Label values by which references mark what is not annotated. */
    private final SortedSet<Integer> m_marks = new TreeSet<>();

    private final NotAnnotated m_notAnnotated;

    private LabelSet m_labels = LabelSet.of();

    private List<Region> m_regions = List.of();

    /** As they were given, which names of columns may have. */
    private List<String> m_regionNames = List.of();

    private long m_unlabeled;

    private long m_unpredicted;

    Scoring(final SegmentationScorerParameters parameters, final BufferedDataTable table)
        throws InvalidSettingsException {
        m_parameters = parameters;
        m_table = table;
        m_columns = new ScoredColumns(parameters, table.getDataTableSpec());
        m_options = parameters.options();
        m_maps = new ScoredMaps(m_options.areas(), table.getDataTableSpec(), m_columns.models().keySet());
        m_scores = Score.of(m_options);
        m_notAnnotated = NotAnnotated.of(parameters.m_notAnnotated);
    }

    /** Fills the output tables. */
    void run(final ExecutionContext exec, final ExecuteOutput out) throws InvalidSettingsException, KNIMEException {
        HeapNeed.ofRows(m_table, this::bytes).require();
        final Progress progress = new KnimeProgress(exec);
        final ScoreTable table = new ScoreTable(m_scores, m_parameters.hasRegions(), exec);
        ConfusionTable confusion = new ConfusionTable(List.of());
        LabelSet labels = LabelSet.of();
        if (m_table.size() > 0) {
            labels = collectClasses(progress.part(0, CLASSES));
            m_regions = regions();
            confusion = new ConfusionTable(m_classes);
            final String source = SourceSite.of(m_parameters.m_sourceSite, m_sites);
            try (TaskExecutor workers = TaskExecutors.multiThreaded()) {
                score(labels, source, table, confusion, workers, progress.part(CLASSES, STATISTICS));
            }
            if (m_rows.isEmpty()) {
                throw new KNIMEException("No row has both a reference in column \"" + m_parameters.m_referenceColumn
                    + "\" and a segmentation of a model, so there is nothing to score. Choose another reference"
                    + " column, or connect labeled images.");
            }
        }
        final BufferedDataTable scores = table.close();
        final BufferedDataTable statistics =
            StatisticsTable.create(m_rows, m_scores, m_parameters.m_seed, exec, progress.part(STATISTICS, 1));
        out.setOutData(0, scores);
        out.setOutData(1, SummaryTable.create(m_rows, m_parameters.models(), exec));
        out.setOutData(2, statistics);
        out.setOutData(3, confusion.create(labels, exec));
        out.setOutData(4, m_agreement.create(exec));
        out.setInternalData(new PortObject[]{scores, statistics, m_table, ScoredImages.table(m_table, m_columns,
            m_parameters.m_referenceColumn, exec)});
        final String warning = warning();
        if (!warning.isEmpty()) {
            out.setWarningMessage(warning);
        }
    }

    /** At least: how large the boxes around the classes are, the masks tell. */
    private long bytes(final DataRow row) {
        final Optional<LabelVolumeValue> reference = m_columns.study().row(row).segmentation();
        if (reference.isEmpty()) {
            return 0;
        }
        final long voxels = reference.get().geometry().voxelCount();
        final long masks =
            m_options.lesions().isPresent() ? NodeMemory.SCORER_LESIONS.bytes(voxels) : NodeMemory.SCORER.bytes(voxels);
        return m_maps.any() ? Math.max(masks, NodeMemory.SCORER_AREAS.bytes(voxels, m_parameters.hasRegions() ? voxels : 0))
            : masks;
    }

    /**
     * The classes are those of all references and predictions together: a subject may well lack one, and what only a model
     * finds is wrong everywhere, which a score must show.
     */
    private LabelSet collectClasses(final Progress progress) throws InvalidSettingsException {
        final ClassNames names = new ClassNames();
        final List<LabelSet> references = new ArrayList<>();
        final SortedSet<Integer> predicted = new TreeSet<>();
        long seen = 0;
        for (final DataRow row : m_table) {
            progress.report((double)seen++ / m_table.size(), "Looking for classes in row " + seen);
            final StudyRow study = m_columns.study().row(row);
            m_sites.add(study.site());
            if (study.segmentation().isPresent()) {
                final LabelVolumeValue reference = study.segmentation().get();
                final Set<Integer> ignored = m_notAnnotated.values(reference.labels());
                final SortedMap<Integer, String> annotated = new TreeMap<>(reference.labels().names());
                annotated.keySet().removeAll(ignored);
                names.add(new LabelSet(annotated), "the reference of " + study.name());
                final SortedSet<Integer> values = reference.labelVolume().values();
                references.add(ClassList.with(reference.labels(), values));
                values.removeAll(ignored);
                m_classes.addAll(values);
                m_marks.addAll(ignored);
            }
            for (final int column : m_columns.models().values()) {
                if (!row.getCell(column).isMissing()) {
                    final LabelVolumeValue found = (LabelVolumeValue)row.getCell(column);
                    names.add(found.labels(), "column \""
                        + m_table.getDataTableSpec().getColumnSpec(column).getName() + "\" of " + study.name());
                    if (study.segmentation().isPresent()) {
                        predicted.addAll(annotated(found, study.segmentation().get()));
                    }
                }
            }
        }
        m_notAnnotated.check(references);
        m_onlyPredicted.addAll(predicted);
        m_onlyPredicted.removeAll(m_classes);
        m_classes.addAll(predicted);
        m_classes.addAll(names.labels().names().keySet());
        m_labels = names.labels();
        return m_labels;
    }

    /** The classes that a model found where the reference is annotated; all on another grid, which scoring refuses. */
    private SortedSet<Integer> annotated(final LabelVolumeValue found, final LabelVolumeValue reference) {
        final Set<Integer> ignored = m_notAnnotated.values(reference.labels());
        final boolean whole = ignored.isEmpty() || !found.geometry().sameGrid(reference.geometry());
        final LabelVolume counted = whole ? found.labelVolume()
            : IgnoredVoxels.without(found.labelVolume(), reference.labelVolume(), ignored);
        return counted.values();
    }

    /**
     * The regions, each under a name that no class and no mean has.
     *
     * @throws InvalidSettingsException if a region names what is no class
     */
    private List<Region> regions() throws InvalidSettingsException {
        final Set<String> taken = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
        taken.addAll(List.of(SummaryTable.ALL_CLASSES, StatisticsTable.TOGETHER));
        m_classes.forEach(value -> taken.add(m_labels.name(value)));
        final List<Region> regions = new ArrayList<>();
        final List<String> given = new ArrayList<>();
        for (final Region region : RegionParameters.unions(m_parameters.m_regions, ClassList.with(m_labels, m_classes))) {
            // summary and statistics have a row for each name
            String name = region.name();
            given.add(name);
            while (!taken.add(name)) {
                name += " (region)";
            }
            regions.add(new Region(name, region.values()));
        }
        m_regionNames = given;
        return regions;
    }

    private void score(final LabelSet labels, final String source, final ScoreTable table,
        final ConfusionTable confusion, final TaskExecutor workers, final Progress progress) {
        long seen = 0;
        for (final DataRow row : m_table) {
            final Progress part =
                progress.part((double)seen / m_table.size(), (seen + 1.0) / m_table.size());
            seen++;
            final String message = "Scoring row " + seen + " of " + m_table.size();
            part.report(0, message);
            final StudyRow study = m_columns.study().row(row);
            if (study.segmentation().isEmpty()) {
                m_unlabeled++;
                continue;
            }
            final LabelVolume reference = study.segmentation().get().labelVolume();
            final Set<Integer> ignored = m_notAnnotated.values(reference.labels());
            for (final var model : m_columns.models().entrySet()) {
                final DataCell cell = row.getCell(model.getValue());
                if (cell.isMissing()) {
                    m_unpredicted++;
                    continue;
                }
                final LabelVolume prediction = ((LabelVolumeValue)cell).labelVolume();
                final ImageScoring image =
                    new ImageScoring(prediction, reference, List.copyOf(m_classes),
                        ignored, m_options, workers);
                final ScoreGroup group = new ScoreGroup(study.site(), SourceSite.domain(study.site(), source),
                    m_columns.role(row), model.getKey());
                confusion.add(group, image.matrix());
                for (final int label : m_classes) {
                    part.report(0, message + ": " + model.getKey() + ", " + labels.name(label));
                    add(study.subject(), group, labels.name(label), false, image.score(label, m_maps.of(row, model.getKey(), label,
                        !ignored.contains(label), labels, m_regionNames, reference.geometry())), table);
                }
                for (int r = 0; r < m_regions.size(); r++) {
                    final Region region = m_regions.get(r);
                    part.report(0, message + ": " + model.getKey() + ", " + region.name());
                    add(study.subject(), group, region.name(), true, image.score(region, m_maps.of(row, model.getKey(), region,
                        m_regionNames.get(r), region.name(), labels, m_regionNames, reference.geometry())), table);
                }
            }
        }
    }

    private void add(final String subject, final ScoreGroup group, final String name, final boolean region,
        final ClassScore score, final ScoreTable table) {
        final ScoreRow names = new ScoreRow(subject, group.site(), group.role(), group.domain(), group.model(), name,
            score.overlap(OverlapMetric.DICE));
        final ScoredClass scored =
            new ScoredClass(names, region, m_scores.stream().map(s -> s.value().apply(score)).toList());
        table.add(scored);
        m_rows.add(scored);
        m_agreement.add(subject, group, name, score);
    }

    private String list(final Collection<Integer> classes) {
        return classes.stream().map(c -> m_labels.name(c) + " (label " + c + ")").collect(Collectors.joining(", "));
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
        final SortedSet<Integer> marks = new TreeSet<>(m_onlyPredicted);
        marks.retainAll(m_marks);
        if (!marks.isEmpty()) {
            warnings.add("A model found " + list(marks) + ", by which references mark what is not annotated, also in"
                + " annotated voxels: its Dice is 0 there. Give the Network Builder and the learner the same \""
                + NotAnnotated.TITLE + "\", so that it is no class of the model.");
        }
        final SortedSet<Integer> unknown = new TreeSet<>(m_onlyPredicted);
        unknown.removeAll(m_marks);
        if (!unknown.isEmpty()) {
            warnings.add("No reference has " + list(unknown) + ", but a model found it: its Dice is 0 there."
                + " If the model numbers its classes in another way, bring the labels to one numbering first.");
        }
        warnings.addAll(m_maps.warnings());
        return String.join(" ", warnings);
    }
}

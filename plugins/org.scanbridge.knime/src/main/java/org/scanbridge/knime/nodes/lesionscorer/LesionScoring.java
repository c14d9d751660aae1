package org.scanbridge.knime.nodes.lesionscorer;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

import org.knime.core.data.DataCell;
import org.knime.core.data.DataRow;
import org.knime.core.data.DataTableSpec;
import org.knime.core.data.StringValue;
import org.knime.core.node.BufferedDataContainer;
import org.knime.core.node.BufferedDataTable;
import org.knime.core.node.ExecutionContext;
import org.knime.core.node.InvalidSettingsException;
import org.knime.core.node.KNIMEException;
import org.knime.node.DefaultModel.ExecuteOutput;
import org.scanbridge.imaging.ImagingException;
import org.scanbridge.imaging.Progress;
import org.scanbridge.imaging.metrics.Froc;
import org.scanbridge.imaging.metrics.LesionDetection;
import org.scanbridge.imaging.metrics.LesionMatch;
import org.scanbridge.imaging.metrics.LesionScores;
import org.scanbridge.imaging.volume.LabelSet;
import org.scanbridge.imaging.volume.LabelVolume;
import org.scanbridge.imaging.volume.Volume;
import org.scanbridge.knime.data.LabelVolumeValue;
import org.scanbridge.knime.data.VolumeValue;
import org.scanbridge.knime.util.ClassNames;
import org.scanbridge.knime.util.Columns;
import org.scanbridge.knime.util.HeapNeed;
import org.scanbridge.knime.util.KnimeProgress;
import org.scanbridge.knime.util.NodeMemory;
import org.scanbridge.knime.util.ProbabilityColumns;
import org.scanbridge.knime.util.RowProblems;
import org.scanbridge.knime.util.StudyTable;

/** One execution of the Lesion Scorer; one model's segmentation of one row is in memory at a time. */
final class LesionScoring {

    private final LesionScorerParameters m_parameters;

    private final LesionDetection m_detection;

    private final int m_reference;

    private final int m_subject;

    private final int m_site;

    private final int m_role;

    private final Map<String, Integer> m_models = new LinkedHashMap<>();

    /** By model the columns with probabilities by class. */
    private final Map<String, Map<String, Integer>> m_maps = new LinkedHashMap<>();

    private final SortedSet<Integer> m_classes = new TreeSet<>();

    private final Map<List<String>, Group> m_groups = new LinkedHashMap<>();

    private final RowProblems m_problems = new RowProblems("scored");

    private long m_unlabeled;

    private long m_unpredicted;

    /** What was found at a site by a model of a class. */
    private static final class Group {

        private int m_images;

        private int m_joined;

        private LesionScores m_counts = new LesionScores(0, 0, 0, 0);

        private final List<Froc.Image> m_candidates = new ArrayList<>();

        void add(final LesionMatch match, final Optional<Froc.Image> candidates) {
            final LesionScores s = match.scores();
            m_images++;
            m_joined += match.joined();
            m_counts = new LesionScores(m_counts.actual() + s.actual(), m_counts.predicted() + s.predicted(),
                m_counts.detectedActual() + s.detectedActual(), m_counts.confirmedPredicted() + s.confirmedPredicted());
            candidates.ifPresent(m_candidates::add);
        }

        /** Of all images, or of none: a curve of some cannot be compared. */
        Optional<Froc> froc() {
            return m_candidates.size() == m_images ? Optional.of(Froc.of(m_candidates)) : Optional.empty();
        }
    }

    /** @throws InvalidSettingsException if a column is not there, or there is nothing to score */
    LesionScoring(final LesionScorerParameters parameters, final DataTableSpec spec) throws InvalidSettingsException {
        m_parameters = parameters;
        m_detection = parameters.detection();
        m_reference = Columns.index(spec, parameters.m_referenceColumn, LabelVolumeValue.class, "Reference column");
        m_subject = Columns.optionalIndex(spec, parameters.m_subjectColumn, StringValue.class, "Subject column");
        m_site = Columns.optionalIndex(spec, parameters.m_siteColumn, StringValue.class, "Site column");
        m_role = Columns.optionalIndex(spec, parameters.m_roleColumn, StringValue.class, "Role column");
        for (final String name : Columns.names(spec, LabelVolumeValue.class)) {
            if (!name.equals(parameters.m_referenceColumn)) {
                m_models.put(name, spec.findColumnIndex(name));
                m_maps.put(name, ProbabilityColumns.of(spec, name));
            }
        }
        if (m_models.isEmpty()) {
            throw new InvalidSettingsException("The table has no segmentation column besides the reference \""
                + parameters.m_referenceColumn + "\". Connect the output of a Segmentation Predictor.");
        }
    }

    /** Fills the outputs. */
    void run(final BufferedDataTable table, final ExecutionContext exec, final ExecuteOutput out)
        throws InvalidSettingsException, KNIMEException {
        HeapNeed.ofRows(table, this::bytes).require();
        final Progress progress = new KnimeProgress(exec);
        final LabelSet labels = collectClasses(table);
        final BufferedDataContainer scores = exec.createDataContainer(LesionTables.SCORES);
        final BufferedDataContainer lesions = exec.createDataContainer(LesionTables.LESIONS);
        final BufferedDataContainer curve = exec.createDataContainer(LesionTables.CURVE);
        long seen = 0;
        for (final DataRow row : table) {
            progress.report((double)seen / table.size(), "Scoring row " + (seen + 1) + " of " + table.size());
            seen++;
            if (row.getCell(m_reference).isMissing()) {
                m_unlabeled++;
            } else {
                score(row, labels, lesions, progress.part((seen - 1.0) / table.size(), (double)seen / table.size()));
            }
        }
        m_problems.requireAny(m_groups.size());
        if (m_groups.isEmpty() && table.size() > 0) {
            throw new KNIMEException("No row has both a reference in column \"" + m_parameters.m_referenceColumn
                + "\" and a segmentation of a model with a class, so there is nothing to score. Choose another reference column, or"
                + " connect labeled images.");
        }
        for (final Map.Entry<List<String>, Group> group : m_groups.entrySet()) {
            final Optional<Froc> froc = group.getValue().froc();
            LesionTables.add(scores, group.getKey(), group.getValue().m_images, group.getValue().m_counts, froc);
            froc.ifPresent(f -> LesionTables.add(curve, group.getKey(), f));
        }
        scores.close();
        lesions.close();
        curve.close();
        out.setOutData(0, scores.getTable());
        out.setOutData(1, lesions.getTable());
        out.setOutData(2, curve.getTable());
        out.setInternalData(table);
        final String warning = warning(table.size(), labels);
        if (!warning.isEmpty()) {
            out.setWarningMessage(warning);
        }
    }

    /** The most that one model and class takes. */
    private long bytes(final DataRow row) {
        if (row.getCell(m_reference).isMissing()) {
            return 0;
        }
        final long voxels = ((LabelVolumeValue)row.getCell(m_reference)).geometry().voxelCount();
        final boolean maps = m_maps.values().stream().anyMatch(m -> !m.isEmpty());
        return NodeMemory.LESION_SCORER.bytes(voxels, maps ? voxels : 0);
    }

    /** All classes that a reference or a model has, by what they say they have or have. */
    private LabelSet collectClasses(final BufferedDataTable table) throws InvalidSettingsException {
        final ClassNames names = new ClassNames();
        for (final DataRow row : table) {
            final List<Integer> columns = new ArrayList<>(m_models.values());
            columns.add(m_reference);
            for (final int column : columns) {
                if (!row.getCell(column).isMissing()) {
                    final LabelVolumeValue value = (LabelVolumeValue)row.getCell(column);
                    names.add(value.labels(), "column \"" + table.getDataTableSpec().getColumnSpec(column).getName() + "\" of row "
                        + row.getKey().getString());
                    m_classes.addAll(value.labels().names().keySet());
                    m_classes.addAll(value.labelVolume().values());
                }
            }
        }
        return names.labels();
    }

    private void score(final DataRow row, final LabelSet names, final BufferedDataContainer lesions, final Progress progress) {
        final String key = row.getKey().getString();
        final LabelVolume reference = ((LabelVolumeValue)row.getCell(m_reference)).labelVolume();
        final String site = Columns.text(row, m_site);
        final String role = m_role < 0 ? StudyTable.TEST : Columns.text(row, m_role);
        final String subject = m_subject < 0 ? key : Columns.text(row, m_subject);
        for (final Map.Entry<String, Integer> model : m_models.entrySet()) {
            final DataCell cell = row.getCell(model.getValue());
            if (cell.isMissing()) {
                m_unpredicted++;
                continue;
            }
            try {
                final LabelVolume prediction = ((LabelVolumeValue)cell).labelVolume();
                // all before any is added, so that a row that cannot be scored adds nothing
                final SortedMap<Integer, LesionMatch> matches = new TreeMap<>();
                final SortedMap<Integer, Optional<Froc.Image>> candidates = new TreeMap<>();
                for (final int label : m_classes) {
                    progress.report(0, "Scoring " + model.getKey() + ", " + names.name(label));
                    matches.put(label, m_detection.match(prediction, reference, label));
                    candidates.put(label, candidates(row, model.getKey(), reference, label, names));
                }
                for (final int label : m_classes) {
                    final List<String> group = List.of(site, role, model.getKey(), names.name(label));
                    m_groups.computeIfAbsent(group, g -> new Group()).add(matches.get(label), candidates.get(label));
                    final List<String> texts = List.of(key, subject, site, role, model.getKey(), names.name(label));
                    LesionTables.add(lesions, texts, true, matches.get(label).actual(), reference.geometry());
                    LesionTables.add(lesions, texts, false, matches.get(label).predicted(), reference.geometry());
                }
            } catch (final ImagingException e) {
                m_problems.add(key + " (" + model.getKey() + ")", e.getMessage());
            }
        }
    }

    /** Empty without probabilities of the class. */
    private Optional<Froc.Image> candidates(final DataRow row, final String model, final LabelVolume reference, final int label,
        final LabelSet names) {
        final Map<String, Integer> maps = m_maps.get(model);
        for (final String map : ProbabilityColumns.fitting(maps.keySet(), label, names)) {
            final DataCell cell = row.getCell(maps.get(map));
            if (!cell.isMissing()) {
                final Volume volume = ((VolumeValue)cell).volume();
                ProbabilityColumns.require(ProbabilityColumns.name(model, map), volume, reference.geometry());
                return Optional.of(m_detection.candidates(volume, m_parameters.m_candidates, reference, label));
            }
        }
        return Optional.empty();
    }

    /** Columns with probabilities of what no segmentation has. */
    private List<String> unused(final LabelSet names) {
        final List<String> unused = new ArrayList<>();
        m_maps.forEach((model, maps) -> maps.keySet().forEach(map -> {
            final int value = ProbabilityColumns.value(map, names).orElse(-1);
            if (value != 0 && !m_classes.contains(value)) {
                unused.add("\"" + ProbabilityColumns.name(model, map) + "\"");
            }
        }));
        return unused;
    }

    /** What of a model finds several lesions at once, of all sites and classes. */
    private Optional<String> joined(final String model) {
        int lesions = 0;
        int candidates = 0;
        for (final Map.Entry<List<String>, Group> group : m_groups.entrySet()) {
            if (group.getKey().get(2).equals(model)) {
                lesions += group.getValue().m_joined;
                candidates += group.getValue().m_candidates.stream().mapToInt(Froc.Image::joined).sum();
            }
        }
        if (lesions == 0 && candidates == 0) {
            return Optional.empty();
        }
        return Optional.of("Of \"" + model + "\", " + lesions + (lesions == 1 ? " lesion" : " lesions") + " and " + candidates
            + (candidates == 1 ? " candidate" : " candidates") + " of the FROC cover more than one reference lesion each, and all"
            + " of those count as detected. Choose \"Boxes overlap\" to count one for one"
            + (candidates == 0 ? "." : ", or raise \"Candidates from probability\" to part the candidates."));
    }

    private String warning(final long rows, final LabelSet names) {
        if (rows == 0) {
            return "The input table has no rows; nothing was scored.";
        }
        final List<String> warnings = new ArrayList<>();
        if (m_unlabeled > 0) {
            warnings.add(m_unlabeled + " of " + rows + " rows have no reference and were left out.");
        }
        if (m_unpredicted > 0) {
            warnings.add(m_unpredicted + " segmentations of models are missing and were left out.");
        }
        m_problems.warning(rows * m_models.size()).ifPresent(warnings::add);
        m_groups.forEach((group, counts) -> {
            if (!counts.m_candidates.isEmpty() && counts.m_candidates.size() < counts.m_images) {
                warnings.add("Probabilities of \"" + group.get(2) + "\" and class " + group.get(3) + " are missing in "
                    + (counts.m_images - counts.m_candidates.size()) + " of " + counts.m_images + " images"
                    + (group.get(0).isEmpty() ? "" : " of site " + group.get(0)) + ", so it has no FROC there.");
            }
        });
        final List<String> unused = unused(names);
        if (!unused.isEmpty()) {
            warnings.add("No class of the segmentations has the name in " + String.join(", ", unused) + ", so "
                + (unused.size() == 1 ? "this column was" : "these columns were") + " not used. Classes: " + m_classes.stream()
                    .map(names::name).collect(Collectors.joining(", ")) + ".");
        }
        m_models.keySet().forEach(model -> joined(model).ifPresent(warnings::add));
        return String.join(" ", warnings);
    }
}

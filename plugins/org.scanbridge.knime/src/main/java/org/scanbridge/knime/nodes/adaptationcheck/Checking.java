package org.scanbridge.knime.nodes.adaptationcheck;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.TreeMap;
import java.util.function.Supplier;

import org.knime.core.data.DataCell;
import org.knime.core.data.DataRow;
import org.knime.core.data.DataTableSpec;
import org.knime.core.data.RowKey;
import org.knime.core.data.StringValue;
import org.knime.core.data.container.CloseableRowIterator;
import org.knime.core.data.def.DefaultRow;
import org.knime.core.data.def.DoubleCell;
import org.knime.core.data.def.IntCell;
import org.knime.core.data.def.StringCell;
import org.knime.core.node.BufferedDataContainer;
import org.knime.core.node.BufferedDataTable;
import org.knime.core.node.ExecutionContext;
import org.knime.core.node.InvalidSettingsException;
import org.knime.core.node.KNIMEException;
import org.knime.node.DefaultModel.ExecuteInput;
import org.knime.node.DefaultModel.ExecuteOutput;
import org.scanbridge.imaging.Progress;
import org.scanbridge.imaging.volume.Geometry;
import org.scanbridge.imaging.volume.LabelVolume;
import org.scanbridge.imaging.volume.Volume;
import org.scanbridge.knime.data.LabelVolumeValue;
import org.scanbridge.knime.data.VolumeValue;
import org.scanbridge.knime.learn.CaseTable;
import org.scanbridge.knime.learn.EngineNotice;
import org.scanbridge.knime.learn.UnlikeTraining;
import org.scanbridge.knime.port.NetworkPortObject;
import org.scanbridge.knime.port.NetworkPortObjectSpec;
import org.scanbridge.knime.util.Columns;
import org.scanbridge.knime.util.HeapNeed;
import org.scanbridge.knime.util.KnimeProgress;
import org.scanbridge.knime.util.NodeMemory;
import org.scanbridge.knime.util.RowName;
import org.scanbridge.knime.util.RowProblems;
import org.scanbridge.learning.LearningException;
import org.scanbridge.learning.check.AdaptationCheck;
import org.scanbridge.learning.check.AdaptationCheck.LabeledCase;
import org.scanbridge.learning.check.AdaptationEffect;
import org.scanbridge.learning.check.StructureVerdict;
import org.scanbridge.learning.check.Verdict;
import org.scanbridge.learning.data.ChannelImages;
import org.scanbridge.learning.data.ClassValues;
import org.scanbridge.learning.data.TrainingCase;
import org.scanbridge.learning.network.Ensemble;
import org.scanbridge.learning.network.Network;
import org.scanbridge.learning.network.Provenance;
import org.scanbridge.learning.predict.SlidingWindowPredictor;

import net.imglib2.parallel.TaskExecutor;
import net.imglib2.parallel.TaskExecutors;

/** One execution of the Adaptation Check; one image is in memory at a time. */
final class Checking {

    private static final String SECOND = "Second opinion column";

    private final AdaptationCheckParameters m_parameters;

    private final ExecutionContext m_context;

    private final BufferedDataTable m_labeled;

    private final BufferedDataTable m_judged;

    private final NetworkPortObject m_port;

    private final Optional<NetworkPortObject> m_before;

    private final List<Network> m_networks;

    private final List<String> m_warnings = new ArrayList<>();

    /** Where the images to judge have what is needed. */
    private final int[] m_channels;

    private final int m_subject;

    private final int m_site;

    private final int m_second;

    /** Of a site: predictions of all classes together, and numbers of verdicts. */
    private static final class SiteResult {

        private final List<Double> m_after = new ArrayList<>();

        private final List<Double> m_before = new ArrayList<>();

        private double m_source;

        private int m_worse;

        private int m_doubtful;

        private int m_toLookAt;
    }

    /** @throws InvalidSettingsException if the settings do not fit the inputs */
    Checking(final AdaptationCheckParameters parameters, final ExecuteInput input) throws InvalidSettingsException {
        m_parameters = parameters;
        m_context = input.getExecutionContext();
        m_labeled = input.getInTable(AdaptationCheckNodeFactory.LABELED);
        m_judged = input.getInTable(AdaptationCheckNodeFactory.JUDGED);
        m_port = input.getInPortObject(AdaptationCheckNodeFactory.NETWORK);
        m_before = Optional.ofNullable((NetworkPortObject)input.getInPortObjects()[AdaptationCheckNodeFactory.BEFORE]);
        m_networks = m_port.networks();
        final DataTableSpec spec = m_judged.getDataTableSpec();
        check(parameters, m_labeled.getDataTableSpec(), spec, m_port.getSpec(),
            m_before.map(NetworkPortObject::getSpec).orElse(null));
        m_channels = parameters.m_columns.images().indices(spec);
        m_subject = Columns.index(spec, parameters.m_columns.subject(), StringValue.class, "Subject column");
        m_site = Columns.index(spec, parameters.m_columns.site(), StringValue.class, "Site column");
        m_second = second(spec);
    }

    private int second(final DataTableSpec spec) throws InvalidSettingsException {
        return m_parameters.m_secondOpinion
            ? Columns.index(spec, m_parameters.m_secondOpinionColumn, LabelVolumeValue.class, SECOND) : -1;
    }

    /**
     * Whether settings, tables and networks fit.
     *
     * @param network null if not known yet
     * @param before null if not connected or not known yet
     * @throws InvalidSettingsException if they do not
     */
    static void check(final AdaptationCheckParameters parameters, final DataTableSpec labeled, final DataTableSpec judged,
        final NetworkPortObjectSpec network, final NetworkPortObjectSpec before) throws InvalidSettingsException {
        CaseTable.check(labeled, parameters.m_columns);
        Columns.index(labeled, parameters.m_columns.segmentation(), LabelVolumeValue.class, "Segmentation column");
        try {
            parameters.m_columns.images().indices(judged);
            Columns.index(judged, parameters.m_columns.subject(), StringValue.class, "Subject column");
            Columns.index(judged, parameters.m_columns.site(), StringValue.class, "Site column");
            if (parameters.m_secondOpinion) {
                Columns.index(judged, parameters.m_secondOpinionColumn, LabelVolumeValue.class, SECOND);
            }
        } catch (final InvalidSettingsException e) {
            throw new InvalidSettingsException("Images to judge: " + e.getMessage(), e);
        }
        if (parameters.m_secondOpinion) {
            Columns.index(labeled, parameters.m_secondOpinionColumn, LabelVolumeValue.class, SECOND);
        }
        if (network != null) {
            requireTrained(network, "The network");
            if (before != null) {
                requireTrained(before, "The network before the adaptation");
            }
            parameters.m_columns.images().check(network);
            final List<NetworkPortObjectSpec> both = before == null ? List.of(network) : List.of(network, before);
            try {
                SlidingWindowPredictor.requireFitting(both.stream().map(NetworkPortObjectSpec::architecture).toList(),
                    both.stream().map(NetworkPortObjectSpec::labels).toList());
            } catch (final LearningException e) {
                throw new InvalidSettingsException(e.getMessage(), e);
            }
        }
    }

    /** Not by the number of steps: what is adapted without any (AdaBN) is trained, too. */
    private static void requireTrained(final NetworkPortObjectSpec network, final String what)
        throws InvalidSettingsException {
        if (network.method().equals(Provenance.untrained(0).method())) {
            throw new InvalidSettingsException(what + " is not trained, so its segmentations are random and there is nothing to"
                + " check. Connect the output of a learner.");
        }
    }

    /** Fills both outputs. */
    void run(final ExecuteOutput output) throws KNIMEException, InvalidSettingsException {
        final Progress progress = new KnimeProgress(m_context);
        final List<LabeledCase> cases = cases();
        if (m_judged.size() == 0) {
            write(List.of(), List.of(), output);
            output.setWarningMessage("The images to judge have no rows, so nothing was judged and both outputs are empty. Connect"
                + " images of the new site, and look whether a filter before removed everything.");
            return;
        }
        try (TaskExecutor workers = TaskExecutors.multiThreaded();
                AdaptationCheck check = new AdaptationCheck(m_networks, m_parameters.options(), workers)) {
            requireMemory(check);
            final double calibration = share(cases.size());
            final Progress after = progress.part(0, m_before.isPresent() ? 0.5 : 1);
            check.calibrate(cases, named(after.part(0, calibration), "Learning from labeled images"));
            warnOfSource(check);
            final List<List<StructureVerdict>> verdicts = new ArrayList<>();
            final RowProblems problems = new RowProblems("judged");
            final UnlikeTraining unlike = new UnlikeTraining(m_networks);
            judge(check, after.part(calibration, 1), Optional.of(problems), unlike, verdicts);
            final List<List<StructureVerdict>> before = new ArrayList<>();
            if (m_before.isPresent()) {
                try (AdaptationCheck other =
                    new AdaptationCheck(m_before.get().networks(), m_parameters.options(), workers)) {
                    final Progress rest = progress.part(0.5, 1);
                    other.calibrate(cases, named(rest.part(0, calibration), "Learning from labeled images, before"));
                    judge(other, rest.part(calibration, 1), Optional.empty(), new UnlikeTraining(List.of()), before);
                }
            }
            problems.requireAny(m_judged.size() - problems.count());
            problems.warning(m_judged.size()).ifPresent(m_warnings::add);
            m_warnings.addAll(unlike.warnings(m_judged.size()));
            warnOfUnseenContrasts(verdicts);
            write(verdicts, before, output);
        }
        EngineNotice.of(m_networks).ifPresent(m_warnings::add);
        if (!m_warnings.isEmpty()) {
            output.setWarningMessage(String.join(" ", m_warnings));
        }
    }

    /** Of classes that no labeled image has, and of those that are bad on the labeled images already. */
    private void warnOfSource(final AdaptationCheck check) {
        final List<String> absent = new ArrayList<>();
        final List<String> bad = new ArrayList<>();
        final List<String> names = check.structures();
        for (int s = 0; s < names.size(); s++) {
            final OptionalDouble dice = check.sourceDice().get(s);
            if (dice.isEmpty()) {
                absent.add("\"" + names.get(s) + "\"");
            } else if (dice.getAsDouble() < Verdict.LEAST_ON_SOURCE) {
                bad.add(String.format(Locale.ROOT, "\"%s\" %.3f", names.get(s), dice.getAsDouble()));
            }
        }
        if (!absent.isEmpty()) {
            m_warnings.add("No labeled image has " + String.join(", ", absent) + ", so there is no predicted Dice of it."
                + " Connect labeled images that show it.");
        }
        if (!bad.isEmpty()) {
            m_warnings.add("On the labeled images themselves the Dice is less than " + Verdict.LEAST_ON_SOURCE + ": "
                + String.join(", ", bad) + ". To be as good as that elsewhere means nothing, so the verdict says \""
                + Verdict.Kind.BAD_ON_SOURCE.words() + "\". Look whether the labeled images belong to the network, or train it"
                + " longer.");
        }
    }

    /** Where the verdicts on all classes together are as on the source, no contrast is new. */
    private void warnOfUnseenContrasts(final List<List<StructureVerdict>> verdicts) {
        final long unlike = verdicts.stream().filter(found -> !found.isEmpty()
            && found.get(found.size() - 1).verdict().kind() != Verdict.Kind.AS_SOURCE).count();
        if (!m_parameters.m_secondOpinion && unlike > 0) {
            m_warnings.add(unlike + " of " + m_judged.size() + " images have to be looked at by all classes together. Without"
                + " a second opinion, the predicted Dice of images in a contrast that the network has never seen is too high:"
                + " segment both tables with the Atlas Segmenter, and choose its column as \"Second opinion\".");
        }
    }

    /** Part of the work that learning is. */
    private double share(final int cases) {
        final double learning = (double)cases * m_parameters.m_shifts;
        return learning / (learning + Math.max(1, m_judged.size()));
    }

    private static Progress named(final Progress progress, final String what) {
        return (fraction, message) -> progress.report(fraction, what);
    }

    private List<LabeledCase> cases() throws InvalidSettingsException {
        final Network network = m_networks.get(0);
        final List<TrainingCase> all = CaseTable.test(m_labeled, m_parameters.m_columns, network);
        final ClassValues values = ClassValues.of(network.labels(), network.spec().classes());
        final int second = second(m_labeled.getDataTableSpec());
        final List<String> subjects = new ArrayList<>();
        final List<LabeledCase> cases = new ArrayList<>();
        try (CloseableRowIterator rows = m_labeled.iterator()) {
            for (int n = 0; rows.hasNext(); n++) {
                final DataRow row = rows.next();
                final TrainingCase source = all.get(n);
                if (source.labeled() && cases.size() < m_parameters.m_mostLabeled) {
                    subjects.add(source.subject());
                    final Optional<Supplier<LabelVolume>> said = labeledSecond(row, second, values);
                    if (second >= 0 && said.isEmpty()) {
                        throw new LearningException(RowName.first(row.getKey().getString()) + " of the labeled images has no"
                            + " second opinion in column \"" + m_parameters.m_secondOpinionColumn + "\". Make it for all images,"
                            + " filter the row out, or switch off \"Second opinion\".");
                    }
                    cases.add(new LabeledCase(source, said));
                }
            }
        }
        if (cases.isEmpty()) {
            throw new LearningException("The labeled images have no segmentation in column \""
                + m_parameters.m_columns.segmentation() + "\". Connect images of the source that have one.");
        }
        warnOfKnown(m_port, subjects, "the ensemble", "predicted Dice");
        m_before.ifPresent(b -> warnOfKnown(b, subjects, "the ensemble before the adaptation", "\"Predicted Dice before\""));
        return cases;
    }

    /** Of subjects that a network has seen, which only an ensemble knows. */
    private void warnOfKnown(final NetworkPortObject port, final List<String> subjects, final String what,
        final String result) {
        final Optional<Ensemble> ensemble = port.ensemble();
        final long known = ensemble.isEmpty() ? 0 : subjects.stream()
            .filter(s -> ensemble.get().unseen(s).size() < ensemble.get().members().size()).count();
        if (known > 0) {
            m_warnings.add(known + " of " + subjects.size() + " labeled images are of subjects that networks of " + what
                + " were trained or validated on, so the " + result + " may be too high. Connect others if there are any.");
        }
    }

    /** As {@link #second(DataRow, int, ClassValues)}, with the row in the message. */
    private Optional<Supplier<LabelVolume>> labeledSecond(final DataRow row, final int column, final ClassValues values) {
        try {
            return second(row, column, values);
        } catch (final LearningException e) {
            throw new LearningException(RowName.first(row.getKey().getString()) + " of the labeled images: " + e.getMessage(), e);
        }
    }

    /** @throws LearningException if it gives a label value another name than the network */
    private Optional<Supplier<LabelVolume>> second(final DataRow row, final int column, final ClassValues values) {
        if (column < 0 || row.getCell(column).isMissing()) {
            return Optional.empty();
        }
        final LabelVolumeValue cell = (LabelVolumeValue)row.getCell(column);
        m_networks.get(0).labels().names().forEach((value, name) -> {
            final String other = cell.labels().names().get(value);
            if (other != null && !other.equals(name)) {
                throw new LearningException("In column \"" + m_parameters.m_secondOpinionColumn + "\" the label value " + value
                    + " is \"" + other + "\", but the network calls it \"" + name + "\". Make the second opinion from"
                    + " segmentations with the network's labels, or map its labels with the Label Editor.");
            }
        });
        return Optional.of(() -> values.toClasses(cell.labelVolume()));
    }

    private void requireMemory(final AdaptationCheck check) throws KNIMEException, InvalidSettingsException {
        final int[] labeled = m_parameters.m_columns.images().indices(m_labeled.getDataTableSpec());
        final HeapNeed need = HeapNeed.ofRows(m_judged, row -> bytes(row, m_channels, check));
        for (final DataRow row : m_labeled) {
            need.add(RowName.of(row.getKey().getString()), bytes(row, labeled, check));
        }
        need.require();
    }

    private static long bytes(final DataRow row, final int[] channels, final AdaptationCheck check) {
        if (row.getCell(channels[0]).isMissing()) {
            return 0;
        }
        final Geometry grid = ((VolumeValue)row.getCell(channels[0])).geometry();
        final long voxels = grid.voxelCount();
        // the predictor counts its segmentation, too
        return NodeMemory.ADAPTATION_CHECK.bytes(channels.length * voxels, voxels, 0, 0, 0) - voxels + check.bytes(grid.size());
    }

    /**
     * Judges all images.
     *
     * @param problems learns of rows that cannot be judged; empty if that is known already
     * @param unlike learns of all images; without networks if nobody asks it
     * @param verdicts takes one entry per row, empty where it cannot be judged
     */
    private void judge(final AdaptationCheck check, final Progress progress, final Optional<RowProblems> problems,
        final UnlikeTraining unlike, final List<List<StructureVerdict>> verdicts) {
        final ClassValues values = ClassValues.of(m_networks.get(0).labels(), m_networks.get(0).spec().classes());
        try (CloseableRowIterator rows = m_judged.iterator()) {
            for (int n = 0; rows.hasNext(); n++) {
                final DataRow row = rows.next();
                final String what = "Image " + (n + 1) + " of " + m_judged.size();
                final Progress part =
                    named(progress.part((double)n / m_judged.size(), (n + 1.0) / m_judged.size()), what);
                List<StructureVerdict> found = List.of();
                try {
                    final ChannelImages images = images(row);
                    unlike.add(row.getKey().getString(), images);
                    found = check.judge(Columns.text(row, m_subject), images, second(row, m_second, values).map(Supplier::get),
                        part);
                } catch (final LearningException e) {
                    problems.ifPresent(p -> p.add(row.getKey().getString(), e.getMessage()));
                }
                verdicts.add(found);
            }
        }
    }

    private ChannelImages images(final DataRow row) {
        final List<Volume> volumes = new ArrayList<>();
        for (final int channel : m_channels) {
            if (row.getCell(channel).isMissing()) {
                throw new LearningException("It has no image in column \""
                    + m_judged.getDataTableSpec().getColumnSpec(channel).getName() + "\". Filter it out first.");
            }
            volumes.add(((VolumeValue)row.getCell(channel)).volume());
        }
        return new ChannelImages(m_parameters.m_columns.images().names(), volumes, RowName.of(row.getKey().getString()));
    }

    private void write(final List<List<StructureVerdict>> verdicts, final List<List<StructureVerdict>> before,
        final ExecuteOutput output) {
        final boolean compared = m_before.isPresent();
        final BufferedDataContainer table = m_context.createDataContainer(CheckTables.verdicts(compared));
        final Map<String, SiteResult> sites = new TreeMap<>();
        int n = 0;
        for (final DataRow row : m_judged) {
            final List<StructureVerdict> found = verdicts.get(n);
            for (int s = 0; s < found.size(); s++) {
                final OptionalDouble was = compared && !before.get(n).isEmpty() && before.get(n).get(s).estimate().isKnown()
                    ? OptionalDouble.of(before.get(n).get(s).estimate().dice()) : OptionalDouble.empty();
                table.addRowToTable(new DefaultRow(RowKey.createRowKey(table.size()), CheckTables.cells(
                    row.getKey().getString(), Columns.text(row, m_subject), Columns.text(row, m_site), found.get(s), was,
                    compared)));
                if (s == found.size() - 1) {
                    add(sites.computeIfAbsent(Columns.text(row, m_site), site -> new SiteResult()), found, was);
                }
            }
            n++;
        }
        table.close();
        output.setOutData(0, table.getTable());
        output.setInternalData(table.getTable());
        output.setOutData(1, sites(sites));
    }

    /** @param found of an image: its classes, and last all of them */
    private static void add(final SiteResult site, final List<StructureVerdict> found, final OptionalDouble before) {
        final StructureVerdict all = found.get(found.size() - 1);
        site.m_after.add(all.estimate().dice());
        before.ifPresent(site.m_before::add);
        site.m_source = all.sourceDice();
        site.m_worse += all.verdict().kind() == Verdict.Kind.WORSE ? 1 : 0;
        site.m_doubtful +=
            all.verdict().kind() == Verdict.Kind.DOUBTFUL || all.verdict().kind() == Verdict.Kind.BEYOND ? 1 : 0;
        site.m_toLookAt += found.stream().anyMatch(v -> v.verdict().kind() != Verdict.Kind.AS_SOURCE) ? 1 : 0;
    }

    private BufferedDataTable sites(final Map<String, SiteResult> sites) {
        final boolean compared = m_before.isPresent();
        final BufferedDataContainer table = m_context.createDataContainer(CheckTables.sites(compared));
        sites.forEach((site, result) -> {
            final List<DataCell> cells = new ArrayList<>(List.of(Columns.text(site), new IntCell(result.m_after.size()),
                new DoubleCell(result.m_after.stream().mapToDouble(d -> d).average().orElseThrow()),
                new DoubleCell(result.m_source), new IntCell(result.m_worse), new IntCell(result.m_doubtful)));
            if (compared) {
                final AdaptationEffect effect = AdaptationEffect.of(result.m_before, result.m_after);
                cells.add(new DoubleCell(effect.before()));
                cells.add(new StringCell(effect.words()));
                if (effect.isHarmful()) {
                    m_warnings.add("At site \"" + site + "\" the network is " + effect.words() + ".");
                }
            }
            cells.add(new IntCell(result.m_toLookAt));
            table.addRowToTable(new DefaultRow(RowKey.createRowKey(table.size()), cells.toArray(DataCell[]::new)));
        });
        table.close();
        return table.getTable();
    }
}

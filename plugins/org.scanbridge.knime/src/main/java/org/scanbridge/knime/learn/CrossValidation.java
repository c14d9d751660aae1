package org.scanbridge.knime.learn;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import org.knime.core.data.DataCell;
import org.knime.core.data.DataColumnSpecCreator;
import org.knime.core.data.DataTableSpec;
import org.knime.core.data.RowKey;
import org.knime.core.data.def.DefaultRow;
import org.knime.core.data.def.StringCell;
import org.knime.core.node.BufferedDataContainer;
import org.knime.core.node.BufferedDataTable;
import org.knime.core.node.ExecutionContext;
import org.knime.core.node.InvalidSettingsException;
import org.knime.node.DefaultModel.ExecuteOutput;
import org.scanbridge.imaging.Progress;
import org.scanbridge.knime.port.NetworkPortObject;
import org.scanbridge.knime.util.KnimeProgress;
import org.scanbridge.knime.util.StudyTable;
import org.scanbridge.learning.data.TrainingCase;
import org.scanbridge.learning.network.Ensemble;
import org.scanbridge.learning.train.StepMetrics;
import org.scanbridge.learning.train.TrainingRecord;
import org.scanbridge.learning.train.TrainingResult;

/**
 * Trains one network for each fold of a training table, each without the cases of its fold, one after the other. Each gives
 * the same bits as a training of its own on the other folds, and has checkpoints of its own, so that an interrupted
 * cross-validation goes on with the fold it was at.
 */
public final class CrossValidation {

    private final ExecutionContext m_context;

    private final Folds m_folds;

    private final List<String> m_notices = new ArrayList<>();

    /** Trains a network. */
    @FunctionalInterface
    public interface Trainer {

        /**
         * @param cases of one network
         * @param progress of one network
         * @throws InvalidSettingsException if a setting is out of range
         */
        TrainingResult train(List<TrainingCase> cases, TrainingProgress progress) throws InvalidSettingsException;
    }

    /**
     * @param context of the executing node
     * @param table the training table
     * @param subjectColumn name of its subject column
     * @param foldsColumn name of its column with folds
     * @throws InvalidSettingsException if a column is missing
     * @throws org.scanbridge.learning.LearningException if a row has no fold, or a subject is in several
     */
    public CrossValidation(final ExecutionContext context, final BufferedDataTable table, final String subjectColumn,
        final String foldsColumn) throws InvalidSettingsException {
        m_context = context;
        m_folds = Folds.of(table, subjectColumn, foldsColumn);
    }

    /**
     * Refuses a column that cannot hold folds: it holds text, or integers as a CSV file has them.
     *
     * @param table the training table
     * @param foldsColumn the chosen column
     * @throws InvalidSettingsException if there is no such column or it holds something else
     */
    public static void check(final DataTableSpec table, final String foldsColumn) throws InvalidSettingsException {
        Folds.index(table, foldsColumn);
    }

    /** The columns of the curves: those of one, and the fold that the network has not seen. */
    public static DataTableSpec curveSpec() {
        return new DataTableSpec(TrainedNetwork.curveSpec(), new DataTableSpec(
            new DataColumnSpecCreator(StudyTable.FOLD, StringCell.TYPE).createSpec()));
    }

    /**
     * What to tell of folds that get no network, as none of their subjects is labeled; empty if all get one.
     *
     * @param cases of all folds
     * @throws org.scanbridge.learning.LearningException if less than two folds have labeled training cases
     */
    public Optional<String> warning(final List<TrainingCase> cases) {
        return m_folds.unlabeled(cases);
    }

    /** What the trainings said of themselves, for the node's warning. */
    public List<String> notices() {
        return List.copyOf(m_notices);
    }

    /**
     * Trains all networks; sets their ensemble at output 0, and the curves at output 1.
     *
     * @param cases of all folds, and those to validate on, which all networks have in common
     * @throws IOException if a network cannot be written
     * @throws InvalidSettingsException if a setting is out of range
     */
    public void run(final List<TrainingCase> cases, final Trainer trainer, final ExecuteOutput output)
        throws IOException, InvalidSettingsException {
        final List<String> names = m_folds.names(cases);
        final Progress progress = new KnimeProgress(m_context);
        final List<Ensemble.Member> members = new ArrayList<>();
        final List<TrainingRecord> records = new ArrayList<>();
        final BufferedDataContainer curves = m_context.createDataContainer(curveSpec());
        for (int f = 0; f < names.size(); f++) {
            final String fold = names.get(f);
            final List<TrainingCase> others = m_folds.without(fold, cases);
            final String place = "Network " + (f + 1) + " of " + names.size() + ": ";
            final Progress part = progress.part((double)f / names.size(), (f + 1.0) / names.size());
            final TrainingProgress its = new TrainingProgress((fraction, message) -> part.report(fraction, place + message));
            final TrainingResult result = trainer.train(others, its);
            its.judge(result.curve());
            its.notices().forEach(notice -> m_notices.add(place + notice));
            members.add(Ensemble.Member.of(result.network(), fold, others.stream().map(TrainingCase::subject).toList()));
            records.add(TrainingRecord.of(result, its.notices()));
            for (final StepMetrics step : result.curve()) {
                final List<DataCell> cells = new ArrayList<>(TrainedNetwork.cells(step, List.of()));
                cells.add(new StringCell(fold));
                curves.addRowToTable(new DefaultRow(RowKey.createRowKey(curves.size()), cells.toArray(DataCell[]::new)));
            }
        }
        curves.close();
        final NetworkPortObject port = NetworkPortObject.create(m_context, new Ensemble(members));
        for (int f = 0; f < records.size(); f++) {
            records.get(f).save(Ensemble.directory(port.directory(), f));
        }
        output.setOutData(0, port);
        output.setOutData(1, curves.getTable());
        output.setInternalData(TrainedNetwork.curve(m_context, mean(records), List.of()));
        progress.report(1, "Ensemble of " + names.size() + " networks");
    }

    /** The mean curve, over the networks that have a step, for the view. */
    private static List<StepMetrics> mean(final List<TrainingRecord> records) {
        final Map<Integer, List<StepMetrics>> bySteps = new LinkedHashMap<>();
        records.forEach(r -> r.curve().forEach(m -> bySteps.computeIfAbsent(m.step(), s -> new ArrayList<>()).add(m)));
        final List<StepMetrics> mean = new ArrayList<>();
        bySteps.forEach((step, m) -> {
            final Map<String, Double> others = new LinkedHashMap<>();
            m.get(0).others().keySet().forEach(name -> others.put(name,
                m.stream().mapToDouble(s -> s.others().getOrDefault(name, Double.NaN)).average().orElse(Double.NaN)));
            mean.add(new StepMetrics(step, m.stream().mapToDouble(StepMetrics::loss).average().orElse(Double.NaN),
                m.stream().mapToDouble(StepMetrics::dice).average().orElse(Double.NaN), m.get(0).learningRate(), Double.NaN,
                Double.NaN, Double.NaN, m.stream().mapToDouble(StepMetrics::validationDice).average().orElse(Double.NaN),
                Collections.unmodifiableMap(others)));
        });
        return mean;
    }
}

package org.scanbridge.knime.learn;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.function.ToDoubleFunction;

import org.knime.core.data.DataCell;
import org.knime.core.data.DataColumnSpecCreator;
import org.knime.core.data.DataRow;
import org.knime.core.data.DataTableSpec;
import org.knime.core.data.DoubleValue;
import org.knime.core.data.IntValue;
import org.knime.core.data.RowKey;
import org.knime.core.data.def.DefaultRow;
import org.knime.core.data.def.DoubleCell;
import org.knime.core.data.def.IntCell;
import org.knime.core.node.BufferedDataContainer;
import org.knime.core.node.BufferedDataTable;
import org.knime.core.node.ExecutionContext;
import org.knime.node.DefaultModel.ExecuteOutput;
import org.knime.node.DefaultView.ViewInput;
import org.scanbridge.knime.port.NetworkPortObject;
import org.scanbridge.knime.util.Columns;
import org.scanbridge.learning.report.TrainingCurves;
import org.scanbridge.learning.train.StepMetrics;
import org.scanbridge.learning.train.TrainingRecord;
import org.scanbridge.learning.train.TrainingResult;

/** The outputs of a learner: the network, and the curve of its training as a table. */
public final class TrainedNetwork {

    /** What every learner's validations may measure besides the Dice. */
    private static final List<String> OTHERS = List.of(StepMetrics.VALIDATION_LOSS, StepMetrics.VALIDATION_AUC);

    private static final String[] COLUMNS = {"Loss", "Soft Dice", "Validation Dice", "Learning Rate", "Domain Loss",
        "Domain Accuracy", "Lambda"};

    private TrainedNetwork() {
    }

    /** The columns of the curve: Step, and one per metric. */
    public static DataTableSpec curveSpec() {
        return curveSpec(List.of());
    }

    /**
     * The columns of the curve: Step, one per metric, and those of a method.
     *
     * @param own names of what else the method measures
     */
    public static DataTableSpec curveSpec(final List<String> own) {
        final DataTableSpec step = new DataTableSpec(new DataColumnSpecCreator("Step", IntCell.TYPE).createSpec());
        DataTableSpec spec = step;
        final List<String> names = new ArrayList<>(List.of(COLUMNS));
        names.addAll(OTHERS);
        names.addAll(own);
        for (final String name : names) {
            spec = new DataTableSpec(spec, new DataTableSpec(new DataColumnSpecCreator(name, DoubleCell.TYPE).createSpec()));
        }
        return spec;
    }

    /**
     * Sets the network at output 0 and the curve at output 1, and says what came out. A training that ended too early is among
     * the notices of its progress then.
     *
     * @throws IOException if the network cannot be written
     */
    public static void set(final ExecuteOutput output, final ExecutionContext context, final TrainingResult result,
        final TrainingProgress progress) throws IOException {
        set(output, context, result, progress, List.of());
    }

    /**
     * As {@link #set(ExecuteOutput, ExecutionContext, TrainingResult, TrainingProgress)}, with more columns in the curve.
     *
     * @param own names of what else the method measures
     * @throws IOException if the network cannot be written
     */
    public static void set(final ExecuteOutput output, final ExecutionContext context, final TrainingResult result,
        final TrainingProgress progress, final List<String> own) throws IOException {
        final NetworkPortObject network = NetworkPortObject.create(context, result.network());
        progress.judge(result.curve());
        TrainingRecord.of(result, progress.notices()).save(network.directory());
        output.setOutData(0, network);
        final BufferedDataTable curve = curve(context, result.curve(), own);
        output.setOutData(1, curve);
        output.setInternalData(curve);
        progress.done(result.network().provenance());
    }

    /** The curve of a training as a table of {@link #curveSpec(List)}. */
    public static BufferedDataTable curve(final ExecutionContext context, final List<StepMetrics> curve,
        final List<String> own) {
        final BufferedDataContainer container = context.createDataContainer(curveSpec(own));
        for (final StepMetrics m : curve) {
            container.addRowToTable(new DefaultRow(RowKey.createRowKey((long)m.step() - 1),
                cells(m, own).toArray(DataCell[]::new)));
        }
        container.close();
        return container.getTable();
    }

    /** The cells of a step in the columns of {@link #curveSpec(List)}. */
    static List<DataCell> cells(final StepMetrics m, final List<String> own) {
        final List<String> others = new ArrayList<>(OTHERS);
        others.addAll(own);
        final List<DataCell> cells = new ArrayList<>(List.of(new IntCell(m.step()), cell(m, StepMetrics::loss),
            cell(m, StepMetrics::dice), cell(m, StepMetrics::validationDice), cell(m, StepMetrics::learningRate),
            cell(m, StepMetrics::domainLoss), cell(m, StepMetrics::domainAccuracy), cell(m, StepMetrics::lambda)));
        others.forEach(name -> cells.add(cell(m, n -> n.others().getOrDefault(name, Double.NaN))));
        return cells;
    }

    /** The page of a learner's view: the curves of its training; empty before execution. */
    public static String page(final ViewInput input) {
        if (input.getInternalPortObjects() == null) {
            return "";
        }
        final List<StepMetrics> curve = new ArrayList<>();
        final BufferedDataTable table = input.getInternalTables()[0];
        for (final DataRow row : table) {
            final double[] v = new double[COLUMNS.length];
            for (int c = 0; c < v.length; c++) {
                v[c] = value(row, c + 1);
            }
            final Map<String, Double> others = new LinkedHashMap<>();
            for (int c = COLUMNS.length + 1; c < table.getDataTableSpec().getNumColumns(); c++) {
                others.put(table.getDataTableSpec().getColumnSpec(c).getName(), value(row, c));
            }
            curve.add(new StepMetrics(((IntValue)row.getCell(0)).getIntValue(), v[0], v[1], v[3], v[4], v[5], v[6], v[2],
                others));
        }
        return TrainingCurves.page(curve, curve.size() + " steps.", OptionalInt.empty());
    }

    private static double value(final DataRow row, final int column) {
        final DataCell cell = row.getCell(column);
        return cell.isMissing() ? Double.NaN : ((DoubleValue)cell).getDoubleValue();
    }

    private static DataCell cell(final StepMetrics metrics, final ToDoubleFunction<StepMetrics> metric) {
        return Columns.number(metric.applyAsDouble(metrics));
    }
}

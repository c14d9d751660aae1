package org.scanbridge.knime.learn;

import java.io.IOException;
import java.util.OptionalDouble;
import java.util.function.ToDoubleFunction;

import org.knime.core.data.DataCell;
import org.knime.core.data.DataColumnSpecCreator;
import org.knime.core.data.DataTableSpec;
import org.knime.core.data.RowKey;
import org.knime.core.data.def.DefaultRow;
import org.knime.core.data.def.DoubleCell;
import org.knime.core.data.def.IntCell;
import org.knime.core.node.BufferedDataContainer;
import org.knime.core.node.BufferedDataTable;
import org.knime.core.node.ExecutionContext;
import org.knime.node.DefaultModel.ExecuteOutput;
import org.scanbridge.knime.port.NetworkPortObject;
import org.scanbridge.knime.util.Columns;
import org.scanbridge.learning.train.StepMetrics;
import org.scanbridge.learning.train.TrainingRecord;
import org.scanbridge.learning.train.TrainingResult;

/** The outputs of a learner: the network, and the curve of its training as a table. */
public final class TrainedNetwork {

    private static final String[] COLUMNS = {"Loss", "Soft Dice", "Validation Dice", "Learning Rate", "Domain Loss",
        "Domain Accuracy", "Lambda"};

    private TrainedNetwork() {
    }

    /** The columns of the curve: Step, and one per metric. */
    public static DataTableSpec curveSpec() {
        final DataTableSpec step = new DataTableSpec(new DataColumnSpecCreator("Step", IntCell.TYPE).createSpec());
        DataTableSpec spec = step;
        for (final String name : COLUMNS) {
            spec = new DataTableSpec(spec, new DataTableSpec(new DataColumnSpecCreator(name, DoubleCell.TYPE).createSpec()));
        }
        return spec;
    }

    /**
     * Sets the network at output 0 and the curve at output 1, and says what came out.
     *
     * @throws IOException if the network cannot be written
     */
    public static void set(final ExecuteOutput output, final ExecutionContext context, final TrainingResult result,
        final TrainingProgress progress) throws IOException {
        final NetworkPortObject network = NetworkPortObject.create(context, result.network());
        TrainingRecord.of(result).save(network.directory());
        output.setOutData(0, network);
        output.setOutData(1, curve(context, result));
        progress.done(result.network().provenance());
    }

    private static BufferedDataTable curve(final ExecutionContext context, final TrainingResult result) {
        final BufferedDataContainer container = context.createDataContainer(curveSpec());
        for (final StepMetrics m : result.curve()) {
            container.addRowToTable(new DefaultRow(RowKey.createRowKey((long)m.step() - 1), new IntCell(m.step()),
                cell(m, StepMetrics::loss), cell(m, StepMetrics::dice), cell(m, StepMetrics::validationDice),
                cell(m, StepMetrics::learningRate), cell(m, StepMetrics::domainLoss), cell(m, StepMetrics::domainAccuracy),
                cell(m, StepMetrics::lambda)));
        }
        container.close();
        return container.getTable();
    }

    private static DataCell cell(final StepMetrics metrics, final ToDoubleFunction<StepMetrics> metric) {
        final double value = metric.applyAsDouble(metrics);
        return Columns.number(Double.isNaN(value) ? OptionalDouble.empty() : OptionalDouble.of(value));
    }
}

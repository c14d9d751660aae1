package org.scanbridge.knime.nodes.segmentationpredictor;

import java.util.ArrayList;
import java.util.List;

import org.knime.core.data.DataCell;
import org.knime.core.data.DataColumnSpecCreator;
import org.knime.core.data.DataRow;
import org.knime.core.data.DataTableSpec;
import org.knime.core.data.DataType;
import org.knime.core.data.container.CloseableRowIterator;
import org.knime.core.data.def.DefaultRow;
import org.knime.core.node.BufferedDataContainer;
import org.knime.core.node.BufferedDataTable;
import org.knime.core.node.CanceledExecutionException;
import org.knime.core.node.InvalidSettingsException;
import org.knime.core.node.KNIMEException;
import org.knime.core.node.NodeFactory.NodeType;
import org.knime.node.DefaultModel.ConfigureInput;
import org.knime.node.DefaultModel.ConfigureOutput;
import org.knime.node.DefaultModel.ExecuteInput;
import org.knime.node.DefaultModel.ExecuteOutput;
import org.knime.node.DefaultNode;
import org.knime.node.DefaultNodeFactory;
import org.scanbridge.imaging.Progress;
import org.scanbridge.knime.data.LabelVolumeCell;
import org.scanbridge.knime.data.VolumeCellFactory;
import org.scanbridge.knime.data.VolumeValue;
import org.scanbridge.knime.port.NetworkPortObject;
import org.scanbridge.knime.port.NetworkPortObjectSpec;
import org.scanbridge.knime.util.Columns;
import org.scanbridge.knime.util.Execution;
import org.scanbridge.knime.util.KnimeProgress;
import org.scanbridge.learning.predict.SlidingWindowPredictor;

/** Segments images with a trained network. */
public final class SegmentationPredictorNodeFactory extends DefaultNodeFactory {

    private static final int NETWORK = 0;

    private static final int IMAGES = 1;

    private static final DefaultNode NODE = DefaultNode.create() //
        .name("Segmentation Predictor") //
        .icon("icon.png") //
        .shortDescription("Segments images with a trained network.") //
        .fullDescription("""
                <p>Segments every image of the table and appends the segmentations as a new column, each on the grid of \
                its image. Images may have any size: the network sees one block after another, the blocks overlap by half, \
                and their results are blended so that no seams show.</p>
                <p>To compare models, put one Segmentation Predictor behind the other, each with its own network and column \
                name, and connect the last one with the <b>Segmentation Scorer</b>.</p>
                """) //
        .sinceVersion(5, 8, 0) //
        .ports(p -> p //
            .addInputPort("Trained network", "The network of a learner.", NetworkPortObject.TYPE) //
            .addInputTable("Images", "The images to segment. Rows without an image get no segmentation.") //
            .addOutputTable("Segmented images", "The input table with a column of segmentations.")) //
        .model(m -> m.parametersClass(SegmentationPredictorParameters.class) //
            .configure(SegmentationPredictorNodeFactory::configure) //
            .execute(SegmentationPredictorNodeFactory::execute)) //
        .nodeType(NodeType.Predictor) //
        .keywords("inference", "apply", "sliding window", "U-Net", "segment");

    /** For KNIME. */
    public SegmentationPredictorNodeFactory() {
        super(NODE);
    }

    private static void configure(final ConfigureInput input, final ConfigureOutput output) throws InvalidSettingsException {
        final SegmentationPredictorParameters parameters = input.getParameters();
        final NetworkPortObjectSpec network = input.getInPortSpec(NETWORK);
        if (network != null && !network.trained()) {
            output.setWarningMessage("The network is not trained, so its segmentations are random. Connect the output of a "
                + "learner.");
        }
        output.setOutSpec(0, outSpec(input.getInTableSpec(IMAGES), parameters));
    }

    private static DataTableSpec outSpec(final DataTableSpec spec, final SegmentationPredictorParameters parameters)
        throws InvalidSettingsException {
        Columns.index(spec, parameters.m_imageColumn, VolumeValue.class, "Image column");
        if (spec.containsName(parameters.m_outputColumn)) {
            throw new InvalidSettingsException("The table already has a column \"" + parameters.m_outputColumn
                + "\". Choose another name for the new column.");
        }
        return new DataTableSpec(spec,
            new DataTableSpec(new DataColumnSpecCreator(parameters.m_outputColumn, LabelVolumeCell.TYPE).createSpec()));
    }

    private static void execute(final ExecuteInput input, final ExecuteOutput output)
        throws CanceledExecutionException, KNIMEException {
        Execution.run(() -> {
            final SegmentationPredictorParameters parameters = input.getParameters();
            final BufferedDataTable table = input.getInTable(IMAGES);
            final int image = table.getDataTableSpec().findColumnIndex(parameters.m_imageColumn);
            final BufferedDataContainer container =
                input.getExecutionContext().createDataContainer(outSpec(table.getDataTableSpec(), parameters));
            final VolumeCellFactory cells = VolumeCellFactory.of(input.getExecutionContext());
            final Progress progress = new KnimeProgress(input.getExecutionContext());
            final List<String> withoutImage = new ArrayList<>();
            long done = 0;
            try (SlidingWindowPredictor predictor =
                new SlidingWindowPredictor(input.<NetworkPortObject> getInPortObject(NETWORK).network());
                    CloseableRowIterator rows = table.iterator()) {
                while (rows.hasNext()) {
                    final DataRow row = rows.next();
                    final Progress part = progress.part((double)done / table.size(), (done + 1.0) / table.size());
                    final String message = "Image " + (done + 1) + " of " + table.size();
                    DataCell cell = DataType.getMissingCell();
                    if (row.getCell(image).isMissing()) {
                        withoutImage.add(row.getKey().getString());
                    } else {
                        cell = cells.create("segmentation-" + done, predictor.predict(
                            ((VolumeValue)row.getCell(image)).volume(), (fraction, block) -> part.report(fraction, message)));
                    }
                    container.addRowToTable(append(row, cell));
                    done++;
                }
            } finally {
                container.close();
            }
            output.setOutData(0, container.getTable());
            progress.report(1, (done - withoutImage.size()) + " images segmented");
            if (!withoutImage.isEmpty()) {
                output.setWarningMessage("Rows without an image got no segmentation: " + String.join(", ", withoutImage) + ".");
            }
        });
    }

    private static DataRow append(final DataRow row, final DataCell cell) {
        final DataCell[] cells = new DataCell[row.getNumCells() + 1];
        for (int c = 0; c < row.getNumCells(); c++) {
            cells[c] = row.getCell(c);
        }
        cells[row.getNumCells()] = cell;
        return new DefaultRow(row.getKey(), cells);
    }
}

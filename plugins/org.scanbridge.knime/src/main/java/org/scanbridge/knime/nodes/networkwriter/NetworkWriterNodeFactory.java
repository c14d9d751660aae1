package org.scanbridge.knime.nodes.networkwriter;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

import org.knime.core.data.DataColumnSpecCreator;
import org.knime.core.data.DataTableSpec;
import org.knime.core.data.RowKey;
import org.knime.core.data.def.DefaultRow;
import org.knime.core.data.def.StringCell;
import org.knime.core.node.BufferedDataContainer;
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
import org.scanbridge.knime.port.NetworkPortObject;
import org.scanbridge.knime.util.Execution;
import org.scanbridge.knime.util.KnimeProgress;
import org.scanbridge.knime.util.OutputFolder;
import org.scanbridge.learning.network.Ensemble;
import org.scanbridge.learning.network.Network;

/** Writes a network for later or for another hospital. */
public final class NetworkWriterNodeFactory extends DefaultNodeFactory {

    static final DataTableSpec SPEC =
        new DataTableSpec(new DataColumnSpecCreator("Path", StringCell.TYPE).createSpec(),
            new DataColumnSpecCreator("Weights SHA-256", StringCell.TYPE).createSpec());

    private static final String DESCRIPTION = """
            <p>Writes a network as a zip file or a folder: architecture, weights, names of the classes, how it was trained
            and its training curve. The <b>Network Reader</b> reads it back, on this computer or another one.</p>
            <p>Inside lies a <b>TensorFlow SavedModel</b> that Python, TensorFlow Serving and any other software built on
            TensorFlow can load without ScanBridge. Its signature <tt>serving_default</tt> maps <tt>image</tt>
            [n, k, j, i, channels] to <tt>probabilities</tt> [n, k, j, i, classes]; k, j and i are fixed to the patch size (for
            networks that do not pad: plus the margin that they look at), and the image must be normalized as it was for
            training. Keras (TFSMLayer) and converters to ONNX and TensorFlow Lite find its weights. KNIME's own TensorFlow nodes expect a Keras model and do not read it.</p>
            <p>An ensemble is written as one file or folder as well, with a folder <tt>member-1</tt>, <tt>member-2</tt> and so
            on for each of its networks, which the Network Reader also reads one by one.</p>
            <h3>Privacy</h3>
            <p>The files hold names of sites and classes, training options and hashes of the training data, but no subject
            ids and no images. Those of an ensemble also hold the SHA-256 of each (pseudonymous) subject id, by which the
            Segmentation Predictor knows what each network has seen: who can guess an id can tell whether it is among
            them.</p>
            """;

    private static final DefaultNode NODE = DefaultNode.create() //
        .name("Network Writer") //
        .icon("icon.png") //
        .shortDescription("Writes a segmentation network with its SavedModel as a zip file or a folder.") //
        .fullDescription(DESCRIPTION) //
        .sinceVersion(5, 8, 0) //
        .ports(p -> p //
            .addInputPort("Network", "The network to write.", NetworkPortObject.TYPE) //
            .addOutputTable("Files", "One row: Path of the zip file or folder, Weights SHA-256.")) //
        .model(m -> m.parametersClass(NetworkWriterParameters.class) //
            .configure(NetworkWriterNodeFactory::configure) //
            .execute(NetworkWriterNodeFactory::execute)) //
        .nodeType(NodeType.Sink) //
        .keywords("SavedModel", "TensorFlow", "model", "export", "save", "weights") //
        .addExternalResource("https://www.tensorflow.org/guide/saved_model", "TensorFlow: SavedModel");

    /** For KNIME. */
    public NetworkWriterNodeFactory() {
        super(NODE);
    }

    private static void configure(final ConfigureInput in, final ConfigureOutput out) throws InvalidSettingsException {
        OutputFolder.checkWritable(
            OutputFolder.required(in.<NetworkWriterParameters> getParameters().m_folder), "The network");
        out.setOutSpec(0, SPEC);
    }

    private static void execute(final ExecuteInput in, final ExecuteOutput out)
        throws CanceledExecutionException, KNIMEException {
        Execution.run(() -> {
            final NetworkWriterParameters parameters = in.getParameters();
            final Progress progress = new KnimeProgress(in.getExecutionContext());
            progress.report(0, "Checking the network");
            final NetworkPortObject port = in.getInPortObject(0);
            final Optional<Ensemble> ensemble = port.ensemble();
            final Network network = ensemble.isPresent() ? ensemble.get().networks().get(0) : port.network();
            final Path path = new NetworkWriting(parameters, progress).write(port.directory(),
                ensemble.map(Ensemble::networks).orElse(List.of(network)), OutputFolder.required(parameters.m_folder));
            final BufferedDataContainer rows = in.getExecutionContext().createDataContainer(SPEC);
            rows.addRowToTable(new DefaultRow(RowKey.createRowKey(0L), new StringCell(path.toString()),
                new StringCell(ensemble.map(Ensemble::hash).orElseGet(network.weights()::hash))));
            rows.close();
            out.setOutData(0, rows.getTable());
            progress.report(1, "Wrote " + path);
        });
    }
}

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
import org.scanbridge.knime.port.NetworkPortObjectSpec;
import org.scanbridge.knime.util.Execution;
import org.scanbridge.knime.util.KnimeProgress;
import org.scanbridge.knime.util.OutputFolder;
import org.scanbridge.knime.util.UnusedSettings;
import org.scanbridge.learning.network.Ensemble;
import org.scanbridge.learning.network.Network;

/** Writes a network for later or for another hospital. */
public final class NetworkWriterNodeFactory extends DefaultNodeFactory {

    static final DataTableSpec SPEC =
        new DataTableSpec(new DataColumnSpecCreator("Path", StringCell.TYPE).createSpec(),
            new DataColumnSpecCreator("Weights SHA-256", StringCell.TYPE).createSpec());

    private static final String FOREIGN = "The network comes from other software, so it has nothing that could be written but the"
        + " file it was read from. Give that file on.";

    private static final String DESCRIPTION = """
            <p>Writes a network as a zip file or a folder: architecture, weights, names of the classes, how it was trained
            and its training curve; or as an ONNX file for other software. The <b>Network Reader</b> reads all of it back, on
            this computer or another one; of an ensemble as ONNX, one network at a time.</p>
            <h3>Zip file or folder</h3>
            <p>Inside lies a <b>TensorFlow SavedModel</b> that Python, TensorFlow Serving and any other software built on
            TensorFlow can load without ScanBridge. Its signature <tt>serving_default</tt> maps <tt>image</tt>
            [n, k, j, i, channels] to <tt>probabilities</tt> [n, k, j, i, classes or regions]. Keras (TFSMLayer) and converters to
            ONNX and TensorFlow Lite find its weights; frozen, it has none but is one file. KNIME's own TensorFlow nodes expect
            a Keras model and do not read it.</p>
            <p>An ensemble is written as one file or folder as well, with a folder <tt>member-1</tt>, <tt>member-2</tt> and so
            on for each of its networks, which the Network Reader also reads one by one; as ONNX it is one file
            for each, <tt>NAME-1.onnx</tt>, <tt>NAME-2.onnx</tt> and so on, which the Network Reader reads one by one: it puts
            no ensemble together from them, but the <b>Segmentation Predictor</b> takes up to five networks.</p>
            <h3>ONNX</h3>
            <p>A folder with <tt>NAME.onnx</tt> (opset 17), which ONNX Runtime and most other software runs, and
            <tt>metadata.json</tt> with the keys of MONAI's bundles. <tt>image</tt> is [n, channels, k, j, i],
            <tt>probabilities</tt> [n, classes or regions, k, j, i]; without k for networks that look at single slices. Classes,
            regions, channels, sizes and the texts below also lie inside the ONNX file.</p>
            <h3>What goes in</h3>
            <p>The image must be normalized as it was for training. It may have any size that suits the architecture:
            multiples of 2 for a U-Net of 2 levels, of 4 for 3, of 8 for 4; of 3 for two pathways. The patch CNN and two
            pathways do not pad: what comes out is smaller than what goes in by 31 rows and columns (16 before, 15 behind) or by
            48 voxels (24 on each side) along every axis, so surround an image with that much background.
            Group and instance normalization look at the whole block, so blocks of the size of the
            training give what ScanBridge gives. <tt>README.txt</tt> tells the numbers of this network.</p>
            <h3>Privacy</h3>
            <p>The files hold names of sites and classes, training options and hashes of the training data, but no subject
            ids and no images. Those of an ensemble also hold the SHA-256 of each (pseudonymous) subject id, by which the
            Segmentation Predictor knows what each network has seen: who can guess an id can tell whether it is among
            them.</p>
            """;

    private static final DefaultNode NODE = DefaultNode.create() //
        .name("Network Writer") //
        .icon("icon.png") //
        .shortDescription("Writes a segmentation network with its SavedModel as a zip file or a folder, or as ONNX.") //
        .fullDescription(DESCRIPTION) //
        .sinceVersion(5, 8, 0) //
        .ports(p -> p //
            .addInputPort("Network", "The network to write.", NetworkPortObject.TYPE) //
            .addOutputTable("Files", "One row: Path of the zip file, folder or ONNX file, Weights SHA-256.")) //
        .model(m -> m.parametersClass(NetworkWriterParameters.class) //
            .configure(NetworkWriterNodeFactory::configure) //
            .execute(UnusedSettings.told(NetworkWriterNodeFactory::execute))) //
        .nodeType(NodeType.Sink) //
        .keywords("SavedModel", "TensorFlow", "ONNX", "MONAI", "model", "export", "save", "weights") //
        .addExternalResource("https://www.tensorflow.org/guide/saved_model", "TensorFlow: SavedModel");

    /** For KNIME. */
    public NetworkWriterNodeFactory() {
        super(NODE);
    }

    private static void configure(final ConfigureInput in, final ConfigureOutput out) throws InvalidSettingsException {
        OutputFolder.checkWritable(
            OutputFolder.required(in.<NetworkWriterParameters> getParameters().m_folder), "The network");
        final NetworkPortObjectSpec network = in.getInPortSpec(0);
        if (network != null && network.architecture().isForeign()) {
            throw new InvalidSettingsException(FOREIGN);
        }
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
            if (network.foreign().isPresent()) {
                throw new InvalidSettingsException(FOREIGN);
            }
            final Path path = new NetworkWriting(parameters, progress).write(port.directory(),
                ensemble.map(Ensemble::networks).orElse(List.of(network)), OutputFolder.required(parameters.m_folder));
            final BufferedDataContainer rows = in.getExecutionContext().createDataContainer(SPEC);
            rows.addRowToTable(new DefaultRow(RowKey.createRowKey(0L), new StringCell(path.toString()),
                new StringCell(ensemble.map(Ensemble::hash).orElseGet(network::hash))));
            rows.close();
            out.setOutData(0, rows.getTable());
            progress.report(1, "Wrote " + path);
        });
    }
}

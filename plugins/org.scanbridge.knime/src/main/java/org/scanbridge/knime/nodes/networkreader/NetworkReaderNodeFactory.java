package org.scanbridge.knime.nodes.networkreader;

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
import org.scanbridge.knime.port.NetworkPortObject;
import org.scanbridge.knime.util.Execution;
import org.scanbridge.knime.util.UnusedSettings;

/** Reads a network that was written for later or for another hospital. */
public final class NetworkReaderNodeFactory extends DefaultNodeFactory {

    private static final String DESCRIPTION = """
            <p>Reads a network that the <b>Network Writer</b> wrote, as a zip file or as a folder: architecture, weights,
            names of the classes and where it was trained. It then works like one that was just trained: predict with it,
            adapt it to a new site, fine-tune it.</p>
            <p>It also reads segmentation networks of <b>other software</b>, an ONNX file or a TensorFlow SavedModel: of nnU-Net,
            of a MONAI bundle, bought. Such a network can be used in the Segmentation Predictor with everything around it -
            normalization, sliding window, flips, averages with other networks, scores - but not be trained.</p>
            <h3>Networks of other software</h3>
            <p>What goes in and comes out must be known: order of the axes, channels, patch size, classes, and whether outputs
            are probabilities. It is taken from the settings, else from the metadata inside the file (as the Network Writer
            writes) or from a <tt>metadata.json</tt> beside it or in the folder <tt>configs</tt> next to it (as MONAI bundles
            have), else from the shape of the network. What nobody says is asked for. The network is then run on a block of zeros and
            one of noise, so that a wrong setting fails here, as does a network that was exported as for training, with dropout.
            A network has one input and gives, for a block of an image, numbers for each voxel; further outputs, as of deep
            supervision, do not matter. ONNX files need the feature <i>ScanBridge ONNX Runtime</i> from ScanBridge's update
            site. Weights that lie in files beside the ONNX file, such as <tt>model.onnx.data</tt>, which PyTorch writes since
            2.9, are taken along: choose the ONNX file.</p>
            <p>Orientation is not in such files: MONAI's networks mostly expect images whose axes go to the right, the front and
            the head, which the Volume Resampler makes.</p>
            <h3>What is checked</h3>
            <p>The file names the version of its format; one from a newer ScanBridge is refused. The weights must have the
            SHA-256 that the file gives for them.</p>
            <h3>Files from others</h3>
            <p>Of what the Network Writer wrote only the description and the numbers are read; the SavedModel is made anew from
            them, and an archive that tries to write outside itself is refused. Of other software the graph itself is run: ONNX
            has no operations that reach beyond the computation, and a file that refers to files outside its folder is refused, as
            is a SavedModel with operations that read or write files or run programs. Use only files whose source you know.</p>
            """;

    private static final DefaultNode NODE = DefaultNode.create() //
        .name("Network Reader") //
        .icon("icon.png") //
        .shortDescription("Reads a segmentation network from a zip file or a folder, or one of other software from ONNX or a"
            + " SavedModel.") //
        .fullDescription(DESCRIPTION) //
        .sinceVersion(5, 8, 0) //
        .ports(p -> p //
            .addOutputPort("Network", "The network as it was written, with its training curve if it has one.",
                NetworkPortObject.TYPE)) //
        .model(m -> m.parametersClass(NetworkReaderParameters.class) //
            .configure(NetworkReaderNodeFactory::configure) //
            .execute(UnusedSettings.told(NetworkReaderNodeFactory::execute))) //
        .nodeType(NodeType.Source) //
        .keywords("SavedModel", "TensorFlow", "ONNX", "MONAI", "nnU-Net", "model", "import", "load", "weights") //
        .addExternalResource("https://www.tensorflow.org/guide/saved_model", "TensorFlow: SavedModel");

    /** For KNIME. */
    public NetworkReaderNodeFactory() {
        super(NODE);
    }

    private static void configure(final ConfigureInput in, final ConfigureOutput out) throws InvalidSettingsException {
        in.<NetworkReaderParameters> getParameters().path();
        // What is in the file is known when it has been read; it may not even be there yet.
        out.setOutSpec(0, null);
    }

    private static void execute(final ExecuteInput in, final ExecuteOutput out)
        throws CanceledExecutionException, KNIMEException {
        final NetworkReaderParameters parameters = in.getParameters();
        Execution.run(() -> out.setOutData(0,
            new NetworkReading(in.getExecutionContext()).read(parameters.path(), parameters.expectedHash(),
                parameters.foreign())));
    }
}

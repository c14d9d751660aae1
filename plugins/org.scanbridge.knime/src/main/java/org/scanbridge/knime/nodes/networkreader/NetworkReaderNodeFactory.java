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

/** Reads a network that was written for later or for another hospital. */
public final class NetworkReaderNodeFactory extends DefaultNodeFactory {

    private static final String DESCRIPTION = """
            <p>Reads a network that the <b>Network Writer</b> wrote, as a zip file or as a folder: architecture, weights,
            names of the classes and where it was trained. It then works like one that was just trained: predict with it,
            adapt it to a new site, fine-tune it.</p>
            <h3>What is checked</h3>
            <p>The file names the version of its format; one from a newer ScanBridge is refused. The weights must have the
            SHA-256 that the file gives for them. A SavedModel of other software is refused: it does not say what its
            classes are and how it was trained.</p>
            <h3>Files from others</h3>
            <p>Only the description and the numbers of the network are read; the SavedModel is made anew from them. Nothing
            that a stranger put into the file is ever run, and an archive that tries to write outside itself is refused.</p>
            """;

    private static final DefaultNode NODE = DefaultNode.create() //
        .name("Network Reader") //
        .icon("icon.png") //
        .shortDescription("Reads a segmentation network from a zip file or a folder.") //
        .fullDescription(DESCRIPTION) //
        .sinceVersion(5, 8, 0) //
        .ports(p -> p //
            .addOutputPort("Network", "The network as it was written, with its training curve if it has one.",
                NetworkPortObject.TYPE)) //
        .model(m -> m.parametersClass(NetworkReaderParameters.class) //
            .configure(NetworkReaderNodeFactory::configure) //
            .execute(NetworkReaderNodeFactory::execute)) //
        .nodeType(NodeType.Source) //
        .keywords("SavedModel", "TensorFlow", "model", "import", "load", "weights") //
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
            new NetworkReading(in.getExecutionContext()).read(parameters.path(), parameters.expectedHash())));
    }
}

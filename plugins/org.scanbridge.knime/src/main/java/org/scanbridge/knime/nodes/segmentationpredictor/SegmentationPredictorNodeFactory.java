package org.scanbridge.knime.nodes.segmentationpredictor;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

import org.knime.core.node.CanceledExecutionException;
import org.knime.core.node.InvalidSettingsException;
import org.knime.core.node.KNIMEException;
import org.knime.core.node.NodeFactory.NodeType;
import org.knime.core.node.port.PortType;
import org.knime.core.node.port.PortTypeRegistry;
import org.knime.node.DefaultModel.ConfigureInput;
import org.knime.node.DefaultModel.ConfigureOutput;
import org.knime.node.DefaultModel.ExecuteInput;
import org.knime.node.DefaultModel.ExecuteOutput;
import org.knime.node.DefaultNode;
import org.knime.node.DefaultNodeFactory;
import org.scanbridge.knime.port.NetworkPortObject;
import org.scanbridge.knime.port.NetworkPortObjectSpec;
import org.scanbridge.knime.util.ColumnGuesses;
import org.scanbridge.knime.util.Execution;
import org.scanbridge.knime.util.UnusedSettings;
import org.scanbridge.knime.view.ImageViewer;

/** Segments images with a trained network. */
public final class SegmentationPredictorNodeFactory extends DefaultNodeFactory {

    private static final int NETWORK = 0;

    static final int IMAGES = 1;

    private static final PortType OPTIONAL_NETWORK =
        PortTypeRegistry.getInstance().getPortType(NetworkPortObject.class, true);

    private static final DefaultNode NODE = DefaultNode.create() //
        .name("Segmentation Predictor") //
        .icon("icon.png") //
        .shortDescription("Segments images with a trained network.") //
        .fullDescription("""
                <p>Segments every image of the table and appends the segmentations as a new column, each on the grid of \
                its image. Images may have any size: the network sees one block after another, the blocks overlap by half, \
                and their results are blended so that no seams show. A warning tells where voxels are more than a fifth larger \
                or smaller than those of the training, and where intensities are quite different, as those of images that were \
                not normalized.</p>
                <p>Several networks, such as those trained with different seeds or on different folds, make an ensemble: their \
                probabilities are averaged, which is usually better than each of them and shows where they disagree. The \
                same inputs and settings give the same segmentations, bit by bit, on one machine.</p>
                <p>So does the ensemble of a Segmentation Learner with folds, at one port. To score the subjects that it was \
                trained on, choose <b>Networks that have not seen the subject</b>: each is then segmented by the network that left \
                it out.</p>
                <p>A network of regions, such as an organ with the lesions in it, gives each region a probability. A voxel gets \
                the class that is most probable under all of them; where regions lie inside one another, that is the innermost \
                one with a probability above ½.</p>
                <h3>Memory</h3>
                <p>Probabilities are turned into classes slice by slice as soon as no further block reaches a slice. Beside \
                the images of one subject and the results, the node holds one layer of blocks per network, whatever the \
                number of slices, and a copy of the images for networks that see more than their patch (patch CNN, two \
                pathways). What does not fit is refused before the work begins.</p>
                <h3>Comparing models</h3>
                <p>To compare models, put one Segmentation Predictor behind the other, each with its own network and column \
                name, and connect the last one with the <b>Segmentation Scorer</b>.</p>
                """) //
        .sinceVersion(5, 8, 0) //
        .ports(p -> p //
            .addInputPort("Trained network", "The network of a learner.", NetworkPortObject.TYPE) //
            .addInputTable("Images", "The images to segment. Rows without an image get no segmentation.") //
            .addInputPort("Second network", "Optional: its probabilities are averaged with the first network's. It must have"
                + " the same classes; blocks and width may differ.", OPTIONAL_NETWORK) //
            .addInputPort("Third network", "Optional, as the second.", OPTIONAL_NETWORK) //
            .addInputPort("Fourth network", "Optional, as the second.", OPTIONAL_NETWORK) //
            .addInputPort("Fifth network", "Optional, as the second.", OPTIONAL_NETWORK) //
            .addOutputTable("Segmented images", "The input table with a column of segmentations; if asked for also the"
                + " column \"… uncertainty\" and for each class or region a column \"… p(class)\".")) //
        .model(m -> m.parametersClass(SegmentationPredictorParameters.class) //
            .configure(SegmentationPredictorNodeFactory::configure) //
            .execute(UnusedSettings.told(SegmentationPredictorNodeFactory::execute))) //
        .addView(v -> ImageViewer.add(v, "The images with their segmentations side by side: the reference, if there is one, each"
            + " model's, and where they differ.")) //
        .nodeType(NodeType.Predictor) //
        .keywords("ensemble", "uncertainty", "entropy", "probability", "test-time augmentation", "largest component",
            "inference", "apply", "sliding window", "U-Net", "segment");

    /** For KNIME. */
    public SegmentationPredictorNodeFactory() {
        super(NODE);
    }

    private static void configure(final ConfigureInput input, final ConfigureOutput output) throws InvalidSettingsException {
        final List<NetworkPortObjectSpec> networks = Arrays.stream(input.getInPortSpecs())
            .filter(NetworkPortObjectSpec.class::isInstance).map(NetworkPortObjectSpec.class::cast).toList();
        final ColumnGuesses<SegmentationPredictorParameters> guesses = ColumnGuesses.of(input);
        final List<String> warnings = new ArrayList<>();
        if (networks.stream().anyMatch(network -> !network.trained())) {
            warnings.add((networks.size() > 1 ? "A" : "The") + " network is not trained, so its segmentations are"
                + " random. Connect the output of a learner.");
        }
        if (!guesses.message().isEmpty()) {
            warnings.add(guesses.message());
        }
        if (!warnings.isEmpty()) {
            output.setWarningMessage(String.join(" ", warnings));
        }
        if (input.getInPortSpec(NETWORK) != null) {
            output.setOutSpec(0, PredictedColumns.of(input.getInTableSpec(IMAGES), guesses.parameters(), networks).spec());
        }
    }

    private static void execute(final ExecuteInput input, final ExecuteOutput output)
        throws CanceledExecutionException, KNIMEException {
        Execution.run(
            () -> new Predicting(ColumnGuesses.in(input), input.getInPortObjects()).run(input.getExecutionContext(), output));
    }
}

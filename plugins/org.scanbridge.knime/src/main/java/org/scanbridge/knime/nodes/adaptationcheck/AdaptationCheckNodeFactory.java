package org.scanbridge.knime.nodes.adaptationcheck;

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

/** Predicts how good segmentations are that nobody has labels for. */
public final class AdaptationCheckNodeFactory extends DefaultNodeFactory {

    static final int NETWORK = 0;

    static final int LABELED = 1;

    static final int JUDGED = 2;

    static final int BEFORE = 3;

    private static final DefaultNode NODE = DefaultNode.create() //
        .name("Adaptation Check") //
        .icon("icon.png") //
        .shortDescription("Predicts without labels whether a network works on the images of a new site.") //
        .fullDescription("""
                <p>Does the network work there? Predicts the Dice of every class in every image of a site that has no labels, \
                with an interval, and says in words whether that is as on the source or worse, and why.</p>
                <h3>Evidence</h3>
                <p>Nobody knows the truth, but wrong segmentations give themselves away: they change when the image is changed a \
                little, the network is uncertain of them, the networks of an ensemble disagree, and classes have unusual volumes, \
                unusual forms, or neighbors that they do not have in the labeled images. If asked for, a second opinion (such as \
                the Atlas Segmenter's) and reverse classification (Valindria et al., 2017) are added.</p>
                <p>What the evidence is worth is learned from <b>labeled images of the source</b>, as they are, under simulated \
                shifts of the scanner, and painted from their segmentations in contrasts drawn at random: half of them fit a curve \
                from evidence to Dice that never falls, the other half tell how wide the interval must be (split conformal \
                inference). Sites differ by more than simulated images do, so it reaches 0.1 further on both sides. Connect \
                labeled images that the network was <b>not trained \
                on</b>, such as validation subjects; of those it was trained on it is too sure.</p>
                <h3>How far to trust it</h3>
                <p>The interval keeps its promise for shifts like the simulated ones. A network can be certain and wrong, most of \
                all where the contrast is turned around: form, neighbors, and above all a second opinion give that away, yet not \
                always. <b>Without a second opinion, the Dice at contrasts that the network has never seen is overestimated</b>; the \
                node warns of that where images are not as on the source. The user guide tells how well it did where the truth is \
                known. It does not replace looking.</p>
                <p>A network that is bad on the labeled images themselves (Dice less than 0.5) is not called as good as on the \
                source anywhere: the verdict on such a class is <i>bad on the source already: look</i>, and the node warns. A \
                class that no labeled image has gets no predicted Dice and does not count in the mean of all classes. Where the \
                predicted Dice is as on the source, but there is less evidence than under any simulated shift, the verdict is \
                <i>unlike all simulated shifts: look</i>; the second output counts it as perhaps worse. Untrained networks are \
                refused.</p>
                <h3>Was the adaptation any good?</h3>
                <p>Connect the network that the adapted one came from, too: both are judged on the same images, and the second \
                output warns where the adapted one is probably worse.</p>
                <h3>Time</h3>
                <p>Every image is segmented five times (and once with each network of an ensemble), the labeled ones under each \
                simulated shift. With ten labeled images and twelve shifts, the labeled images take as long as 600 segmentations: \
                choose fewer of both for large images.</p>
                """) //
        .sinceVersion(5, 8, 0) //
        .ports(p -> p //
            .addInputPort("Network", "The network to check, or an ensemble.", NetworkPortObject.TYPE) //
            .addInputTable("Labeled images", "Images of the source with segmentations, which the network was not trained on.") //
            .addInputTable("Images to judge", "Images of the new site, with the same columns; segmentations are not looked at.") //
            .addInputPort("Network before the adaptation", "Optional: the network that the first one came from.",
                PortTypeRegistry.getInstance().getPortType(NetworkPortObject.class, true)) //
            .addOutputTable("Verdicts", "For each image and class, and for the mean of all classes: predicted Dice with its"
                + " interval, the Dice on the labeled images, verdict, reason, and the evidence.") //
            .addOutputTable("Sites", "For each site: mean predicted Dice of all classes, how many images are probably"
                + " or perhaps worse than on the source, by all classes together, what the adaptation did if the network before it is"
                + " connected, and how many images have any verdict, of a class or of all, that says \"look\".")) //
        .model(m -> m.parametersClass(AdaptationCheckParameters.class) //
            .configure(AdaptationCheckNodeFactory::configure) //
            .execute(UnusedSettings.told(AdaptationCheckNodeFactory::execute))) //
        .nodeType(NodeType.Other) //
        .keywords("quality control", "quality estimation", "predicted Dice", "no labels", "reverse classification accuracy",
            "conformal", "domain shift", "test-time augmentation", "disagreement", "trust") //
        .addExternalResource("https://doi.org/10.1109/TMI.2017.2665165",
            "Valindria et al.: Reverse classification accuracy (TMI 2017)") //
        .addExternalResource("https://doi.org/10.1080/01621459.2017.1307116",
            "Lei et al.: Distribution-free predictive inference for regression (JASA 2018)");

    /** For KNIME. */
    public AdaptationCheckNodeFactory() {
        super(NODE);
    }

    private static void configure(final ConfigureInput input, final ConfigureOutput output) throws InvalidSettingsException {
        final AdaptationCheckParameters parameters = ColumnGuesses.in(input, output);
        parameters.options();
        Checking.check(parameters, input.getInTableSpec(LABELED), input.getInTableSpec(JUDGED),
            input.getInPortSpec(NETWORK), (NetworkPortObjectSpec)input.getInPortSpecs()[BEFORE]);
        output.setOutSpec(0, CheckTables.verdicts(input.getInPortSpecs()[BEFORE] != null));
        output.setOutSpec(1, CheckTables.sites(input.getInPortSpecs()[BEFORE] != null));
    }

    private static void execute(final ExecuteInput input, final ExecuteOutput output)
        throws CanceledExecutionException, KNIMEException {
        Execution.run(() -> new Checking(ColumnGuesses.in(input), input).run(output));
    }
}

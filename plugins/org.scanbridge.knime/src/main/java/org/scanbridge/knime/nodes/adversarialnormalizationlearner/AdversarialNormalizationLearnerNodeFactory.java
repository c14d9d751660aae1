package org.scanbridge.knime.nodes.adversarialnormalizationlearner;

import java.io.IOException;
import java.util.List;

import org.knime.core.data.DataTableSpec;
import org.knime.core.node.BufferedDataTable;
import org.knime.core.node.CanceledExecutionException;
import org.knime.core.node.ExecutionContext;
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
import org.scanbridge.imaging.volume.LabelSet;
import org.scanbridge.knime.learn.CaseColumns;
import org.scanbridge.knime.learn.CaseTable;
import org.scanbridge.knime.learn.EngineNotice;
import org.scanbridge.knime.learn.TrainedNetwork;
import org.scanbridge.knime.learn.TrainingProgress;
import org.scanbridge.knime.nodes.learnednormalizer.GeneratorTable;
import org.scanbridge.knime.port.NetworkPortObject;
import org.scanbridge.knime.port.NetworkPortObjectSpec;
import org.scanbridge.knime.util.ColumnGuesses;
import org.scanbridge.knime.util.Execution;
import org.scanbridge.knime.util.KnimeProgress;
import org.scanbridge.knime.util.UnusedSettings;
import org.scanbridge.learning.architecture.NetworkOutput;
import org.scanbridge.learning.method.AdversarialNormalization;
import org.scanbridge.learning.network.Network;
import org.scanbridge.learning.predict.LearnedNormalization;
import org.scanbridge.learning.train.NormalizationResult;
import org.scanbridge.learning.train.TrainingRecord;

/** Trains a generator of normalized images together with a segmenter, against a discriminator of sites. */
public final class AdversarialNormalizationLearnerNodeFactory extends DefaultNodeFactory {

    private static final int NETWORK = 0;

    private static final int TRAINING = 1;

    private static final int VALIDATION = 2;

    private static final String METHOD = "adversarial-normalization";

    private static final List<String> MEASURES =
        List.of("Reconstruction Loss", "Generator Loss", "Sites Recognized", "Generated Recognized");

    /** How much of the progress is training; the rest is normalizing the images. */
    private static final double TRAINING_SHARE = 0.95;

    private static final DefaultNode NODE = DefaultNode.create() //
        .name("Adversarial Normalization Learner") //
        .icon("icon.png") //
        .shortDescription("Learns to normalize the images of several sites so that one network segments them all.") //
        .fullDescription("""
                <p>Trains two networks together on labeled images of several sites: a <b>generator</b>, which turns each image \
                into a normalized one, and a <b>segmenter</b>, which segments what the generator makes. A third network, the \
                <b>discriminator</b>, tries to tell of every patch which site it is from or that it was generated, and the \
                generator works against it. This is adversarial normalization (Delisle et al., ISBI 2020), for any number of \
                sites.</p>
                <p>In a first stage the generator learns to copy images. Then, in every step, generator and segmenter are \
                updated together, and after them the discriminator, on patches drawn from all sites alike.</p>
                <h3>What to connect</h3>
                <p>An untrained U-Net of the Network Builder, or a trained one to go on from: it is the segmenter. The \
                generator gets the same architecture with one output. Scale the images to the range from 0 to 1 with \
                <i>one</i> range for all of them (Volume Normalizer, statistics over the data set): normalizing each image by \
                itself would do the generator's work beforehand.</p>
                <h3>What to expect</h3>
                <p>Images that look like images, which one segmenter handles for all sites. The discriminator asks for \
                realism; only with "Look like all sites alike" does it ask for images whose site cannot be told. The page \
                docs/adversarial-normalization.md of ScanBridge compares it with simpler normalizations, which are often as \
                good: try a z-score of each image first. The Normalization Study runs that comparison on your images.</p>
                """) //
        .sinceVersion(5, 8, 0) //
        .ports(p -> p //
            .addInputPort("Network", "The segmenter to train, untrained or trained before.", NetworkPortObject.TYPE) //
            .addInputTable("Training images", "Labeled images of all sites. Images without a segmentation are left out.") //
            .addInputTable("Validation images", """
                    Labeled images of other subjects, on which the Dice of generator and segmenter together is measured. With \
                    an empty table the last weights are kept.""") //
            .addOutputPort("Generator", "Makes normalized images: for the Learned Normalizer.", NetworkPortObject.TYPE) //
            .addOutputPort("Segmenter", "Segments normalized images: for the Segmentation Predictor.",
                NetworkPortObject.TYPE) //
            .addOutputTable("Normalized images", "All rows of both tables with a column of normalized images.") //
            .addOutputTable("Training curve", """
                    One row per step: the segmentation loss, how well the generator copies, its adversarial loss, the \
                    discriminator's loss, how many sites and generated patches it recognizes, lambda, validation Dice.""")) //
        .model(m -> m.parametersClass(AdversarialNormalizationLearnerParameters.class) //
            .configure(AdversarialNormalizationLearnerNodeFactory::configure) //
            .execute(UnusedSettings.told(AdversarialNormalizationLearnerNodeFactory::execute))) //
        .nodeType(NodeType.Learner) //
        .keywords("harmonization", "GAN", "generator", "discriminator", "Delisle", "multi-site", "U-Net") //
        .addExternalResource("https://arxiv.org/abs/1912.00993",
            "Delisle et al.: Adversarial normalization for multi domain image segmentation (ISBI 2020)");

    /** For KNIME. */
    public AdversarialNormalizationLearnerNodeFactory() {
        super(NODE);
    }

    private static void configure(final ConfigureInput input, final ConfigureOutput output)
        throws InvalidSettingsException {
        final AdversarialNormalizationLearnerParameters parameters = ColumnGuesses.in(input, output);
        final NetworkPortObjectSpec network = input.getInPortSpec(NETWORK);
        requireOneImage(parameters.m_columns, network);
        CaseTable.check(input.getInTableSpec(TRAINING), input.getInTableSpec(VALIDATION), parameters.m_columns, network);
        requireSameColumns(input.getInTableSpec(TRAINING), input.getInTableSpec(VALIDATION));
        if (network != null && network.architecture().output().image()) {
            throw new InvalidSettingsException("The network is a generator. Connect the segmentation network to train, from a "
                + "Network Builder; the generator is made from its architecture.");
        }
        output.setOutSpec(0, network == null ? null : generator(network, parameters));
        output.setOutSpec(1, network == null ? null : network.trainedBy(METHOD, network.labels()));
        output.setOutSpec(2, GeneratorTable.spec(input.getInTableSpec(TRAINING), parameters.m_columns.image(),
            parameters.m_outputColumn));
        output.setOutSpec(3, TrainedNetwork.curveSpec(MEASURES));
    }

    private static NetworkPortObjectSpec generator(final NetworkPortObjectSpec segmenter,
        final AdversarialNormalizationLearnerParameters parameters) throws InvalidSettingsException {
        try {
            return NetworkPortObject.specOf(Network.untrained(
                segmenter.architecture().asGenerator(NetworkOutput.valueOf(parameters.m_output.name())), 0))
                .trainedBy(METHOD, LabelSet.of());
        } catch (final IllegalArgumentException e) {
            throw new InvalidSettingsException(e.getMessage() + " Choose a U-Net in the Network Builder.", e);
        }
    }

    private static void requireOneImage(final CaseColumns columns, final NetworkPortObjectSpec network)
        throws InvalidSettingsException {
        if (columns.images().names().size() > 1 || network != null && network.architecture().inputChannels() > 1) {
            throw new InvalidSettingsException("Adversarial normalization makes one normalized image per subject. Remove the"
                + " further images, and connect a network with one input channel; normalize each kind of image by itself.");
        }
    }

    private static void requireSameColumns(final DataTableSpec training, final DataTableSpec validation)
        throws InvalidSettingsException {
        if (!training.equalStructure(validation)) {
            throw new InvalidSettingsException("Training and validation table have different columns, but their rows become "
                + "one table. Connect two outputs of one Subject Splitter.");
        }
    }

    private static void execute(final ExecuteInput input, final ExecuteOutput output)
        throws CanceledExecutionException, KNIMEException {
        Execution.run(() -> {
            final AdversarialNormalizationLearnerParameters parameters = ColumnGuesses.in(input);
            final ExecutionContext context = input.getExecutionContext();
            final BufferedDataTable training = input.getInTable(TRAINING);
            final BufferedDataTable validation = input.getInTable(VALIDATION);
            final CaseTable cases = CaseTable.read(training, validation, parameters.m_columns);
            final Network network = input.<NetworkPortObject> getInPortObject(NETWORK).network();
            final TrainingProgress progress = new TrainingProgress(context);
            cases.requireMemory(cases.sites());
            final NormalizationResult result = AdversarialNormalization.run(network, cases.cases(cases.sites(), network),
                parameters.options(), parameters.m_training.checkpoints(), progress.part(0, TRAINING_SHARE), progress);
            progress.judge(result.curve());
            cases.withoutValidation(cases.sites()).ifPresent(progress::notice);
            output.setOutData(0, port(context, "generator", result.generator(), result, progress.notices()));
            output.setOutData(1, port(context, "segmenter", result.segmenter(), result, progress.notices()));
            output.setOutData(2, normalized(context, parameters, result.generator(), training, validation));
            output.setOutData(3, TrainedNetwork.curve(context, result.curve(), MEASURES));
            progress.done(result.segmenter().provenance());
            EngineNotice.set(output, network, progress.notices());
        });
    }

    private static NetworkPortObject port(final ExecutionContext context, final String name, final Network network,
        final NormalizationResult result, final List<String> warnings) throws IOException {
        final NetworkPortObject port = NetworkPortObject.create(context, name, network);
        new TrainingRecord(result.device(), result.setupSeconds(), result.trainingSeconds(), result.validationSeconds(),
            result.curve(), warnings).save(port.directory());
        return port;
    }

    private static BufferedDataTable normalized(final ExecutionContext context,
        final AdversarialNormalizationLearnerParameters parameters, final Network generator,
        final BufferedDataTable training, final BufferedDataTable validation)
        throws IOException, InvalidSettingsException {
        final Progress progress = new KnimeProgress(context).part(TRAINING_SHARE, 1);
        final GeneratorTable table = new GeneratorTable(context, training.getDataTableSpec(),
            parameters.m_columns.image(), parameters.m_outputColumn, List.of());
        try (LearnedNormalization normalization = new LearnedNormalization(generator)) {
            final double share = (double)training.size() / (training.size() + validation.size());
            table.add(training, normalization, false, progress.part(0, share));
            table.add(validation, normalization, false, progress.part(share, 1));
        }
        return table.close();
    }
}

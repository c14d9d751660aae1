package org.scanbridge.knime.nodes.imagetranslationlearner;

import java.io.IOException;
import java.util.Collection;
import java.util.List;
import java.util.stream.Stream;

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
import org.scanbridge.knime.learn.CaseTable;
import org.scanbridge.knime.learn.TrainedNetwork;
import org.scanbridge.knime.learn.TrainingProgress;
import org.scanbridge.knime.port.NetworkPortObject;
import org.scanbridge.knime.port.NetworkPortObjectSpec;
import org.scanbridge.knime.util.ColumnGuesses;
import org.scanbridge.knime.util.Execution;
import org.scanbridge.knime.util.KnimeProgress;
import org.scanbridge.knime.util.UnusedSettings;
import org.scanbridge.knime.view.ReportView;
import org.scanbridge.learning.graph.TranslationGraph;
import org.scanbridge.learning.method.ImageTranslation;
import org.scanbridge.learning.method.ImageTranslationOptions;
import org.scanbridge.learning.network.Network;
import org.scanbridge.learning.train.TrainingRecord;
import org.scanbridge.learning.train.TranslationResult;

/** Trains two generators that translate the images of one site to the look of another, and back. */
public final class ImageTranslationLearnerNodeFactory extends DefaultNodeFactory {

    private static final int TRAINING = 0;

    private static final int VALIDATION = 1;

    private static final List<String> MEASURES =
        List.of(TranslationGraph.ADVERSARIAL, TranslationGraph.CYCLE, TranslationGraph.IDENTITY,
            TranslationGraph.SOURCE_DISCRIMINATOR, TranslationGraph.TARGET_DISCRIMINATOR);

    /** How much of the progress is training; the rest is translating the images. */
    private static final double TRAINING_SHARE = 0.9;

    private static final DefaultNode NODE = DefaultNode.create() //
        .name("Image Translation Learner") //
        .icon("icon.png") //
        .shortDescription("Learns to make images of one site look like another's, without pairs and segmentations.") //
        .fullDescription("""
                <p>Trains two <b>generators</b>: one makes images of the source look like images of the target, the other \
                does the reverse. Two <b>discriminators</b> try to tell real from generated images, region by region, and \
                the generators work against them. An image that is translated there and back must be what it was. No image \
                needs a counterpart at the other site, and no segmentation is read. This is unpaired image translation \
                (CycleGAN; Zhu et al., ICCV 2017).</p>
                <h3>What it is for</h3>
                <p>A segmentation network that works at the source fails at the target: translate the target's images to \
                the source's look (Learned Normalizer with the second output), then segment them with that network as it \
                is.</p>
                <h3>Caution: translation can move anatomy</h3>
                <p>The networks are asked for images that <i>look</i> like the other site's. Nothing asks that a lesion \
                stays where it is, or stays at all: if one site has more lesions, larger ventricles or older patients than \
                the other, the generators learn to add or remove just that (Cohen et al., MICCAI 2018). Never read a \
                translated image as a diagnostic one. Train on similar patients at both sites, and check:</p>
                <ul>
                <li>the column <i>Similarity</i> of the third output: the normalized cross-correlation (NCC) of an image \
                and its translation. A mere change of brightness leaves it near 1; a low value says that structures \
                changed, or the order of gray values. <i>Cycle Similarity</i> is that of the image and its translation \
                there and back; a high value alone proves nothing, because the networks can hide what they need for the \
                way back.</li>
                <li>a network that segments one side well, applied to images of that side before and after the way there \
                and back: the Dice of the two segmentations (Segmentation Scorer) should be near 1.</li>
                <li>the Intensity Divergence Scorer on the images before and after: the divergence of the sites should \
                fall.</li>
                <li>the images themselves, side by side, those of the validation table first.</li>
                </ul>
                <h3>What to connect</h3>
                <p>Images of both sides, scaled to the range from 0 to 1 by the same fixed rule for all sites (Volume \
                Normalizer: minimum and maximum, statistics over the data set). Images with other values are refused.</p>
                <h3>What to expect</h3>
                <p>It takes longer and is less sure to succeed than the methods of the Domain Adaptation Learner. On the \
                generated sites of docs/domain-adaptation.md it closed about half of the gap, less than those methods, and \
                no more than a plain smoothing filter: try these first. It is worth a try where images themselves are \
                wanted, or the segmentation network cannot be changed.</p>
                """) //
        .sinceVersion(5, 8, 0) //
        .ports(p -> p //
            .addInputTable("Training images", "Images of source and target sites. Segmentations are not read.") //
            .addInputPort("Validation images", """
                    Images of other subjects with the same columns. Nothing is learned from them; they are translated and \
                    measured like the others, to show what happens to images that were not learned from.""",
                BufferedDataTable.TYPE_OPTIONAL) //
            .addOutputPort("Source to target", "Generator for images of the source: for the Learned Normalizer.",
                NetworkPortObject.TYPE) //
            .addOutputPort("Target to source", "Generator for images of the target: for the Learned Normalizer.",
                NetworkPortObject.TYPE) //
            .addOutputTable("Translated images", """
                    The rows of both tables with the image in the look of the other side, its similarity to the image, and \
                    the similarity of image and translation there and back.""") //
            .addOutputTable("Training curve", """
                    One row per step: the loss of the generators and its parts (what they gain from the discriminators, \
                    cycle, identity), and the losses of the discriminators. 0.25 is a discriminator that cannot tell, 0 \
                    one that always can.""")) //
        .model(m -> m.parametersClass(ImageTranslationLearnerParameters.class) //
            .configure(ImageTranslationLearnerNodeFactory::configure) //
            .execute(UnusedSettings.told(ImageTranslationLearnerNodeFactory::execute))) //
        .addView(v -> ReportView.add(v, "The curves of the training: the losses of generators and discriminators.",
            TrainedNetwork::page)) //
        .nodeType(NodeType.Learner) //
        .keywords("CycleGAN", "GAN", "generator", "PatchGAN", "LSGAN", "style transfer", "harmonization", "unpaired",
            "synthesis") //
        .addExternalResource("https://arxiv.org/abs/1703.10593",
            "Zhu et al.: Unpaired image-to-image translation using cycle-consistent adversarial networks (ICCV 2017)") //
        .addExternalResource("https://arxiv.org/abs/1805.08841",
            "Cohen et al.: Distribution matching losses can hallucinate features in medical image translation (MICCAI 2018)");

    /** For KNIME. */
    public ImageTranslationLearnerNodeFactory() {
        super(NODE);
    }

    private static void configure(final ConfigureInput input, final ConfigureOutput output)
        throws InvalidSettingsException {
        final ImageTranslationLearnerParameters parameters = ColumnGuesses.in(input, output);
        CaseTable.check(input.getInTableSpec(TRAINING), parameters.columns());
        if (input.getInTableSpec(VALIDATION) != null
            && !input.getInTableSpec(TRAINING).equalStructure(input.getInTableSpec(VALIDATION))) {
            throw new InvalidSettingsException("Training and validation table have different columns, but their rows become "
                + "one table. Connect two outputs of one Subject Splitter.");
        }
        final NetworkPortObjectSpec generator =
            NetworkPortObject.specOf(Network.untrained(parameters.generator(), 0)).trainedBy(ImageTranslation.METHOD,
                LabelSet.of());
        output.setOutSpec(0, generator);
        output.setOutSpec(1, generator);
        output.setOutSpec(2,
            TranslatedImages.spec(input.getInTableSpec(TRAINING), parameters.m_imageColumn, parameters.m_outputColumn));
        output.setOutSpec(3, TrainedNetwork.curveSpec(MEASURES));
    }

    private static void execute(final ExecuteInput input, final ExecuteOutput output)
        throws CanceledExecutionException, KNIMEException {
        Execution.run(() -> {
            final ImageTranslationLearnerParameters parameters = ColumnGuesses.in(input);
            final ExecutionContext context = input.getExecutionContext();
            final BufferedDataTable training = input.getInTable(TRAINING);
            final CaseTable cases = CaseTable.read(training, parameters.columns());
            final Collection<String> sites = cases.sites();
            final ImageTranslationOptions options = parameters.options(sites);
            final TrainingProgress progress = new TrainingProgress(context);
            cases.requireMemory(sites);
            final TranslationResult result = ImageTranslation.run(parameters.generator(), cases.cases(sites), options,
                parameters.checkpoints(), progress.part(0, TRAINING_SHARE), progress);
            output.setOutData(0, port(context, "forward", result.forward(), result));
            output.setOutData(1, port(context, "backward", result.backward(), result));
            output.setOutData(2, translated(input, parameters, options, result));
            final BufferedDataTable curve = TrainedNetwork.curve(context, result.curve(), MEASURES);
            output.setOutData(3, curve);
            output.setInternalData(curve);
            progress.done(result.forward().provenance());
        });
    }

    private static NetworkPortObject port(final ExecutionContext context, final String name, final Network network,
        final TranslationResult result) throws IOException {
        final NetworkPortObject port = NetworkPortObject.create(context, name, network);
        new TrainingRecord(result.device(), result.setupSeconds(), result.trainingSeconds(), 0, result.curve())
            .save(port.directory());
        return port;
    }

    private static BufferedDataTable translated(final ExecuteInput input,
        final ImageTranslationLearnerParameters parameters, final ImageTranslationOptions options,
        final TranslationResult result) throws IOException, InvalidSettingsException {
        final BufferedDataTable training = input.getInTable(TRAINING);
        final BufferedDataTable validation =
            input.getInPortObject(VALIDATION) == null ? null : input.getInTable(VALIDATION);
        try (TranslatedImages images = new TranslatedImages(input.getExecutionContext(), training.getDataTableSpec(),
            parameters.columns(), parameters.m_outputColumn, options, result)) {
            if (parameters.m_translate) {
                final List<BufferedDataTable> tables =
                    Stream.of(training, validation).filter(t -> t != null && t.size() > 0).toList();
                final double all = tables.stream().mapToLong(BufferedDataTable::size).sum();
                final Progress progress = new KnimeProgress(input.getExecutionContext()).part(TRAINING_SHARE, 1);
                double done = 0;
                for (final BufferedDataTable table : tables) {
                    images.add(table, progress.part(done / all, (done + table.size()) / all));
                    done += table.size();
                }
            }
            return images.table();
        }
    }
}

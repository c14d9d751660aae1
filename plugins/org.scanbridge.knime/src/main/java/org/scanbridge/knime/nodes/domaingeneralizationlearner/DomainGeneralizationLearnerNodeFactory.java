package org.scanbridge.knime.nodes.domaingeneralizationlearner;

import java.util.List;

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
import org.scanbridge.knime.learn.CaseTable;
import org.scanbridge.knime.learn.EngineNotice;
import org.scanbridge.knime.learn.TrainedNetwork;
import org.scanbridge.knime.learn.TrainingProgress;
import org.scanbridge.knime.port.NetworkPortObject;
import org.scanbridge.knime.port.NetworkPortObjectSpec;
import org.scanbridge.knime.util.ColumnGuesses;
import org.scanbridge.knime.util.Execution;
import org.scanbridge.knime.util.UnusedSettings;
import org.scanbridge.knime.view.ReportView;
import org.scanbridge.learning.architecture.NetworkSpec;
import org.scanbridge.learning.architecture.Norm;
import org.scanbridge.learning.data.TrainingCase;
import org.scanbridge.learning.method.DomainGeneralization;
import org.scanbridge.learning.network.Network;
import org.scanbridge.learning.train.TrainingResult;

/** Trains a network on several labeled sites, for these or for sites that nothing is known of. */
public final class DomainGeneralizationLearnerNodeFactory extends DefaultNodeFactory {

    private static final int NETWORK = 0;

    private static final int TRAINING = 1;

    private static final int VALIDATION = 2;

    private static final DefaultNode NODE = DefaultNode.create() //
        .name("Domain Generalization Learner") //
        .icon("icon.png") //
        .shortDescription("Trains a network on several sites, for them or for sites that no image is available of.") //
        .fullDescription("""
                <p>Trains a network on labeled images of two or more sites so that it may also work at a site it has seen \
                nothing of. With MASF (model-agnostic learning of semantic features), every step takes one of the sites at \
                random as if it were new, rehearses a training step on the others, and asks that after this step the network \
                still takes the same things for the same class at all sites.</p>
                <h3>When to use it</h3>
                <p>When no image of the new site can be had. As soon as there are images of it, even without segmentations, \
                the <b>Domain Adaptation Learner</b> has more to work with and is the first choice. With images of one site \
                only, there is nothing to generalize from: use the <b>Segmentation Learner</b>, with augmentation.</p>
                <h3>What to expect</h3>
                <p>Little that is certain: whether it helps depends on whether the new site differs in the way the known sites \
                differ among each other. Always train the control too, <i>Pooled training</i>, with the same settings, and \
                compare both on a known site that was kept out of the training. Results on generated images are in the \
                documentation, docs/domain-generalization.md: there, MASF was better than the control with some seeds and worse \
                with others.</p>
                <h3>For the known sites themselves</h3>
                <p>Several sites with segmentations can also be trained on for their own sake. <b>MS-Net</b> gives the network \
                auxiliary decoders, one per site, which teach it what each site alone would have learned. <b>Unpaired knowledge \
                distillation</b> wants classes to look the same to the network at all sites, which may be of different \
                modalities. Both, and pooled training as their control, give each site norms of its own if the network has batch \
                normalization; the result is then the network of the site that you name. What was measured of them is in \
                the documentation, docs/domain-generalization.md.</p>
                <h3>What it costs</h3>
                <p>MASF takes one and a half to two times the time per step of pooled training on as many patches, and somewhat more memory; \
                with the gradient of second order more of both. The number of sites must divide the number of patches per step. The \
                network must be a U-Net without deep supervision, for MASF with group or instance normalization.</p>
                <h3>Repeatable</h3>
                <p>The same seed, settings and images give the same weights, bit for bit, on the same kind of processor. \
                Interrupted trainings go on from their checkpoints.</p>
                """) //
        .sinceVersion(5, 8, 0) //
        .ports(p -> p //
            .addInputPort("Network", "The network to train, untrained or trained before.", NetworkPortObject.TYPE) //
            .addInputTable("Training images", """
                    Images with segmentations of at least two sites, better three or more. Images without a segmentation are \
                    left out.""") //
            .addInputTable("Validation images", """
                    Images with segmentations of other subjects, on which the Dice is measured from time to time. With an \
                    empty table the last weights are kept.""") //
            .addOutputPort("Trained network", "The network with the weights of the best validation or of the last step.",
                NetworkPortObject.TYPE) //
            .addOutputTable("Training curve", """
                    One row per step: loss, Dice, learning rate, validation results, and what the method measures: with MASF the \
                    norm of the rehearsed gradient and both alignment losses.""")) //
        .model(m -> m.parametersClass(DomainGeneralizationLearnerParameters.class) //
            .configure(DomainGeneralizationLearnerNodeFactory::configure) //
            .execute(UnusedSettings.told(DomainGeneralizationLearnerNodeFactory::execute))) //
        .addView(v -> ReportView.add(v, "The curves of the training: losses, Dice, learning rate.", TrainedNetwork::page)) //
        .nodeType(NodeType.Learner) //
        .keywords("MASF", "domain generalization", "meta-learning", "unseen site", "train", "U-Net", "leave one site out",
            "MS-Net", "multi-site", "auxiliary decoder", "knowledge transfer", "unpaired knowledge distillation", "DSBN",
            "domain-specific batch normalization", "multi-modal") //
        .addExternalResource("https://arxiv.org/abs/1910.13580",
            "Dou et al.: Domain Generalization via Model-Agnostic Learning of Semantic Features (NeurIPS 2019)") //
        .addExternalResource("https://arxiv.org/abs/2002.03366",
            "Liu et al.: MS-Net, Multi-Site Network for Improving Prostate Segmentation (IEEE TMI 2020)") //
        .addExternalResource("https://arxiv.org/abs/2001.03111",
            "Dou et al.: Unpaired Multi-modal Segmentation via Knowledge Distillation (IEEE TMI 2020)");

    /** For KNIME. */
    public DomainGeneralizationLearnerNodeFactory() {
        super(NODE);
    }

    private static void configure(final ConfigureInput input, final ConfigureOutput output) throws InvalidSettingsException {
        final DomainGeneralizationLearnerParameters parameters = ColumnGuesses.in(input, output);
        final NetworkPortObjectSpec network = input.getInPortSpec(NETWORK);
        CaseTable.check(input.getInTableSpec(TRAINING), input.getInTableSpec(VALIDATION), parameters.m_columns, network);
        if (network != null) {
            check(network.architecture(), parameters);
        }
        output.setOutSpec(0, network == null ? null : network
            .trainedBy(parameters.options().title(network.architecture()), network.labels()).withChannels(parameters.m_columns.images().names()));
        output.setOutSpec(1, TrainedNetwork.curveSpec(parameters.measured()));
    }

    private static void check(final NetworkSpec network, final DomainGeneralizationLearnerParameters parameters)
        throws InvalidSettingsException {
        if (parameters.m_method != DomainGeneralizationLearnerParameters.HowToLearn.MASF) {
            if (!network.kind().isUNet() || network.deepSupervision()) {
                throw new InvalidSettingsException("Training on several sites needs a U-Net without deep supervision, but the"
                    + " network is " + network + (network.deepSupervision() ? ", with deep supervision" : "")
                    + ". Build such a network.");
            }
            if (network.norm() == Norm.BATCH && (parameters.m_resultSite == null || parameters.m_resultSite.isBlank())) {
                throw new InvalidSettingsException("The network has batch normalization, so each site gets norms of its own: name"
                    + " the site that the network is to be for under \"Network for site\", or build a network with group"
                    + " normalization.");
            }
            return;
        }
        if (!network.kind().isUNet() || network.norm() == Norm.BATCH || network.deepSupervision()) {
            throw new InvalidSettingsException("MASF needs a U-Net with group or instance normalization and"
                + " without deep supervision, but the network is " + network
                + (network.deepSupervision() ? ", with deep supervision" : "") + ". Build such a network.");
        }
    }

    private static void execute(final ExecuteInput input, final ExecuteOutput output)
        throws CanceledExecutionException, KNIMEException {
        Execution.run(() -> {
            final DomainGeneralizationLearnerParameters parameters = ColumnGuesses.in(input);
            final CaseTable table =
                CaseTable.read(input.getInTable(TRAINING), input.getInTable(VALIDATION), parameters.m_columns);
            final Network network = input.<NetworkPortObject> getInPortObject(NETWORK).network();
            table.requireMemory(table.sites());
            final List<TrainingCase> cases = table.cases(table.sites(), network);
            final TrainingProgress progress = new TrainingProgress(input.getExecutionContext());
            final TrainingResult result = DomainGeneralization.run(network, cases, parameters.options(),
                parameters.m_training.checkpoints(), progress, progress);
            table.withoutValidation(table.sites()).ifPresent(progress::notice);
            TrainedNetwork.set(output, input.getExecutionContext(), result, progress, parameters.measured());
            EngineNotice.set(output, network, progress.notices());
        });
    }
}

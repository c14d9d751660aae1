package org.scanbridge.knime.nodes.domainadaptationlearner;

import java.util.Collection;
import java.util.List;
import java.util.Locale;

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
import org.scanbridge.knime.util.SourceSite;
import org.scanbridge.knime.util.UnusedSettings;
import org.scanbridge.learning.architecture.NetworkPlan;
import org.scanbridge.learning.architecture.Norm;
import org.scanbridge.learning.data.NewScanner;
import org.scanbridge.learning.data.TrainingCase;
import org.scanbridge.learning.method.AdaptiveBatchNorm;
import org.scanbridge.learning.method.DomainAdaptation;
import org.scanbridge.learning.method.DomainAdaptationOptions;
import org.scanbridge.learning.method.DomainAdversarialOptions;
import org.scanbridge.learning.method.DomainAdversarialTraining;
import org.scanbridge.learning.method.SegmentationOptions;
import org.scanbridge.learning.method.TestEntropyMinimization;
import org.scanbridge.learning.network.Network;
import org.scanbridge.learning.train.TrainingResult;

/** Adapts a network to sites that have no segmentations, or few. */
public final class DomainAdaptationLearnerNodeFactory extends DefaultNodeFactory {

    private static final int NETWORK = 0;

    private static final int TRAINING = 1;

    private static final int VALIDATION = 2;

    private static final DefaultNode NODE = DefaultNode.create() //
        .name("Domain Adaptation Learner") //
        .icon("icon.png") //
        .shortDescription("Carries a segmentation network to new sites with no, few or all segmentations from there.") //
        .fullDescription("""
                <p>Trains a network so that it segments the labeled images of the source site <i>and</i> sees the images of \
                other sites alike. By default, a second, small network, the domain head, must not be able to tell from the \
                features which site an image comes from: features without a trace of the site work on the new site too. This \
                is domain-adversarial training (DANN) with gradient reversal, for any number of sites.</p>
                <p>Connect the network that was trained on the source site, and images of all sites. Half of every step's \
                patches come from the source site, half from the target sites. Segmentations of target sites are never \
                read, even where the table has them, unless you say so.</p>
                <h3>Which method</h3>
                <p>Start with domain-adversarial training or consistency. AdaBN and Tent take seconds and need no images of \
                the source site, but help only where the sites differ little, and AdaBN only with batch normalization. Class \
                alignment, contrastive and triplet loss are meant for targets that have some segmentations; with those, \
                also try the segmentations alone. Methods can be combined, and AdaBN or Tent can follow. Where the contrast is \
                another one, such as T2 after T1, or where the Atlas Segmenter alone does better than your network, take \
                self-training with the atlas as teacher: Atlas Builder on the source rows, Atlas Segmenter on all rows, then \
                its table here. What each brings on \
                generated images of two sites is in the documentation, docs/domain-adaptation.md.</p>
                <h3>Norms per site</h3>
                <p>Networks with batch normalization can get a set of norms per site: the sites share what is learned \
                about anatomy, and each keeps its own statistics. The adapted network is then for one \
                site, the target unless you name another; it is a network like any other, and AdaBN or \
                Tent may follow, which take its set further.</p>
                <h3>Early layers of the target's own</h3>
                <p>Instead of one network for all sites, the target can get early layers of its own, which are all that is \
                trained (PnP-AdaNet). The adapted network is then for the target sites; the network at the input \
                remains the one for the source, so nothing can be lost there.</p>
                <h3>What to expect</h3>
                <p>It helps where the sites differ in appearance: noise, sharpness, contrast, bias. It cannot help where \
                the disease or the anatomy differs. With a domain head, watch the domain accuracy in the curve: near chance \
                (50 % for two sites) the sites have become alike; near 100 % the adaptation did not work. Always check the \
                result on a few labeled images of the new site.</p>
                """) //
        .sinceVersion(5, 8, 0) //
        .ports(p -> p //
            .addInputPort("Network", "The network to adapt, best trained on the source site before.", NetworkPortObject.TYPE) //
            .addInputTable("Training images", """
                    Labeled images of the source site, images of the target sites. AdaBN, Tent and self-training without source \
                    images use the target's only.""") //
            .addInputTable("Validation images", """
                    Other subjects. Only those of the source site are used, to show that it is still segmented well; not by AdaBN \
                    and Tent.""") //
            .addOutputPort("Adapted network", "The adapted network, without the domain head.", NetworkPortObject.TYPE) //
            .addOutputTable("Training curve", """
                    One row per step: losses, domain accuracy, lambda, the validation Dice on the source site, and what the \
                    method minimizes beside the segmentation loss. The loss of Tent is the entropy; AdaBN has no steps.""")) //
        .model(m -> m.parametersClass(DomainAdaptationLearnerParameters.class) //
            .configure(DomainAdaptationLearnerNodeFactory::configure) //
            .execute(UnusedSettings.told(DomainAdaptationLearnerNodeFactory::execute))) //
        .nodeType(NodeType.Learner) //
        .keywords("DANN", "domain adversarial", "gradient reversal", "unsupervised domain adaptation", "scanner", "harmonization", 
            "Wasserstein", "critic", "LSGAN", "consistency", "knowledge distillation", "contrastive", "triplet", "entropy", "AdaBN", 
            "Tent", "test-time adaptation", "DSBN", "domain-specific batch normalization", "self-training", "pseudo labels",
            "mean teacher", "EMA", "source-free", "L2-SP", "atlas", "PnP-AdaNet", "separate early layers",
            "SIFA", "image and feature adaptation", "CycleGAN") //
        .addExternalResource("https://jmlr.org/papers/v17/15-239.html",
            "Ganin et al.: Domain-Adversarial Training of Neural Networks (JMLR 2016)") //
        .addExternalResource("https://arxiv.org/abs/1812.07907",
            "Dou et al.: PnP-AdaNet, Plug-and-Play Adversarial Domain Adaptation Network (IEEE Access 2019)") //
        .addExternalResource("https://arxiv.org/abs/1901.08211",
            "Chen et al.: Synergistic Image and Feature Adaptation, SIFA (AAAI 2019)") //
        .addExternalResource("https://arxiv.org/abs/2006.10726",
            "Wang et al.: Tent, Fully Test-Time Adaptation by Entropy Minimization (ICLR 2021)") //
        .addExternalResource("https://arxiv.org/abs/1703.01780",
            "Tarvainen and Valpola: Mean teachers are better role models (NIPS 2017)") //
        .addExternalResource("https://arxiv.org/abs/1706.05208",
            "French et al.: Self-ensembling for visual domain adaptation (ICLR 2018)");

    /** For KNIME. */
    public DomainAdaptationLearnerNodeFactory() {
        super(NODE);
    }

    private static void configure(final ConfigureInput input, final ConfigureOutput output) throws InvalidSettingsException {
        final DomainAdaptationLearnerParameters parameters = ColumnGuesses.in(input, output);
        final NetworkPortObjectSpec network = input.getInPortSpec(NETWORK);
        CaseTable.check(input.getInTableSpec(TRAINING), input.getInTableSpec(VALIDATION), parameters.m_columns, network);
        if (parameters.teacher().isPresent()) {
            parameters.teacher().get().check(input.getInTableSpec(TRAINING));
        }
        if (network != null && parameters.needsBatchNorm() && network.architecture().norm() != Norm.BATCH) {
            throw new InvalidSettingsException("AdaBN adapts the statistics of batch normalization, but the network has "
                + network.architecture().norm().name().toLowerCase(Locale.ROOT)
                + " normalization. Build and train a network with batch normalization, or choose another method.");
        }
        if (network != null && parameters.hasNormsPerSite()
            && (network.architecture().norm() != Norm.BATCH || !network.architecture().kind().isUNet())) {
            throw new InvalidSettingsException("A set of norms per site needs a U-Net with batch normalization, but the"
                + " network is " + network.architecture()
                + ". Build and train such a network, or choose one set for all sites.");
        }
        if (network != null && parameters.separateBlocks() > 0) {
            final int blocks = NetworkPlan.of(network.architecture()).blocks().size();
            if (parameters.separateBlocks() > blocks) {
                throw new InvalidSettingsException("\"Blocks of the target's own\" is " + parameters.separateBlocks()
                    + ", but the network has only " + blocks + ". Choose at most as many.");
            }
        }
        if (network != null && parameters.m_method == AdaptationMethod.SIFA) {
            try {
                parameters.m_synergistic.term().check(network.architecture());
            } catch (final IllegalArgumentException e) {
                throw new InvalidSettingsException(e.getMessage(), e);
            }
        }
        output.setOutSpec(0, network == null ? null : network.trainedBy(parameters.method(), network.labels())
            .withChannels(parameters.m_columns.images().names()));
        output.setOutSpec(1, TrainedNetwork.curveSpec(parameters.measured()));
    }

    private static void execute(final ExecuteInput input, final ExecuteOutput output)
        throws CanceledExecutionException, KNIMEException {
        Execution.run(() -> {
            final DomainAdaptationLearnerParameters parameters = ColumnGuesses.in(input);
            final CaseTable table =
                CaseTable.read(input.getInTable(TRAINING), input.getInTable(VALIDATION), parameters.m_columns,
                    parameters.teacher());
            final Collection<String> sites = table.sites();
            final String named = parameters.m_sourceSite == null ? "" : parameters.m_sourceSite.strip();
            final String source = parameters.isSourceFree() ? named : SourceSite.of(named, sites);
            final Network network = input.<NetworkPortObject> getInPortObject(NETWORK).network();
            final TrainingProgress progress = new TrainingProgress(input.getExecutionContext());
            table.requireMemory(sites);
            final List<TrainingCase> cases = table.cases(sites, network);
            final TrainingResult result = adapt(parameters, network, cases, source, progress);
            if (parameters.validates()) {
                table.withoutValidation(List.of(source)).ifPresent(progress::notice);
            }
            if (parameters.m_compare) {
                Comparison.of(parameters, source, cases).of(network, result.network(), progress).ifPresent(progress::notice);
            }
            TrainedNetwork.set(output, input.getExecutionContext(), result, progress, parameters.measured());
            EngineNotice.set(output, network, progress.notices());
        });
    }

    private static TrainingResult adapt(final DomainAdaptationLearnerParameters parameters, final Network network,
        final List<TrainingCase> cases, final String source, final TrainingProgress progress)
        throws InvalidSettingsException {
        if (parameters.isDomainAdversarialOnly()) {
            final DomainAdversarialOptions options = parameters.domainAdversarial(source);
            return DomainAdversarialTraining.run(network, cases,
                options.withSegmentation(asSeen(parameters, network, cases, source, options.segmentation())),
                parameters.m_training.checkpoints(), progress, progress);
        }
        final DomainAdaptationOptions options = parameters.options(source);
        return switch (parameters.m_method) {
            case ADABN -> AdaptiveBatchNorm.run(network, cases, List.of(source), parameters.m_statisticsPatches,
                parameters.m_patchSeed, progress);
            case TENT -> TestEntropyMinimization.run(network, cases, List.of(source),
                parameters.tent().withDevice(parameters.m_training.options(0).device()),
                parameters.m_patchSeed, parameters.m_training.checkpoints(), progress, progress);
            default -> DomainAdaptation.run(network, cases,
                options.withSegmentation(asSeen(parameters, network, cases, source, options.segmentation())),
                parameters.m_training.checkpoints(), progress, progress);
        };
    }

    /** With patches of the source painted as the target's images, if that is asked for. */
    private static SegmentationOptions asSeen(final DomainAdaptationLearnerParameters parameters, final Network network,
        final List<TrainingCase> cases, final String source, final SegmentationOptions options) {
        return parameters.scanner().isEmpty() ? options : options.withAugmentation(NewScanner
            .augmentation(options.augmentation(), cases, c -> !c.site().equals(source), network.spec()));
    }
}

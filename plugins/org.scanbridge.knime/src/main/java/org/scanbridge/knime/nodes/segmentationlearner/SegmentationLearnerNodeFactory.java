package org.scanbridge.knime.nodes.segmentationlearner;

import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

import org.knime.core.node.InvalidSettingsException;
import org.knime.core.node.KNIMEException;
import org.knime.core.node.CanceledExecutionException;
import org.knime.core.node.NodeFactory.NodeType;
import org.knime.node.DefaultModel.ConfigureInput;
import org.knime.node.DefaultModel.ConfigureOutput;
import org.knime.node.DefaultModel.ExecuteInput;
import org.knime.node.DefaultModel.ExecuteOutput;
import org.knime.node.DefaultNode;
import org.knime.node.DefaultNodeFactory;
import org.scanbridge.knime.learn.CaseTable;
import org.scanbridge.knime.learn.CrossValidation;
import org.scanbridge.knime.learn.EngineNotice;
import org.scanbridge.knime.learn.TrainedNetwork;
import org.scanbridge.knime.learn.TrainingProgress;
import org.scanbridge.knime.port.NetworkPortObject;
import org.scanbridge.knime.port.NetworkPortObjectSpec;
import org.scanbridge.knime.util.ColumnGuesses;
import org.scanbridge.knime.util.Execution;
import org.scanbridge.knime.util.SourceSite;
import org.scanbridge.knime.util.UnusedSettings;
import org.scanbridge.knime.view.ReportView;
import org.scanbridge.learning.LearningException;
import org.scanbridge.learning.data.NewScanner;
import org.scanbridge.learning.data.Role;
import org.scanbridge.learning.data.TrainingCase;
import org.scanbridge.learning.method.SegmentationOptions;
import org.scanbridge.learning.method.SegmentationTraining;
import org.scanbridge.learning.network.Network;
import org.scanbridge.learning.train.TrainingResult;

/** Trains a network on labeled images. */
public final class SegmentationLearnerNodeFactory extends DefaultNodeFactory {

    private static final int NETWORK = 0;

    private static final int TRAINING = 1;

    private static final int VALIDATION = 2;

    private static final DefaultNode NODE = DefaultNode.create() //
        .name("Segmentation Learner") //
        .icon("icon.png") //
        .shortDescription("Trains a network to segment images from examples that have a segmentation.") //
        .fullDescription("""
                <p>Trains a network on labeled images, by default with the sum of Dice loss and cross-entropy and the Adam \
                optimizer. The training sees random patches of the images; the validation subjects decide which weights are kept.</p>
                <p>Give it an untrained network of the <b>Network Builder</b> to start from scratch, or a trained one to go \
                on from there: with its first blocks frozen, that is transfer learning, which needs far fewer labeled \
                images of a new site.</p>
                <h3>Which images</h3>
                <p>All sites pooled, the source site alone, or the target sites alone. Images without a segmentation are \
                left out. Subjects of the test set must not be connected here: the Subject Splitter keeps them apart.</p>
                <h3>Cross-validation</h3>
                <p>With <b>One network for each fold</b>, the node trains as many networks as the training table has folds, each \
                without one of them, and hands on an ensemble. The Segmentation Predictor averages its networks on new images, and \
                segments the training subjects with those that have not seen them.</p>
                <h3>Repeatable</h3>
                <p>The same seed, settings and images give the same weights, bit for bit, on the same kind of processor. \
                Trainings of parallel branches take turns.</p>
                <h3>Long trainings</h3>
                <p>Choose a folder for checkpoints among the advanced settings: an interrupted training goes on from there, \
                and its curves can be watched in a browser while it runs. Before it starts, the node estimates the memory a \
                step takes and refuses what would not fit.</p>
                """) //
        .sinceVersion(5, 8, 0) //
        .ports(p -> p //
            .addInputPort("Network", "The network to train, untrained or trained before.", NetworkPortObject.TYPE) //
            .addInputTable("Training images", """
                    Images with segmentations to learn from; for "This new scanner (from its images)" also images of it without \
                    segmentations.""") //
            .addInputTable("Validation images", """
                    Images with segmentations of other subjects, on which the Dice is measured from time to time. With an \
                    empty table the last weights are kept.""") //
            .addOutputPort("Trained network", "The network with the weights of the best validation or of the last step.", NetworkPortObject.TYPE) //
            .addOutputTable("Training curve", "One row per step: loss, Dice, learning rate and validation results. With"
                + " folds, the rows of one network after the other, and the column Fold.")) //
        .model(m -> m.parametersClass(SegmentationLearnerParameters.class) //
            .configure(SegmentationLearnerNodeFactory::configure) //
            .execute(UnusedSettings.told(SegmentationLearnerNodeFactory::execute))) //
        .addView(v -> ReportView.add(v, "The curves of the training: loss, Dice, learning rate.", TrainedNetwork::page)) //
        .nodeType(NodeType.Learner) //
        .keywords("train", "U-Net", "deep learning", "fine-tune", "transfer learning", "Dice", "cross-validation", "ensemble");

    /** For KNIME. */
    public SegmentationLearnerNodeFactory() {
        super(NODE);
    }

    private static void configure(final ConfigureInput input, final ConfigureOutput output) throws InvalidSettingsException {
        final SegmentationLearnerParameters parameters = ColumnGuesses.in(input, output);
        final NetworkPortObjectSpec network = input.getInPortSpec(NETWORK);
        CaseTable.check(input.getInTableSpec(TRAINING), input.getInTableSpec(VALIDATION), parameters.m_columns, network);
        if (parameters.m_training.scanner().isPresent()) {
            parameters.m_training.scanner().get().check(input.getInTableSpec(TRAINING));
        }
        if (parameters.m_crossValidation) {
            CrossValidation.check(input.getInTableSpec(TRAINING), parameters.m_foldsColumn);
            // How many networks there will be is known when the folds have been read.
            output.setOutSpec(0, null);
            output.setOutSpec(1, CrossValidation.curveSpec());
            return;
        }
        output.setOutSpec(0, network == null ? null
            : network.trainedBy("supervised", network.labels()).withChannels(parameters.m_columns.images().names()));
        output.setOutSpec(1, TrainedNetwork.curveSpec());
    }

    private static void execute(final ExecuteInput input, final ExecuteOutput output)
        throws CanceledExecutionException, KNIMEException {
        Execution.run(() -> {
            final SegmentationLearnerParameters parameters = ColumnGuesses.in(input);
            final CaseTable table =
                CaseTable.read(input.getInTable(TRAINING), input.getInTable(VALIDATION), parameters.m_columns,
                    parameters.m_training.scanner());
            final Network network = input.<NetworkPortObject> getInPortObject(NETWORK).network();
            table.requireMemory(sites(parameters, table.sites()));
            final List<TrainingCase> cases = table.cases(sites(parameters, table.sites()), network);
            final SegmentationOptions options = options(parameters, table, network);
            final List<String> notices = notices(parameters, table, network);
            if (parameters.m_crossValidation) {
                final CrossValidation validation = new CrossValidation(input.getExecutionContext(),
                    input.getInTable(TRAINING), parameters.m_columns.subject(), parameters.m_foldsColumn);
                validation.run(cases, (some, progress) -> SegmentationTraining.run(network, some, options,
                    parameters.m_training.checkpoints(), progress, progress), output);
                EngineNotice.set(output, network,
                    Stream.of(validation.warning(cases).stream(), notices.stream(), validation.notices().stream())
                        .flatMap(all -> all).toList());
                return;
            }
            final TrainingProgress progress = new TrainingProgress(input.getExecutionContext());
            final TrainingResult result = SegmentationTraining.run(network, cases, options,
                parameters.m_training.checkpoints(), progress, progress);
            notices.forEach(progress::notice);
            TrainedNetwork.set(output, input.getExecutionContext(), result, progress);
            EngineNotice.set(output, network, progress.notices());
        });
    }

    /** With patches painted as the images of a new scanner, if that is asked for: those without segmentation or not trained on. */
    private static SegmentationOptions options(final SegmentationLearnerParameters parameters, final CaseTable table,
        final Network network) throws InvalidSettingsException {
        final SegmentationOptions options = parameters.options();
        if (parameters.m_training.scanner().isEmpty()) {
            return options;
        }
        final Collection<String> trained = sites(parameters, table.sites());
        return options.withAugmentation(NewScanner.augmentation(options.augmentation(), table.cases(table.sites(), network),
            c -> !c.labeled() || !trained.contains(c.site()), network.spec()));
    }

    /** Validation rows may be of no use; and with one site only, images without segmentation need not be a new scanner's. */
    private static List<String> notices(final SegmentationLearnerParameters parameters, final CaseTable table,
        final Network network) throws InvalidSettingsException {
        final Optional<String> unvalidated = table.withoutValidation(sites(parameters, table.sites()));
        if (parameters.m_training.scanner().isEmpty() || table.sites().size() > 1) {
            return unvalidated.stream().toList();
        }
        final long taken = table.cases(table.sites(), network).stream()
            .filter(c -> c.role() == Role.TRAIN && !c.labeled() && c.teacher().isPresent()).count();
        final String site = table.sites().iterator().next();
        final String single = "All training images are of one site" + (site.isBlank() ? "" : ", \"" + site + '"')
            + ": for \"This new scanner (from its images)\", " + taken + (taken == 1 ? " image" : " images")
            + " without segmentation " + (taken == 1 ? "was taken as one" : "were taken as those")
            + " of the new scanner. If the new scanner's images are others, connect these, with its name in the site column.";
        return Stream.concat(Stream.of(single), unvalidated.stream()).toList();
    }

    private static Collection<String> sites(final SegmentationLearnerParameters parameters, final Collection<String> all)
        throws InvalidSettingsException {
        if (parameters.m_trainOn == SegmentationLearnerParameters.TrainOn.ALL_SITES) {
            return all;
        }
        final String source = SourceSite.of(parameters.m_sourceSite, all);
        if (parameters.m_trainOn == SegmentationLearnerParameters.TrainOn.SOURCE_SITE) {
            return List.of(source);
        }
        final List<String> targets = all.stream().filter(s -> !s.equals(source)).toList();
        if (targets.isEmpty()) {
            throw new LearningException("The training table has only the source site " + source
                + ", so there is no target site to train on. Connect images of at least two sites.");
        }
        return targets;
    }
}

package org.scanbridge.knime.nodes.anomalylearner;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import org.knime.core.data.DataCell;
import org.knime.core.data.DataRow;
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
import org.scanbridge.imaging.volume.Geometry;
import org.scanbridge.knime.data.LabelVolumeValue;
import org.scanbridge.knime.learn.TrainedNetwork;
import org.scanbridge.knime.learn.TrainingProgress;
import org.scanbridge.knime.port.AnomalyPortObject;
import org.scanbridge.knime.util.ColumnGuesses;
import org.scanbridge.knime.util.Execution;
import org.scanbridge.knime.util.HeapNeed;
import org.scanbridge.knime.util.NodeMemory;
import org.scanbridge.knime.util.RowName;
import org.scanbridge.knime.util.StudyColumns;
import org.scanbridge.knime.util.StudyRow;
import org.scanbridge.knime.util.UnusedSettings;
import org.scanbridge.knime.view.ReportView;
import org.scanbridge.learning.LearningException;
import org.scanbridge.learning.anomaly.AnomalyTraining;
import org.scanbridge.learning.anomaly.HealthyCase;
import org.scanbridge.learning.graph.AutoEncoderGraph;

/** Learns from images of healthy people what is usual. */
public final class AnomalyLearnerNodeFactory extends DefaultNodeFactory {

    private static final String IMAGES = "Healthy images";

    private static final List<String> MEASURES = List.of(AutoEncoderGraph.RECONSTRUCTION, AutoEncoderGraph.DIVERGENCE);

    private static final DefaultNode NODE = DefaultNode.create() //
        .name("Anomaly Learner") //
        .icon("icon.png") //
        .shortDescription("Learns from images of healthy people what is usual, without labels.") //
        .fullDescription("""
                <p>Trains an auto-encoder: a network that squeezes a block of an image into a few numbers and makes the block from \
                them again. It learns from healthy people only, so it can make what healthy images look like; the <b>Anomaly \
                Detector</b> then marks what it could not make. Nobody has to draw a lesion.</p>
                <h3>What to connect</h3>
                <p>Images of at least two healthy people, better some twenty, of one kind (such as FLAIR), one voxel size and one \
                scanner or harmonized, normalized like the images that will be looked at (Volume Normalizer, z-score). What is \
                outside the head should be constant background, or outside a mask: without it, the network learns the skull, too. \
                An image with lesions among them teaches the network that lesions are usual.</p>
                <p>The images of some subjects are <b>held out</b>: the network does not see them, and how large the differences \
                are there tells which threshold marks at most a given share of healthy voxels.</p>
                <h3>What to expect</h3>
                <p>Lesions that are merely brighter than everything else are found as well, and often better, by a threshold on \
                the intensity. The page docs/anomaly-maps.md of ScanBridge measures both, beside a network that learned from \
                labels. Blurred edges are always marked: smoothing and leaving out the edge help.</p>
                """) //
        .sinceVersion(5, 8, 0) //
        .ports(p -> p //
            .addInputTable(IMAGES, "Rows with an image of a healthy person each, and a mask if chosen.") //
            .addOutputPort("Anomaly model", "For the Anomaly Detector.", AnomalyPortObject.TYPE) //
            .addOutputTable("Training curve", """
                    One row per step: the loss, and its parts, the distance of patches and what the network made of them, and \
                    the divergence of a variational network's code.""")) //
        .model(m -> m.parametersClass(AnomalyLearnerParameters.class) //
            .configure(AnomalyLearnerNodeFactory::configure) //
            .execute(UnusedSettings.told(AnomalyLearnerNodeFactory::execute))) //
        .addView(v -> ReportView.add(v, "The curves of the training: the loss and its parts, learning rate.",
            TrainedNetwork::page)) //
        .nodeType(NodeType.Learner) //
        .keywords("auto-encoder", "autoencoder", "VAE", "variational", "unsupervised", "outlier", "lesion", "healthy", "normal") //
        .addExternalResource("https://arxiv.org/abs/2004.03271",
            "Baur et al.: Autoencoders for unsupervised anomaly segmentation in brain MR images: a comparative study (2021)") //
        .addExternalResource("https://arxiv.org/abs/1312.6114",
            "Kingma and Welling: Auto-encoding variational Bayes (ICLR 2014)") //
        .addExternalResource("https://arxiv.org/abs/2109.06023",
            "Meissen et al.: Challenging current semi-supervised anomaly segmentation methods for brain MRI (2021)");

    /** For KNIME. */
    public AnomalyLearnerNodeFactory() {
        super(NODE);
    }

    private static void configure(final ConfigureInput in, final ConfigureOutput out) throws InvalidSettingsException {
        final AnomalyLearnerParameters parameters = ColumnGuesses.in(in, out);
        columns(parameters, in.getInTableSpec(0));
        parameters.options();
        // how many images are held out is in the rows, which are not there yet
        out.setOutSpec(0, null);
        out.setOutSpec(1, TrainedNetwork.curveSpec(MEASURES));
    }

    private static StudyColumns columns(final AnomalyLearnerParameters parameters, final DataTableSpec spec)
        throws InvalidSettingsException {
        if (parameters.m_masked) {
            parameters.mask(spec);
        }
        return StudyColumns.of(spec, parameters.m_subjectColumn, parameters.m_siteColumn, parameters.m_imageColumn, null);
    }

    private static void execute(final ExecuteInput in, final ExecuteOutput out)
        throws CanceledExecutionException, KNIMEException {
        Execution.run(() -> {
            final AnomalyLearnerParameters parameters = ColumnGuesses.in(in);
            final ExecutionContext context = in.getExecutionContext();
            final List<String> left = new ArrayList<>();
            final List<HealthyCase> cases = cases(in.getInTable(0), parameters, left);
            final TrainingProgress progress = new TrainingProgress(context);
            final AnomalyTraining.Result result =
                AnomalyTraining.run(cases, parameters.options(), parameters.checkpoints(), progress, progress);
            progress.judge(result.curve());
            out.setOutData(0, AnomalyPortObject.create(context, result.model()));
            final BufferedDataTable curve = TrainedNetwork.curve(context, result.curve(), MEASURES);
            out.setOutData(1, curve);
            out.setInternalData(curve);
            progress.done(result.model().provenance());
            left.addAll(progress.notices());
            if (!left.isEmpty()) {
                out.setWarningMessage(String.join(" ", left));
            }
        });
    }

    /** @param left which rows were left out, if any */
    private static void requireSubjects(final List<HealthyCase> cases, final List<String> left) {
        final List<String> subjects = cases.stream().map(HealthyCase::subject).distinct().toList();
        if (subjects.isEmpty() && left.isEmpty()) {
            throw new LearningException("The table \"" + IMAGES + "\" has no rows. At least two healthy subjects are needed."
                + " Look whether a filter removed them.");
        }
        if (subjects.size() < 2 && !left.isEmpty()) {
            throw new LearningException("There are images of "
                + (subjects.isEmpty() ? "nobody" : "one subject only, " + subjects.get(0)) + ". " + String.join(" ", left) + " At least two healthy subjects are needed. Look why those rows are incomplete,"
                + " such as a reader that could not read their files.");
        }
    }

    /** @param left gets a warning if rows were left out */
    private static List<HealthyCase> cases(final BufferedDataTable table, final AnomalyLearnerParameters parameters,
        final List<String> left) throws InvalidSettingsException, KNIMEException {
        final StudyColumns columns = columns(parameters, table.getDataTableSpec());
        final int mask = parameters.m_masked ? parameters.mask(table.getDataTableSpec()) : -1;
        final List<HealthyCase> cases = new ArrayList<>();
        final List<String> incomplete = new ArrayList<>();
        long voxels = 0;
        long beside = 0;
        for (final DataRow row : table) {
            final StudyRow study = columns.row(row);
            final Optional<DataCell> masking = mask < 0 ? Optional.empty() : Optional.of(row.getCell(mask));
            if (study.image().isEmpty() || masking.isPresent() && masking.get().isMissing()) {
                incomplete.add(study.key());
                continue;
            }
            if (study.subject().isBlank()) {
                throw new LearningException(RowName.first(study.key()) + " has no subject. Fill column \"" + parameters.m_subjectColumn
                    + "\": without it nobody can tell whose images are held out.");
            }
            final Geometry grid = study.image().get().geometry();
            voxels += grid.voxelCount();
            beside = Math.max(beside, NodeMemory.ANOMALY_LEARNER.bytes(grid.voxelCount(),
                (long)grid.size(0) * grid.size(1) * parameters.m_patchSlices,
                (long)parameters.m_patchSize * parameters.m_patchSize * parameters.m_patchSlices, 1));
            cases.add(new HealthyCase(study::volume, masking.map(cell -> ((LabelVolumeValue)cell)::labelVolume), study.subject(),
                study.site()));
        }
        if (!incomplete.isEmpty()) {
            left.add("Rows without an image" + (mask < 0 ? "" : " or a mask") + " were left out: "
                + String.join(", ", incomplete) + ".");
        }
        requireSubjects(cases, left);
        HeapNeed.of("training on " + cases.size() + " images, all of which are kept there,",
            NodeMemory.LEARNERS.bytes(voxels, 0) + beside).require();
        return cases;
    }
}

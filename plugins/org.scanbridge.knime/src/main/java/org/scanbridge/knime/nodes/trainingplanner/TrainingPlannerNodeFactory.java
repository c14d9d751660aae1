package org.scanbridge.knime.nodes.trainingplanner;

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
import org.scanbridge.knime.util.ColumnGuesses;
import org.scanbridge.knime.util.Execution;
import org.scanbridge.knime.util.UnusedSettings;

/** Proposes how to train on a table of images, in the time at hand. */
public final class TrainingPlannerNodeFactory extends DefaultNodeFactory {

    private static final String DESCRIPTION = """
            <p>Looks at the images that a network is to be trained on, at this machine and at the time there is, and proposes
            all settings from the <b>Volume Resampler</b> to the learner, each with its reason: voxel size, axes,
            normalization, network, patch, steps, augmentation, and what the result has to be compared with.</p>
            <h3>How to use it</h3>
            <p>Connect the reader's table and read the plan. The third output is the proposed network, ready for a learner in
            place of the <b>Network Builder</b>'s. The other settings are entered by hand, or taken over as flow variables:
            connect the second output to KNIME's <b>Table Row to Variable</b>, that to the nodes, and choose the variables in
            their dialogs.</p>
            <h3>Where the rules come from</h3>
            <p>They are nnU-Net's where time is no limit: the median voxel size, CT's and MR's normalization, patches no larger
            than the images, pooling down to 4 voxels. What nnU-Net has days for on a graphics card, this plan fits into the
            time given: of a row of networks it takes the largest of which 1500 steps fit, because fewer left networks on real
            anatomy far from what they can learn; and it makes voxels larger until a patch sees a quarter of the content's
            edges, but never so large that the thinnest class has fewer than two voxels across.</p>
            <h3>What it does not know</h3>
            <p>Whether the images are good, and whether the segmentations are right. It proposes a first training, not the best
            one: look at the validation curve, and compare with the control that the plan names. How long a step takes is
            measured; while other programs run, the plan becomes smaller. The same measured times give the same plan.</p>
            """;

    private static final DefaultNode NODE = DefaultNode.create() //
        .name("Training Planner") //
        .icon("icon.png") //
        .shortDescription("Proposes all settings of a training for some images, this machine and the time at hand.") //
        .fullDescription(DESCRIPTION) //
        .sinceVersion(5, 8, 0) //
        .ports(p -> p //
            .addInputTable("Images", "The images to train on, with segmentations; those of a new site may have none.") //
            .addOutputTable("Plan", "One row per setting: Node and Setting (where to enter it, in the words of the dialogs),"
                + " Value, Reason. What speaks against the data or the time is named in the node's warning.") //
            .addOutputTable("Settings", "One row with the same values as numbers and as the texts that settings are stored as,"
                + " for Table Row to Variable: axes, spacing_i, spacing_j, spacing_k (mm), normalization, normalization_scope,"
                + " foreground_share, steps, batch, validation_interval, mirror, augment, scans, seconds_per_step.") //
            .addOutputPort("Network", "The proposed network with random weights.", NetworkPortObject.TYPE)) //
        .model(m -> m.parametersClass(TrainingPlannerParameters.class) //
            .configure(TrainingPlannerNodeFactory::configure) //
            .execute(UnusedSettings.told(TrainingPlannerNodeFactory::execute))) //
        .nodeType(NodeType.Other) //
        .keywords("nnU-Net", "hyperparameters", "settings", "automatic", "budget", "configuration") //
        .addExternalResource("https://doi.org/10.1038/s41592-020-01008-z",
            "Isensee et al.: nnU-Net (Nature Methods 2021)");

    /** For KNIME. */
    public TrainingPlannerNodeFactory() {
        super(NODE);
    }

    private static void configure(final ConfigureInput in, final ConfigureOutput out) throws InvalidSettingsException {
        new Planning(ColumnGuesses.in(in, out), in.getInTableSpec(0));
        out.setOutSpec(0, PlanTable.SPEC);
        out.setOutSpec(1, SettingsTable.SPEC);
        // The classes are in the rows, which are not there yet.
        out.setOutSpec(2, null);
    }

    private static void execute(final ExecuteInput in, final ExecuteOutput out)
        throws CanceledExecutionException, KNIMEException {
        Execution.run(() -> new Planning(ColumnGuesses.in(in), in.getInTable(0).getDataTableSpec())
            .run(in.getInTable(0), in.getExecutionContext(), out));
    }
}

package org.scanbridge.knime.nodes.segmentationscorer;

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
import org.scanbridge.knime.util.Execution;

/** Scores segmentations of one or more models against a reference. */
public final class SegmentationScorerNodeFactory extends DefaultNodeFactory {

    private static final String DESCRIPTION = """
            <p>Compares the segmentations of any number of models with the reference, for each subject and class: Dice,
            Jaccard, precision, sensitivity, specificity, surface distances, volumes and their difference. Summarizes
            them by site, role, model and class, and tells for each target site how much of the lost accuracy the
            adapted model won back.</p>
            <h3>Undefined scores</h3>
            <p>A class that neither the reference nor the model has in an image has no Dice; its cell is missing, and
            means leave it out instead of counting it as 0 or 1. A class that only one of them has scores 0 and has no
            surface distance.</p>
            <h3>What is refused</h3>
            <p>Segmentations on another grid than the reference, a label value that is no class of any reference, and a
            label value with different names at different sites end the node with a message, because scores would look
            plausible and mean nothing.</p>
            """;

    private static final DefaultNode NODE = DefaultNode.create() //
        .name("Segmentation Scorer") //
        .icon("icon.png") //
        .shortDescription("Scores segmentations against a reference, per subject, class, model and site.") //
        .fullDescription(DESCRIPTION) //
        .sinceVersion(5, 8, 0) //
        .ports(p -> p //
            .addInputTable("Segmented images", "Rows with a reference segmentation and one segmentation column per"
                + " model, as several Segmentation Predictors in a row make them.")
            .addOutputTable("Scores", "One row per subject, model and class: Subject, Site, Role, Domain (source or"
                + " target), Model, Class, Dice, Jaccard, Precision, Sensitivity, Specificity, HD95 and ASSD"
                + " (distances of the surfaces in mm), Volume (ml), Reference Volume (ml), Volume Difference (signed,"
                + " relative to the reference).")
            .addOutputTable("Summary", "One row per site, role, model and class, and one for the mean over classes:"
                + " Site, Domain, Role, Model, Class, Subjects, Mean Dice, SD Dice; for the adapted model at target"
                + " sites also Gap Closure with its 95 % bootstrap interval over subjects.")) //
        .model(m -> m.parametersClass(SegmentationScorerParameters.class) //
            .configure(SegmentationScorerNodeFactory::configure) //
            .execute(SegmentationScorerNodeFactory::execute)) //
        .nodeType(NodeType.Other) //
        .keywords("Dice", "Jaccard", "IoU", "precision", "recall", "overlap", "Hausdorff", "HD95", "ASSD", "evaluation",
            "gap closure") //
        .addExternalResource("https://doi.org/10.2307/1932409", "Dice: Measures of the amount of ecologic association"
            + " between species (1945)");

    /** For KNIME. */
    public SegmentationScorerNodeFactory() {
        super(NODE);
    }

    private static void configure(final ConfigureInput in, final ConfigureOutput out) throws InvalidSettingsException {
        new ScoredColumns(in.getParameters(), in.getInTableSpec(0));
        out.setOutSpec(0, ScoreTable.SPEC);
        out.setOutSpec(1, SummaryTable.SPEC);
    }

    private static void execute(final ExecuteInput in, final ExecuteOutput out)
        throws CanceledExecutionException, KNIMEException {
        Execution.run(() -> new Scoring(in.getParameters(), in.getInTable(0)).run(in.getExecutionContext(), out));
    }
}

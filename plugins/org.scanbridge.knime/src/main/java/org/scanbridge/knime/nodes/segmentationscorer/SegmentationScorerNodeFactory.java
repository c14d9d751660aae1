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
import org.scanbridge.knime.util.ColumnGuesses;
import org.scanbridge.knime.util.Execution;
import org.scanbridge.knime.util.UnusedSettings;
import org.scanbridge.knime.view.ImageViewer;
import org.scanbridge.knime.view.SliceService;

/** Scores segmentations of one or more models against a reference. */
public final class SegmentationScorerNodeFactory extends DefaultNodeFactory {

    private static final String DESCRIPTION = """
            <p>Compares the segmentations of any number of models with the reference, for each subject and class.
            Summarizes the scores by site, role, model and class, and tells for each target site how much of the lost
            accuracy the adapted model won back. The view shows every subject as a dot.</p>
            <h3>Scores</h3>
            <ul>
            <li><b>Dice, Jaccard, precision, sensitivity, specificity</b>: overlap of voxels, 0 to 1. The <b>generalized
            Dice</b> is one number for all classes of an image, the same in each of its rows.</li>
            <li><b>HD, HD95, ASSD</b>: largest distance of the surfaces, its 95th percentile, and their average distance,
            in mm between voxel centers. The surface is made of the voxels with a face neighbor outside the class; beyond
            the image is outside. The <b>surface Dice</b> is the share of both surfaces within a tolerance.</li>
            <li><b>Volumes</b> in ml and their signed difference relative to the reference.</li>
            <li><b>Lesions</b>, if asked for: connected regions of the model and of the reference, how many of the
            reference's are detected and of the model's confirmed, and the sensitivity, positive predictive value and F1
            score of lesions.</li>
            <li><b>AUC and average precision</b>, if asked for: how well the probabilities of a class part its voxels from all
            others, whatever the threshold. They need columns such as <tt>prediction p(lesion)</tt>, which the Segmentation
            Predictor appends with "Probabilities".</li>
            </ul>
            <h3>Undefined scores</h3>
            <p>A class that neither the reference nor the model has in an image has no Dice; its cell is missing, and
            means leave it out instead of counting it as 0 or 1. A class that only one of them has scores 0 and has no
            surface distance; precision is missing where the model found nothing, sensitivity where there is nothing to
            find. Lesion scores are missing if neither side has a lesion and 0 if exactly one has none. Some of these
            conventions are options, as publications differ.</p>
            <h3>Not annotated, and regions</h3>
            <p>Voxels that nobody annotated can be left out of all scores: name their class under <b>Not annotated</b>.
            They are taken out of the masks of the model and of the reference before anything is measured. Unions of classes,
            such as an organ with the lesions in it, are scored as <b>Regions</b>, each like a class.</p>
            <h3>What is refused</h3>
            <p>Segmentations on another grid than the reference, and a label value with different names at different sites
            end the node with a message, because scores would look plausible and mean nothing. A class that only a model
            finds is not refused: its Dice is 0, and a warning names it.</p>
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
            .addOutputTable("Scores", "One row per subject, model and class or region: Subject, Site, Role, Domain (source or"
                + " target), Model, Class, Dice, Jaccard, Precision, Sensitivity, Specificity, HD95 and ASSD"
                + " (distances of the surfaces in mm), Volume (ml), Reference Volume (ml), Volume Difference (signed,"
                + " relative to the reference), Generalized Dice; with surface distances HD (mm), Surface Dice and, at the"
                + " end, Surface Dice by Area; with"
                + " lesions Lesions, Reference Lesions, Detected Lesions, Confirmed Lesions, Lesion Sensitivity, Lesion"
                + " PPV, Lesion F1; with areas under curves AUC, Average Precision; with regions Kind (class or region).")
            .addOutputTable("Summary", "One row per site, role, model and class, and one for the mean over classes:"
                + " Site, Domain, Role, Model, Class, Subjects, Mean Dice, SD Dice; for the adapted model at target"
                + " sites also Gap Closure with its 95 % bootstrap interval over subjects.")
            .addOutputTable("Statistics", "Every score over the subjects of a site, one row per site, role, model, class"
                + " and score: Subjects (with a value), Missing (without), Mean, SD, Median, CI Low, CI High (95 %"
                + " bootstrap interval of the mean, 2000 resamples of subjects). A subject with several images counts"
                + " once, with their mean.")
            .addOutputTable("Confusion matrix", "Which class was taken for which: one row per site, role, model,"
                + " Reference Class and Predicted Class with the number of Voxels and their Share of Reference, over all"
                + " images, the background included.")
            .addOutputTable("Volume agreement", "How well the model's volumes agree with the reference's over subjects,"
                + " one row per site (and one over all), role, model and class: the intraclass correlations ICC(1,1),"
                + " ICC(2,1) (absolute agreement) and ICC(3,1) (consistency) of Shrout and Fleiss, and the mean"
                + " difference with its standard deviation and 95 % limits of agreement (Bland and Altman). Missing with"
                + " fewer than two subjects, and where nothing varies.")) //
        .model(m -> m.parametersClass(SegmentationScorerParameters.class) //
            .configure(SegmentationScorerNodeFactory::configure) //
            .execute(UnusedSettings.told(SegmentationScorerNodeFactory::execute))) //
        .addView(v -> v.withoutParameters() //
            .description("Every subject's score as a dot, with quartiles and median as a box, by class, site and model;"
                + " below it the statistics and a table of all subjects. A click on a dot or a subject shows the subject's images"
                + " with the reference, the model's segmentation and where they differ.") //
            .page(p -> ImageViewer.resources(p.fromFile().bundleClass(SegmentationScorerNodeFactory.class).basePath("web")
                .relativeFilePath("scores.html")).addResourceFile("scores.js")) //
            .initialData(d -> d.data(ScoreView::of)) //
            .dataService(d -> d.handler(input -> new SliceService(input, ScoredImages.IMAGES)))) //
        .nodeType(NodeType.Other) //
        .keywords("ROC", "AUC", "average precision", "generalized Dice", "surface Dice", "lesion", "ICC", "Bland-Altman", "confusion matrix", "Dice", "Jaccard", "IoU", "precision", "recall", "overlap", "Hausdorff", "HD95", "ASSD", "evaluation",
            "gap closure") //
        .addExternalResource("https://doi.org/10.2307/1932409", "Dice: Measures of the amount of ecologic association"
            + " between species (1945)") //
        .addExternalResource("https://doi.org/10.1037/0033-2909.86.2.420",
            "Shrout and Fleiss: Intraclass correlations (1979)") //
        .addExternalResource("https://doi.org/10.1038/s41598-018-31911-7",
            "Commowick et al.: Objective evaluation of multiple sclerosis lesion segmentation (2018)");

    /** For KNIME. */
    public SegmentationScorerNodeFactory() {
        super(NODE);
    }

    private static void configure(final ConfigureInput in, final ConfigureOutput out) throws InvalidSettingsException {
        final SegmentationScorerParameters parameters = ColumnGuesses.in(in, out);
        final ScoredColumns columns = new ScoredColumns(parameters, in.getInTableSpec(0));
        new ScoredMaps(parameters.options().areas(), in.getInTableSpec(0), columns.models().keySet());
        out.setOutSpec(0, ScoreTable.spec(Score.of(parameters.options()), parameters.hasRegions()));
        out.setOutSpec(1, SummaryTable.SPEC);
        out.setOutSpec(2, StatisticsTable.SPEC);
        out.setOutSpec(3, ConfusionTable.SPEC);
        out.setOutSpec(4, AgreementTable.SPEC);
    }

    private static void execute(final ExecuteInput in, final ExecuteOutput out)
        throws CanceledExecutionException, KNIMEException {
        Execution.run(() -> new Scoring(ColumnGuesses.in(in), in.getInTable(0)).run(in.getExecutionContext(), out));
    }
}

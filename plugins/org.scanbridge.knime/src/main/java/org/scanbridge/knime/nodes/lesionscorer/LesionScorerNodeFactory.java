package org.scanbridge.knime.nodes.lesionscorer;

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

/** Scores how well models detect lesions. */
public final class LesionScorerNodeFactory extends DefaultNodeFactory {

    private static final DefaultNode NODE = DefaultNode.create() //
        .name("Lesion Scorer") //
        .icon("icon.png") //
        .shortDescription("Scores how well models detect lesions: boxes, precision, recall, FROC.") //
        .fullDescription("""
                <p>Counts lesions instead of voxels, over all images of a site. A lesion is what hangs together of a class, above a \
                smallest volume. The <b>Segmentation Scorer</b> has the same counts image by image (\"Count lesions\") beside \
                Dice and distances; this node lists each lesion with its box, adds them up and draws the FROC.</p>
                <ul>
                <li><b>Recall</b>: share of the reference's lesions that are detected. <b>Precision</b>: share of the model's that the \
                reference confirms. <b>F1</b>: their harmonic mean. Missing where neither side has a lesion, 0 where one has \
                none.</li>
                <li><b>FROC</b>: for each threshold of the probability the share of lesions that are found and the number of false \
                candidates per image, as in the LUNA16 challenge: the largest probability of a candidate is its score, further \
                candidates of a lesion that is found do not count, sensitivities are read at ⅛, ¼, ½, 1, 2, 4 and 8 \
                false positives per image, and their mean is the competition performance metric (CPM). It needs columns such as \
                <tt>prediction p(lesion)</tt>, which the Segmentation Predictor appends with \"Probabilities\". Beyond the last \
                threshold its sensitivity counts.</li>
                </ul>
                <p>Segmentations and probabilities must lie on the grid of the reference; rows where they do not are left out with a \
                warning.</p>
                """) //
        .sinceVersion(5, 8, 0) //
        .ports(p -> p //
            .addInputTable("Segmented images", "Rows with a reference segmentation and one segmentation column per model, and"
                + " probabilities for the FROC.")
            .addOutputTable("Scores", """
                    One row per site, role, model and class: Images, Reference Lesions, Lesions (of the model), Detected Lesions, \
                    Missed Lesions, Confirmed Lesions, False Positives, Recall, Precision, F1, False Positives per Image; of the \
                    FROC Sensitivity at ⅛ … 8 and CPM.""")
            .addOutputTable("Lesions", """
                    One row per lesion of a reference or model: Image row, Subject, Site, Role, Model, Class, Of (reference or \
                    model), Lesion (number in the image), First and Last I, J, K (voxels of its box, from 0), Least and Greatest L, \
                    P, S (outer faces of the box in mm; of a tilted grid the upright box around it), Volume (mm³), Found (whether \
                    the other side has it), Best IoU with a box of the other side.""")
            .addOutputTable("FROC", """
                    The curve for a line plot, one row per site, role, model, class and threshold: Threshold, False Positives per \
                    Image, Sensitivity.""")) //
        .model(m -> m.parametersClass(LesionScorerParameters.class) //
            .configure(LesionScorerNodeFactory::configure) //
            .execute(UnusedSettings.told(LesionScorerNodeFactory::execute))) //
        .addView(v -> ImageViewer.add(v, "The images with the reference's and the models' lesions, and where they differ.")) //
        .nodeType(NodeType.Other) //
        .keywords("detection", "FROC", "CPM", "bounding box", "IoU", "sensitivity", "false positives", "precision", "recall",
            "nodule", "fracture") //
        .addExternalResource("https://doi.org/10.1016/j.media.2017.06.015",
            "Setio et al.: Validation, comparison, and combination of algorithms for automatic detection of pulmonary nodules: the"
                + " LUNA16 challenge (2017)") //
        .addExternalResource("https://doi.org/10.1038/s41598-018-31911-7",
            "Commowick et al.: Objective evaluation of multiple sclerosis lesion segmentation (2018)");

    /** For KNIME. */
    public LesionScorerNodeFactory() {
        super(NODE);
    }

    private static void configure(final ConfigureInput in, final ConfigureOutput out) throws InvalidSettingsException {
        new LesionScoring(ColumnGuesses.in(in, out), in.getInTableSpec(0));
        out.setOutSpec(0, LesionTables.SCORES);
        out.setOutSpec(1, LesionTables.LESIONS);
        out.setOutSpec(2, LesionTables.CURVE);
    }

    private static void execute(final ExecuteInput in, final ExecuteOutput out)
        throws CanceledExecutionException, KNIMEException {
        final LesionScorerParameters parameters = ColumnGuesses.in(in);
        Execution.run(() -> new LesionScoring(parameters, in.getInTable(0).getDataTableSpec()).run(in.getInTable(0),
            in.getExecutionContext(), out));
    }
}

package org.scanbridge.knime.nodes.labelfusion;

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

/** Makes one segmentation of those of several raters, networks or atlases. */
public final class LabelFusionNodeFactory extends DefaultNodeFactory {

    private static final DefaultNode NODE = DefaultNode.create() //
        .name("Label Fusion") //
        .icon("icon.png") //
        .shortDescription("Makes one segmentation of those of several raters, networks or atlases.") //
        .fullDescription("""
                <p>Makes a consensus of several segmentation columns: of the raters who drew the same structures, or of models that \
                fail in different ways, such as a network after a short adaptation and an atlas, which together are often better \
                than each.</p>
                <ul>
                <li><b>Majority vote</b>: the class that most columns have, each with its weight.</li>
                <li><b>STAPLE</b>: finds out at the same time what is true and how good each rater is, and gives good raters more \
                say. It needs three or more raters whose mistakes have nothing to do with each other.</li>
                <li><b>Mean of probabilities</b> and <b>product of probabilities</b>: for models whose probabilities are in the \
                table, in columns called <tt>prediction p(liver)</tt> as the Segmentation Predictor and the Atlas Segmenter append \
                them. In the product a model that is sure has more say. A column without probabilities counts as sure. \
                These two work on the probabilities alone, so what was changed in a segmentation after they were made, such as small \
                pieces removed from it, is undone.</li>
                <li><b>The column that agrees most with the first</b>: for each image one of the further columns as it is, and a \
                column that says which. Meant for networks of which each is good on some scanners and lost on others, such as \
                the one from before an adaptation and the one after it, with an atlas's segmentation as first column: the atlas is \
                mediocre everywhere, and a network that is lost agrees with nobody. Nobody has to say which scanner an image is \
                from. A row needs the first column and one more.</li>
                </ul>
                <p>Classes are told apart by their numbers; the same number with two names, or the same name with two numbers, stops \
                the row: give the same class the same number with the Label Editor. A column that does not know a class counts as \
                saying that it is nowhere, and a warning says so. Where columns did not \
                annotate a voxel they have no vote; where none did, the mark stays. Rows with some columns missing are fused of the \
                others.</p>
                """) //
        .sinceVersion(5, 8, 0) //
        .ports(p -> p //
            .addInputTable("Segmented images", "Rows with several segmentations on one grid.")
            .addOutputTable("Fused segmentations", "The input rows with the fused segmentation, probabilities if asked for, and which column"
                + " was taken if one is taken as it is.")
            .addOutputTable("Raters", """
                    One row per image, column and class: how much of the class the column finds (sensitivity), and how much of all \
                    else it leaves alone (specificity), in [0, 1], by the probabilities of the fused result.""")) //
        .model(m -> m.parametersClass(LabelFusionParameters.class) //
            .configure(LabelFusionNodeFactory::configure) //
            .execute(UnusedSettings.told(LabelFusionNodeFactory::execute))) //
        .addView(v -> ImageViewer.add(v, "The images with the fused segmentation and those it was made of.")) //
        .nodeType(NodeType.Manipulator) //
        .keywords("consensus", "STAPLE", "majority vote", "raters", "ensemble", "opinion pool", "multi-atlas") //
        .addExternalResource("https://doi.org/10.1109/TMI.2004.828354",
            "Warfield, Zou and Wells: Simultaneous Truth and Performance Level Estimation (TMI 2004)") //
        .addExternalResource("https://doi.org/10.1214/ss/1177012825",
            "Genest and Zidek: Combining Probability Distributions (Statistical Science 1986)");

    /** For KNIME. */
    public LabelFusionNodeFactory() {
        super(NODE);
    }

    private static void configure(final ConfigureInput in, final ConfigureOutput out) throws InvalidSettingsException {
        out.setOutSpec(0, new Fusing(ColumnGuesses.in(in, out), in.getInTableSpec(0)).spec());
        out.setOutSpec(1, Fusing.RATERS);
    }

    private static void execute(final ExecuteInput in, final ExecuteOutput out)
        throws CanceledExecutionException, KNIMEException {
        final LabelFusionParameters parameters = ColumnGuesses.in(in);
        Execution.run(() -> new Fusing(parameters, in.getInTable(0).getDataTableSpec()).run(in.getInTable(0),
            in.getExecutionContext(), out));
    }
}

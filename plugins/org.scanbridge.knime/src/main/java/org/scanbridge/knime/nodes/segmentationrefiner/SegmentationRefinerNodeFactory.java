package org.scanbridge.knime.nodes.segmentationrefiner;

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

/** Refines segmentations by a dense CRF and removes small parts. */
public final class SegmentationRefinerNodeFactory extends DefaultNodeFactory {

    private static final DefaultNode NODE = DefaultNode.create() //
        .name("Segmentation Refiner") //
        .icon("icon.png") //
        .shortDescription("Refines segmentations by a dense CRF and removes small parts.") //
        .fullDescription("""
                <p>Takes what a network found and makes it fit the image better, in two steps that can be switched on and off:</p>
                <ul>
                <li>The <b>dense CRF</b> (fully connected conditional random field) starts with the network's probabilities and lets \
                every voxel ask all others: those nearby (smoothness), and those nearby that are equally bright in the image \
                (appearance). Specks that only the network sees vanish, and borders move to where the image has them.</li>
                <li><b>Small parts</b> up to a volume become background.</li>
                </ul>
                <p>Switch on <b>Probabilities</b> in the Segmentation Predictor before this node. Distances are in mm, so that thick \
                slices count as what they are. The kernels are scaled so that weights mean the same at any spacing and at the border \
                of the image; probabilities below 0.00001 count as that. The appearance kernel is computed by a permutohedral lattice, which is an approximation. The same input gives the \
                same result, bit by bit.</p>
                <p>It does not always help: weights that are right for large lesions remove small ones. Choose them on validation \
                subjects, with the <b>Segmentation Scorer</b> behind this node. Probabilities of a network of regions, \
                which overlap, are refused.</p>
                """) //
        .sinceVersion(5, 8, 0) //
        .ports(p -> p //
            .addInputTable("Segmented images", "Rows with an image, its segmentation and, for the dense CRF, the probabilities of"
                + " all classes.")
            .addOutputTable("Refined segmentations", "The input rows with a column of refined segmentations, and the refined"
                + " probabilities if asked for.")) //
        .model(m -> m.parametersClass(SegmentationRefinerParameters.class) //
            .configure(SegmentationRefinerNodeFactory::configure) //
            .execute(UnusedSettings.told(SegmentationRefinerNodeFactory::execute))) //
        .addView(v -> ImageViewer.add(v, "The images with their segmentations before and after.")) //
        .nodeType(NodeType.Manipulator) //
        .keywords("conditional random field", "CRF", "dense CRF", "post-processing", "mean field", "small components", "lesion",
            "clean-up", "smooth") //
        .addExternalResource("https://arxiv.org/abs/1210.5644",
            "Krähenbühl and Koltun: Efficient Inference in Fully Connected CRFs with Gaussian Edge Potentials (NIPS 2011)") //
        .addExternalResource("https://doi.org/10.1016/j.media.2016.10.004",
            "Kamnitsas et al.: Efficient multi-scale 3D CNN with fully connected CRF for accurate brain lesion segmentation (2017)");

    /** For KNIME. */
    public SegmentationRefinerNodeFactory() {
        super(NODE);
    }

    private static void configure(final ConfigureInput in, final ConfigureOutput out) throws InvalidSettingsException {
        out.setOutSpec(0, new Refining(ColumnGuesses.in(in, out), in.getInTableSpec(0)).spec());
    }

    private static void execute(final ExecuteInput in, final ExecuteOutput out)
        throws CanceledExecutionException, KNIMEException {
        final SegmentationRefinerParameters parameters = ColumnGuesses.in(in);
        Execution.run(() -> new Refining(parameters, in.getInTable(0).getDataTableSpec()).run(in.getInTable(0),
            in.getExecutionContext(), out));
    }
}

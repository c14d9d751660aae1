package org.scanbridge.knime.nodes.atlassegmenter;

import org.knime.core.data.DataTableSpec;
import org.knime.core.node.CanceledExecutionException;
import org.knime.core.node.InvalidSettingsException;
import org.knime.core.node.KNIMEException;
import org.knime.core.node.NodeFactory.NodeType;
import org.knime.core.node.port.PortObjectSpec;
import org.knime.node.DefaultModel.ConfigureInput;
import org.knime.node.DefaultModel.ConfigureOutput;
import org.knime.node.DefaultModel.ExecuteInput;
import org.knime.node.DefaultModel.ExecuteOutput;
import org.knime.node.DefaultNode;
import org.knime.node.DefaultNodeFactory;
import org.scanbridge.knime.port.AtlasPortObject;
import org.scanbridge.knime.port.AtlasPortObjectSpec;
import org.scanbridge.knime.util.ColumnGuesses;
import org.scanbridge.knime.util.Execution;
import org.scanbridge.knime.util.UnusedSettings;
import org.scanbridge.knime.view.ImageViewer;

/** Segments images of any contrast by an atlas. */
public final class AtlasSegmenterNodeFactory extends DefaultNodeFactory {

    static final int ATLAS = 0;

    static final int IMAGES = 1;

    private static final DefaultNode NODE = DefaultNode.create() //
        .name("Atlas Segmenter") //
        .icon("icon.png") //
        .shortDescription("Segments images of any contrast by an atlas, without training.") //
        .fullDescription("""
                <p>Lays the atlas upon each image and finds out what intensities its labels have there, together with the \
                slow changes of brightness (bias field) of the scan. No network and no training is needed, and the contrast \
                may be any: where tissues are bright in the atlas' own images and dark in these, only the place counts.</p>
                <p>Use it as the yardstick for adapted networks, as a first segmentation where a site has no labels, and to \
                learn what intensities tissues have at a site (second output).</p>
                <h3>Limits</h3>
                <p>The image must show what the atlas shows, though it may be turned by up to 15° and cropped differently. \
                What the atlas does not know, such as lesions, is given to the label it looks like. Tissues of the same \
                intensity are told apart by their place alone.</p>
                <p>A warning names images whose intensities hardly follow the atlas, such as noise or another part of the \
                body, and those that show less than a fifth of its labels. An image without a warning may be segmented badly \
                all the same.</p>
                <h3>Method</h3>
                <p>Affine registration by mutual information between the atlas' classes and the image; \
                expectation–maximization with Gaussians on the logarithm of the image and a polynomial field; a Markov \
                random field at the end. The same inputs and settings give the same segmentations, bit by bit. Beside one \
                image and its results it takes 12 bytes for each voxel within the atlas and each label.</p>
                """) //
        .sinceVersion(5, 8, 0) //
        .ports(p -> p //
            .addInputPort("Atlas", "Of the Atlas Builder.", AtlasPortObject.TYPE) //
            .addInputTable("Images", "Rows with the images to segment.") //
            .addOutputTable("Segmented images", """
                    The input rows with their segmentations, and further results if chosen. Rows without an image, and images \
                    that cannot be segmented, get missing cells.""") //
            .addOutputTable("Class intensities", """
                    For each image and class of the atlas: share of the region within the atlas, mean and standard deviation \
                    of the intensities without the bias field. Problem says why an image was not \
                    segmented, or why its segmentation is doubtful. Fit: which share of what place tells of the label \
                    is confirmed by the intensities, about 0 for noise, about 1 where they tell labels apart. Covered: share of \
                    the atlas' labels that lie within the image.""")) //
        .model(m -> m.parametersClass(AtlasSegmenterParameters.class) //
            .configure(AtlasSegmenterNodeFactory::configure) //
            .execute(UnusedSettings.told(AtlasSegmenterNodeFactory::execute))) //
        .addView(v -> ImageViewer.add(v, "The images with their segmentations; beside them the reference, if there is one, and"
            + " where both differ.")) //
        .nodeType(NodeType.Predictor) //
        .keywords("expectation maximization", "EM", "unsupervised", "contrast", "bias field", "tissue", "brain", "prior") //
        .addExternalResource("https://doi.org/10.1109/42.811270",
            "Van Leemput et al.: Automated model-based tissue classification of MR images of the brain (TMI 1999)") //
        .addExternalResource("https://doi.org/10.1016/j.neuroimage.2005.02.018",
            "Ashburner and Friston: Unified segmentation (NeuroImage 2005)") //
        .addExternalResource("https://doi.org/10.1016/j.neuroimage.2016.09.011",
            "Puonti et al.: Fast and sequence-adaptive whole-brain segmentation (NeuroImage 2016)");

    /** For KNIME. */
    public AtlasSegmenterNodeFactory() {
        super(NODE);
    }

    private static void configure(final ConfigureInput in, final ConfigureOutput out) throws InvalidSettingsException {
        final AtlasSegmenterParameters parameters = ColumnGuesses.in(in, out);
        final DataTableSpec images = in.getInTableSpec(IMAGES);
        final PortObjectSpec atlas = in.getInPortSpecs()[ATLAS];
        Segmenting.image(images, parameters);
        parameters.options();
        out.setOutSpec(0, atlas == null && parameters.m_probabilities ? null
            : Segmenting.spec(images, parameters, (AtlasPortObjectSpec)atlas));
        out.setOutSpec(1, Segmenting.INTENSITIES);
    }

    private static void execute(final ExecuteInput in, final ExecuteOutput out)
        throws CanceledExecutionException, KNIMEException {
        Execution.run(() -> new Segmenting(ColumnGuesses.in(in), in.getInPortObject(ATLAS), in.getInTable(IMAGES))
            .run(in.getExecutionContext(), out));
    }
}

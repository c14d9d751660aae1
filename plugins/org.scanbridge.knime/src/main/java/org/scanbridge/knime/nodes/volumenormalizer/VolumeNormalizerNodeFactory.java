package org.scanbridge.knime.nodes.volumenormalizer;

import org.knime.core.node.BufferedDataTable;
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

/** Brings the intensities of images to a common scale. */
public final class VolumeNormalizerNodeFactory extends DefaultNodeFactory {

    private static final String DESCRIPTION = """
            <p>Scanners differ in the scale of their intensities, and most have no absolute scale at all. This node
            brings images to a common scale by a line fitted to the intensities of the foreground: z-score, min-max or
            percentiles, with the statistics of each image, of each site or of all images together.</p>
            <p>A line cannot change the order of tissues: where one scanner shows gray matter brighter than white matter
            and another darker, normalizing does not help and adaptation is needed. The Intensity Divergence Scorer
            tells how far the sites still are apart.</p>
            <h3>What must not leak</h3>
            <p>With statistics of each image, nothing passes from one image to another. With the other two, connect the
            training images to the second input, so that test images do not take part in fitting the scale.</p>
            <p>Rows without an image keep a missing cell. The appended column carries the property
            <tt>scanbridge.normalization</tt>, which says what was done.</p>
            """;

    private static final DefaultNode NODE = DefaultNode.create() //
        .name("Volume Normalizer") //
        .icon("icon.png") //
        .shortDescription("Brings the intensities of images from different scanners to a common scale.") //
        .fullDescription(DESCRIPTION) //
        .sinceVersion(5, 8, 0) //
        .ports(p -> p //
            .addInputTable("Images", "Rows with an image, and a site if statistics are taken per site.")
            .addInputPort("Fit on", "The images that statistics per site or of all images come from, usually the"
                + " training images: a table with the same image and site columns. Not connected: the images"
                + " themselves.", BufferedDataTable.TYPE_OPTIONAL)
            .addOutputTable("Normalized images", "The input rows with the normalized images in a new column, or in"
                + " place of the original ones.")) //
        .model(m -> m.parametersClass(VolumeNormalizerParameters.class) //
            .configure(VolumeNormalizerNodeFactory::configure) //
            .execute(VolumeNormalizerNodeFactory::execute)) //
        .nodeType(NodeType.Manipulator) //
        .keywords("intensity", "z-score", "min-max", "percentile", "harmonization", "standardize", "MRI");

    /** For KNIME. */
    public VolumeNormalizerNodeFactory() {
        super(NODE);
    }

    private static void configure(final ConfigureInput in, final ConfigureOutput out) throws InvalidSettingsException {
        final VolumeNormalizerParameters parameters = in.getParameters();
        out.setOutSpec(0, new Normalization(parameters, in.getInTableSpec(0)).spec());
        if (in.getInPortSpec(1) != null) {
            Normalization.requireFitColumns(parameters, in.getInTableSpec(1));
        }
    }

    private static void execute(final ExecuteInput in, final ExecuteOutput out)
        throws CanceledExecutionException, KNIMEException {
        final VolumeNormalizerParameters parameters = in.getParameters();
        Execution.run(() -> {
            final BufferedDataTable images = in.getInTable(0);
            final BufferedDataTable fitOn = in.getInPortObject(1) == null ? images : in.getInTable(1);
            new Normalization(parameters, images.getDataTableSpec()).run(images, fitOn, in.getExecutionContext(), out);
        });
    }
}

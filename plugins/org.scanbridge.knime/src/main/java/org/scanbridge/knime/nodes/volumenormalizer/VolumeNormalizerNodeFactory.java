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
import org.scanbridge.knime.util.ColumnGuesses;
import org.scanbridge.knime.util.Execution;
import org.scanbridge.knime.util.UnusedSettings;
import org.scanbridge.knime.view.ImageViewer;

/** Brings the intensities of images to a common scale. */
public final class VolumeNormalizerNodeFactory extends DefaultNodeFactory {

    private static final int FIT_ON = 1;

    private static final int LEARNED = 2;

    private static final String DESCRIPTION = """
            <p>Scanners differ in the scale of their intensities, and most have no absolute scale at all. This node
            brings images to a common scale:</p>
            <ul>
            <li>by a <b>line</b> (z-score, min-max, percentiles, quartiles) with the statistics of each image, of each site or of
            all images together;</li>
            <li>by a <b>curve</b> learned from other images: histogram landmarks (Nyúl and Udupa), or the histogram of
            a reference image;</li>
            <li>by <b>local</b> changes of each image: contrast-limited adaptive histogram equalization (CLAHE) of slices
            or of the volume, and the removal of a smooth bias field.</li>
            </ul>
            <p>Neither lines nor curves change the order of tissues: where one scanner shows gray matter brighter than
            white matter and another darker, normalizing does not help and adaptation is needed. The Intensity
            Divergence Scorer tells how far the sites still are apart.</p>
            <h3>What must not leak</h3>
            <p>With statistics of each image and with local changes, nothing passes from one image to another. Everything
            else is learned from the rows that the section Fitting names: connect the training images to the second
            input, or mark the training rows by a column. The second output holds what was learned; connected to the
            third input of another Volume Normalizer with the same settings, it is applied to other images, in this
            workflow or, written to a file, in another one.</p>
            <h3>Foreground</h3>
            <p>Statistics should come from tissue. In images that were skull-stripped or z-scored the background is 0; around
            a whole head the air is noise, and CT has no background value at all. By default the node looks at each image
            and appends the column <i>Foreground</i> with the rule it took and the reason. A rule of your own is followed;
            a warning says where it cannot be right.</p>
            <p>Rows without an image keep a missing cell. An image that cannot be normalized, such as a constant one, costs
            only its row: a missing cell that says why, and a warning. The appended column carries the property
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
            .addInputPort("Fit on", "The images that statistics per site or of all images, landmarks and the reference"
                + " come from, usually the training images: a table with the same columns. Not connected: the images"
                + " themselves.", BufferedDataTable.TYPE_OPTIONAL)
            .addInputPort("Apply scale", "The learned scale of another Volume Normalizer with the same settings."
                + " It is applied as it is; nothing is fitted then.", BufferedDataTable.TYPE_OPTIONAL)
            .addOutputTable("Normalized images", "The input rows with the normalized images in a new column, or in"
                + " place of the original ones, and the column \"Foreground\" if the rule was chosen by the image.")
            .addOutputTable("Learned scale", "What was learned from the images that were fitted to, one number per row:"
                + " for lines y = scale · (x - shift) + offset with x first clipped to the bounds (for a z-score, shift"
                + " is the mean and scale one over the standard deviation); the 13 landmarks; or the reference's"
                + " quantiles and what its background is. Without rows if nothing is learned from other images.")) //
        .model(m -> m.parametersClass(VolumeNormalizerParameters.class) //
            .configure(VolumeNormalizerNodeFactory::configure) //
            .execute(UnusedSettings.told(VolumeNormalizerNodeFactory::execute))) //
        .addView(v -> ImageViewer.add(v, "The original and the normalized images side by side, with one cross-hair and a window"
            + " each.")) //
        .nodeType(NodeType.Manipulator) //
        .keywords("intensity", "z-score", "min-max", "percentile", "histogram matching", "Nyul", "CLAHE", "bias field", "N4",
            "harmonization", "standardize", "MRI") //
        .addExternalResource("https://doi.org/10.1109/TMI.2010.2046908",
            "Tustison et al.: N4ITK: Improved N3 bias correction (IEEE TMI 2010)") //
        .addExternalResource("https://doi.org/10.1109/42.836373",
            "Nyúl, Udupa, Zhang: New variants of a method of MRI scale standardization (IEEE TMI 2000)");

    /** For KNIME. */
    public VolumeNormalizerNodeFactory() {
        super(NODE);
    }

    private static void configure(final ConfigureInput in, final ConfigureOutput out) throws InvalidSettingsException {
        final VolumeNormalizerParameters parameters = ColumnGuesses.in(in, out);
        out.setOutSpec(0, new Normalization(parameters, in.getInTableSpec(0)).spec());
        out.setOutSpec(1, LearnedScale.spec());
        if (in.getInPortSpec(LEARNED) == null) {
            new Fit(parameters, in.getInTableSpec(in.getInPortSpec(FIT_ON) == null ? 0 : FIT_ON));
            return;
        }
        if (in.getInPortSpec(FIT_ON) != null) {
            throw new InvalidSettingsException("Both images to fit on and a learned scale are connected. Disconnect the"
                + " second input to apply the scale, or the third to learn a new one.");
        }
        if (!parameters.learns()) {
            throw new InvalidSettingsException("A learned scale is connected, but \"" + parameters.description()
                + "\" learns nothing from other images. Choose the settings that the scale was learned with, or"
                + " disconnect the third input.");
        }
        LearnedScale.check(in.getInTableSpec(LEARNED));
    }

    private static void execute(final ExecuteInput in, final ExecuteOutput out)
        throws CanceledExecutionException, KNIMEException {
        final VolumeNormalizerParameters parameters = ColumnGuesses.in(in);
        Execution.run(() -> {
            final BufferedDataTable images = in.getInTable(0);
            final BufferedDataTable fitOn = in.getInPortObject(FIT_ON) == null ? images : in.getInTable(FIT_ON);
            final BufferedDataTable learned = in.getInPortObject(LEARNED) == null ? null : in.getInTable(LEARNED);
            new Normalization(parameters, images.getDataTableSpec()).run(images, fitOn, learned,
                in.getExecutionContext(), out);
        });
    }
}

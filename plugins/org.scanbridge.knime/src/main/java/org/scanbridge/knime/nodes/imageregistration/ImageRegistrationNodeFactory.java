package org.scanbridge.knime.nodes.imageregistration;

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

/** Brings the images of one column onto those of another. */
public final class ImageRegistrationNodeFactory extends DefaultNodeFactory {

    private static final DefaultNode NODE = DefaultNode.create() //
        .name("Image Registration") //
        .icon("icon.png") //
        .shortDescription("Brings the images of one column onto those of another, whatever their contrasts.") //
        .fullDescription("""
                <p>Images of one session, such as FLAIR and T1, are rarely on one grid and often not quite in one place. This \
                node finds out for each row how the moving image lies to the fixed one, and appends the moving image as it \
                looks on the fixed image's grid, so that both can be the channels of one network.</p>
                <p>The measure is mutual information, which does not care whether a tissue is bright in one image and dark in \
                the other; shading is looked past. Heads that are turned by up to 15° and cropped differently are found. The same images and \
                settings give the same result, bit by bit.</p>
                <p>The images are interpolated linearly. Where the moving image shows nothing, the result has its lowest \
                value.</p>
                <h3>Direction of the transforms</h3>
                <p>The second output says where the moving image has what lies at a position of the fixed one: q = M·p + t, \
                both in the DICOM patient frame (LPS, mm). Transform files of ITK and ANTs have the same direction and \
                frame.</p>
                """) //
        .sinceVersion(5, 8, 0) //
        .ports(p -> p //
            .addInputTable("Images", "Rows with two images each.") //
            .addOutputTable("Registered images", """
                    The input rows with the moved images. Rows that lack an image, or whose images cannot be registered, get \
                    missing cells.""") //
            .addOutputTable("Transforms", """
                    For each row the twelve numbers of the transform (m11 to m33 by rows, t1 to t3 in mm), the normalized \
                    mutual information with and without it (1 for nothing in common, 2 for all), and why a row was not \
                    registered.""")) //
        .model(m -> m.parametersClass(ImageRegistrationParameters.class) //
            .configure(ImageRegistrationNodeFactory::configure) //
            .execute(UnusedSettings.told(ImageRegistrationNodeFactory::execute))) //
        .addView(v -> ImageViewer.add(v, "The fixed and the registered images side by side, with one cross-hair.")) //
        .nodeType(NodeType.Manipulator) //
        .keywords("align", "coregistration", "rigid", "affine", "mutual information", "FLAIR", "T1") //
        .addExternalResource("https://doi.org/10.1109/TMI.2003.809072",
            "Mattes et al.: PET-CT image registration in the chest using free-form deformations (TMI 2003)");

    /** For KNIME. */
    public ImageRegistrationNodeFactory() {
        super(NODE);
    }

    private static void configure(final ConfigureInput in, final ConfigureOutput out) throws InvalidSettingsException {
        final Registering registering = new Registering(ColumnGuesses.in(in, out), in.getInTableSpec(0));
        out.setOutSpec(0, registering.spec());
        out.setOutSpec(1, Registering.TRANSFORMS);
    }

    private static void execute(final ExecuteInput in, final ExecuteOutput out)
        throws CanceledExecutionException, KNIMEException {
        Execution.run(() -> new Registering(ColumnGuesses.in(in), in.getInTable(0).getDataTableSpec())
            .run(in.getInTable(0), in.getExecutionContext(), out));
    }
}

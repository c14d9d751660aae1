package org.scanbridge.knime.nodes.volumeaugmenter;

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
import org.scanbridge.knime.view.SliceService;

/** Makes randomly changed copies of images and their segmentations. */
public final class VolumeAugmenterNodeFactory extends DefaultNodeFactory {

    private static final String DESCRIPTION = """
            <p>Makes changed copies of images, as other patients, positions and scans would have given: moved and deformed,
            brighter or darker, noisier, blurred, with artifacts. A network that has seen them minds such changes less.
            Image and segmentation of a row are moved by one and the same transformation; segmentations never gain
            labels.</p>
            <p>What was drawn for each copy comes out as columns, missing where it did not happen. Copies of an image that cannot be changed, such as one with voxels that are no
            numbers, are missing cells that say why. The view shows originals
            and copies side by side.</p>
            <h3>Here or in the learners</h3>
            <p>The learners can augment on the fly, with new changes in every step and without making a table of copies.
            Use this node to look at what the settings do, to test how much a trained network minds a change, or for small
            studies.</p>
            <h3>What must not leak</h3>
            <p>A copy belongs to its original's subject: split by subject first, and augment training images only. Subject
            and site columns are carried along, so that later splits by subject stay right too.</p>
            """;

    private static final DefaultNode NODE = DefaultNode.create() //
        .name("Volume Augmenter") //
        .icon("icon.png") //
        .shortDescription("Makes randomly moved, recolored and degraded copies of images and their segmentations.") //
        .fullDescription(DESCRIPTION) //
        .sinceVersion(5, 8, 0) //
        .ports(p -> p //
            .addInputTable("Images", "Rows with an image, and a segmentation on its grid if there is one.")
            .addOutputTable("Augmented images", "The original rows, if they are kept, each followed by its copies. Three"
                + " kinds of columns are added: Original Row with the row ID of the original, Copy with the number of the"
                + " copy (0 for an original), and one column per drawn parameter.")) //
        .model(m -> m.parametersClass(VolumeAugmenterParameters.class) //
            .configure(VolumeAugmenterNodeFactory::configure) //
            .execute(UnusedSettings.told(VolumeAugmenterNodeFactory::execute))) //
        .addView(v -> v.withoutParameters() //
            .description("The middle slices of originals and copies with the gray levels of the original, and what was"
                + " drawn for each. If the first image is small, it is drawn more often than the table has copies. \"All"
                + " slices\" shows every row slice by slice.") //
            .page(p -> ImageViewer.resources(p.fromFile().bundleClass(VolumeAugmenterNodeFactory.class).basePath("web")
                .relativeFilePath("augmentations.html")).addResourceFile("augmentations.js")) //
            .initialData(d -> d.data(PreviewPictures::of)) //
            .dataService(d -> d.handler(input -> new SliceService(input, PreviewPictures.IMAGES)))) //
        .nodeType(NodeType.Manipulator) //
        .keywords("augmentation", "rotation", "elastic", "noise", "bias field", "motion", "ghosting", "gamma", "flip",
            "random");

    /** For KNIME. */
    public VolumeAugmenterNodeFactory() {
        super(NODE);
    }

    private static void configure(final ConfigureInput in, final ConfigureOutput out) throws InvalidSettingsException {
        out.setOutSpec(0, new Augmenting(ColumnGuesses.in(in, out), in.getInTableSpec(0)).spec());
    }

    private static void execute(final ExecuteInput in, final ExecuteOutput out)
        throws CanceledExecutionException, KNIMEException {
        Execution.run(() -> {
            final BufferedDataTable rows = in.getInTable(0);
            new Augmenting(ColumnGuesses.in(in), rows.getDataTableSpec()).run(rows, in.getExecutionContext(), out);
        });
    }
}

package org.scanbridge.knime.nodes.volumeresampler;

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

/** Brings images and segmentations to another voxel grid, and back. */
public final class VolumeResamplerNodeFactory extends DefaultNodeFactory {

    private static final int REFERENCE = 1;

    private static final String DESCRIPTION = """
            <p>Sites scan with different voxel sizes, slice directions and fields of view; a network expects one of them.
            This node brings images, and the segmentations that belong to them, to cubic voxels, a given spacing, the
            grid of another image, or the axes LPS or RAS, crops them to their content and pads them.</p>
            <p>Positions in the patient are kept: voxel centers, spacing, origin and direction cosines are computed anew,
            so results can be laid over the originals. Image and segmentation of a row come out on the same grid, even if
            they did not lie on one before.</p>
            <h3>Back to the original grid</h3>
            <p>Segment the resampled images, then add another Volume Resampler with <i>Grid of a column</i> and the column
            of the original images: it carries the predictions back. What was only cropped, padded or turned comes back
            voxel for voxel, whatever the interpolation; after a change of spacing, labels take the nearest voxel or a
            linear vote. Labels on voxels of half, a third, … the size come back voxel for voxel, too.</p>
            <h3>Small structures</h3>
            <p>A lesion smaller than the new voxels may fall between their centers. Then a warning and the column
            <i>Lost Labels</i> name the class and how many of its connected parts no voxel stands for; <i>Keep parts that
            would vanish</i> gives each of them one voxel.</p>
            <h3>2-D images</h3>
            <p>Images of a single slice, such as radiographs, are resampled within their plane only.</p>
            <h3>Rows that cannot be resampled</h3>
            <p>An image with voxels that are no numbers, or with nothing to crop to, costs only its row: missing cells that
            say why, and a warning.</p>
            """;

    private static final DefaultNode NODE = DefaultNode.create() //
        .name("Volume Resampler") //
        .icon("icon.png") //
        .shortDescription("Brings images and segmentations to another voxel grid, and predictions back to the original.") //
        .fullDescription(DESCRIPTION) //
        .sinceVersion(5, 8, 0) //
        .ports(p -> p //
            .addInputTable("Images", "Rows with images, segmentations or both.")
            .addInputPort("Reference", "A table whose first image or segmentation gives the grid, if the settings ask for"
                + " the grid of the second input.", BufferedDataTable.TYPE_OPTIONAL)
            .addOutputTable("Resampled images", "The input rows with the results in new columns, or in place of the"
                + " original ones, and a column \"Lost Labels\" if segmentations are resampled. Rows without an"
                + " image get missing cells.")) //
        .model(m -> m.parametersClass(VolumeResamplerParameters.class) //
            .configure(VolumeResamplerNodeFactory::configure) //
            .execute(UnusedSettings.told(VolumeResamplerNodeFactory::execute))) //
        .addView(v -> ImageViewer.add(v, "The resampled images with their segmentations, slice by slice.")) //
        .nodeType(NodeType.Manipulator) //
        .keywords("spacing", "isotropic", "voxel size", "orientation", "RAS", "LPS", "crop", "pad", "interpolation",
            "grid");

    /** For KNIME. */
    public VolumeResamplerNodeFactory() {
        super(NODE);
    }

    private static void configure(final ConfigureInput in, final ConfigureOutput out) throws InvalidSettingsException {
        final VolumeResamplerParameters parameters = ColumnGuesses.in(in, out);
        Resampling.checkReference(parameters, in.getInPortSpec(REFERENCE) == null ? null : in.getInTableSpec(REFERENCE));
        out.setOutSpec(0, new Resampling(parameters, in.getInTableSpec(0)).spec());
    }

    private static void execute(final ExecuteInput in, final ExecuteOutput out)
        throws CanceledExecutionException, KNIMEException {
        Execution.run(() -> {
            final BufferedDataTable rows = in.getInTable(0);
            final BufferedDataTable reference = in.getInPortObject(REFERENCE) == null ? null : in.getInTable(REFERENCE);
            new Resampling(ColumnGuesses.in(in), rows.getDataTableSpec()).run(rows, reference, in.getExecutionContext(),
                out);
        });
    }
}

package org.scanbridge.knime.nodes.segmentationwriter;

import java.time.LocalDateTime;

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
import org.scanbridge.knime.io.ImageFiles;
import org.scanbridge.knime.util.ColumnGuesses;
import org.scanbridge.knime.util.Execution;
import org.scanbridge.knime.util.OutputFolder;
import org.scanbridge.knime.util.UnusedSettings;

/** Writes segmentations as DICOM Segmentation or RT Structure Set objects, or as NIfTI. */
public final class SegmentationWriterNodeFactory extends DefaultNodeFactory {

    private static final String DESCRIPTION = """
            <p>Writes each segmentation of a column as one file. A <b>DICOM Segmentation</b> or <b>DICOM label map</b> refers
            to the images it was made from, so that a viewer or an archive shows it on top of them, and codes what its
            classes are. An <b>RT Structure Set</b> holds their contours, for treatment planning. A <b>NIfTI</b> label map
            suits research software.</p>
            <p>A file appears whole or not at all, also if the disk is full or the node is cancelled. What is there already
            is not replaced unless you say so.</p>
            <h3>Source images</h3>
            <p>For DICOM, the segmentation must lie on the grid of a series in the study folder, as segmentations of the
            Segmentation Predictor do. Series whose missing slices were filled in cannot be referred to.</p>
            <h3>Privacy</h3>
            <p>A DICOM Segmentation or RT Structure Set must carry the patient's and the study's attributes of its source images, else an
            archive could not file it. <b>Such files therefore identify the patient if the source images do.</b> File
            names and the output table contain pseudonyms only.</p>
            """;

    private static final DefaultNode NODE = DefaultNode.create() //
        .name("Segmentation Writer") //
        .icon("icon.png") //
        .shortDescription("Writes segmentations as DICOM Segmentations or RT Structure Sets of their source images, or as NIfTI.") //
        .fullDescription(DESCRIPTION) //
        .sinceVersion(5, 8, 0) //
        .ports(p -> p //
            .addInputTable("Segmented images", "Rows with a segmentation and the series id of its image.")
            .addInputPort("Study", "Names the folder of the source images in a text column, as the Synthetic Sites node"
                + " does. Not needed if the folder is given in the dialog, or for NIfTI.", BufferedDataTable.TYPE_OPTIONAL)
            .addOutputTable("Files", "One row per segmentation: Series, File (missing if it was not written), Problem"
                + " (missing if it was written).")) //
        .model(m -> m.parametersClass(SegmentationWriterParameters.class) //
            .configure(SegmentationWriterNodeFactory::configure) //
            .execute(UnusedSettings.told(SegmentationWriterNodeFactory::execute))) //
        .nodeType(NodeType.Sink) //
        .keywords("DICOM", "SEG", "RTSTRUCT", "structure set", "contour", "NIfTI", "LABELMAP", "SNOMED", "export", "PACS", "label map") //
        .addExternalResource("https://dicom.nema.org/medical/dicom/current/output/html/part03.html#sect_A.51",
            "DICOM PS3.3 A.51: Segmentation IOD");

    /** For KNIME. */
    public SegmentationWriterNodeFactory() {
        super(NODE);
    }

    private static void configure(final ConfigureInput in, final ConfigureOutput out) throws InvalidSettingsException {
        final SegmentationWriterParameters parameters = ColumnGuesses.in(in, out);
        new SegmentationWriting(parameters, in.getInTableSpec(0));
        OutputFolder.checkWritable(OutputFolder.required(parameters.m_outputFolder), "The segmentations");
        if (parameters.m_form.isDicom()) {
            parameters.studyFolder().check(in.getInTableSpec(1));
        }
        out.setOutSpec(0, ImageFiles.SPEC);
    }

    private static void execute(final ExecuteInput in, final ExecuteOutput out)
        throws CanceledExecutionException, KNIMEException {
        final SegmentationWriterParameters parameters = ColumnGuesses.in(in);
        Execution.run(() -> new SegmentationWriting(parameters, in.getInTable(0).getDataTableSpec()).run(
            in.getInTable(0), in.getInTable(1), LocalDateTime.now(), in.getExecutionContext(), out));
    }
}

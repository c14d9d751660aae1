package org.scanbridge.knime.nodes.volumewriter;

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

/** Writes images as derived DICOM series or as NIfTI. */
public final class VolumeWriterNodeFactory extends DefaultNodeFactory {

    private static final String DESCRIPTION = """
            <p>Writes each image of a column, such as a normalized or a resampled one, as a <b>DICOM series</b> or as a
            <b>NIfTI</b> file, with its geometry.</p>
            <h3>DICOM</h3>
            <p>The series is a derived one (Image Type DERIVED\\SECONDARY) of the same patient, study and frame of reference,
            with UIDs of its own, a Derivation Description that says how it was made, and a reference from each slice to its
            source image - to all source images if it was resampled. Whole numbers of 16 bits are kept exactly; others are
            stored in 65536 steps between the image's smallest and largest value, with Rescale Slope and Intercept. Voxels
            that are not finite are refused.</p>
            <p>What the images become follows from the modality of their sources:</p>
            <ul>
            <li><b>MR</b> and <b>CT</b>: images of the same kind.</li>
            <li><b>PT</b>: PET images if the sources tell the times and the correction of decay that these demand. Steps
            begin at zero (65536, or 32767 to either side if there are negative values). The unit is not stated, because
            processed values seldom have the one of the scanner, and neither is the radiopharmaceutical.</li>
            <li><b>CR</b>: computed radiographs. <b>DX</b>: digital X-ray images for presentation, if all values are whole
            numbers from 0 to 65535 (the kind knows no other) and the sources tell laterality, orientation and pixel
            spacing. Pixel spacing, at the detector or calibrated, is that of the source.</li>
            <li>Everything else, such as ultrasound, mammograms or a DX image with fractions: <b>Secondary Capture</b> of the
            same modality. Values and geometry are kept; what only the special kind could say is lost, and some viewers
            do not use the geometry of Secondary Captures for measuring or reformatting.</li>
            </ul>
            <p>A series or file appears whole or not at all, also if the disk is full or the node is cancelled. What is there
            already is not replaced unless you say so.</p>
            <h3>Privacy</h3>
            <p>A derived DICOM series carries the patient's and the study's attributes of its source images, else an archive
            could not file it. <b>Such files therefore identify the patient if the source images do.</b> NIfTI files, file
            names and the output table hold pseudonyms only.</p>
            """;

    private static final DefaultNode NODE = DefaultNode.create() //
        .name("Volume Writer") //
        .icon("icon.png") //
        .shortDescription("Writes images as derived DICOM series that refer to their sources, or as NIfTI.") //
        .fullDescription(DESCRIPTION) //
        .sinceVersion(5, 8, 0) //
        .ports(p -> p //
            .addInputTable("Images", "Rows with an image and the series id that the reader gave.")
            .addInputPort("Study", "Names the folder of the source images in a text column, as the Synthetic Sites node"
                + " does. Not needed if the folder is given in the dialog, or for NIfTI.", BufferedDataTable.TYPE_OPTIONAL)
            .addOutputTable("Files", "One row per image: Series, File (missing if it was not written; the folder of a DICOM"
                + " series), Problem (missing if it was written).")) //
        .model(m -> m.parametersClass(VolumeWriterParameters.class) //
            .configure(VolumeWriterNodeFactory::configure) //
            .execute(UnusedSettings.told(VolumeWriterNodeFactory::execute))) //
        .nodeType(NodeType.Sink) //
        .keywords("DICOM", "NIfTI", "export", "PACS", "derived series", "normalized images") //
        .addExternalResource("https://dicom.nema.org/medical/dicom/current/output/html/part03.html#sect_C.7.6.1",
            "DICOM PS3.3 C.7.6.1: General Image Module");

    /** For KNIME. */
    public VolumeWriterNodeFactory() {
        super(NODE);
    }

    private static void configure(final ConfigureInput in, final ConfigureOutput out) throws InvalidSettingsException {
        final VolumeWriterParameters parameters = ColumnGuesses.in(in, out);
        new VolumeWriting(parameters, in.getInTableSpec(0));
        OutputFolder.checkWritable(OutputFolder.required(parameters.m_outputFolder), "The images");
        if (parameters.m_form == VolumeWriterParameters.Form.DICOM) {
            parameters.studyFolder().check(in.getInTableSpec(1));
        }
        out.setOutSpec(0, ImageFiles.SPEC);
    }

    private static void execute(final ExecuteInput in, final ExecuteOutput out)
        throws CanceledExecutionException, KNIMEException {
        final VolumeWriterParameters parameters = ColumnGuesses.in(in);
        Execution.run(() -> new VolumeWriting(parameters, in.getInTable(0).getDataTableSpec()).run(in.getInTable(0),
            in.getInTable(1), LocalDateTime.now(), in.getExecutionContext(), out));
    }
}

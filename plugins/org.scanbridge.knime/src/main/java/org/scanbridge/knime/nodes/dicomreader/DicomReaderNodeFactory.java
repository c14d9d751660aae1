package org.scanbridge.knime.nodes.dicomreader;

import java.nio.file.Path;
import java.util.Optional;

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
import org.scanbridge.knime.dicom.StudyReading;
import org.scanbridge.knime.io.ImageTable;
import org.scanbridge.knime.io.ProblemTable;
import org.scanbridge.knime.util.ColumnGuesses;
import org.scanbridge.knime.util.Execution;
import org.scanbridge.knime.util.UnusedSettings;
import org.scanbridge.knime.view.ImageViewer;
import org.scanbridge.knime.util.OutputFolder;

/** Reads a folder of DICOM files into a table of images and segmentations. */
public final class DicomReaderNodeFactory extends DefaultNodeFactory {

    private static final String DESCRIPTION = """
            <p>Reads all DICOM files below a folder. Each series becomes one row with its image, in the right geometry
            and in real-world values (rescale applied), the site it comes from, and its segmentation where a DICOM
            Segmentation object refers to it. A series without one gets a missing cell: that is how unlabeled images are
            expressed.</p>
            <p>A series of several volumes, such as echoes, diffusion weightings or points in time, becomes one row for each,
            in their order: numbers by size, as echo times. Their series ids end with the volume's number: _v1, _v2, ...
            The attributes chosen in "Attributes" are those of each volume.</p>
            <p>The view shows the images slice by slice with their segmentations.</p>
            <p>File names and folders below the site do not matter; what belongs together is told by the headers.</p>
            <h3>What is read</h3>
            <p>Single-frame and enhanced multi-frame images, uncompressed or compressed with RLE, JPEG, lossless JPEG,
            JPEG-LS or JPEG 2000; color images as their brightness. Mosaics of Siemens and United Imaging are unfolded,
            files in gzip and in zip archives are read where they lie, an archive counting as a folder; archives with a
            password and of other kinds are listed as problems. DICOM Segmentations of the kinds binary,
            fractional and label map with any number of segments, contours of RT Structure Sets and, if you choose so, label
            maps in NIfTI files.</p>
            <h3>What is wrong in the folder</h3>
            <p>Files that cannot be read, series with missing or mixed slices and segmentations without an image become
            rows of the second table, with what to do about them, and the node shows a warning with their number. They
            stop the node only if you choose so.</p>
            <h3>Privacy</h3>
            <p>No attribute that identifies a patient reaches a table unless you allow it. Subjects and series get
            pseudonyms. The table of problems names files by their path below the study folder, so keep patient names out of
            file names. A de-identified copy of the files can be written for others.</p>
            """;

    private static final DefaultNode NODE = DefaultNode.create() //
        .name("DICOM Reader") //
        .icon("icon.png") //
        .shortDescription("Reads a folder of DICOM series and segmentations into a table of images.") //
        .fullDescription(DESCRIPTION) //
        .sinceVersion(5, 8, 0) //
        .ports(p -> p
            .addInputPort("Study", "Names the folder of the study in a text column, as the Synthetic Sites node does."
                + " Not needed if the folder is given in the dialog.", BufferedDataTable.TYPE_OPTIONAL)
            .addOutputTable("Images", "One row per series: Subject, Site, Series, Modality, Image, Segmentation"
                + " (missing where unlabeled), Segmentation 2 and so on of further raters, Input Hash (SHA-256 over all"
                + " files of the study), ordered by site,"
                + " subject and series; then a text column for each header attribute that was chosen.")
            .addOutputTable("Problems", "One row for everything that is wrong in the folder: File, Series, Problem,"
                + " Effect, Message, Advice.")) //
        .model(m -> m.parametersClass(DicomReaderParameters.class) //
            .configure(DicomReaderNodeFactory::configure) //
            .execute(UnusedSettings.told(DicomReaderNodeFactory::execute))) //
        .addView(v -> ImageViewer.add(v, "The images that were read, and the slices of the chosen one with its segmentation on"
            + " top.", input -> input.getInternalTables()[1].size())) //
        .nodeType(NodeType.Source) //
        .keywords("CT", "MR", "MRI", "series", "segmentation", "SEG", "RTSTRUCT", "DICOMDIR", "de-identify",
            "anonymize", "import", "PACS") //
        .addExternalResource("https://dicom.nema.org/medical/dicom/current/output/html/part03.html",
            "DICOM PS3.3: Information Object Definitions");

    /** For KNIME. */
    public DicomReaderNodeFactory() {
        super(NODE);
    }

    private static void configure(final ConfigureInput in, final ConfigureOutput out) throws InvalidSettingsException {
        final DicomReaderParameters parameters = ColumnGuesses.in(in, out);
        parameters.folder().check(in.getInTableSpec(0));
        final Optional<Path> copy = parameters.copyFolder();
        if (copy.isPresent()) {
            OutputFolder.checkWritable(copy.get(), "The copy");
        }
        out.setOutSpec(0,
            ImageTable.spec(parameters.raters().columns(),
                StudyReading.titles(parameters.attributes())));
        out.setOutSpec(1, ProblemTable.SPEC);
    }

    private static void execute(final ExecuteInput in, final ExecuteOutput out)
        throws CanceledExecutionException, KNIMEException {
        final DicomReaderParameters parameters = ColumnGuesses.in(in);
        Execution.run(() -> new FolderReading(parameters, in.getExecutionContext())
            .read(parameters.folder().path(in.getInTable(0)), out));
    }
}

package org.scanbridge.knime.nodes.niftireader;

import java.util.List;

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
import org.scanbridge.knime.io.ImageTable;
import org.scanbridge.knime.io.OnProblem;
import org.scanbridge.knime.io.ProblemTable;
import org.scanbridge.knime.util.ColumnGuesses;
import org.scanbridge.knime.util.Execution;
import org.scanbridge.knime.util.UnusedSettings;
import org.scanbridge.knime.view.ImageViewer;

/** Reads a folder of NIfTI images and label maps into a table. */
public final class NiftiReaderNodeFactory extends DefaultNodeFactory {

    private static final String DESCRIPTION = """
            <p>Reads all NIfTI files below a folder (NIfTI-1 and NIfTI-2: .nii, .nii.gz, and .hdr with .img). Each image
            becomes one row with its geometry and, where there is a label map for it, its segmentation. The table is like
            the DICOM Reader's, so both can be joined and everything after them works alike.</p>
            <h3>Which label map belongs to which image</h3>
            <p>Names tell, data set by data set: files of the same name in folders such as <tt>imagesTr</tt> and
            <tt>labelsTr</tt> (Medical Segmentation Decathlon, nnU-Net), the entities of BIDS, FreeSurfer's
            <tt>aparc+aseg</tt>, endings such as <tt>_seg</tt> (BraTS), or patterns of your own. A label map must also have
            the voxels of its image; where only their order differs, as some converters leave it, they are put into the
            image's order. A label map on another grid is handed on on its own grid; a problem says how far it lies off, and
            the Volume Resampler brings it onto the grid of the image.</p>
            <p>Where each class has a file of its own, as TotalSegmentator writes them into a folder
            <tt>segmentations</tt>, the files become one label map, with the numbers of TotalSegmentator's table or else from
            1 in the order of the names. Of several label maps of an image the rules of the layout choose one: in BIDS a
            <tt>dseg</tt> before masks and the mask of the brain last. What is not used is listed as a problem.</p>
            <h3>Label values</h3>
            <p>A segmentation holds values up to 255. If a label map exceeds that, the values of all label maps of the study
            are numbered from 1 in ascending order, and the names of the classes tell the values: <tt>label 420</tt>, or what
            <i>Classes</i>, a file of the data set or FreeSurfer's table calls it. Values that are off whole numbers by the
            rounding of a scaled file, such as 1.0000153, are rounded.</p>
            <h3>Several volumes in one file</h3>
            <p>A file of four dimensions, such as the channels of a patient or points in time, gives one row per volume, or
            one of its volumes as you choose. Files of more dimensions (vectors) are listed as problems; of colors the
            luminance is read.</p>
            <h3>Geometry</h3>
            <p>NIfTI's frame (right, anterior, superior) is turned into DICOM's (left, posterior, superior); the sform
            counts if it is set and its axes are perpendicular, else the qform; the problems say so. Values have slope and intercept applied.</p>
            <h3>Privacy</h3>
            <p>File names often hold patient names, so subjects and series get pseudonyms. The table of problems names files
            by their path below the study folder.</p>
            """;

    private static final DefaultNode NODE = DefaultNode.create() //
        .name("NIfTI Reader") //
        .icon("icon.png") //
        .shortDescription("Reads a folder of NIfTI images and label maps into a table of images.") //
        .fullDescription(DESCRIPTION) //
        .sinceVersion(5, 8, 0) //
        .ports(p -> p
            .addInputPort("Study", "Names the folder of the study in a text column. Not needed if the folder is given in"
                + " the dialog.", BufferedDataTable.TYPE_OPTIONAL)
            .addOutputTable("Images", "One row per image, or volume of a 4-D file:"
                + " Subject, Site, Series, Modality (missing if unknown), Image,"
                + " Segmentation (missing where unlabeled), Segmentation 2 and so on of further raters, Input Hash (SHA-256"
                + " over all files of the study), ordered by"
                + " site, subject and series.")
            .addOutputTable("Problems", "One row for everything that is wrong in the folder: File, Series, Problem,"
                + " Effect, Message, Advice.")) //
        .model(m -> m.parametersClass(NiftiReaderParameters.class) //
            .configure(NiftiReaderNodeFactory::configure) //
            .execute(UnusedSettings.told(NiftiReaderNodeFactory::execute))) //
        .addView(v -> ImageViewer.add(v, "The images that were read, and the slices of the chosen one with its segmentation on"
            + " top.", input -> input.getInternalTables()[1].size())) //
        .nodeType(NodeType.Source) //
        .keywords("nii", "Analyze", "BIDS", "Decathlon", "nnU-Net", "label map", "MRI", "CT", "import") //
        .addExternalResource("https://nifti.nimh.nih.gov/nifti-1", "NIfTI-1 Data Format") //
        .addExternalResource("https://bids-specification.readthedocs.io", "Brain Imaging Data Structure");

    /** For KNIME. */
    public NiftiReaderNodeFactory() {
        super(NODE);
    }

    private static void configure(final ConfigureInput in, final ConfigureOutput out) throws InvalidSettingsException {
        final NiftiReaderParameters parameters = ColumnGuesses.in(in, out);
        parameters.folder().check(in.getInTableSpec(0));
        out.setOutSpec(0, ImageTable.spec(parameters.raters().columns(), List.of()));
        out.setOutSpec(1, ProblemTable.SPEC);
    }

    private static void execute(final ExecuteInput in, final ExecuteOutput out)
        throws CanceledExecutionException, KNIMEException {
        final NiftiReaderParameters parameters = ColumnGuesses.in(in);
        final boolean stopOnLoss = parameters.m_onProblem == OnProblem.FAIL;
        Execution.run(() -> new NiftiStudyReading(parameters.options(), stopOnLoss, in.getExecutionContext())
            .read(parameters.folder().path(in.getInTable(0)), out));
    }
}

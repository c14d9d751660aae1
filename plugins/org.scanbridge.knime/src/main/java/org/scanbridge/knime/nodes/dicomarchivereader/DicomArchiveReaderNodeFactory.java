package org.scanbridge.knime.nodes.dicomarchivereader;

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
import org.scanbridge.knime.util.OutputFolder;
import org.scanbridge.knime.util.UnusedSettings;
import org.scanbridge.knime.view.ImageViewer;

/** Fetches series from an archive and reads them into a table of images and segmentations. */
public final class DicomArchiveReaderNodeFactory extends DefaultNodeFactory {

    private static final String DESCRIPTION = """
            <p>Fetches the series that the DICOM Archive Query found, and reads them as the DICOM Reader reads those of a
            folder: with the same settings, the same geometry and the same table of problems. A segmentation or structure set
            joins its image if the input has the rows of both.</p>
            <h3>Cache</h3>
            <p>Fetched images are kept in a folder on this computer, up to a size of your choice; those not used for longest go
            first. Each series is one zip archive without compression, which the DICOM Reader and other programs read. A run that
            was broken off goes on where it was, and one that is repeated fetches only what is new in the archive, and what
            the disk has spoiled. If all series of the input do not fit, they are read in portions, study by study, and the rows are in
            the order of the portions.</p>
            <h3>What can go wrong</h3>
            <p>An archive that is busy or away for a moment is asked again. Every image is checked; a series of which one does
            not come is left out and listed in the table of problems, with the reason: half a series is never taken for a
            whole. If the archive cannot be reached any more, the node stops; run it again later, and it goes on.</p>
            <h3>Privacy</h3>
            <p>No attribute that identifies a patient reaches a table unless you allow it. <b>The files in the cache are as the
            archive sent them and identify the patients.</b> Their names are hashes. Choose a folder that nobody else
            reads, and delete it when it is not needed any more.</p>
            """;

    private static final DefaultNode NODE = DefaultNode.create() //
        .name("DICOM Archive Reader") //
        .icon("icon.png") //
        .shortDescription("Fetches series from the hospital's archive and reads them into a table of images.") //
        .fullDescription(DESCRIPTION) //
        .sinceVersion(5, 8, 0) //
        .ports(p -> p
            .addInputTable("Series", "Rows with a reference to a series, as the DICOM Archive Query gives them.")
            .addOutputTable("Images", "One row per series: Subject, Site, Series, Modality, Image, Segmentation"
                + " (missing where unlabeled), Segmentation 2 and so on of further raters, Input Hash (SHA-256 over all"
                + " files of the portion), ordered by site, subject and series; then a text column for each header attribute"
                + " that was chosen.")
            .addOutputTable("Problems", "One row for everything that is wrong with the series, or did not come: File (in the"
                + " cache), Series, Problem, Effect, Message, Advice.")
            .addOutputTable("Study", "The folder of the cached images, for the input Study of the Segmentation Writer and the"
                + " Volume Writer.")) //
        .model(m -> m.parametersClass(DicomArchiveReaderParameters.class) //
            .configure(DicomArchiveReaderNodeFactory::configure) //
            .execute(UnusedSettings.told(DicomArchiveReaderNodeFactory::execute))) //
        .addView(v -> ImageViewer.add(v, "The images that were read, and the slices of the chosen one with its segmentation on"
            + " top.", input -> input.getInternalTables()[1].size())) //
        .nodeType(NodeType.Manipulator) //
        .keywords("PACS", "DICOMweb", "WADO", "C-GET", "C-MOVE", "retrieve", "Orthanc", "dcm4chee", "VNA", "MR", "CT") //
        .addExternalResource("https://dicom.nema.org/medical/dicom/current/output/html/part18.html#sect_10.4",
            "DICOM PS3.18 10.4: Retrieve Transaction");

    /** For KNIME. */
    public DicomArchiveReaderNodeFactory() {
        super(NODE);
    }

    private static void configure(final ConfigureInput in, final ConfigureOutput out) throws InvalidSettingsException {
        final DicomArchiveReaderParameters parameters = ColumnGuesses.in(in, out);
        parameters.m_archive.requireInstalled();
        parameters.referenceColumn(in.getInTableSpec(0));
        parameters.imagesColumn(in.getInTableSpec(0));
        OutputFolder.checkWritable(parameters.cacheFolder(), "The cache");
        out.setOutSpec(0, ImageTable.spec(parameters.raters().columns(), StudyReading.titles(parameters.attributes())));
        out.setOutSpec(1, ProblemTable.SPEC);
        out.setOutSpec(2, ArchiveReading.STUDY);
    }

    private static void execute(final ExecuteInput in, final ExecuteOutput out)
        throws CanceledExecutionException, KNIMEException {
        final DicomArchiveReaderParameters parameters = ColumnGuesses.in(in);
        Execution.run(() -> new ArchiveReading(parameters, in.getExecutionContext()).run(in.getInTable(0), out));
    }
}

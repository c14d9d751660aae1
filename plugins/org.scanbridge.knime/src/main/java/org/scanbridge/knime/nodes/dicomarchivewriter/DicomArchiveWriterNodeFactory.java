package org.scanbridge.knime.nodes.dicomarchivewriter;

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

/** Stores DICOM files in an archive. */
public final class DicomArchiveWriterNodeFactory extends DefaultNodeFactory {

    private static final String DESCRIPTION = """
            <p>Stores DICOM files in the hospital's archive (PACS): the segmentations, structure sets and derived series that the
            Segmentation Writer and the Volume Writer wrote. Connect their output; a folder in the column stands for all
            files in it.</p>
            <p>The output says of each object what the archive says: stored, already there, stored with a warning, or refused and
            why. Objects that refer to images of the archive are shown on top of them by viewers.</p>
            <h3>Run again</h3>
            <p>The archive is asked for each object first. One that it has is compared with the file: the same is not sent again,
            and another one with the same UID is never replaced. So a run that was broken off can be repeated, and nothing is
            there twice. Files that are written anew have new UIDs, and are other objects.</p>
            <h3>Privacy</h3>
            <p>The files carry the patient's and the study's attributes of their source images, so that the archive can file them.
            The output has file names and pseudonyms only.</p>
            """;

    private static final DefaultNode NODE = DefaultNode.create() //
        .name("DICOM Archive Writer") //
        .icon("icon.png") //
        .shortDescription("Stores segmentations, structure sets and derived series in the hospital's archive.") //
        .fullDescription(DESCRIPTION) //
        .sinceVersion(5, 8, 0) //
        .ports(p -> p
            .addInputTable("Files", "Rows with a DICOM file, or a folder of such, as the Segmentation Writer and the Volume Writer"
                + " give them; rows without one are left out.")
            .addOutputTable("Stored objects", "One row per object: Series (of the input), File, Result (stored, already there,"
                + " warning, refused, not sent), Code (of the archive, if there is one), Message (missing if there is nothing to"
                + " say).")) //
        .model(m -> m.parametersClass(DicomArchiveWriterParameters.class) //
            .configure(DicomArchiveWriterNodeFactory::configure) //
            .execute(UnusedSettings.told(DicomArchiveWriterNodeFactory::execute))) //
        .nodeType(NodeType.Sink) //
        .keywords("PACS", "DICOMweb", "STOW", "C-STORE", "send", "store", "SEG", "RTSTRUCT", "Orthanc", "dcm4chee", "VNA") //
        .addExternalResource("https://dicom.nema.org/medical/dicom/current/output/html/part18.html#sect_10.5",
            "DICOM PS3.18 10.5: Store Transaction");

    /** For KNIME. */
    public DicomArchiveWriterNodeFactory() {
        super(NODE);
    }

    private static void configure(final ConfigureInput in, final ConfigureOutput out) throws InvalidSettingsException {
        final DicomArchiveWriterParameters parameters = ColumnGuesses.in(in, out);
        parameters.m_archive.requireInstalled();
        new ArchiveWriting(parameters, in.getInTableSpec(0));
        out.setOutSpec(0, ArchiveWriting.SPEC);
    }

    private static void execute(final ExecuteInput in, final ExecuteOutput out)
        throws CanceledExecutionException, KNIMEException {
        final DicomArchiveWriterParameters parameters = ColumnGuesses.in(in);
        Execution.run(() -> new ArchiveWriting(parameters, in.getInTable(0).getDataTableSpec()).run(in.getInTable(0),
            in.getExecutionContext(), out));
    }
}

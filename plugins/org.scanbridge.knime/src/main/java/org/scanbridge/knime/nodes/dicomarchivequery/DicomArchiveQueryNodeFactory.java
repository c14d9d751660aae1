package org.scanbridge.knime.nodes.dicomarchivequery;

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

/** Asks an archive which series it has. */
public final class DicomArchiveQueryNodeFactory extends DefaultNodeFactory {

    private static final String DESCRIPTION = """
            <p>Asks the hospital's archive (PACS) which series it has, and gives one row for each. Nothing is fetched yet: look
            at the table, leave out what is not needed, for example with the Row Filter, and connect the DICOM Archive
            Reader.</p>
            <p>Studies are chosen by dates and modality, and by the accession numbers or patient ids in columns of an
            input table: one question for each row. All answers are collected, however many the archive gives at a time. What
            the archive should have left out is left out here.</p>
            <h3>Privacy</h3>
            <p>No attribute that identifies a patient reaches the table unless you allow it. Subjects and series get the
            pseudonyms that the DICOM Reader gives them. What the DICOM Archive Reader needs to find a series stands
            encrypted in the column Reference; the pseudonym key is the key. <b>Choose a key of your own where tables leave
            the hospital.</b> Accession numbers and patient ids of the input are not passed on.</p>
            """;

    private static final DefaultNode NODE = DefaultNode.create() //
        .name("DICOM Archive Query") //
        .icon("icon.png") //
        .shortDescription("Asks the hospital's archive which series it has, by dates, modality, accession numbers or patient ids.") //
        .fullDescription(DESCRIPTION) //
        .sinceVersion(5, 8, 0) //
        .ports(p -> p
            .addInputPort("Requests", "Accession numbers or patient ids in text columns, one request per row. Not needed where"
                + " dates and modality say enough.", BufferedDataTable.TYPE_OPTIONAL)
            .addOutputTable("Series", "One row per series: Subject, Series (pseudonyms), Modality, Images (their number, if the"
                + " archive tells), Request (the row of the input that it answers), Reference (for the DICOM Archive Reader);"
                + " then a text column for each attribute that was chosen. Ordered by subject and series.")) //
        .model(m -> m.parametersClass(DicomArchiveQueryParameters.class) //
            .configure(DicomArchiveQueryNodeFactory::configure) //
            .execute(UnusedSettings.told(DicomArchiveQueryNodeFactory::execute))) //
        .nodeType(NodeType.Source) //
        .keywords("PACS", "DICOMweb", "QIDO", "C-FIND", "accession number", "worklist", "Orthanc", "dcm4chee", "VNA") //
        .addExternalResource("https://dicom.nema.org/medical/dicom/current/output/html/part18.html#sect_10.6",
            "DICOM PS3.18 10.6: Search Transaction");

    /** For KNIME. */
    public DicomArchiveQueryNodeFactory() {
        super(NODE);
    }

    private static void configure(final ConfigureInput in, final ConfigureOutput out) throws InvalidSettingsException {
        final DicomArchiveQueryParameters parameters = ColumnGuesses.in(in, out);
        parameters.m_archive.requireInstalled();
        out.setOutSpec(0, new ArchiveQuerying(parameters, in.getInTableSpec(0)).spec());
    }

    private static void execute(final ExecuteInput in, final ExecuteOutput out)
        throws CanceledExecutionException, KNIMEException {
        final DicomArchiveQueryParameters parameters = ColumnGuesses.in(in);
        final BufferedDataTable requests = in.getInTable(0);
        Execution.run(() -> new ArchiveQuerying(parameters, requests == null ? null : requests.getDataTableSpec()).run(requests,
            in.getExecutionContext(), out));
    }
}

package org.scanbridge.knime.nodes.syntheticsites;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

import org.knime.core.data.DataCell;
import org.knime.core.data.DataColumnSpecCreator;
import org.knime.core.data.DataTableSpec;
import org.knime.core.data.DataType;
import org.knime.core.data.RowKey;
import org.knime.core.data.def.DefaultRow;
import org.knime.core.data.def.StringCell;
import org.knime.core.data.filestore.FileStore;
import org.knime.core.node.BufferedDataContainer;
import org.knime.core.node.BufferedDataTable;
import org.knime.core.node.CanceledExecutionException;
import org.knime.core.node.ExecutionContext;
import org.knime.core.node.KNIMEException;
import org.knime.core.node.NodeFactory.NodeType;
import org.knime.node.DefaultModel.ExecuteInput;
import org.knime.node.DefaultModel.ExecuteOutput;
import org.knime.node.DefaultNode;
import org.knime.node.DefaultNodeFactory;
import org.scanbridge.dicom.series.RadiographFormat;
import org.scanbridge.dicom.series.RadiographFormat.BodyPart;
import org.scanbridge.dicom.study.DicomStudyWriter;
import org.scanbridge.dicom.study.StudySubject;
import org.scanbridge.imaging.Progress;
import org.scanbridge.imaging.phantom.PhantomStudy;
import org.scanbridge.imaging.phantom.RadiographProtocol;
import org.scanbridge.imaging.phantom.RadiographStudy;
import org.scanbridge.imaging.volume.Volume;
import org.scanbridge.knime.data.StudyFolderCell;
import org.scanbridge.knime.util.Execution;
import org.scanbridge.knime.util.HeapNeed;
import org.scanbridge.knime.util.KnimeProgress;
import org.scanbridge.knime.util.StudyTable;
import org.scanbridge.knime.util.UnusedSettings;

/** Writes a generated multi-site study as DICOM, or hands on the folder of an existing one. */
public final class SyntheticSitesNodeFactory extends DefaultNodeFactory {

    private static final String DESCRIPTION = """
            <p>Generates a study of brain phantoms scanned at two or three simulated sites and writes it as real DICOM:
            one MR series and one DICOM Segmentation (cerebrospinal fluid, gray matter, white matter; or lesions of the
            white matter) per subject, in one folder per site and subject; with lesions, if asked for, a second, T1-like
            series. With it, a workflow that adapts a model to a new site can be tried and
            demonstrated without patient data.</p>
            <p>The phantoms have the topology and the partial-volume traps of a brain, but are no model of anatomy. The
            sites differ in tissue contrast, intensity scale, bias field, noise, blur and slice thickness.</p>
            <p>Or radiographs of limbs with fractures: one DX or CR image and one DICOM Segmentation of the fractures per
            subject. The sites differ in detector, bits, MONOCHROME1 and MONOCHROME2, noise, scatter, sharpness, lead frame
            and in what the vendor's software makes of the image.</p>
            <p>To run the same workflow on your own images, fill <b>Existing study</b>, by hand or by a flow variable:
            nothing is generated then, and the folder is handed on as it is.</p>
            <p>Without a folder of its own, a generated study belongs to the workflow and is saved with it.</p>
            """;

    /** How much of the progress is drawing the phantoms; the rest is writing them. */
    private static final double DRAWING = 0.6;

    /** Name of the second series. */
    private static final String T1 = "T1";

    private static final DefaultNode NODE = DefaultNode.create() //
        .name("Synthetic Sites") //
        .icon("icon.png") //
        .shortDescription("Writes a generated multi-site study as DICOM, to try everything without patient data.") //
        .fullDescription(DESCRIPTION) //
        .sinceVersion(5, 8, 0) //
        .ports(p -> p.addOutputTable("Study", "One row per generated subject with its id, its site and the folder of"
            + " the whole study. For an existing study, a single row with the folder only.")) //
        .model(m -> m.parametersClass(SyntheticSitesParameters.class) //
            .configure((in, out) -> out.setOutSpec(0, spec(in.getParameters()))) //
            .execute(UnusedSettings.told(SyntheticSitesNodeFactory::execute))) //
        .nodeType(NodeType.Source) //
        .keywords("phantom", "simulation", "demo data", "DICOM", "MR", "brain", "multi-site", "radiograph", "X-ray", "fracture");

    /** For KNIME. */
    public SyntheticSitesNodeFactory() {
        super(NODE);
    }

    /** A study of the user's is named by its path; one that KNIME keeps must be carried by the cell. */
    private static DataTableSpec spec(final SyntheticSitesParameters parameters) {
        return new DataTableSpec(new DataColumnSpecCreator(StudyTable.SUBJECT, StringCell.TYPE).createSpec(),
            new DataColumnSpecCreator(StudyTable.SITE, StringCell.TYPE).createSpec(),
            new DataColumnSpecCreator(StudyTable.FOLDER, isKeptByKnime(parameters) ? StudyFolderCell.TYPE : StringCell.TYPE)
                .createSpec());
    }

    private static boolean isKeptByKnime(final SyntheticSitesParameters parameters) {
        return parameters.existingStudy().isEmpty() && parameters.folder().isEmpty();
    }

    private static void execute(final ExecuteInput in, final ExecuteOutput out)
        throws CanceledExecutionException, KNIMEException {
        final SyntheticSitesParameters parameters = in.getParameters();
        final ExecutionContext exec = in.getExecutionContext();
        Execution.run(() -> out.setOutData(0, parameters.existingStudy().isEmpty() ? generate(parameters, exec)
            : handOn(parameters, exec)));
    }

    private static BufferedDataTable handOn(final SyntheticSitesParameters parameters, final ExecutionContext exec)
        throws KNIMEException {
        final String folder = parameters.existingStudy();
        if (!Files.isDirectory(Path.of(folder))) {
            throw new KNIMEException("The existing study \"" + folder + "\" is no folder. Check the path, or leave"
                + " \"Existing study\" blank to generate a study.");
        }
        final BufferedDataContainer rows = exec.createDataContainer(spec(parameters));
        rows.addRowToTable(new DefaultRow(RowKey.createRowKey(0L), DataType.getMissingCell(),
            DataType.getMissingCell(), new StringCell(folder)));
        rows.close();
        return rows.getTable();
    }

    private static BufferedDataTable generate(final SyntheticSitesParameters parameters, final ExecutionContext exec)
        throws IOException, KNIMEException {
        final Optional<String> refusal = HeapNeed.of("drawing the study", parameters.bytes()).refusal();
        if (refusal.isPresent()) {
            throw new KNIMEException(refusal.get() + " Or choose fewer \"Subjects per site\" or a smaller \"Image size\".");
        }
        final FileStore store = isKeptByKnime(parameters) ? exec.createFileStore("study") : null;
        final Path folder = store == null ? Path.of(parameters.folder()) : store.getFile().toPath();
        final Progress progress = new KnimeProgress(exec);
        final List<StudySubject> subjects = parameters.m_sites.radiographs().isEmpty()
            ? draw(parameters, progress.part(0, DRAWING)) : expose(parameters, progress.part(0, DRAWING));
        new DicomStudyWriter(Long.toString(parameters.m_seed)).write(folder, subjects, progress.part(DRAWING, 1));
        final DataCell cell = store == null ? new StringCell(folder.toString()) : new StudyFolderCell(store);
        final BufferedDataContainer rows = exec.createDataContainer(spec(parameters));
        for (final StudySubject subject : subjects) {
            rows.addRowToTable(new DefaultRow(RowKey.createRowKey(rows.size()), new StringCell(subject.subject()),
                new StringCell(subject.site()), cell));
        }
        rows.close();
        return rows.getTable();
    }

    private static List<StudySubject> draw(final SyntheticSitesParameters parameters, final Progress progress) {
        final PhantomStudy study =
            new PhantomStudy(parameters.m_sites.protocols(), parameters.m_size, parameters.m_seed);
        final List<StudySubject> subjects = new ArrayList<>();
        final int total = study.sites().size() * parameters.m_subjectsPerSite;
        for (int site = 0; site < study.sites().size(); site++) {
            for (int number = 0; number < parameters.m_subjectsPerSite; number++) {
                progress.report((double)subjects.size() / total,
                    "Drawing subject " + (subjects.size() + 1) + " of " + total);
                final PhantomStudy.Subject subject = study.subject(site, number);
                final SortedMap<String, Volume> further = new TreeMap<>();
                if (!parameters.second().isEmpty()) {
                    further.put(T1, study.secondScan(site, number, parameters.second().get(site), T1));
                }
                subjects.add(new StudySubject(study.sites().get(site).site(), subject.image().info().subject(),
                    subject.image(), Optional.of(subject.labels()), further));
            }
        }
        return subjects;
    }

    private static List<StudySubject> expose(final SyntheticSitesParameters parameters, final Progress progress) {
        final RadiographStudy study =
            new RadiographStudy(parameters.m_sites.radiographs(), parameters.m_size, parameters.m_seed);
        final List<StudySubject> subjects = new ArrayList<>();
        final int total = study.sites().size() * parameters.m_subjectsPerSite;
        for (int site = 0; site < study.sites().size(); site++) {
            final RadiographProtocol p = study.sites().get(site);
            for (int number = 0; number < parameters.m_subjectsPerSite; number++) {
                progress.report((double)subjects.size() / total,
                    "Exposing subject " + (subjects.size() + 1) + " of " + total);
                final RadiographStudy.Subject s = study.subject(site, number);
                final Optional<int[]> field = p.collimation() == 0 ? Optional.empty() : Optional.of(
                    new int[]{s.field().left(), s.field().right(), s.field().top(), s.field().bottom()});
                subjects.add(new StudySubject(p.site(), s.image().info().subject(), s.image(), Optional.of(s.fractures()),
                    new RadiographFormat(p.computed(), p.bits(), p.inverse(), p.logarithmic(), p.magnification(),
                        p.calibrated(), BodyPart.EXTREMITY, "AP", s.left(), field)));
            }
        }
        return subjects;
    }
}

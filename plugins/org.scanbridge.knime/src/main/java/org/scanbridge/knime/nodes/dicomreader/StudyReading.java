package org.scanbridge.knime.nodes.dicomreader;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

import org.knime.core.node.BufferedDataTable;
import org.knime.core.node.ExecutionContext;
import org.knime.core.node.InvalidSettingsException;
import org.knime.core.node.KNIMEException;
import org.knime.core.node.port.PortObject;
import org.knime.node.DefaultModel.ExecuteOutput;
import org.scanbridge.dicom.privacy.DeidentifyingCopy;
import org.scanbridge.dicom.series.HeaderAttribute;
import org.scanbridge.dicom.series.Problem;
import org.scanbridge.dicom.study.DicomStudyReader;
import org.scanbridge.dicom.study.Study;
import org.scanbridge.dicom.study.StudySeries;
import org.scanbridge.imaging.Progress;
import org.scanbridge.imaging.volume.LabelVolume;
import org.scanbridge.imaging.volume.Volume;
import org.scanbridge.knime.io.ImageTable;
import org.scanbridge.knime.io.Losses;
import org.scanbridge.knime.io.ProblemSummary;
import org.scanbridge.knime.io.ProblemTable;
import org.scanbridge.knime.util.HeapNeed;
import org.scanbridge.knime.util.KnimeProgress;
import org.scanbridge.knime.util.NodeMemory;

/** One execution of the DICOM Reader: headers of all files first, then the voxels series by series. */
final class StudyReading {

    /** How much of the progress is reading headers. */
    private static final double HEADERS = 0.5;

    /** How much of the progress is copying, where a copy is made. */
    private static final double COPY = 0.3;

    private final DicomReaderParameters m_parameters;

    private final ExecutionContext m_exec;

    StudyReading(final DicomReaderParameters parameters, final ExecutionContext exec) {
        m_parameters = parameters;
        m_exec = exec;
    }

    /** Reads the folder into both output tables. */
    void read(final Path folder, final ExecuteOutput out)
        throws IOException, KNIMEException, InvalidSettingsException {
        final Progress whole = new KnimeProgress(m_exec);
        final List<Problem> problems = new ArrayList<>();
        final Optional<Path> copyFolder = m_parameters.copyFolder();
        if (copyFolder.isPresent()) {
            problems.addAll(copy(folder, copyFolder.get(), whole.part(0, COPY)));
        }
        final Progress progress = whole.part(copyFolder.isPresent() ? COPY : 0, 1);
        final DicomStudyReader reader = new DicomStudyReader(m_parameters.options());
        final ImageTable images;
        try (Study study = withWorkers(workers -> reader.read(folder, progress.part(0, HEADERS), workers))) {
            problems.addAll(study.problems());
            final HeapNeed need = new HeapNeed();
            study.series().forEach(s -> need.add("series " + s.info().series() + " (" + s.geometry() + ")",
                NodeMemory.DICOM_READER.bytes(s.geometry().voxelCount(), (long)s.geometry().size(0) * s.geometry().size(1))));
            need.require();
            images = readVoxels(study, progress.part(HEADERS, 1), problems);
        }
        final List<Problem> losses = problems.stream().filter(Losses::isLoss).toList();
        if (m_parameters.m_onProblem == DicomReaderParameters.OnProblem.FAIL && !losses.isEmpty()) {
            throw new KNIMEException("The study in \"" + folder + "\" cannot be read completely. "
                + ProblemTable.listed(ProblemSummary.worstFirst(losses))
                + " To go on without them, change the setting \"If something cannot be used\".");
        }
        if (images.size() == 0) {
            throw new KNIMEException(nothingUsable(folder, problems));
        }
        if (!problems.isEmpty()) {
            out.setWarningMessage(ProblemSummary.text(problems));
        }
        final BufferedDataTable table = images.close();
        final BufferedDataTable problemTable = ProblemTable.create(problems, m_exec);
        out.setOutData(0, table);
        out.setOutData(1, problemTable);
        out.setInternalData(new PortObject[]{table, problemTable});
    }

    /** Copies the files; what was left out of the copy is in the result. */
    private List<Problem> copy(final Path folder, final Path target, final Progress progress)
        throws IOException, InvalidSettingsException {
        final DeidentifyingCopy copy = new DeidentifyingCopy(m_parameters.copyOptions());
        return withWorkers(workers -> copy.copy(folder, target, progress, workers)).problems().stream()
            // What is no DICOM at all is reported by the reader.
            .filter(p -> p.kind() != Problem.Kind.NOT_DICOM)
            .map(p -> new Problem(p.kind(), Problem.Effect.KEPT, p.file(), p.series(),
                "De-identified copy: " + p.message(), p.remedy()))
            .toList();
    }

    /** Work that is shared between threads. */
    @FunctionalInterface
    private interface Shared<T> {
        T run(ExecutorService workers) throws IOException;
    }

    private static <T> T withWorkers(final Shared<T> work) throws IOException {
        final ExecutorService workers = Executors.newFixedThreadPool(Runtime.getRuntime().availableProcessors());
        try {
            return work.run(workers);
        } finally {
            workers.shutdownNow();
        }
    }

    private ImageTable readVoxels(final Study study, final Progress progress, final List<Problem> problems)
        throws IOException, InvalidSettingsException {
        final List<HeaderAttribute> attributes = m_parameters.attributes();
        final ImageTable images = new ImageTable(m_exec, m_parameters.raters().columns(),
            attributes.stream().map(HeaderAttribute::title).toList());
        for (int s = 0; s < study.series().size(); s++) {
            final StudySeries series = study.series().get(s);
            progress.report((double)s / study.series().size(), "Reading series " + (s + 1) + " of "
                + study.series().size() + " (" + series.fileCount() + (series.fileCount() == 1 ? " file)" : " files)"));
            final Volume image;
            final List<Optional<LabelVolume>> segmentations;
            final List<Problem> ofVoxels = new ArrayList<>();
            try {
                // in this order because reading labels takes more than they do in the end, as beside the image
                segmentations = series.readSegmentations();
                image = series.readVolume(ofVoxels::add);
            } catch (final IOException e) {
                // One broken series must not cost the others.
                problems.add(series.problem(e));
                continue;
            }
            problems.addAll(ofVoxels);
            if (isConstant(image.voxels())) {
                problems.add(new Problem(Problem.Kind.EMPTY_IMAGE, Problem.Effect.KEPT, "", series.info().series(),
                    "All " + image.voxels().length + " voxels of the image are " + image.voxels()[0] + ".",
                    "Leave its row out, for example with the Row Filter: it shows nothing, and cannot be normalized."));
            }
            images.add(image, segmentations, study.inputHash(),
                attributes.stream().map(a -> series.attributes().getOrDefault(a, "")).toList());
        }
        return images;
    }

    private static boolean isConstant(final float[] voxels) {
        for (final float v : voxels) {
            if (v != voxels[0]) {
                return false;
            }
        }
        return true;
    }

    private static String nothingUsable(final Path folder, final List<Problem> problems) {
        final String message = "No usable series in \"" + folder + "\". ";
        return problems.isEmpty() ? message + "The folder holds no files. Check the path."
            : message + ProblemTable.listed(ProblemSummary.worstFirst(problems));
    }
}

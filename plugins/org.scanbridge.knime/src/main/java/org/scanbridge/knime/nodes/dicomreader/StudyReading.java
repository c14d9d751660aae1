package org.scanbridge.knime.nodes.dicomreader;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

import org.knime.core.node.ExecutionContext;
import org.knime.core.node.KNIMEException;
import org.knime.node.DefaultModel.ExecuteOutput;
import org.scanbridge.dicom.series.Problem;
import org.scanbridge.dicom.study.DicomStudyOptions;
import org.scanbridge.dicom.study.DicomStudyReader;
import org.scanbridge.dicom.study.Study;
import org.scanbridge.dicom.study.StudySeries;
import org.scanbridge.imaging.Progress;
import org.scanbridge.imaging.volume.LabelVolume;
import org.scanbridge.imaging.volume.Volume;
import org.scanbridge.knime.io.ImageTable;
import org.scanbridge.knime.io.Losses;
import org.scanbridge.knime.io.ProblemTable;
import org.scanbridge.knime.util.KnimeProgress;

/** One execution of the DICOM Reader: headers of all files first, then the voxels series by series. */
final class StudyReading {

    /** How much of the progress is reading headers. */
    private static final double HEADERS = 0.5;

    private final DicomStudyOptions m_options;

    private final ExecutionContext m_exec;

    private final boolean m_stopOnLoss;

    /** @param stopOnLoss whether to fail when an image or a segmentation has to be left out */
    StudyReading(final DicomStudyOptions options, final boolean stopOnLoss, final ExecutionContext exec) {
        m_options = options;
        m_stopOnLoss = stopOnLoss;
        m_exec = exec;
    }

    /** Reads the folder into both output tables. */
    void read(final Path folder, final ExecuteOutput out) throws IOException, KNIMEException {
        final Progress progress = new KnimeProgress(m_exec);
        final Study study = readHeaders(folder, progress.part(0, HEADERS));
        final List<Problem> problems = new ArrayList<>(study.problems());
        final ImageTable images = new ImageTable(m_exec, List.of());
        final Progress voxels = progress.part(HEADERS, 1);
        for (int s = 0; s < study.series().size(); s++) {
            voxels.report((double)s / study.series().size(),
                "Reading series " + (s + 1) + " of " + study.series().size());
            readVoxels(study.series().get(s), study.inputHash(), images, problems);
        }
        final List<Problem> losses = problems.stream().filter(Losses::isLoss).toList();
        if (m_stopOnLoss && !losses.isEmpty()) {
            throw new KNIMEException("The study in \"" + folder + "\" cannot be read completely. " + ProblemTable.listed(losses)
                + " To go on without them, change the setting \"If something cannot be used\".");
        }
        if (images.size() == 0) {
            throw new KNIMEException(nothingUsable(folder, problems));
        }
        if (!problems.isEmpty()) {
            out.setWarningMessage(problems.size() + (problems.size() == 1 ? " problem was" : " problems were")
                + " found, see the second output. First: " + ProblemTable.describe(problems.get(0)));
        }
        out.setOutData(0, images.close());
        out.setOutData(1, ProblemTable.create(problems, m_exec));
    }

    private Study readHeaders(final Path folder, final Progress progress) throws IOException {
        final ExecutorService workers = Executors.newFixedThreadPool(Runtime.getRuntime().availableProcessors());
        try {
            return new DicomStudyReader(m_options).read(folder, progress, workers);
        } finally {
            workers.shutdownNow();
        }
    }

    private static void readVoxels(final StudySeries series, final String inputHash, final ImageTable images,
        final List<Problem> problems) throws IOException {
        final Volume image;
        final Optional<LabelVolume> segmentation;
        try {
            image = series.readVolume();
            segmentation = series.readSegmentation();
        } catch (final IOException e) {
            // One broken series must not cost the others.
            problems.add(series.problem(e));
            return;
        }
        images.add(image, segmentation, inputHash, List.of());
    }

    private static String nothingUsable(final Path folder, final List<Problem> problems) {
        final String message = "No usable series in \"" + folder + "\". ";
        return problems.isEmpty() ? message + "The folder holds no files. Check the path."
            : message + ProblemTable.listed(problems);
    }
}

package org.scanbridge.knime.nodes.niftireader;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import org.knime.core.node.BufferedDataTable;
import org.knime.core.node.ExecutionContext;
import org.knime.core.node.KNIMEException;
import org.knime.core.node.port.PortObject;
import org.knime.node.DefaultModel.ExecuteOutput;
import org.scanbridge.dicom.nifti.study.NiftiSeries;
import org.scanbridge.dicom.nifti.study.NiftiStudy;
import org.scanbridge.dicom.nifti.study.NiftiStudyOptions;
import org.scanbridge.dicom.nifti.study.NiftiStudyReader;
import org.scanbridge.dicom.nifti.study.NiftiStudyVoxels;
import org.scanbridge.dicom.series.Problem;
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

/** One execution of the NIfTI Reader: headers of all files first, then the voxels image by image. */
final class NiftiStudyReading {

    /** How much of the progress is reading headers. */
    private static final double HEADERS = 0.3;

    private final NiftiStudyOptions m_options;

    private final boolean m_stopOnLoss;

    private final ExecutionContext m_exec;

    /** @param stopOnLoss whether to fail when an image or a label map has to be left out */
    NiftiStudyReading(final NiftiStudyOptions options, final boolean stopOnLoss, final ExecutionContext exec) {
        m_options = options;
        m_stopOnLoss = stopOnLoss;
        m_exec = exec;
    }

    /** Reads the folder into both output tables. */
    void read(final Path folder, final ExecuteOutput out) throws IOException, KNIMEException {
        final Progress progress = new KnimeProgress(m_exec);
        final NiftiStudy study = new NiftiStudyReader(m_options).read(folder, progress.part(0, HEADERS));
        final List<Problem> problems = new ArrayList<>(study.problems());
        final HeapNeed need = new HeapNeed();
        study.series().forEach(
            s -> need.add(s.path() + " (" + s.geometry() + ")", NodeMemory.NIFTI_READER.bytes(s.geometry().voxelCount())));
        need.require();
        final ImageTable images = new ImageTable(m_exec, m_options.raters().columns(), List.of());
        final Progress voxels = progress.part(HEADERS, 1);
        try (NiftiStudyVoxels files = new NiftiStudyVoxels()) {
            for (int s = 0; s < study.series().size(); s++) {
                voxels.report((double)s / study.series().size(),
                    "Reading image " + (s + 1) + " of " + study.series().size());
                readVoxels(files, study.series().get(s), study.inputHash(), images, problems);
            }
        }
        final List<Problem> losses = problems.stream().filter(Losses::isLoss).toList();
        if (m_stopOnLoss && !losses.isEmpty()) {
            throw new KNIMEException("The study in \"" + folder + "\" cannot be read completely. "
                + ProblemTable.listed(losses)
                + " To go on without them, change the setting \"If something cannot be used\".");
        }
        if (images.size() == 0) {
            throw new KNIMEException("No usable image in \"" + folder + "\". " + (problems.isEmpty()
                ? "It holds no NIfTI file that is taken for an image. Check the path, \"Layout\" and \"Images\"."
                : ProblemTable.listed(problems)));
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

    /** One broken file must not cost the others. */
    private static void readVoxels(final NiftiStudyVoxels files, final NiftiSeries series, final String inputHash,
        final ImageTable images, final List<Problem> problems) throws IOException {
        // in this order because reading labels takes more than they do in the end, as much as the image beside it
        final List<Problem> ofLabels = new ArrayList<>();
        final List<Optional<LabelVolume>> segmentations = new ArrayList<>();
        for (int r = 0; r < series.raters(); r++) {
            Optional<LabelVolume> segmentation = Optional.empty();
            try {
                segmentation = series.readSegmentation(r, ofLabels::add);
            } catch (final IOException e) {
                ofLabels.add(series.segmentationProblem(r, e));
            }
            segmentations.add(segmentation);
        }
        final Volume image;
        try {
            image = files.read(series);
        } catch (final IOException e) {
            problems.add(series.imageProblem(e));
            return;
        }
        problems.addAll(ofLabels);
        series.doubt(image).ifPresent(problems::add);
        images.add(image, segmentations, inputHash, List.of());
    }
}

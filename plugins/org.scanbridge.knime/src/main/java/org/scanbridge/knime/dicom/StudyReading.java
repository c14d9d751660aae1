package org.scanbridge.knime.dicom;

import java.io.IOException;
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
import org.scanbridge.dicom.series.HeaderAttribute;
import org.scanbridge.dicom.series.Problem;
import org.scanbridge.dicom.series.Stack;
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
import org.scanbridge.knime.util.NodeMemory;

/**
 * From files to the tables of images and problems: headers of all files first, then the voxels series by series. Files may
 * come in several portions, whose rows follow each other.
 */
public final class StudyReading {

    /** How much of the progress is reading headers. */
    private static final double HEADERS = 0.5;

    private final SeriesParameters m_parameters;

    private final ExecutionContext m_exec;

    private final NodeMemory m_memory;

    private final List<HeaderAttribute> m_attributes;

    private final ImageTable m_images;

    private final List<Problem> m_problems = new ArrayList<>();

    /**
     * @param parameters how series are read
     * @param memory what the node takes of it for a series
     */
    public StudyReading(final SeriesParameters parameters, final NodeMemory memory, final ExecutionContext exec)
        throws InvalidSettingsException {
        m_parameters = parameters;
        m_exec = exec;
        m_memory = memory;
        m_attributes = parameters.attributes();
        m_images = new ImageTable(exec, parameters.raters().columns(), titles(m_attributes));
    }

    /** The names of the attributes' columns. */
    public static List<String> titles(final List<HeaderAttribute> attributes) {
        return attributes.stream().map(HeaderAttribute::title).toList();
    }

    /** Work that is shared between threads. */
    @FunctionalInterface
    public interface Shared<T> {
        /**
         * @param progress to report to
         * @param workers as many threads as there are processors; shut down afterwards
         */
        T run(Progress progress, ExecutorService workers) throws IOException, InvalidSettingsException;
    }

    /** Runs work on as many threads as there are processors. */
    public static <T> T withWorkers(final Progress progress, final Shared<T> work)
        throws IOException, InvalidSettingsException {
        final ExecutorService workers = Executors.newFixedThreadPool(Runtime.getRuntime().availableProcessors());
        try {
            return work.run(progress, workers);
        } finally {
            workers.shutdownNow();
        }
    }

    /** Something that is wrong. */
    public void add(final Problem problem) {
        m_problems.add(problem);
    }

    /**
     * Reads a portion: its headers, then its voxels into the table.
     *
     * @param headers reads the headers
     * @param progress of this portion
     * @throws KNIMEException if a series does not fit into memory
     */
    public void read(final Shared<Study> headers, final Progress progress)
        throws IOException, KNIMEException, InvalidSettingsException {
        try (Study study = withWorkers(progress.part(0, HEADERS), headers)) {
            m_problems.addAll(study.problems());
            final HeapNeed need = new HeapNeed();
            study.series().forEach(s -> need.add("series " + s.info().series() + " (" + s.geometry() + ")",
                m_memory.bytes(s.geometry().voxelCount(),
                    (long)s.geometry().size(0) * s.geometry().size(1) * Stack.slicesAtOnce(s.geometry()))));
            need.require();
            readVoxels(study, progress.part(HEADERS, 1));
        }
    }

    /**
     * Sets the first two outputs and what the view shows.
     *
     * @param from where the files were, for messages, such as {@code The study in "/data"}
     * @param empty what to say if there was nothing at all
     * @throws KNIMEException if nothing is usable, or something was lost and the user wants to stop then
     */
    public void finish(final String from, final String empty, final ExecuteOutput out) throws KNIMEException {
        finish(from, empty, List.of(), out);
    }

    /**
     * As {@link #finish(String, String, ExecuteOutput)}.
     *
     * @param further more to warn of
     */
    public void finish(final String from, final String empty, final List<String> further, final ExecuteOutput out)
        throws KNIMEException {
        final List<Problem> losses = m_problems.stream().filter(Losses::isLoss).toList();
        if (m_parameters.stopsOnLoss() && !losses.isEmpty()) {
            throw new KNIMEException("The study in " + from + " cannot be read completely. "
                + ProblemTable.listed(ProblemSummary.worstFirst(losses))
                + " To go on without them, change the setting \"If something cannot be used\".");
        }
        if (m_images.size() == 0) {
            throw new KNIMEException("No usable series in " + from + ". " + (m_problems.isEmpty() ? empty
                : ProblemTable.listed(ProblemSummary.worstFirst(m_problems))));
        }
        final List<String> warnings = new ArrayList<>();
        if (!m_problems.isEmpty()) {
            warnings.add(ProblemSummary.text(m_problems));
        }
        warnings.addAll(further);
        if (!warnings.isEmpty()) {
            out.setWarningMessage(String.join("\n", warnings));
        }
        final BufferedDataTable table = m_images.close();
        final BufferedDataTable problemTable = ProblemTable.create(m_problems, m_exec);
        out.setOutData(0, table);
        out.setOutData(1, problemTable);
        out.setInternalData(new PortObject[]{table, problemTable});
    }

    private void readVoxels(final Study study, final Progress progress) throws IOException {
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
                m_problems.add(series.problem(e));
                continue;
            }
            m_problems.addAll(ofVoxels);
            if (isConstant(image.voxels())) {
                m_problems.add(new Problem(Problem.Kind.EMPTY_IMAGE, Problem.Effect.KEPT, "", series.info().series(),
                    "All " + image.voxels().length + " voxels of the image are " + image.voxels()[0] + ".",
                    "Leave its row out, for example with the Row Filter: it shows nothing, and cannot be normalized."));
            }
            m_images.add(image, segmentations, study.inputHash(),
                m_attributes.stream().map(a -> series.attributes().getOrDefault(a, "")).toList());
        }
    }

    private static boolean isConstant(final float[] voxels) {
        for (final float v : voxels) {
            if (v != voxels[0]) {
                return false;
            }
        }
        return true;
    }
}

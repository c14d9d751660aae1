package org.scanbridge.knime.nodes.segmentationscorer;

import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

import org.scanbridge.imaging.metrics.ConfusionCounts;
import org.scanbridge.imaging.metrics.ConfusionMatrix;
import org.scanbridge.imaging.metrics.SurfaceDistances;
import org.scanbridge.imaging.metrics.SurfaceElements;
import org.scanbridge.imaging.volume.LabelVolume;

import net.imglib2.parallel.TaskExecutor;

/** Scores one segmentation against its reference, class by class. */
final class ImageScoring {

    private static final double CUBIC_MM_PER_ML = 1000;

    private final LabelVolume m_prediction;

    private final LabelVolume m_reference;

    private final ScoreOptions m_options;

    private final TaskExecutor m_workers;

    private final ConfusionMatrix m_matrix;

    private final OptionalDouble m_generalizedDice;

    /**
     * @param classes label values that are scored
     * @throws org.scanbridge.imaging.ImagingException if the grids differ
     */
    ImageScoring(final LabelVolume prediction, final LabelVolume reference, final List<Integer> classes,
        final ScoreOptions options, final TaskExecutor workers) {
        m_prediction = prediction;
        m_reference = reference;
        m_options = options;
        m_workers = workers;
        m_matrix = ConfusionMatrix.of(prediction, reference);
        final OptionalDouble score = options.generalizedDice().score(classes.stream().map(m_matrix::of).toList());
        m_generalizedDice = score.isEmpty() && options.absentIsPerfect() ? OptionalDouble.of(1) : score;
    }

    /** How often each class was taken for each other. */
    ConfusionMatrix matrix() {
        return m_matrix;
    }

    /** The scores of one class. */
    ClassScore score(final int label) {
        final ConfusionCounts counts = m_matrix.of(label);
        final double voxel = m_reference.geometry().voxelVolume() / CUBIC_MM_PER_ML;
        return new ClassScore(counts, m_options.absentIsPerfect(),
            m_options.surfaceDistances() ? SurfaceDistances.of(m_prediction, m_reference, label, m_workers)
                : Optional.empty(),
            m_options.surfaceElements() ? SurfaceElements.of(m_prediction, m_reference, label, m_workers)
                : Optional.empty(),
            penalty(counts), counts.predicted() * voxel, counts.actual() * voxel,
            m_options.lesions().map(l -> l.score(m_prediction, m_reference, label)), m_generalizedDice);
    }

    private OptionalDouble penalty(final ConfusionCounts counts) {
        final boolean oneIsEmpty = counts.predicted() == 0 != (counts.actual() == 0);
        return m_options.surfaceDistances() && m_options.penalizeEmpty() && oneIsEmpty
            ? OptionalDouble.of(SurfaceDistances.penalty(m_reference.geometry())) : OptionalDouble.empty();
    }
}

package org.scanbridge.knime.nodes.segmentationscorer;

import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;

import org.scanbridge.imaging.labels.IgnoredVoxels;
import org.scanbridge.imaging.labels.Region;
import org.scanbridge.imaging.metrics.ConfusionCounts;
import org.scanbridge.imaging.metrics.ConfusionMatrix;
import org.scanbridge.imaging.metrics.RocCurve;
import org.scanbridge.imaging.metrics.SurfaceDistances;
import org.scanbridge.imaging.metrics.SurfaceElements;
import org.scanbridge.imaging.volume.LabelVolume;
import org.scanbridge.imaging.volume.Volume;

import net.imglib2.parallel.TaskExecutor;

/** Scores one segmentation against its reference, class by class. */
final class ImageScoring {

    private static final double CUBIC_MM_PER_ML = 1000;

    private final LabelVolume m_prediction;

    private final LabelVolume m_reference;

    private final LabelVolume m_annotated;

    private final Set<Integer> m_ignored;

    private final ScoreOptions m_options;

    private final TaskExecutor m_workers;

    private final ConfusionMatrix m_matrix;

    private final OptionalDouble m_generalizedDice;

    /**
     * @param classes label values that are scored
     * @param ignored label values of the reference whose voxels are not annotated: they count nowhere, and belong to no mask
     * @throws org.scanbridge.imaging.ImagingException if the grids differ
     */
    ImageScoring(final LabelVolume prediction, final LabelVolume reference, final List<Integer> classes,
        final Set<Integer> ignored, final ScoreOptions options, final TaskExecutor workers) {
        m_prediction = IgnoredVoxels.without(prediction, reference, ignored);
        m_reference = IgnoredVoxels.without(reference, reference, ignored);
        m_annotated = reference;
        m_ignored = ignored;
        m_options = options;
        m_workers = workers;
        m_matrix = ConfusionMatrix.of(prediction, reference, ignored);
        final OptionalDouble score = options.generalizedDice().score(classes.stream().map(m_matrix::of).toList());
        m_generalizedDice = score.isEmpty() && options.absentIsPerfect() ? OptionalDouble.of(1) : score;
    }

    /** How often each class was taken for each other. */
    ConfusionMatrix matrix() {
        return m_matrix;
    }

    /**
     * The scores of one class.
     *
     * @param map its probability; empty if there is none
     */
    ClassScore score(final int label, final Optional<Volume> map) {
        return score(m_matrix.of(label), m_prediction, m_reference, label, curve(map, Set.of(label)));
    }

    /** The scores of a union of classes. */
    ClassScore score(final Region region, final Optional<Volume> map) {
        return score(m_matrix.of(region.values()), region.of(m_prediction), region.of(m_reference), 1,
            curve(map, region.values()));
    }

    private Optional<RocCurve> curve(final Optional<Volume> map, final Set<Integer> classes) {
        return map.map(m -> RocCurve.of(m, m_annotated, classes, m_ignored));
    }

    private ClassScore score(final ConfusionCounts counts, final LabelVolume prediction, final LabelVolume reference,
        final int label, final Optional<RocCurve> curve) {
        final double voxel = m_reference.geometry().voxelVolume() / CUBIC_MM_PER_ML;
        return new ClassScore(counts, m_options.absentIsPerfect(),
            m_options.surfaceDistances() ? SurfaceDistances.of(prediction, reference, label, m_workers)
                : Optional.empty(),
            m_options.surfaceElements() ? SurfaceElements.of(prediction, reference, label, m_workers)
                : Optional.empty(),
            penalty(counts), counts.predicted() * voxel, counts.actual() * voxel,
            m_options.lesions().map(l -> l.score(prediction, reference, label)), m_generalizedDice, curve);
    }

    private OptionalDouble penalty(final ConfusionCounts counts) {
        final boolean oneIsEmpty = counts.predicted() == 0 != (counts.actual() == 0);
        return m_options.surfaceDistances() && m_options.penalizeEmpty() && oneIsEmpty
            ? OptionalDouble.of(SurfaceDistances.penalty(m_reference.geometry())) : OptionalDouble.empty();
    }
}

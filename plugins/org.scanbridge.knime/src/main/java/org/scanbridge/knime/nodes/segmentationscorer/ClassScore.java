package org.scanbridge.knime.nodes.segmentationscorer;

import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.ToDoubleFunction;

import org.scanbridge.imaging.metrics.ConfusionCounts;
import org.scanbridge.imaging.metrics.LesionScores;
import org.scanbridge.imaging.metrics.OverlapMetric;
import org.scanbridge.imaging.metrics.RocCurve;
import org.scanbridge.imaging.metrics.SurfaceDistances;
import org.scanbridge.imaging.metrics.SurfaceElements;

/**
 * How well a model segmented one class of one image.
 *
 * @param counts what all overlap scores follow from
 * @param absentIsPerfect whether Dice and Jaccard are 1 if neither side has the class
 * @param distances between both surfaces; empty if one has no voxel, or if they were not asked for
 * @param elements pieces of both surfaces with their area; empty as {@code distances}
 * @param penalty what counts as the distance if there is none, in mm; empty if none does
 * @param volume volume of the model's segmentation in ml
 * @param referenceVolume volume of the reference in ml
 * @param lesions lesion counts; empty if they were not asked for
 * @param generalizedDice of all classes of the image together
 * @param curve of the class's probability; empty if there is none, or if it was not asked for
 */
record ClassScore(ConfusionCounts counts, boolean absentIsPerfect, Optional<SurfaceDistances> distances,
    Optional<SurfaceElements> elements,
    OptionalDouble penalty, double volume, double referenceVolume, Optional<LesionScores> lesions,
    OptionalDouble generalizedDice, Optional<RocCurve> curve) {

    /** An overlap score. */
    OptionalDouble overlap(final OverlapMetric metric) {
        final boolean absent = counts.predicted() == 0 && counts.actual() == 0;
        final boolean convention = metric == OverlapMetric.DICE || metric == OverlapMetric.JACCARD;
        return absent && absentIsPerfect && convention ? OptionalDouble.of(1) : metric.of(counts);
    }

    /** A distance between the surfaces in mm. */
    OptionalDouble distance(final ToDoubleFunction<SurfaceDistances> metric) {
        return distances.isPresent() ? OptionalDouble.of(metric.applyAsDouble(distances.get())) : penalty;
    }

    /** Share of both surfaces within a tolerance in mm; nothing is within any tolerance of an empty mask. */
    OptionalDouble surfaceDice(final double tolerance) {
        if (distances.isPresent()) {
            return OptionalDouble.of(distances.get().surfaceDice(tolerance));
        }
        return penalty.isPresent() ? OptionalDouble.of(0) : OptionalDouble.empty();
    }

    /** As {@link #surfaceDice} by area. */
    OptionalDouble surfaceDiceByArea(final double tolerance) {
        if (elements.isPresent()) {
            return OptionalDouble.of(elements.get().surfaceDice(tolerance));
        }
        return penalty.isPresent() ? OptionalDouble.of(0) : OptionalDouble.empty();
    }
}

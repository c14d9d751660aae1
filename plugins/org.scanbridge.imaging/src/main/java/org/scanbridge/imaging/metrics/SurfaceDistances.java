package org.scanbridge.imaging.metrics;

import java.util.Arrays;
import java.util.Optional;

import org.scanbridge.imaging.ImagingException;
import org.scanbridge.imaging.distance.EuclideanDistanceTransform;
import org.scanbridge.imaging.stats.Percentiles;
import org.scanbridge.imaging.volume.Geometry;
import org.scanbridge.imaging.volume.LabelVolume;

import net.imglib2.parallel.TaskExecutor;

/**
 * How far the surfaces of a predicted and a true object lie apart, in mm. The surface is made of the object's voxels
 * with a face neighbor that is not of the object; beyond the image is not of the object, and axes of depth 1 have no
 * neighbors. Distances are exact, from voxel center to voxel center.
 */
public final class SurfaceDistances {

    private final double[] m_toTruth;

    private final double[] m_toPrediction;

    private SurfaceDistances(final double[] toTruth, final double[] toPrediction) {
        m_toTruth = toTruth;
        m_toPrediction = toPrediction;
        Arrays.sort(m_toTruth);
        Arrays.sort(m_toPrediction);
    }

    /**
     * @param prediction what was predicted
     * @param truth the reference, on the same grid
     * @param label the class, in [1, 255]
     * @param workers what the distance transforms are shared out to
     * @return the distances; empty if prediction or truth has no voxel of the class
     * @throws ImagingException if the grids differ
     */
    public static Optional<SurfaceDistances> of(final LabelVolume prediction, final LabelVolume truth, final int label,
        final TaskExecutor workers) {
        Grids.requireSame(prediction, truth);
        final ObjectBox boxP = ObjectBox.of(prediction, label);
        final ObjectBox boxT = ObjectBox.of(truth, label);
        if (boxP.isEmpty() || boxT.isEmpty()) {
            return Optional.empty();
        }
        // Nearest surface voxels lie within the box around both objects; the rest of the image is not looked at.
        final ObjectBox box = boxP.union(boxT);
        final boolean[] surfaceP = box.surface(prediction, label);
        final boolean[] surfaceT = box.surface(truth, label);
        final Geometry grid = prediction.geometry();
        final EuclideanDistanceTransform edt = new EuclideanDistanceTransform(grid.spacing(), workers);
        final double[] toTruth = distances(surfaceP, edt.squaredDistances(surfaceT, box.size()));
        final double[] toPrediction = distances(surfaceT, edt.squaredDistances(surfaceP, box.size()));
        return Optional.of(new SurfaceDistances(toTruth, toPrediction));
    }

    /**
     * What a distance that cannot be measured because one mask is empty may be counted as: the length of the image's
     * diagonal in mm, from the first to the last voxel center.
     */
    public static double penalty(final Geometry grid) {
        double squares = 0;
        for (int a = 0; a < 3; a++) {
            final double length = (grid.size(a) - 1) * grid.spacing(a);
            squares += length * length;
        }
        return Math.sqrt(squares);
    }

    private static double[] distances(final boolean[] surface, final float[] squares) {
        int count = 0;
        for (final boolean s : surface) {
            count += s ? 1 : 0;
        }
        final double[] distances = new double[count];
        int n = 0;
        for (int v = 0; v < surface.length; v++) {
            if (surface[v]) {
                distances[n++] = Math.sqrt(squares[v]);
            }
        }
        return distances;
    }

    /** Distances of the predicted surface's voxels to the true surface in mm, increasing; a copy. */
    public double[] toTruth() {
        return m_toTruth.clone();
    }

    /** Distances of the true surface's voxels to the predicted surface in mm, increasing; a copy. */
    public double[] toPrediction() {
        return m_toPrediction.clone();
    }

    /** HD: the largest of all distances (Huttenlocher et al., IEEE TPAMI 15, 1993). */
    public double hausdorff() {
        return Math.max(m_toTruth[m_toTruth.length - 1], m_toPrediction[m_toPrediction.length - 1]);
    }

    /** HD95: the larger of the two directed 95th percentiles, as in MONAI. */
    public double hausdorff95() {
        return Math.max(Percentiles.ofSorted(m_toTruth, 95), Percentiles.ofSorted(m_toPrediction, 95));
    }

    /** The 95th percentile of both lists pooled, as in MedPy; blind to a fault that is small against both surfaces. */
    public double hausdorff95Pooled() {
        final double[] all = Arrays.copyOf(m_toTruth, m_toTruth.length + m_toPrediction.length);
        System.arraycopy(m_toPrediction, 0, all, m_toTruth.length, m_toPrediction.length);
        Arrays.sort(all);
        return Percentiles.ofSorted(all, 95);
    }

    /** ASSD: the mean of both lists pooled. */
    public double averageSymmetric() {
        return (Arrays.stream(m_toTruth).sum() + Arrays.stream(m_toPrediction).sum())
            / (m_toTruth.length + m_toPrediction.length);
    }

    /**
     * Surface Dice: the share of the voxels of both surfaces that lie within a tolerance of the other one (Nikolov et
     * al., 2018, in its voxel version).
     *
     * @param tolerance in mm, at least 0
     */
    public double surfaceDice(final double tolerance) {
        if (!(tolerance >= 0)) {
            throw new IllegalArgumentException("surface Dice tolerance " + tolerance + " mm must not be negative");
        }
        return (double)(within(m_toTruth, tolerance) + within(m_toPrediction, tolerance))
            / (m_toTruth.length + m_toPrediction.length);
    }

    private static long within(final double[] distances, final double tolerance) {
        return Arrays.stream(distances).filter(d -> d <= tolerance).count();
    }
}

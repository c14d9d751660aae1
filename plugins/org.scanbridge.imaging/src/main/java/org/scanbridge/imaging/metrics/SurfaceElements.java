package org.scanbridge.imaging.metrics;

import java.util.Arrays;
import java.util.Optional;

import org.scanbridge.imaging.ImagingException;
import org.scanbridge.imaging.distance.EuclideanDistanceTransform;
import org.scanbridge.imaging.volume.Geometry;
import org.scanbridge.imaging.volume.LabelVolume;

import net.imglib2.parallel.TaskExecutor;

/**
 * The surfaces of a predicted and a true object as elements with an area (Nikolov et al., Clinically applicable
 * segmentation of head and neck anatomy for radiotherapy, J Med Internet Res 23(7), 2021): one between every 2×2×2 voxels
 * of which some are inside, as large as marching cubes' surface there. In an image of one slice they are pieces of the
 * contour between 2×2 pixels, with a length. Beyond the image is outside. Distances are exact, from the place where the
 * eight (four) voxels meet to the nearest such place of the other surface. Unlike {@link SurfaceDistances}, which counts
 * voxels, a slanted surface does not count more than a straight one.
 */
public final class SurfaceElements {

    private final double[][] m_distances;

    private final double[][] m_areas;

    private SurfaceElements(final double[][] distances, final double[][] areas) {
        m_distances = distances;
        m_areas = areas;
    }

    /**
     * @param prediction what was predicted
     * @param truth the reference, on the same grid
     * @param label the class, in [1, 255]
     * @param workers what the distance transforms are shared out to
     * @return the elements; empty if prediction or truth has no voxel of the class
     * @throws ImagingException if the grids differ
     */
    public static Optional<SurfaceElements> of(final LabelVolume prediction, final LabelVolume truth, final int label,
        final TaskExecutor workers) {
        Grids.requireSame(prediction, truth);
        final ObjectBox boxP = ObjectBox.of(prediction, label);
        final ObjectBox boxT = ObjectBox.of(truth, label);
        if (boxP.isEmpty() || boxT.isEmpty()) {
            return Optional.empty();
        }
        final ObjectBox box = boxP.union(boxT);
        final Geometry grid = prediction.geometry();
        final boolean flat = grid.size(2) == 1;
        final int[] size = box.size();
        final int[] corners = {size[0] + 1, size[1] + 1, flat ? 1 : size[2] + 1};
        final double[] areas = flat ? SurfaceElementAreas.lengths(grid.spacing(0), grid.spacing(1))
            : SurfaceElementAreas.of(grid.spacing());
        final byte[] ofP = patterns(prediction, label, box, corners, flat);
        final byte[] ofT = patterns(truth, label, box, corners, flat);
        final boolean[] surfaceP = surface(ofP, flat);
        final boolean[] surfaceT = surface(ofT, flat);
        final EuclideanDistanceTransform edt = new EuclideanDistanceTransform(grid.spacing(), workers);
        return Optional.of(new SurfaceElements(
            new double[][]{distances(surfaceP, edt.squaredDistances(surfaceT, corners)),
                distances(surfaceT, edt.squaredDistances(surfaceP, corners))},
            new double[][]{areas(ofP, surfaceP, areas), areas(ofT, surfaceT, areas)}));
    }

    /**
     * How large the surface of an object is.
     *
     * @param label the class, in [1, 255]
     * @return mm², in an image of one slice the length of the contour in mm; 0 if no voxel has the class
     */
    public static double area(final LabelVolume labels, final int label) {
        final ObjectBox box = ObjectBox.of(labels, label);
        if (box.isEmpty()) {
            return 0;
        }
        final Geometry grid = labels.geometry();
        final boolean flat = grid.size(2) == 1;
        final int[] size = box.size();
        final int[] corners = {size[0] + 1, size[1] + 1, flat ? 1 : size[2] + 1};
        final double[] table = flat ? SurfaceElementAreas.lengths(grid.spacing(0), grid.spacing(1))
            : SurfaceElementAreas.of(grid.spacing());
        double sum = 0;
        for (final byte pattern : patterns(labels, label, box, corners, flat)) {
            sum += table[pattern & 0xff];
        }
        return sum;
    }

    /** The pattern around each corner of the box's voxels, corners before the first and after the last included. */
    private static byte[] patterns(final LabelVolume labels, final int label, final ObjectBox box, final int[] corners,
        final boolean flat) {
        final Geometry grid = labels.geometry();
        final byte[] x = labels.voxels();
        final byte wanted = (byte)label;
        final int[] size = box.size();
        final byte[] patterns = new byte[corners[0] * corners[1] * corners[2]];
        for (int k = 0; k < size[2]; k++) {
            for (int j = 0; j < size[1]; j++) {
                int v = ((k + box.minK()) * grid.size(1) + j + box.minJ()) * grid.size(0) + box.minI();
                for (int i = 0; i < size[0]; i++, v++) {
                    if (x[v] == wanted) {
                        // The voxel is at offset (1, 1, 1) of the corner before it, and at (0, 0, 0) of that behind it.
                        for (int c = 0; c < (flat ? 4 : 8); c++) {
                            final int corner = ((k + (c >> 2)) * corners[1] + j + (c >> 1 & 1)) * corners[0] + i + (c & 1);
                            patterns[corner] |= 1 << ((flat ? 3 : 7) - c);
                        }
                    }
                }
            }
        }
        return patterns;
    }

    private static boolean[] surface(final byte[] patterns, final boolean flat) {
        final byte inside = (byte)(flat ? 15 : 255);
        final boolean[] surface = new boolean[patterns.length];
        for (int c = 0; c < surface.length; c++) {
            surface[c] = patterns[c] != 0 && patterns[c] != inside;
        }
        return surface;
    }

    private static double[] distances(final boolean[] surface, final float[] squares) {
        final double[] distances = new double[count(surface)];
        int n = 0;
        for (int c = 0; c < surface.length; c++) {
            if (surface[c]) {
                distances[n++] = Math.sqrt(squares[c]);
            }
        }
        return distances;
    }

    private static double[] areas(final byte[] patterns, final boolean[] surface, final double[] table) {
        final double[] areas = new double[count(surface)];
        int n = 0;
        for (int c = 0; c < surface.length; c++) {
            if (surface[c]) {
                areas[n++] = table[patterns[c] & 0xff];
            }
        }
        return areas;
    }

    private static int count(final boolean[] surface) {
        int count = 0;
        for (final boolean s : surface) {
            count += s ? 1 : 0;
        }
        return count;
    }

    /** Area of the predicted surface in mm²; in a plane, length of the contour in mm. */
    public double predictedArea() {
        return Arrays.stream(m_areas[0]).sum();
    }

    /** As {@link #predictedArea()} of the true surface. */
    public double trueArea() {
        return Arrays.stream(m_areas[1]).sum();
    }

    /**
     * Surface Dice: the share of the area of both surfaces that lies within a tolerance of the other one.
     *
     * @param tolerance in mm, at least 0
     * @return in [0, 1]
     */
    public double surfaceDice(final double tolerance) {
        if (!(tolerance >= 0)) {
            throw new IllegalArgumentException("surface Dice tolerance " + tolerance + " mm must not be negative");
        }
        // Both sums in one order, so that all of it is exactly 1.
        double within = 0;
        double all = 0;
        for (int side = 0; side < 2; side++) {
            for (int e = 0; e < m_distances[side].length; e++) {
                within += m_distances[side][e] <= tolerance ? m_areas[side][e] : 0;
                all += m_areas[side][e];
            }
        }
        return within / all;
    }
}

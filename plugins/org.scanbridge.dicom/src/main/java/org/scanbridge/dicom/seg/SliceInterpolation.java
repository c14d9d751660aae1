package org.scanbridge.dicom.seg;

import java.util.BitSet;
import java.util.SortedMap;
import java.util.TreeMap;

import org.scanbridge.imaging.distance.EuclideanDistanceTransform;

import net.imglib2.parallel.TaskExecutor;

/**
 * Shapes between two slices: the signed distance to the outline is interpolated linearly, and a pixel is inside where it is
 * negative (Raya and Udupa, Shape-based interpolation of multidimensional objects, IEEE Transactions on Medical Imaging
 * 9(1), 1990). Pixels at the same distance inside one shape and outside the other belong to the shape.
 */
final class SliceInterpolation {

    /** Gaps of more than this many times the usual step are not between contours of one shape. */
    private static final int MAX_STEPS = 3;

    private final int[] m_size;

    private final EuclideanDistanceTransform m_transform;

    /**
     * @param size columns and rows
     * @param spacing distance of pixels along columns and rows in mm
     */
    SliceInterpolation(final int[] size, final double[] spacing, final TaskExecutor workers) {
        m_size = new int[]{size[0], size[1], 1};
        m_transform = new EuclideanDistanceTransform(new double[]{spacing[0], spacing[1], 1}, workers);
    }

    /**
     * Fills gaps between slices of up to three times the usual step, which is the median distance of neighboring slices
     * that have a shape.
     *
     * @param planes pixels inside by slice
     * @return these, and what lies in between
     */
    SortedMap<Integer, BitSet> fill(final SortedMap<Integer, BitSet> planes) {
        final SortedMap<Integer, BitSet> all = new TreeMap<>(planes);
        final Integer[] slices = planes.keySet().toArray(Integer[]::new);
        final int[] steps = new int[Math.max(0, slices.length - 1)];
        for (int s = 0; s < steps.length; s++) {
            steps[s] = slices[s + 1] - slices[s];
        }
        final int[] sorted = steps.clone();
        java.util.Arrays.sort(sorted);
        for (int s = 0; s < steps.length; s++) {
            if (steps[s] > 1 && steps[s] <= MAX_STEPS * sorted[sorted.length / 2]) {
                final double[] below = signed(planes.get(slices[s]));
                final double[] above = signed(planes.get(slices[s + 1]));
                for (int k = 1; k < steps[s]; k++) {
                    all.put(slices[s] + k, between(below, above, (double)k / steps[s]));
                }
            }
        }
        return all;
    }

    private static BitSet between(final double[] below, final double[] above, final double at) {
        final BitSet inside = new BitSet();
        for (int p = 0; p < below.length; p++) {
            if ((1 - at) * below[p] + at * above[p] <= 0) {
                inside.set(p);
            }
        }
        return inside;
    }

    /** Distance to the outline in mm, half way between pixels inside and outside; negative inside. */
    private double[] signed(final BitSet shape) {
        final int n = m_size[0] * m_size[1];
        final boolean[] in = new boolean[n];
        final boolean[] out = new boolean[n];
        for (int p = 0; p < n; p++) {
            in[p] = shape.get(p);
            out[p] = !in[p];
        }
        final float[] toShape = m_transform.squaredDistances(in, m_size);
        final float[] toOutside = m_transform.squaredDistances(out, m_size);
        final double[] signed = new double[n];
        for (int p = 0; p < n; p++) {
            signed[p] = in[p] ? -finite(toOutside[p]) : finite(toShape[p]);
        }
        return signed;
    }

    /** Without a pixel inside, or outside, the shape is farther than any distance of the plane. */
    private double finite(final float square) {
        return Float.isInfinite(square) ? 1e6 : Math.sqrt(square);
    }
}

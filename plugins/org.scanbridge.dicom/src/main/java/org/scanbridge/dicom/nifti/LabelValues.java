package org.scanbridge.dicom.nifti;

import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The values of a label map: whole numbers that may have been stored with a rounding error. Programs that write labels as
 * scaled integers (slope and intercept) leave 1.0000153 or 2.024 where 1 and 2 are meant, by half a step of the scale at
 * most; what lies farther off, or takes several values around one whole number, has been interpolated or is an image.
 *
 * @param counts number of voxels by value, the background 0 included; none is negative
 * @param deviation the farthest that a stored value is from the whole number that it stands for
 */
public record LabelValues(SortedMap<Integer, Long> counts, double deviation) {

    /** The largest label that a label volume holds. */
    public static final int MAX_LABEL = 255;

    /** More values than any table of labels has. */
    static final int MAX_VALUES = 1 << 15;

    /** Labels are small numbers; a larger one is an intensity. */
    private static final double MAX_VALUE = 1e6;

    /** Farther from a whole number than any scaling of labels brings them. */
    private static final double FAR = 0.05;

    /** Half a step of labels scaled to 16 bits, by their largest. */
    private static final double STEP = 1e-5;

    /** Single precision and the like: nothing to look at. */
    private static final double NOISE = 1e-3;

    /** Copies the map. */
    public LabelValues {
        counts = Collections.unmodifiableSortedMap(new TreeMap<>(counts));
    }

    /** The largest value. */
    public int max() {
        return counts.isEmpty() ? 0 : counts.lastKey();
    }

    /** Whether values were rounded that are farther off than single precision brings them. */
    public boolean rounded() {
        return deviation > NOISE;
    }

    /** Collects the values of a label map, voxel by voxel. */
    static final class Collector {

        private final Map<Float, long[]> m_counts = new HashMap<>();

        private float m_last;

        private long[] m_count;

        /** @throws NiftiException if there are more values than any label map has */
        void add(final float value) throws NiftiException {
            // Label maps are runs of the same value.
            if (m_count == null || value != m_last) {
                if (m_counts.size() >= MAX_VALUES) {
                    throw new NiftiException("It has more than " + MAX_VALUES + " different values, so it is an image and"
                        + " no label map.");
                }
                m_last = value;
                m_count = m_counts.computeIfAbsent(value, v -> new long[1]);
            }
            m_count[0]++;
        }

        /** @throws NiftiException if these are not the values of a label map */
        LabelValues values() throws NiftiException {
            double max = 0;
            for (final float v : m_counts.keySet()) {
                max = Math.max(max, v);
            }
            final SortedMap<Integer, Long> counts = new TreeMap<>();
            final Set<Integer> off = new HashSet<>();
            double deviation = 0;
            for (final Map.Entry<Float, long[]> entry : m_counts.entrySet()) {
                final float v = entry.getKey();
                final int whole = (int)Math.rint(v);
                final double d = Math.abs(v - whole);
                if (!(v > -FAR && v <= MAX_VALUE && d <= FAR + STEP * max)) {
                    throw new NiftiException("The value " + v + " is no label; labels are whole numbers from 0 on.");
                }
                deviation = Math.max(deviation, d);
                if (d > NOISE) {
                    off.add(whole);
                }
                counts.merge(whole, entry.getValue()[0], Long::sum);
            }
            for (final int whole : off) {
                if (m_counts.keySet().stream().filter(v -> (int)Math.rint(v) == whole).count() > 1) {
                    throw new NiftiException("Several values lie around " + whole + ", up to " + (float)deviation
                        + " off, so they were interpolated and are no labels.");
                }
            }
            return new LabelValues(counts, deviation);
        }
    }
}

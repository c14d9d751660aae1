package org.scanbridge.dicom.seg;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

import org.scanbridge.imaging.ImagingException;
import org.scanbridge.imaging.labels.CombinedLabels;
import org.scanbridge.imaging.volume.LabelSet;

/** Paints the frames of a segmentation into a label volume and keeps count of what does not fit. */
final class LabelPainter {

    private static final int MAX_LABEL = 255;

    /** From the pixel (column c, row r) of a frame to voxel {@code start + c * column + r * row}, i, j, k each. */
    record Placement(int[] start, int[] column, int[] row) {

        private int index(final int axis, final int c, final int r) {
            return start[axis] + c * column[axis] + r * row[axis];
        }
    }

    private final int[] m_size;

    private final byte[] m_labels;

    private final boolean[] m_shown;

    private final boolean m_labelMap;

    private final float m_threshold;

    private final Set<Integer> m_described = new HashSet<>();

    private final SortedMap<String, Integer> m_overlaps = new TreeMap<>();

    private final SortedSet<Integer> m_undescribed = new TreeSet<>();

    private final Map<Integer, Integer> m_ranks = new HashMap<>();

    private final SortedMap<Integer, Long> m_sizes = new TreeMap<>();

    private final LabelSet m_names;

    /** Takes all claims to a voxel; null where one of them wins. */
    private final CombinedLabels m_combined;

    /**
     * @param size columns, rows and slices
     * @param order the segments, those that lose where segments overlap first
     * @param keepAll whether each combination of segments becomes a class of its own instead
     */
    LabelPainter(final Segmentation segmentation, final int[] size, final List<Integer> order, final boolean keepAll) {
        for (final int segment : order) {
            m_ranks.put(segment, m_ranks.size());
        }
        m_size = size;
        m_labels = new byte[Math.multiplyExact(Math.multiplyExact(m_size[0], m_size[1]), m_size[2])];
        m_shown = new boolean[m_size[2]];
        m_labelMap = segmentation.type().equals("LABELMAP");
        // A fraction of one half and more counts as inside.
        m_threshold = m_labelMap ? 1 : Math.max(1, segmentation.maximum() / 2f);
        segmentation.segments().forEach(s -> m_described.add(s.number()));
        m_names = segmentation.labels();
        m_combined = keepAll && !m_labelMap ? new CombinedLabels(m_labels.length) : null;
    }

    /**
     * Paints one frame; where segments overlap the one that comes later in their order stays.
     *
     * @param pixels pixel values of the frame, row by row
     * @param columns pixels in a row
     * @param to where the frame lies
     * @param segment its segment; of no meaning in a label map
     * @return number of pixels that belong to the segment but lie outside the image
     */
    int paint(final float[] pixels, final int columns, final Placement to, final int segment) {
        int outside = 0;
        for (int p = 0; p < pixels.length; p++) {
            if (pixels[p] >= m_threshold) {
                final int i = to.index(0, p % columns, p / columns);
                final int j = to.index(1, p % columns, p / columns);
                final int k = to.index(2, p % columns, p / columns);
                if (i < 0 || i >= m_size[0] || j < 0 || j >= m_size[1] || k < 0 || k >= m_size[2]) {
                    outside++;
                } else {
                    set((k * m_size[1] + j) * m_size[0] + i, k, m_labelMap ? (int)pixels[p] : segment);
                }
            }
        }
        return outside;
    }

    private void set(final int voxel, final int k, final int value) {
        if (value > MAX_LABEL || !m_described.contains(value)) {
            m_undescribed.add(value);
            return;
        }
        final int before = m_labels[voxel] & 0xff;
        if (before != 0 && before != value) {
            m_overlaps.merge(Math.min(before, value) + " and " + Math.max(before, value), 1, Integer::sum);
        }
        m_sizes.merge(value, 1L, Long::sum);
        if (m_combined != null) {
            m_combined.add(voxel, value);
        }
        if (before == 0 || m_ranks.getOrDefault(value, -1) >= m_ranks.getOrDefault(before, -1)) {
            m_labels[voxel] = (byte)value;
        }
        m_shown[k] = true;
    }

    /** Label values that occur but exceed 255 or are not described. */
    SortedSet<Integer> undescribed() {
        return m_undescribed;
    }

    /** Number of voxels that each segment claims. */
    SortedMap<Integer, Long> sizes() {
        return m_sizes;
    }

    /** Number of voxels by the pair of segments that claim them. */
    SortedMap<String, Integer> overlaps() {
        return m_overlaps;
    }

    /**
     * The label map in which each combination of segments is a class; empty if one of them wins instead.
     *
     * @throws ImagingException if there are more than 255 classes
     */
    Optional<CombinedLabels.Result> combined() {
        if (m_combined == null) {
            return Optional.empty();
        }
        return Optional.of(m_combined.finish(m_names.names(), m_described));
    }

    /** The label values of all voxels, where one segment wins. */
    byte[] labels() {
        return m_labels;
    }

    /** Whether a frame shows something in slice k. */
    boolean isShown(final int k) {
        return m_shown[k];
    }
}

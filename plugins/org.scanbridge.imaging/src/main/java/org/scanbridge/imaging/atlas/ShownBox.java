package org.scanbridge.imaging.atlas;

import org.scanbridge.imaging.resample.GridWindow;
import org.scanbridge.imaging.volume.Geometry;
import org.scanbridge.imaging.volume.Volume;

/**
 * The part of an image that shows something: without the planes at its faces in which all voxels have the same value and no
 * label. Such planes are padding, or what is left where a brain was cut out; a measurement has noise. What was cut out within
 * the box stays: at the edges of a brain it tells where the brain ends.
 */
final class ShownBox {

    private final float[] m_voxels;

    private final byte[] m_labels;

    private final Geometry m_grid;

    private final int[] m_low = new int[3];

    private final int[] m_high;

    private ShownBox(final Volume image, final byte[] labels) {
        m_voxels = image.voxels();
        m_labels = labels;
        m_grid = image.geometry();
        m_high = m_grid.size();
        boolean changes = true;
        while (changes) {
            changes = false;
            for (int a = 0; a < 3; a++) {
                while (m_low[a] < m_high[a] && isPadding(a, m_low[a])) {
                    m_low[a]++;
                    changes = true;
                }
                while (m_low[a] < m_high[a] && isPadding(a, m_high[a] - 1)) {
                    m_high[a]--;
                    changes = true;
                }
            }
            changes &= m_low[0] < m_high[0] && m_low[1] < m_high[1] && m_low[2] < m_high[2];
        }
    }

    /** The image without padding, the same object if it has none; a constant image stays as it is. */
    static Volume of(final Volume image) {
        final ShownBox box = new ShownBox(image, null);
        return box.isAll() ? image : box.window().apply(image, 0);
    }

    /** As {@link #of(Volume)}; no label is cut off. */
    static AtlasBuilder.Subject of(final AtlasBuilder.Subject subject) {
        final ShownBox box = new ShownBox(subject.image(), subject.labels().voxels());
        return box.isAll() ? subject : new AtlasBuilder.Subject(box.window().apply(subject.image(), 0),
            box.window().apply(subject.labels()));
    }

    private boolean isAll() {
        boolean all = true;
        boolean none = false;
        for (int a = 0; a < 3; a++) {
            all &= m_low[a] == 0 && m_high[a] == m_grid.size(a);
            none |= m_low[a] >= m_high[a];
        }
        return all || none;
    }

    private GridWindow window() {
        return new GridWindow(m_grid, m_low, new int[]{m_high[0] - m_low[0], m_high[1] - m_low[1], m_high[2] - m_low[2]});
    }

    /** Whether a plane across an axis, within the box, holds one value only and no label. */
    private boolean isPadding(final int axis, final int index) {
        final int[] low = m_low.clone();
        final int[] high = m_high.clone();
        low[axis] = index;
        high[axis] = index + 1;
        final float first = m_voxels[(low[2] * m_grid.size(1) + low[1]) * m_grid.size(0) + low[0]];
        for (int k = low[2]; k < high[2]; k++) {
            for (int j = low[1]; j < high[1]; j++) {
                int v = (k * m_grid.size(1) + j) * m_grid.size(0) + low[0];
                for (int i = low[0]; i < high[0]; i++, v++) {
                    if (m_voxels[v] != first || m_labels != null && m_labels[v] != 0) {
                        return false;
                    }
                }
            }
        }
        return true;
    }
}

package org.scanbridge.imaging.resample;

import java.util.BitSet;
import java.util.function.IntPredicate;

import org.scanbridge.imaging.volume.Geometry;
import org.scanbridge.imaging.volume.LabelVolume;

/**
 * Which connected parts of the labels of one grid are still there on another. A part stands on the other grid if a voxel
 * there has its label and covers the center of one of its voxels, or has its center between voxels of the part.
 */
final class PartsOnGrid {

    private final LabelParts m_parts;

    private final int[] m_size;

    private final int[] m_targetSize;

    private final IndexMap m_toSource;

    private final IndexMap m_toTarget;

    PartsOnGrid(final LabelVolume labels, final Geometry target) {
        m_parts = new LabelParts(labels);
        m_size = labels.geometry().size();
        m_targetSize = target.size();
        m_toSource = new IndexMap(labels.geometry(), target);
        m_toTarget = new IndexMap(target, labels.geometry());
    }

    LabelParts parts() {
        return m_parts;
    }

    /**
     * Tests the voxels of the other grid that cover the center of a voxel: one, or several that are equally near; none
     * if it lies outside.
     *
     * @return whether the test held for any
     */
    boolean anyCovering(final int voxel, final IntPredicate test) {
        final int i = voxel % m_size[0];
        final int j = voxel / m_size[0] % m_size[1];
        final int k = voxel / m_size[0] / m_size[1];
        final double[] at = new double[3];
        for (int a = 0; a < 3; a++) {
            at[a] = m_toTarget.source(a, i, j, k);
            if (at[a] < -0.5 || at[a] > m_targetSize[a] - 0.5) {
                return false;
            }
            at[a] = Nearest.orBetween(at[a], m_targetSize[a]);
        }
        for (int z = (int)at[2]; z <= at[2] + 0.5; z++) {
            for (int y = (int)at[1]; y <= at[1] + 0.5; y++) {
                for (int x = (int)at[0]; x <= at[0] + 0.5; x++) {
                    if (test.test((z * m_targetSize[1] + y) * m_targetSize[0] + x)) {
                        return true;
                    }
                }
            }
        }
        return false;
    }

    /** Whether a part's label covers one of its voxels. */
    boolean covers(final byte[] result, final int part) {
        final byte label = m_parts.label(part);
        final boolean[] stands = new boolean[1];
        m_parts.visit(part, v -> {
            stands[0] = anyCovering(v, t -> result[t] == label);
            return !stands[0];
        });
        return stands[0];
    }

    /** The parts that stand in a segmentation of the other grid. */
    BitSet standing(final byte[] result) {
        final BitSet standing = new BitSet(m_parts.count());
        for (int p = 0; p < m_parts.count(); p++) {
            standing.set(p, covers(result, p));
        }
        if (standing.cardinality() < m_parts.count()) {
            lookBetween(result, standing);
        }
        return standing;
    }

    private void lookBetween(final byte[] result, final BitSet standing) {
        int t = 0;
        for (int k = 0; k < m_targetSize[2]; k++) {
            for (int j = 0; j < m_targetSize[1]; j++) {
                for (int i = 0; i < m_targetSize[0]; i++, t++) {
                    if (result[t] != 0) {
                        mark(result[t], m_toSource.source(0, i, j, k), m_toSource.source(1, i, j, k),
                            m_toSource.source(2, i, j, k), standing);
                    }
                }
            }
        }
    }

    private void mark(final byte label, final double x, final double y, final double z, final BitSet standing) {
        for (int c = 0; c < 8; c++) {
            final int i = (int)Math.floor(x) + (c & 1);
            final int j = (int)Math.floor(y) + (c >> 1 & 1);
            final int k = (int)Math.floor(z) + (c >> 2);
            if (i >= 0 && j >= 0 && k >= 0 && i < m_size[0] && j < m_size[1] && k < m_size[2]) {
                final int part = m_parts.at((k * m_size[1] + j) * m_size[0] + i);
                if (part >= 0 && m_parts.label(part) == label) {
                    standing.set(part);
                }
            }
        }
    }

    /** Tests the parts that have a voxel whose center a voxel of the other grid covers. */
    boolean anyPartIn(final int target, final IntPredicate test) {
        final int i = target % m_targetSize[0];
        final int j = target / m_targetSize[0] % m_targetSize[1];
        final int k = target / m_targetSize[0] / m_targetSize[1];
        final int[] low = new int[3];
        final int[] high = new int[3];
        for (int a = 0; a < 3; a++) {
            final double reach = m_toSource.reach(a) / 2 + 1e-3;
            low[a] = (int)Math.max(0, Math.ceil(m_toSource.source(a, i, j, k) - reach));
            high[a] = (int)Math.min(m_size[a] - 1, Math.floor(m_toSource.source(a, i, j, k) + reach));
        }
        for (int z = low[2]; z <= high[2]; z++) {
            for (int y = low[1]; y <= high[1]; y++) {
                for (int x = low[0]; x <= high[0]; x++) {
                    final int voxel = (z * m_size[1] + y) * m_size[0] + x;
                    final int part = m_parts.at(voxel);
                    if (part >= 0 && anyCovering(voxel, t -> t == target) && test.test(part)) {
                        return true;
                    }
                }
            }
        }
        return false;
    }
}

package org.scanbridge.imaging.resample;

import java.util.Arrays;
import java.util.BitSet;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

import org.scanbridge.imaging.volume.Geometry;
import org.scanbridge.imaging.volume.LabelVolume;

/**
 * Gives each connected part of a label that got lost on another grid one voxel there: the one that covers most of the
 * part's voxels, of several the one nearest to the part's middle, then the one nearest to the middle of the grid. No part
 * is saved at the cost of the last voxel of another; larger parts choose first. A part that lies outside of the grid
 * stays lost, and so does one all of whose places are taken.
 */
final class KeptComponents {

    private final PartsOnGrid m_grid;

    private final int[] m_size;

    private final Geometry m_source;

    private final Geometry m_target;

    KeptComponents(final LabelVolume labels, final Geometry target) {
        m_grid = new PartsOnGrid(labels, target);
        m_size = target.size();
        m_source = labels.geometry();
        m_target = target;
    }

    /** @param result labels on the target grid, changed where a part was lost */
    void restore(final byte[] result) {
        final LabelParts parts = m_grid.parts();
        final BitSet standing = m_grid.standing(result);
        final BitSet taken = new BitSet();
        final List<Integer> lost = IntStream.range(0, parts.count()).filter(p -> !standing.get(p)).boxed()
            .sorted(Comparator.comparingLong((Integer p) -> -parts.size(p)).thenComparingInt(p -> p)).toList();
        for (final int part : lost) {
            for (final int voxel : places(part)) {
                if (!taken.get(voxel) && isFree(result, voxel, parts.label(part))) {
                    result[voxel] = parts.label(part);
                    taken.set(voxel);
                    break;
                }
            }
        }
    }

    /** Whether all parts that stand by a voxel would still stand without it. */
    private boolean isFree(final byte[] result, final int voxel, final byte label) {
        final byte before = result[voxel];
        if (before == 0) {
            return true;
        }
        result[voxel] = label;
        final boolean falls = m_grid.anyPartIn(voxel,
            p -> m_grid.parts().label(p) == before && !m_grid.covers(result, p));
        result[voxel] = before;
        return !falls;
    }

    /** Voxels that cover voxels of a part, the best first. */
    private List<Integer> places(final int part) {
        final Map<Integer, Integer> covered = new HashMap<>();
        final double[] middle = new double[3];
        final long size = m_grid.parts().size(part);
        m_grid.parts().visit(part, v -> {
            m_grid.anyCovering(v, t -> {
                covered.merge(t, 1, Integer::sum);
                return false;
            });
            final double[] p = m_source.position(v % m_source.size(0), v / m_source.size(0) % m_source.size(1),
                v / m_source.size(0) / m_source.size(1));
            Arrays.setAll(middle, a -> middle[a] + p[a] / size);
            return true;
        });
        final double[] index = m_target.index(middle);
        final double[] center = Arrays.stream(m_size).mapToDouble(n -> (n - 1) / 2.0).toArray();
        return covered.keySet().stream().sorted(Comparator.comparingInt((Integer t) -> -covered.get(t))
            .thenComparingLong(t -> distance(t, index)).thenComparingLong(t -> distance(t, center))
            .thenComparingInt(t -> t)).toList();
    }

    /** Squared distance in target voxels, in millionths so that rounding does not decide between equal ones. */
    private long distance(final int voxel, final double[] index) {
        final double x = voxel % m_size[0] - index[0];
        final double y = voxel / m_size[0] % m_size[1] - index[1];
        final double z = voxel / m_size[0] / m_size[1] - index[2];
        return Math.round(1e6 * (x * x + y * y + z * z));
    }
}

package org.scanbridge.learning.anomaly;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import org.scanbridge.imaging.volume.Geometry;
import org.scanbridge.imaging.volume.LabelVolume;

/**
 * Parts of an image that get scores of their own: the labels of a segmentation, such as lobes, or cubes that cover the grid
 * from its first voxel on. Regions, unlike voxels, are as large as what a reader points at.
 */
public final class AnomalyRegions {

    /** Cubes that lie inside by less than this say more of the rim than of the brain. */
    private static final double MIN_SHARE = 0.1;

    private final int[] m_regions;

    private final List<String> m_names;

    private final int m_fewest;

    private AnomalyRegions(final int[] regions, final List<String> names, final int fewest) {
        m_regions = regions;
        m_names = names;
        m_fewest = fewest;
    }

    /**
     * What is known of a region.
     *
     * @param name its label's, or the cube's number along i, j, k from 0, such as {@code 2-0-1}
     * @param scores of the map within it
     * @param positives how many of its voxels the reference has; 0 without a reference
     */
    public record Scored(String name, AnomalyScores scores, int positives) {

        /** Whether the reference has any of its voxels. */
        public boolean positive() {
            return positives > 0;
        }
    }

    /**
     * Cubes.
     *
     * @param grid of the map
     * @param edge in mm; rounded to voxels, at least one
     */
    public static AnomalyRegions cubes(final Geometry grid, final double edge) {
        final int[] size = grid.size();
        final int[] voxels = new int[3];
        final int[] count = new int[3];
        for (int a = 0; a < 3; a++) {
            voxels[a] = (int)Math.max(1, Math.min(size[a], Math.round(edge / grid.spacing(a))));
            count[a] = (size[a] + voxels[a] - 1) / voxels[a];
        }
        final List<String> names = new ArrayList<>();
        for (int n = 0; n < count[0] * count[1] * count[2]; n++) {
            names.add(n % count[0] + "-" + n / count[0] % count[1] + "-" + n / count[0] / count[1]);
        }
        final int[] regions = new int[grid.voxelCount()];
        for (int v = 0; v < regions.length; v++) {
            final int i = v % size[0] / voxels[0];
            final int j = v / size[0] % size[1] / voxels[1];
            final int k = v / size[0] / size[1] / voxels[2];
            regions[v] = (k * count[1] + j) * count[0] + i;
        }
        return new AnomalyRegions(regions, names, (int)Math.ceil(MIN_SHARE * voxels[0] * voxels[1] * voxels[2]));
    }

    /** The labels of a segmentation on the map's grid; what is 0 is in no region. */
    public static AnomalyRegions of(final LabelVolume labels) {
        final Map<Integer, Integer> numbers = new TreeMap<>();
        final List<String> names = new ArrayList<>();
        for (final int value : labels.values()) {
            if (value != 0) {
                numbers.put(value, names.size());
                names.add(labels.labels().names().containsKey(value) ? labels.labels().name(value) : "label " + value);
            }
        }
        final int[] regions = new int[labels.voxels().length];
        for (int v = 0; v < regions.length; v++) {
            regions[v] = numbers.getOrDefault(labels.voxels()[v] & 0xff, -1);
        }
        return new AnomalyRegions(regions, names, 1);
    }

    /**
     * The scores of all regions that lie inside, cubes by a tenth at least.
     *
     * @param map on the same grid
     * @param threshold above which a voxel is marked
     * @param reference which voxels are positive; {@code null} if nobody knows
     */
    public List<Scored> scores(final AnomalyMap map, final float threshold, final boolean[] reference) {
        final int[] counts = new int[m_names.size()];
        for (int v = 0; v < m_regions.length; v++) {
            if (map.inside()[v] && m_regions[v] >= 0) {
                counts[m_regions[v]]++;
            }
        }
        final float[][] values = new float[counts.length][];
        for (int r = 0; r < counts.length; r++) {
            values[r] = new float[counts[r]];
        }
        final int[] filled = new int[counts.length];
        final int[] positives = new int[counts.length];
        for (int v = 0; v < m_regions.length; v++) {
            final int r = m_regions[v];
            if (map.inside()[v] && r >= 0) {
                values[r][filled[r]++] = map.map().voxels()[v];
                positives[r] += reference != null && reference[v] ? 1 : 0;
            }
        }
        final List<Scored> scored = new ArrayList<>();
        for (int r = 0; r < counts.length; r++) {
            if (counts[r] >= m_fewest) {
                scored.add(new Scored(m_names.get(r), AnomalyScores.of(values[r], threshold), positives[r]));
            }
        }
        return scored;
    }
}

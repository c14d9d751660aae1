package org.scanbridge.learning.anomaly;

import java.util.Map;
import java.util.Set;

import org.scanbridge.imaging.components.Connectivity;
import org.scanbridge.imaging.components.SmallComponents;
import org.scanbridge.imaging.volume.LabelSet;
import org.scanbridge.imaging.volume.LabelVolume;
import org.scanbridge.imaging.volume.Volume;

/**
 * How unusual each voxel of an image is.
 *
 * @param map at least 0, in the unit of the image; 0 outside
 * @param inside where it was looked, i fastest
 */
public record AnomalyMap(Volume map, boolean[] inside) {

    private static final LabelSet LABELS = LabelSet.of(Map.of(1, "anomaly"));

    /** The scores of the whole image. */
    public AnomalyScores scores(final float threshold) {
        return AnomalyScores.of(Inside.values(map.voxels(), inside), threshold);
    }

    /**
     * What is above a threshold, in one piece of more than a volume (26 neighbors).
     *
     * @param threshold of the map
     * @param smallest parts of at most this volume are left out, in mm³, at least 0
     * @return 1 where it is
     */
    public LabelVolume marked(final float threshold, final double smallest) {
        final byte[] labels = new byte[inside.length];
        for (int v = 0; v < labels.length; v++) {
            labels[v] = (byte)(inside[v] && map.voxels()[v] > threshold ? 1 : 0);
        }
        final LabelVolume all = new LabelVolume(labels, map.geometry(), map.info(), LABELS);
        return smallest == 0 ? all : SmallComponents.remove(all, Set.of(1), smallest, Connectivity.CORNERS);
    }
}

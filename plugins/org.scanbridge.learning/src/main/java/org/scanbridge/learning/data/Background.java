package org.scanbridge.learning.data;

import java.util.HashMap;
import java.util.Map;

/**
 * The constant value of what is not the patient. Masked and normalized images hold it in very many voxels; it fills the
 * space around images that are smaller than a network's block.
 *
 * @param value the background's value; the smallest value of the image if none is constant
 * @param constant whether at least 5 % of all voxels have exactly this value
 */
public record Background(float value, boolean constant) {

    private static final double MIN_SHARE = 0.05;

    /** Voxels looked at when searching for the most frequent value. */
    private static final int SAMPLES = 4096;

    /** The background of an image, by its most frequent value. */
    public static Background of(final float[] voxels) {
        final int stride = Math.max(1, voxels.length / SAMPLES);
        final Map<Float, Integer> counts = new HashMap<>();
        for (int v = 0; v < voxels.length; v += stride) {
            counts.merge(voxels[v], 1, Integer::sum);
        }
        float mode = voxels[0];
        for (final Map.Entry<Float, Integer> entry : counts.entrySet()) {
            final int more = entry.getValue() - counts.get(mode);
            if (more > 0 || more == 0 && entry.getKey() < mode) {
                mode = entry.getKey();
            }
        }
        int same = 0;
        float min = voxels[0];
        for (final float v : voxels) {
            same += v == mode ? 1 : 0;
            min = Math.min(min, v);
        }
        final boolean constant = same >= MIN_SHARE * voxels.length;
        return new Background(constant ? mode : min, constant);
    }
}

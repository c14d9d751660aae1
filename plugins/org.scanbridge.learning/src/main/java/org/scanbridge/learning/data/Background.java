package org.scanbridge.learning.data;

import java.util.HashMap;
import java.util.Map;

/**
 * The constant value of what is not the patient. Masked and normalized images hold it in very many voxels; it fills the
 * space around images that are smaller than a network's block. A value that is much rarer at the rim of the slices than within is
 * something else, such as bone that a window clipped; and so is one whose voxels lie scattered, as the commonest gray value of noise
 * or tissue in an image of whole numbers.
 *
 * @param value the background's value; the smallest value of the image if none is constant
 * @param constant whether at least 5 % of all voxels have exactly this value, at least half that share of those at the rim of the slices,
 *            and most of these voxels are followed by another one along i
 */
public record Background(float value, boolean constant) {

    private static final double MIN_SHARE = 0.05;

    /** A background on one side only is at half of the rim, however much of the image it is. */
    private static final double RIM = 0.5;

    /** Voxels looked at when searching for the most frequent value. */
    private static final int SAMPLES = 4096;

    /**
     * The background of an image, by its most frequent value.
     *
     * @param voxels i fastest
     * @param size voxels along i, j, k
     */
    public static Background of(final float[] voxels, final int[] size) {
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
        final boolean constant = same >= MIN_SHARE * voxels.length
            && shareAtTheRim(voxels, size, mode) >= RIM * same / voxels.length && isInRuns(voxels, size[0], mode);
        return new Background(constant ? mode : min, constant);
    }

    /** Of the voxels in the first or last place along i or j. */
    private static double shareAtTheRim(final float[] voxels, final int[] size, final float value) {
        int same = 0;
        int count = 0;
        int v = 0;
        for (int k = 0; k < size[2]; k++) {
            for (int j = 0; j < size[1]; j++) {
                for (int i = 0; i < size[0]; i++, v++) {
                    if (i == 0 || j == 0 || i == size[0] - 1 || j == size[1] - 1) {
                        count++;
                        same += voxels[v] == value ? 1 : 0;
                    }
                }
            }
        }
        return (double)same / count;
    }

    private static boolean isInRuns(final float[] voxels, final int width, final float value) {
        int followed = 0;
        int count = 0;
        for (int v = 0; v < voxels.length; v++) {
            if (v % width < width - 1 && voxels[v] == value) {
                count++;
                followed += voxels[v + 1] == value ? 1 : 0;
            }
        }
        return 2 * followed >= count;
    }
}

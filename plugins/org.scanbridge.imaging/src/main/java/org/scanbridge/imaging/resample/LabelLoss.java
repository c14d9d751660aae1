package org.scanbridge.imaging.resample;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;

import org.scanbridge.imaging.volume.LabelVolume;

/**
 * What a label lost on its way to another grid, such as lesions that are smaller than the new voxels.
 *
 * @param label the value, in [1, 255]
 * @param parts number of its connected parts (26 neighbors) before
 * @param lostParts how many of them no voxel with the label stands for any more, at least 1
 * @param lostVoxels number of voxels that these had, on the grid before
 * @param vanished whether the label occurs nowhere any more
 */
public record LabelLoss(int label, int parts, int lostParts, long lostVoxels, boolean vanished) {

    /**
     * Compares a segmentation with what became of it.
     *
     * @param before on its own grid
     * @param after on another grid in the same patient frame
     * @return one for each label that lost a part, in the order of label values; empty if none did
     */
    public static List<LabelLoss> between(final LabelVolume before, final LabelVolume after) {
        final int[] had = counts(before.voxels());
        final int[] has = counts(after.voxels());
        if (Arrays.equals(had, 1, 256, has, 1, 256)
            && new IndexMap(before.geometry(), after.geometry()).isWhole()) {
            // Copied voxel by voxel, and none is missing.
            return List.of();
        }
        final PartsOnGrid grid = new PartsOnGrid(before, after.geometry());
        final LabelParts parts = grid.parts();
        final BitSet standing = grid.standing(after.voxels());
        final int[] all = new int[256];
        final int[] lost = new int[256];
        final long[] voxels = new long[256];
        for (int p = 0; p < parts.count(); p++) {
            final int label = parts.label(p) & 0xff;
            all[label]++;
            if (!standing.get(p)) {
                lost[label]++;
                voxels[label] += parts.size(p);
            }
        }
        final List<LabelLoss> losses = new ArrayList<>();
        for (int label = 1; label < 256; label++) {
            if (lost[label] > 0) {
                losses.add(new LabelLoss(label, all[label], lost[label], voxels[label], has[label] == 0));
            }
        }
        return losses;
    }

    private static int[] counts(final byte[] voxels) {
        final int[] counts = new int[256];
        for (final byte v : voxels) {
            counts[v & 0xff]++;
        }
        return counts;
    }
}

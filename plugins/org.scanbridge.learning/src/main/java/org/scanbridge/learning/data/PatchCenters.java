package org.scanbridge.learning.data;

import java.util.Objects;

/**
 * Around which voxels training patches are drawn: never around those that are not annotated, where labels are read.
 *
 * @param rule what the share is a share of
 * @param share see {@link Rule}
 */
public record PatchCenters(Rule rule, double share) {

    /** How centers are chosen. */
    public enum Rule {
        /**
         * The share of the patches, in [0, 1], is centered on labeled voxels, each class that occurs in the case equally
         * likely; the others on any voxel that is not background, which needs no labels.
         */
        FOREGROUND,
        /**
         * Of the labeled voxels of each case, whatever the class, the share, in (0, 1], is drawn once and for all: the
         * centers of half of the patches. The other half is centered on voxels that are neither labeled nor background. With 0.25 it
         * is the rule of Ghafoorian et al. (MICCAI 2017): a random quarter of the lesion voxels and as many normal voxels of
         * the brain.
         */
        FIXED_SUBSET
    }

    /** The paper's share of lesion voxels. */
    public static final double LESION_SHARE = 0.25;

    /** @throws IllegalArgumentException if the share is out of range */
    public PatchCenters {
        Objects.requireNonNull(rule, "rule");
        if (!(share >= 0 && share <= 1)) {
            throw new IllegalArgumentException(
                (rule == Rule.FOREGROUND ? "Foreground fraction " : "Share of labeled voxels ") + share + ": 0 to 1.");
        }
        if (rule == Rule.FIXED_SUBSET && share == 0) {
            throw new IllegalArgumentException("Share of labeled voxels 0: above 0, at most 1.");
        }
    }

    /** A share of patches on labeled voxels. */
    public static PatchCenters onForeground(final double share) {
        return new PatchCenters(Rule.FOREGROUND, share);
    }

    /** Half of the patches on a fixed share of the labeled voxels. */
    public static PatchCenters onSubset(final double share) {
        return new PatchCenters(Rule.FIXED_SUBSET, share);
    }
}

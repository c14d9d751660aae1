package org.scanbridge.learning.plan;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;

import org.scanbridge.learning.architecture.NetworkSpec;

/**
 * What to train, and how.
 *
 * @param lpsAxes whether the axes of images must be turned to left, posterior, superior first
 * @param spacing distance of voxel centers along i, j, k in mm, after the turn
 * @param normalization the scale of intensities
 * @param network its architecture
 * @param approach with or without unlabeled sites
 * @param steps optimizer steps
 * @param batch patches per step
 * @param validationInterval steps between validations
 * @param foregroundShare share of patches on labeled voxels
 * @param mirror whether left and right may be exchanged
 * @param augmentation what scans to make it ready for
 * @param atlas whether an atlas can describe the classes, so that it has to be compared with
 * @param secondsPerStep measured, of a supervised training
 * @param reasons for each setting, a sentence or two
 * @param warnings what speaks against the data or the time, for people
 */
public record TrainingPlan(boolean lpsAxes, List<Double> spacing, Normalization normalization, NetworkSpec network,
    Approach approach, int steps, int batch, int validationInterval, double foregroundShare, boolean mirror,
    Augmentation augmentation, boolean atlas, double secondsPerStep, Map<PlannedSetting, String> reasons,
    List<String> warnings) {

    /** Scales of intensities. */
    public enum Normalization {
        /** z-score of each image over its foreground. */
        Z_SCORE,
        /** Clipped at the 0.5th and 99.5th percentile, then z-score, both over all images: nnU-Net's for CT. */
        CLIPPED_Z_SCORE_OF_ALL
    }

    /** Ways to train. */
    public enum Approach {
        /** On labeled images alone. */
        SUPERVISED,
        /** Also on the images of sites that nobody has segmented. */
        ADAPTATION
    }

    /** What happens to patches before the network sees them. */
    public enum Augmentation {
        /** Nothing beside mirroring. */
        NONE,
        /** What happens in scans of the same kind. */
        SAME_KIND,
        /** What happens in scans of other scanners. */
        OTHER_SCANNERS
    }

    /** Copies the collections; every setting has a reason. */
    public TrainingPlan {
        spacing = List.copyOf(spacing);
        warnings = List.copyOf(warnings);
        reasons = Map.copyOf(new EnumMap<>(reasons));
        for (final PlannedSetting setting : PlannedSetting.values()) {
            if (!reasons.containsKey(setting)) {
                throw new IllegalArgumentException("No reason for " + setting + ".");
            }
        }
    }
}

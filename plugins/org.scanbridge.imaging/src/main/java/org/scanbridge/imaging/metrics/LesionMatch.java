package org.scanbridge.imaging.metrics;

import java.util.List;

/**
 * The lesions of a reference and of a prediction, in the order of their first voxel (i fastest).
 *
 * @param actual those of the reference; found if the prediction detects them
 * @param predicted those of the prediction; found if the reference confirms them
 * @param joined number of lesions of the prediction by each of which several of the reference are found
 */
public record LesionMatch(List<Lesion> actual, List<Lesion> predicted, int joined) {

    /** Keeps the lists. */
    public LesionMatch {
        actual = List.copyOf(actual);
        predicted = List.copyOf(predicted);
    }

    /**
     * A lesion.
     *
     * @param box the smallest box around it
     * @param voxels number of its voxels
     * @param found whether the other side has it, by the rule of {@link LesionDetection}
     * @param bestIou the largest intersection over union of its box with one of the other side, in [0, 1]
     */
    public record Lesion(ObjectBox box, int voxels, boolean found, double bestIou) {
    }

    /** The counts. */
    public LesionScores scores() {
        return new LesionScores(actual.size(), predicted.size(), (int)actual.stream().filter(Lesion::found).count(),
            (int)predicted.stream().filter(Lesion::found).count());
    }
}

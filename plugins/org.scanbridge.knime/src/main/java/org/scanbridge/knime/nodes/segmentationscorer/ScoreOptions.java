package org.scanbridge.knime.nodes.segmentationscorer;

import java.util.Objects;
import java.util.Optional;

import org.scanbridge.imaging.metrics.GeneralizedDice;
import org.scanbridge.imaging.metrics.LesionDetection;

/**
 * What is scored, and how.
 *
 * @param surfaceDistances whether to compute distances between surfaces, the slowest of the scores
 * @param surfaceElements whether to compute the surface Dice by area, too
 * @param pooledHausdorff95 whether HD95 is the percentile of both directions pooled; else the larger of both
 * @param tolerance of the surface Dice in mm
 * @param penalizeEmpty whether a distance counts as the image's diagonal if exactly one of both masks is empty; else
 *            it is missing
 * @param absentIsPerfect whether an overlap score is 1 if both masks are empty; else it is missing
 * @param generalizedDice the score of all classes together
 * @param lesions how lesions are counted; empty if they are not
 * @param areas whether areas under curves are taken of probabilities
 */
record ScoreOptions(boolean surfaceDistances, boolean surfaceElements, boolean pooledHausdorff95, double tolerance,
    boolean penalizeEmpty, boolean absentIsPerfect, GeneralizedDice generalizedDice, Optional<LesionDetection> lesions,
    boolean areas) {

    ScoreOptions {
        Objects.requireNonNull(generalizedDice, "generalizedDice");
        Objects.requireNonNull(lesions, "lesions");
    }
}

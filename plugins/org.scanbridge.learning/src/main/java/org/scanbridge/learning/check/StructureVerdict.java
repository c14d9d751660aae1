package org.scanbridge.learning.check;

import java.util.Map;

/**
 * What was predicted of a structure in an image.
 *
 * @param structure its name; {@link AdaptationCheck#ALL} for the mean of all
 * @param estimate the Dice; {@link DiceEstimate#UNKNOWN} if no labeled image has the structure
 * @param sourceDice mean true Dice on the labeled images as they are; NaN if none has the structure
 * @param verdict in words
 * @param evidence what it rests on
 */
public record StructureVerdict(String structure, DiceEstimate estimate, double sourceDice, Verdict verdict,
    Map<Evidence, Double> evidence) {

    /** Copies the map. */
    public StructureVerdict {
        evidence = Map.copyOf(evidence);
    }
}

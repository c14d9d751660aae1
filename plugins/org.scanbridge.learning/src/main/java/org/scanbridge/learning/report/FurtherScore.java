package org.scanbridge.learning.report;

/**
 * A score beside the Dice, of one class of one image.
 *
 * @param subject pseudonymous subject id
 * @param site site of the subject
 * @param role role of the subject in the split, such as {@code test}
 * @param model name of the model
 * @param score name of the score with its unit, such as {@code HD95 (mm)}
 * @param value finite
 */
public record FurtherScore(String subject, String site, String role, String model, String score, double value) {
}

package org.scanbridge.learning.report;

import java.util.OptionalDouble;

/**
 * One score of one subject: how well one model segmented one class.
 *
 * @param subject pseudonymous subject id
 * @param site site of the subject
 * @param role role of the subject in the split, such as {@code test}
 * @param domain {@code source} or {@code target}
 * @param model name of the model
 * @param className name of the class; never the background
 * @param dice Dice coefficient in [0, 1]; missing where neither the model nor the reference has the class
 */
public record ScoreRow(String subject, String site, String role, String domain, String model, String className,
    OptionalDouble dice) {
}

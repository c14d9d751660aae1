package org.scanbridge.learning.report;

import java.util.OptionalDouble;

/**
 * The Dice that was predicted for an image without its labels, mean of all classes.
 *
 * @param subject pseudonymous subject id
 * @param site its site
 * @param dice the prediction, in [0, 1]
 * @param low lower end of its interval
 * @param high upper end of its interval
 * @param source mean true Dice on the source's labeled images
 * @param verdict in words
 * @param reason why it may be worse; empty if it is not
 * @param before what is predicted of the network before the adaptation; empty if that was not asked for
 */
public record PredictedScore(String subject, String site, double dice, double low, double high, double source,
    String verdict, String reason, OptionalDouble before) {
}

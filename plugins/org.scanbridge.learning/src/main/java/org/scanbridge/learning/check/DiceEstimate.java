package org.scanbridge.learning.check;

/**
 * A Dice that was predicted without labels.
 *
 * @param dice the prediction, in [0, 1]
 * @param low lower end of its interval, in [0, dice]
 * @param high upper end of its interval, in [dice, 1]
 */
public record DiceEstimate(double dice, double low, double high) {
}

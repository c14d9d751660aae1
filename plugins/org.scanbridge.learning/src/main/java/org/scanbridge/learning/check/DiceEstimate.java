package org.scanbridge.learning.check;

/**
 * A Dice that was predicted without labels; of a structure that nothing was learned of, {@link #UNKNOWN}.
 *
 * @param dice the prediction, in [0, 1]
 * @param low lower end of its interval, in [0, dice]
 * @param high upper end of its interval, in [dice, 1]
 */
public record DiceEstimate(double dice, double low, double high) {

    /** Nothing can be predicted: NaN. */
    public static final DiceEstimate UNKNOWN = new DiceEstimate(Double.NaN, Double.NaN, Double.NaN);

    /**
     * The same prediction with an interval that reaches further on both sides, within [0, 1].
     *
     * @param by how much further; not negative
     */
    public DiceEstimate widened(final double by) {
        return new DiceEstimate(dice, Math.max(0, low - by), Math.min(1, high + by));
    }

    /** Whether something was predicted. */
    public boolean isKnown() {
        return !Double.isNaN(dice);
    }
}

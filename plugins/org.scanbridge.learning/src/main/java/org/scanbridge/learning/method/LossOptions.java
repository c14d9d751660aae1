package org.scanbridge.learning.method;

import java.util.List;
import java.util.Map;
import java.util.Objects;

import org.scanbridge.learning.graph.SegmentationLossSpec.DiceForm;

/**
 * What a segmentation network is trained to make small: a sum of an overlap loss and a loss per voxel.
 *
 * @param diceForm the overlap loss; {@link DiceForm#POOLED} is eq. 2 of Delisle et al.
 * @param diceWeight weight of the overlap loss; ≥ 0
 * @param crossEntropyWeight weight of the loss per voxel; ≥ 0; not both weights 0
 * @param classWeights one weight per class, background first, or per region, for both losses; empty for equal weights, of the
 *            foreground only in the overlap loss
 * @param focalGamma γ of the focal loss, 0 to 10; 0 for the cross-entropy, 2 in the paper (Lin et al., ICCV 2017)
 * @param tverskyAlpha weight of false positives in the Tversky loss, [0, 1]; below ½ favors finding over not overdoing
 */
public record LossOptions(DiceForm diceForm, double diceWeight, double crossEntropyWeight, List<Double> classWeights,
    double focalGamma, double tverskyAlpha) {

    /** @throws IllegalArgumentException if a component is outside the range given above */
    public LossOptions {
        Objects.requireNonNull(diceForm, "diceForm");
        classWeights = List.copyOf(classWeights);
        check(diceWeight >= 0 && crossEntropyWeight >= 0 && diceWeight + crossEntropyWeight > 0
            && Double.isFinite(diceWeight + crossEntropyWeight), "Loss weights " + diceWeight + " (Dice) and " + crossEntropyWeight
                + " (cross-entropy): finite, not negative, and one above 0.");
        check(classWeights.stream().allMatch(w -> w >= 0 && Double.isFinite(w)) && (classWeights.isEmpty()
            || classWeights.stream().anyMatch(w -> w > 0)), "Class weights " + classWeights
                + ": finite, not negative, and one above 0.");
        check(focalGamma >= 0 && focalGamma <= 10, "Gamma of the focal loss " + focalGamma + ": 0 to 10.");
        check(tverskyAlpha >= 0 && tverskyAlpha <= 1, "Alpha of the Tversky loss " + tverskyAlpha + ": 0 to 1.");
    }

    /** Mean Dice plus cross-entropy, all classes alike. */
    public static LossOptions defaults() {
        return new LossOptions(DiceForm.MEAN, 1, 1, List.of(), 0, 0.5);
    }

    /** The same with other weights of the two parts. */
    public LossOptions withWeights(final double dice, final double crossEntropy) {
        return new LossOptions(diceForm, dice, crossEntropy, classWeights, focalGamma, tverskyAlpha);
    }

    /** The same with other class weights. */
    public LossOptions withClassWeights(final List<Double> value) {
        return new LossOptions(diceForm, diceWeight, crossEntropyWeight, value, focalGamma, tverskyAlpha);
    }

    /** The same with another overlap loss. */
    public LossOptions withDiceForm(final DiceForm value) {
        return new LossOptions(value, diceWeight, crossEntropyWeight, classWeights, focalGamma, tverskyAlpha);
    }

    void addTo(final Map<String, String> map) {
        map.put("diceWeight", "" + diceWeight);
        map.put("crossEntropyWeight", "" + crossEntropyWeight);
        map.put("classWeights", classWeights.toString());
        map.put("diceForm", diceForm.name());
        map.put("focalGamma", "" + focalGamma);
        map.put("tverskyAlpha", "" + tverskyAlpha);
    }

    private static void check(final boolean ok, final String message) {
        if (!ok) {
            throw new IllegalArgumentException(message);
        }
    }
}

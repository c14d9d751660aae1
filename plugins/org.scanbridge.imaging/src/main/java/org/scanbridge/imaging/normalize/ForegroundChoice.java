package org.scanbridge.imaging.normalize;

import java.util.Locale;
import java.util.Optional;

import org.scanbridge.imaging.volume.Volume;

/**
 * Which foreground rule fits an image, judged by its modality and its values, and why.
 * <ol>
 * <li>CT (modality CT, units HU, or no modality and values down to -200) has an absolute scale: the whole image.
 * <li>Values on both sides of 0 are those of an image that was normalized before: without the zeros if at least 5 % of
 * the voxels are 0, which then are its background, else the whole image.
 * <li>Where the values above 0 fall into much noise and tissue, as in a whole head in air: above Otsu's threshold.
 * <li>At least 5 % zeros are a background: above zero. Otherwise there is none: the whole image.
 * </ol>
 * Where no background was made, nothing is set to a constant: all voxels are mapped like the foreground, so that air
 * stays darker than tissue.
 *
 * @param rule the rule
 * @param reason for people
 */
public record ForegroundChoice(Foreground rule, String reason) {

    /**
     * Chooses.
     *
     * @param image all its voxels are finite
     */
    public static ForegroundChoice of(final Volume image) {
        final IntensityFacts facts = IntensityFacts.of(image);
        if (facts.ct()) {
            return new ForegroundChoice(Foreground.WHOLE_IMAGE, "CT has an absolute scale");
        }
        final String zeros = percent(facts.zeroShare()) + " of the voxels are 0";
        if (facts.isSigned()) {
            return facts.hasZeroBackground()
                ? new ForegroundChoice(Foreground.NOT_ZERO, "normalized before, " + zeros)
                : new ForegroundChoice(Foreground.WHOLE_IMAGE, "negative values and no background of 0");
        }
        if (facts.hasNoisyAir(image)) {
            return new ForegroundChoice(Foreground.OTSU, "noise around the tissue, only " + zeros);
        }
        return facts.hasZeroBackground() ? new ForegroundChoice(Foreground.ABOVE_ZERO, zeros)
            : new ForegroundChoice(Foreground.WHOLE_IMAGE, "no background: only " + zeros);
    }

    /**
     * Whether the values are Hounsfield units: the modality is CT, the unit HU, or there is no modality and values go down to
     * -200.
     */
    public static boolean isCt(final Volume image) {
        return IntensityFacts.of(image).ct();
    }

    /** Whether the voxels outside of the foreground are a background of zeros that somebody made. */
    public boolean hasBackground() {
        return rule == Foreground.ABOVE_ZERO || rule == Foreground.NOT_ZERO;
    }

    /** {@code above zero (41 % of the voxels are 0)}. */
    @Override
    public String toString() {
        return rule.text() + " (" + reason + ")";
    }

    /**
     * Why a rule that a user chose cannot be right for an image.
     *
     * @param rule the chosen rule
     * @param background what becomes of the other voxels
     * @param image all its voxels are finite
     * @return for people, beginning in lower case; empty if there is nothing to say
     */
    public static Optional<String> doubt(final Foreground rule, final Background background, final Volume image) {
        if (rule == Foreground.AUTOMATIC || rule == Foreground.MASK) {
            return Optional.empty();
        }
        final IntensityFacts facts = IntensityFacts.of(image);
        final boolean constant = background == Background.CONSTANT;
        if (facts.ct() && rule != Foreground.WHOLE_IMAGE && constant) {
            return Optional.of("in CT, air and fat lie below the foreground and become the same constant, which may be"
                + " brighter than tissue");
        }
        if (rule == Foreground.ABOVE_ZERO && facts.isSigned()) {
            return Optional.of(percent(facts.belowShare()) + " of the voxels are below 0, as after an earlier"
                + " normalization, and count as background");
        }
        if (rule == Foreground.ABOVE_ZERO && facts.hasNoisyAir(image)) {
            return Optional.of("the air is noise instead of 0 (only " + percent(facts.zeroShare()) + " of the voxels are"
                + " 0), so it counts as foreground and the field of view changes the result");
        }
        return Optional.empty();
    }

    private static String percent(final double share) {
        return share > 0 && share < 0.01 ? "less than 1 %" : String.format(Locale.ROOT, "%.0f %%", 100 * share);
    }
}

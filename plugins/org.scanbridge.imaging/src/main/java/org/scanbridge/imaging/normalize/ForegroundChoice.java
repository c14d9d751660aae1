package org.scanbridge.imaging.normalize;

import java.util.BitSet;
import java.util.Locale;
import java.util.Optional;

import org.scanbridge.imaging.volume.Volume;

/**
 * Which foreground rule fits an image, judged by its modality and its values, and why.
 * <ol>
 * <li>CT (modality CT, units HU, or no modality and values down to -200) has an absolute scale: the whole image, without what
 * {@link ScanPadding} says was never measured. That is mapped like the rest, so that it stays darker than air.
 * <li>If less than 5 % of the voxels are 0, but one other value is that of the image's {@link Surroundings}, as in an image that was
 * z-scored, scaled or inverted after a brain was cut out, the following is said of that value instead of 0: an image of an increasing
 * linear function of the intensities has the same foreground.
 * <li>Values on both sides of 0 are those of an image that was normalized before: without the zeros if at least 5 % of
 * the voxels are 0, which then are its background, else the whole image.
 * <li>Where the values above 0 fall into much noise and tissue, as in a whole head in air: above Otsu's threshold.
 * <li>At least 5 % zeros are a background: above zero. Otherwise there is none: the whole image.
 * </ol>
 * Where no background was made, nothing is set to a constant: all voxels are mapped like the foreground, so that air
 * stays darker than tissue.
 *
 * @param rule the rule; {@link Foreground#ABOVE_ZERO} and {@link Foreground#NOT_ZERO} are relative to {@code zero}
 * @param zero 0, or the value of the surroundings
 * @param hasBackground whether the voxels outside of the foreground are a background of one value that somebody made, which may become
 *            any constant
 * @param reason for people
 */
public record ForegroundChoice(Foreground rule, float zero, boolean hasBackground, String reason) {

    /** Without a modality, whole numbers that end here or below are a CT that was cut off at the ends of a window: fat is -100. */
    private static final float WINDOW = -50;

    /** A choice relative to 0. */
    public ForegroundChoice(final Foreground rule, final String reason) {
        this(rule, 0, reason);
    }

    private ForegroundChoice(final Foreground rule, final float zero, final String reason) {
        this(rule, zero, rule == Foreground.ABOVE_ZERO || rule == Foreground.NOT_ZERO, reason);
    }

    /**
     * Chooses.
     *
     * @param image all its voxels are finite
     */
    public static ForegroundChoice of(final Volume image) {
        final IntensityFacts ofZero = IntensityFacts.of(image);
        if (ofZero.ct()) {
            final String reason = "CT has an absolute scale";
            return ScanPadding.of(image).map(p -> new ForegroundChoice(Foreground.ABOVE_ZERO, p.value(), false,
                reason + ", but " + percent((double)p.voxels() / image.voxels().length) + " of the voxels are " + number(p.value())
                    + ", less than anything measured")).orElseGet(() -> new ForegroundChoice(Foreground.WHOLE_IMAGE, reason));
        }
        final IntensityFacts facts =
            surroundings(image, ofZero).map(s -> IntensityFacts.of(image, s.value())).orElse(ofZero);
        final String zeros = percent(facts.zeroShare()) + " of the voxels are " + number(facts.zero());
        if (facts.isSigned()) {
            return facts.hasZeroBackground()
                ? new ForegroundChoice(Foreground.NOT_ZERO, facts.zero(), facts.zero() == 0 ? "normalized before, " + zeros : zeros)
                : new ForegroundChoice(Foreground.WHOLE_IMAGE, "negative values and no background of one value");
        }
        if (facts.hasNoisyAir(image)) {
            return new ForegroundChoice(Foreground.OTSU, facts.zero(), "noise around the tissue, only " + zeros);
        }
        return facts.hasZeroBackground() ? new ForegroundChoice(Foreground.ABOVE_ZERO, facts.zero(), zeros)
            : new ForegroundChoice(Foreground.WHOLE_IMAGE, "no background: only " + zeros);
    }

    /** The surroundings, unless the image is CT or has a background of 0. */
    private static Optional<Surroundings> surroundings(final Volume image, final IntensityFacts ofZero) {
        return ofZero.ct() || ofZero.hasZeroBackground() ? Optional.empty()
            : Surroundings.of(image).filter(s -> s.value() > ofZero.min() || !isWindow(image, s.value()));
    }

    /**
     * The one value around what an image shows: 0 where {@link #of} takes it for a background, else that of the surroundings. An
     * image that is continued beyond its faces with it has the same foreground.
     *
     * @return empty if there is no such value, as where air was measured
     */
    public static Optional<Float> background(final Volume image) {
        final IntensityFacts ofZero = IntensityFacts.of(image);
        return !ofZero.ct() && ofZero.hasZeroBackground() ? Optional.of(0f) : Surroundings.of(image).map(Surroundings::value);
    }

    private static boolean isWindow(final Volume image, final float lowest) {
        boolean window = image.info().modality().isEmpty() && lowest <= WINDOW;
        for (int v = 0; window && v < image.voxels().length; v++) {
            window = image.voxels()[v] == Math.rint(image.voxels()[v]);
        }
        return window;
    }

    /**
     * The foreground voxels.
     *
     * @param sample the image that was chosen for
     * @return by index in {@link Volume#voxels()}; never empty
     */
    public BitSet voxels(final Sample sample) {
        return rule.of(sample, zero);
    }

    /**
     * Whether the values are Hounsfield units: the modality is CT, the unit HU, or there is no modality and values go down to
     * -200.
     */
    public static boolean isCt(final Volume image) {
        return IntensityFacts.of(image).ct();
    }

    /** {@code above zero (41 % of the voxels are 0)}, or {@code above the surroundings (41 % of the voxels are -0.4123)}. */
    @Override
    public String toString() {
        return (zero == 0 ? rule.text() : rule.text().replace("zero", "the surroundings")) + " (" + reason + ")";
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
        final Optional<Surroundings> surroundings = surroundings(image, facts);
        if ((rule == Foreground.ABOVE_ZERO || rule == Foreground.NOT_ZERO) && surroundings.isPresent()) {
            return Optional.of("what is around the tissue has one value (" + percent((double)surroundings.get().voxels()
                / image.voxels().length) + " of the voxels are " + number(surroundings.get().value())
                + ") and counts as foreground, so the field of view changes the result");
        }
        if (rule == Foreground.ABOVE_ZERO && facts.hasNoisyAir(image)) {
            return Optional.of("the air is noise instead of 0 (only " + percent(facts.zeroShare()) + " of the voxels are"
                + " 0), so it counts as foreground and the field of view changes the result");
        }
        return Optional.empty();
    }

    private static String number(final float value) {
        return String.format(Locale.ROOT, value == Math.rint(value) ? "%.0f" : "%.4g", value);
    }

    private static String percent(final double share) {
        return share > 0 && share < 0.01 ? "less than 1 %" : String.format(Locale.ROOT, "%.0f %%", 100 * share);
    }
}

package org.scanbridge.imaging.augment;

import java.util.List;
import java.util.Map;

import org.scanbridge.imaging.random.SeededRandom;

/**
 * Spreads or squeezes the foreground around its mean, clipped to its former range: min(max(μ + f·(x - μ), min), max).
 *
 * @param factor what f is drawn from, positive
 */
public record Contrast(Range factor) implements Augmentation {

    /** 0.75 to 1.25, as nnU-Net. */
    public static final Contrast DEFAULT = new Contrast(new Range(0.75, 1.25));

    private static final String FACTOR = "contrast (factor)";

    /** @throws IllegalArgumentException if a factor is not positive */
    public Contrast {
        factor.aboveZero("contrast factor");
    }

    @Override
    public List<String> parameterNames() {
        return List.of(FACTOR);
    }

    @Override
    public Transformation draw(final SeededRandom random) {
        final double f = factor.draw(random);
        return IntensityChange.of(Map.of(FACTOR, f), (image, target) -> {
            final float[] x = image.voxels();
            final ForegroundIntensities fg = new ForegroundIntensities(image);
            fg.map(target, v -> clipped(fg.mean() + f * (x[v] - fg.mean()), fg.min(), fg.max()));
        });
    }

    /** By comparisons, which for numbers that are no NaN take a third of the time of {@link Math#min} and {@link Math#max}. */
    private static double clipped(final double y, final double min, final double max) {
        return y < min ? min : y > max ? max : y;
    }
}

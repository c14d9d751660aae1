package org.scanbridge.imaging.augment;

import java.util.List;
import java.util.Map;

import org.scanbridge.imaging.random.SeededRandom;

/**
 * Multiplies the foreground by a factor.
 *
 * @param factor what it is drawn from, positive
 */
public record Brightness(Range factor) implements Augmentation {

    /** 0.75 to 1.25, as nnU-Net. */
    public static final Brightness DEFAULT = new Brightness(new Range(0.75, 1.25));

    private static final String FACTOR = "brightness (factor)";

    /** @throws IllegalArgumentException if a factor is not positive */
    public Brightness {
        factor.aboveZero("brightness factor");
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
            new ForegroundIntensities(image).map(target, v -> f * x[v]);
        });
    }
}

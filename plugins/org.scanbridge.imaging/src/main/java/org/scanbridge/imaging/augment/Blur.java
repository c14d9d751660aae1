package org.scanbridge.imaging.augment;

import java.util.BitSet;
import java.util.List;
import java.util.Map;

import org.scanbridge.imaging.filter.GaussianBlur;
import org.scanbridge.imaging.parallel.Chunks;
import org.scanbridge.imaging.random.SeededRandom;

/**
 * Smooths with a Gaussian of equal width in mm along all axes; the background stays 0.
 *
 * @param sigma what its standard deviation in mm is drawn from, not negative
 */
public record Blur(Range sigma) implements Augmentation {

    /** 0.5 to 1.2 mm. */
    public static final Blur DEFAULT = new Blur(new Range(0.5, 1.2));

    private static final String SIGMA = "blur (mm)";

    /** @throws IllegalArgumentException if a standard deviation is negative or above 50 mm */
    public Blur {
        sigma.within(0, 50, "standard deviation of blur in mm");
    }

    @Override
    public List<String> parameterNames() {
        return List.of(SIGMA);
    }

    @Override
    public Transformation draw(final SeededRandom random) {
        final double mm = sigma.draw(random);
        return IntensityChange.of(Map.of(SIGMA, mm), (image, target) -> {
            ForegroundIntensities.requireFinite(image);
            final double[] s = image.geometry().spacing();
            final BitSet background = ForegroundIntensities.zeros(image.voxels());
            Chunks.withWorkers(target.length, workers -> new GaussianBlur(mm / s[0], mm / s[1], mm / s[2])
                .smooth(image.voxels(), target, image.geometry().size(), workers));
            ForegroundIntensities.clear(target, background);
        });
    }
}

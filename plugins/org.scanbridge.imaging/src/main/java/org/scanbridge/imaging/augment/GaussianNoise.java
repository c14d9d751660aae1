package org.scanbridge.imaging.augment;

import java.util.List;
import java.util.Map;

import org.scanbridge.imaging.parallel.Chunks;
import org.scanbridge.imaging.random.GaussianField;
import org.scanbridge.imaging.random.SeededRandom;

/**
 * Adds normal noise to the foreground.
 *
 * @param sd what its standard deviation, as a share of the foreground's own, is drawn from; not negative
 */
public record GaussianNoise(Range sd) implements Augmentation {

    /** Up to a tenth of the foreground's standard deviation. */
    public static final GaussianNoise DEFAULT = new GaussianNoise(new Range(0, 0.1));

    private static final String SD = "Gaussian noise (share of sd)";

    /** @throws IllegalArgumentException if a standard deviation is negative */
    public GaussianNoise {
        sd.within(0, Double.MAX_VALUE, "standard deviation of Gaussian noise");
    }

    @Override
    public List<String> parameterNames() {
        return List.of(SD);
    }

    @Override
    public Transformation draw(final SeededRandom random) {
        final double share = sd.draw(random);
        final long seed = random.nextLong();
        return IntensityChange.of(Map.of(SD, share), (image, target) -> {
            final float[] x = image.voxels();
            final double sigma = share * ForegroundIntensities.Moments.of(x).sd();
            final GaussianField noise = new GaussianField(seed);
            Chunks.forEach(x.length, () -> new Worker(new Lanes(), noise.filler()),
                (worker, c, from, to) -> worker.lanes.add(x, (float)sigma, worker.noise, from, to, target));
        });
    }

    private record Worker(Lanes lanes, GaussianField.Filler noise) {
    }
}

package org.scanbridge.imaging.augment;

import java.util.List;
import java.util.Map;

import org.scanbridge.imaging.parallel.Chunks;
import org.scanbridge.imaging.random.SeededRandom;
import org.scanbridge.imaging.volume.Volume;

/**
 * Bends the intensity scale: ((x - min)/(max - min))^γ·(max - min) + min over the foreground, then mean and standard
 * deviation of the foreground are restored, as nnU-Net does. A constant foreground stays.
 *
 * @param gamma what γ is drawn from, positive
 */
public record Gamma(Range gamma) implements Augmentation {

    /** 0.7 to 1.5, as nnU-Net. */
    public static final Gamma DEFAULT = new Gamma(new Range(0.7, 1.5));

    private static final String GAMMA = "gamma (exponent)";

    /** @throws IllegalArgumentException if an exponent is outside [0.01, 100] */
    public Gamma {
        gamma.within(0.01, 100, "gamma exponent");
    }

    @Override
    public List<String> parameterNames() {
        return List.of(GAMMA);
    }

    @Override
    public Transformation draw(final SeededRandom random) {
        final double exponent = gamma.draw(random);
        return IntensityChange.of(Map.of(GAMMA, exponent), (image, target) -> bend(image, exponent, target));
    }

    private static void bend(final Volume image, final double exponent, final float[] target) {
        final float[] x = image.voxels();
        final ForegroundIntensities before = new ForegroundIntensities(image);
        final double range = before.max() - before.min();
        if (!(range > 0)) {
            before.map(target, v -> x[v]);
            return;
        }
        final Bend bend = new Bend(exponent, before.min(), range);
        final ForegroundIntensities.Moments after =
            ForegroundIntensities.Moments.of(target, (c, from, to) -> bend.apply(x, target, from, to));
        final double factor = before.sd() / after.sd();
        final double offset = before.mean() - after.mean() * factor;
        Chunks.forEach(x.length, (c, from, to) -> Lanes.scale(target, (float)factor, (float)offset, from, to));
    }
}

package org.scanbridge.imaging.augment;

import java.util.BitSet;
import java.util.List;
import java.util.Map;

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
        // Not the foreground of the bent image: a value that bends to exactly 0 still belongs to it.
        final BitSet background = ForegroundIntensities.zeros(x);
        before.map(target, v -> before.min() + range * StrictMath.pow((x[v] - before.min()) / range, exponent));
        double sum = 0;
        for (int v = background.nextClearBit(0); v < target.length; v = background.nextClearBit(v + 1)) {
            sum += target[v];
        }
        final double count = target.length - background.cardinality();
        final double mean = sum / count;
        double squares = 0;
        for (int v = background.nextClearBit(0); v < target.length; v = background.nextClearBit(v + 1)) {
            squares += (target[v] - mean) * (target[v] - mean);
        }
        final double factor = before.sd() / Math.sqrt(squares / count);
        for (int v = 0; v < target.length; v++) {
            target[v] = (float)(before.mean() + (target[v] - mean) * factor);
        }
        ForegroundIntensities.clear(target, background);
    }
}

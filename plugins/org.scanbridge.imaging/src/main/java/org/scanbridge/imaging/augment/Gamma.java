package org.scanbridge.imaging.augment;

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
        return Transformation.of(Map.of(GAMMA, exponent),
            sample -> sample.withImage(bend(sample.image(), exponent)));
    }

    private static Volume bend(final Volume image, final double exponent) {
        final float[] x = image.voxels();
        final ForegroundIntensities before = new ForegroundIntensities(image);
        final double range = before.max() - before.min();
        if (!(range > 0)) {
            return image;
        }
        final Volume bent =
            before.map(v -> before.min() + range * StrictMath.pow((x[v] - before.min()) / range, exponent));
        // Not the foreground of the bent image: a value that bends to exactly 0 still belongs to it.
        double sum = 0;
        double squares = 0;
        long count = 0;
        final float[] y = bent.voxels();
        for (int v = 0; v < x.length; v++) {
            if (x[v] != 0) {
                sum += y[v];
                count++;
            }
        }
        final double mean = sum / count;
        for (int v = 0; v < x.length; v++) {
            squares += x[v] == 0 ? 0 : (y[v] - mean) * (y[v] - mean);
        }
        final double sd = Math.sqrt(squares / count);
        for (int v = 0; v < x.length; v++) {
            y[v] = x[v] == 0 ? 0 : (float)(before.mean() + (y[v] - mean) * before.sd() / sd);
        }
        return bent;
    }
}

package org.scanbridge.imaging.augment;

import java.util.List;
import java.util.Map;

import org.scanbridge.imaging.parallel.Chunks;
import org.scanbridge.imaging.random.GaussianField;
import org.scanbridge.imaging.random.SeededRandom;

/**
 * Makes the foreground the magnitude of a noisy complex signal, as in MR images: d + √((x - d + n₁)² + n₂²) with
 * n₁, n₂ normal of standard deviation (max - d)/SNR, and d the intensity of no signal: 0, or the darkest voxel of an
 * image with negative ones (Gudbjartsson and Patz, Magn. Reson. Med. 34, 1995).
 *
 * @param snr what the signal-to-noise ratio is drawn from, positive
 */
public record RicianNoise(Range snr) implements Augmentation {

    /** 15 to 60. */
    public static final RicianNoise DEFAULT = new RicianNoise(new Range(15, 60));

    private static final String SNR = "Rician noise (SNR)";

    /** @throws IllegalArgumentException if a signal-to-noise ratio is not positive */
    public RicianNoise {
        snr.aboveZero("signal-to-noise ratio");
    }

    @Override
    public List<String> parameterNames() {
        return List.of(SNR);
    }

    @Override
    public Transformation draw(final SeededRandom random) {
        final double ratio = snr.draw(random);
        final long seed = random.nextLong();
        return IntensityChange.of(Map.of(SNR, ratio), (image, target) -> {
            final float[] x = image.voxels();
            final ForegroundIntensities fg = new ForegroundIntensities(image);
            final double dark = fg.dark();
            final double sigma = (fg.max() - dark) / ratio;
            final GaussianField noise = new GaussianField(seed);
            Chunks.forEach(x.length, () -> new Worker(noise.filler(), new float[2 * Chunks.LENGTH]), (worker, c, from, to) -> {
                worker.noise.fill(2L * from, worker.numbers);
                magnitudes(x, worker.numbers, dark, sigma, from, to, target);
            });
        });
    }

    private record Worker(GaussianField.Filler noise, float[] numbers) {
    }

    private static void magnitudes(final float[] x, final float[] numbers, final double dark, final double sigma, final int from,
        final int to, final float[] target) {
        for (int v = from; v < to; v++) {
            if (x[v] == 0) {
                target[v] = 0;
            } else {
                final double real = x[v] - dark + sigma * numbers[2 * (v - from)];
                final double imaginary = sigma * numbers[2 * (v - from) + 1];
                target[v] = (float)(dark + Math.sqrt(real * real + imaginary * imaginary));
            }
        }
    }
}

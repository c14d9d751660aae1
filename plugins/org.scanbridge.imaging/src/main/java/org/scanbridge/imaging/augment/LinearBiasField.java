package org.scanbridge.imaging.augment;

import java.util.List;
import java.util.Map;

import org.scanbridge.imaging.random.SeededRandom;
import org.scanbridge.imaging.volume.Geometry;

/**
 * Multiplies the signal by a ramp from 1 - α to 1 + α along i and another along j, each rising or falling: the bias
 * field of Delisle et al. (Adversarial normalization for multi domain image segmentation, 2020), who drew α from 0.1,
 * 0.3, 0.5, 0.7, 0.9 for a third of their patches. Signal counts from the intensity of no signal as in
 * {@link RicianNoise}.
 *
 * @param alpha what α is drawn from, in [0, 0.99]
 */
public record LinearBiasField(Range alpha) implements Augmentation {

    /** 0.1 to 0.9. */
    public static final LinearBiasField DEFAULT = new LinearBiasField(new Range(0.1, 0.9));

    private static final String ALPHA = "linear bias field (alpha)";

    /** @throws IllegalArgumentException if α is negative or above 0.99 */
    public LinearBiasField {
        alpha.within(0, 0.99, "alpha of a linear bias field");
    }

    @Override
    public List<String> parameterNames() {
        return List.of(ALPHA);
    }

    @Override
    public Transformation draw(final SeededRandom random) {
        final double a = alpha.draw(random);
        final double alongI = random.happens(0.5) ? a : -a;
        final double alongJ = random.happens(0.5) ? a : -a;
        return IntensityChange.of(Map.of(ALPHA, a), (image, target) -> {
            final Geometry g = image.geometry();
            final ForegroundIntensities fg = new ForegroundIntensities(image);
            final double dark = fg.dark();
            fg.map(target, (j, k, row) -> {
                final double ofRow = 1 + alongJ * coordinate(j, g.size(1));
                for (int i = 0; i < row.length; i++) {
                    row[i] = ofRow * (1 + alongI * coordinate(i, g.size(0)));
                }
            }, (x, field) -> dark + (x - dark) * field);
        });
    }

    private static double coordinate(final int index, final int size) {
        return size == 1 ? 0 : 2.0 * index / (size - 1) - 1;
    }
}

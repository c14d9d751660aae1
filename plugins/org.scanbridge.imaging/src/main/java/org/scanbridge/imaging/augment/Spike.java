package org.scanbridge.imaging.augment;

import java.util.List;
import java.util.Map;

import org.scanbridge.imaging.random.SeededRandom;

/**
 * Adds a plane wave to the foreground: what a single bad sample of k-space does to an MR image (herringbone artifact).
 *
 * @param amplitude what its amplitude, as a share of the foreground's standard deviation, is drawn from; not negative
 */
public record Spike(Range amplitude) implements Augmentation {

    /** A fifth to one standard deviation. */
    public static final Spike DEFAULT = new Spike(new Range(0.2, 1));

    private static final String AMPLITUDE = "spike (share of sd)";

    /** @throws IllegalArgumentException if an amplitude is negative */
    public Spike {
        amplitude.within(0, Double.MAX_VALUE, "amplitude of a spike");
    }

    @Override
    public List<String> parameterNames() {
        return List.of(AMPLITUDE);
    }

    @Override
    public Transformation draw(final SeededRandom random) {
        final double share = amplitude.draw(random);
        final double[] position = {random.uniform(-0.5, 0.5), random.uniform(-0.5, 0.5), random.uniform(-0.5, 0.5)};
        final double phase = random.uniform(0, 2 * Math.PI);
        return IntensityChange.of(Map.of(AMPLITUDE, share), (image, target) -> {
            final ForegroundIntensities fg = new ForegroundIntensities(image);
            final double height = share * fg.sd();
            fg.map(target, (j, k, row) -> wave(2 * Math.PI * position[0],
                2 * Math.PI * (position[1] * j + position[2] * k) + phase, row), (x, w) -> x + height * w);
        });
    }

    /** cos(start + i·step), by turning from voxel to voxel. */
    private static void wave(final double step, final double start, final double[] row) {
        final double turnCos = StrictMath.cos(step);
        final double turnSin = StrictMath.sin(step);
        double cos = StrictMath.cos(start);
        double sin = StrictMath.sin(start);
        for (int i = 0; i < row.length; i++) {
            row[i] = cos;
            final double next = cos * turnCos - sin * turnSin;
            sin = sin * turnCos + cos * turnSin;
            cos = next;
        }
    }
}

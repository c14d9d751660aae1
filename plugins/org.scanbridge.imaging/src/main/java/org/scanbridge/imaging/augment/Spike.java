package org.scanbridge.imaging.augment;

import java.util.List;
import java.util.Map;

import org.scanbridge.imaging.random.SeededRandom;
import org.scanbridge.imaging.volume.Geometry;

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
        return Transformation.of(Map.of(AMPLITUDE, share), sample -> {
            final float[] x = sample.image().voxels();
            final Geometry g = sample.image().geometry();
            final ForegroundIntensities fg = new ForegroundIntensities(sample.image());
            final double height = share * fg.sd();
            return sample.withImage(fg.map(v -> {
                final double cycles = position[0] * (v % g.size(0)) + position[1] * (v / g.size(0) % g.size(1))
                    + position[2] * (v / g.size(0) / g.size(1));
                return x[v] + height * StrictMath.cos(2 * Math.PI * cycles + phase);
            }));
        });
    }
}

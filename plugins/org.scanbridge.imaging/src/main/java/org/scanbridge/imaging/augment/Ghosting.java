package org.scanbridge.imaging.augment;

import java.util.List;
import java.util.Map;

import org.scanbridge.imaging.random.SeededRandom;
import org.scanbridge.imaging.volume.Geometry;

/**
 * Adds faint copies of the image shifted around along one axis, as periodic motion does along the phase-encoding
 * direction: x(p) + a/n·Σ x(p - g·N/n) over g = 1 … n-1, wrapped around; signal counts from the intensity of no signal
 * as in {@link RicianNoise}. The background stays 0.
 *
 * @param axis index axis of phase encoding: 0 i, 1 j, 2 k
 * @param ghosts what n is drawn from, whole numbers are taken, at least 2
 * @param intensity what a is drawn from, not negative
 */
public record Ghosting(int axis, Range ghosts, Range intensity) implements Augmentation {

    /** Along j, 4 to 10 ghosts of together 0.1 to 0.5. */
    public static final Ghosting DEFAULT = new Ghosting(1, new Range(4, 10), new Range(0.1, 0.5));

    private static final String GHOSTS = "ghosting (number)";

    private static final String INTENSITY = "ghosting (intensity)";

    /** @throws IllegalArgumentException if there is no such axis, or a range is out of bounds */
    public Ghosting {
        if (axis < 0 || axis > 2) {
            throw new IllegalArgumentException("axis " + axis + " is none of 0 (i), 1 (j), 2 (k)");
        }
        ghosts.within(2, 100, "number of ghosts");
        intensity.within(0, 10, "intensity of ghosts");
    }

    @Override
    public List<String> parameterNames() {
        return List.of(GHOSTS, INTENSITY);
    }

    @Override
    public Transformation draw(final SeededRandom random) {
        final int n = (int)Math.rint(ghosts.draw(random));
        final double a = intensity.draw(random);
        return Transformation.of(Map.of(GHOSTS, (double)n, INTENSITY, a), sample -> {
            final float[] x = sample.image().voxels();
            final Geometry g = sample.image().geometry();
            final int size = g.size(axis);
            final int stride = axis == 0 ? 1 : axis == 1 ? g.size(0) : g.size(0) * g.size(1);
            final ForegroundIntensities fg = new ForegroundIntensities(sample.image());
            return sample.withImage(fg.map(v -> {
                final int position = v / stride % size;
                double sum = 0;
                for (int ghost = 1; ghost < n; ghost++) {
                    final int from = Math.floorMod(position - (int)Math.rint((double)ghost * size / n), size);
                    final float value = x[v + (from - position) * stride];
                    sum += value == 0 ? 0 : value - fg.dark();
                }
                return x[v] + a / n * sum;
            }));
        });
    }
}

package org.scanbridge.imaging.augment;

import java.util.BitSet;
import java.util.List;
import java.util.Map;

import org.scanbridge.imaging.filter.Lines;
import org.scanbridge.imaging.parallel.Chunks;
import org.scanbridge.imaging.random.SeededRandom;

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
        return IntensityChange.of(Map.of(GHOSTS, (double)n, INTENSITY, a), (image, target) -> {
            final int[] size = image.geometry().size();
            final double dark = new ForegroundIntensities(image).dark();
            final int[] shift = new int[n - 1];
            for (int ghost = 1; ghost < n; ghost++) {
                shift[ghost - 1] = (int)Math.rint((double)ghost * size[axis] / n) % size[axis];
            }
            final BitSet background = ForegroundIntensities.zeros(image.voxels());
            Chunks.withWorkers(target.length, workers -> Lines.map(image.voxels(), target, size, axis, size[axis], workers,
                () -> (from, to, lanes) -> ghosts(from, to, size[axis], lanes, shift, dark, a / n)));
            ForegroundIntensities.clear(target, background);
        });
    }

    private static void ghosts(final double[] from, final double[] to, final int size, final int lanes,
        final int[] shifts, final double dark, final double share) {
        for (int p = 0; p < size; p++) {
            for (int lane = 0; lane < lanes; lane++) {
                double sum = 0;
                for (final int shift : shifts) {
                    final double value = from[(p >= shift ? p - shift : p - shift + size) * lanes + lane];
                    sum += value == 0 ? 0 : value - dark;
                }
                to[p * lanes + lane] = from[p * lanes + lane] + share * sum;
            }
        }
    }
}

package org.scanbridge.imaging.register;

import java.util.Arrays;
import java.util.Objects;

import org.scanbridge.imaging.Progress;
import org.scanbridge.imaging.random.SeededRandom;
import org.scanbridge.imaging.stats.Percentiles;
import org.scanbridge.imaging.volume.Volume;

import net.imglib2.parallel.TaskExecutor;

/**
 * Refines an affine registration onto an image from which something was cut out, such as a brain without its skull, by what it
 * shows alone. The cut is the strongest edge of such an image, but follows no tissue: programs differ by whether they leave
 * the fluid around the brain, and {@link Registration}, which needs the edge to find the brain at all, makes the fixed side fit into
 * it. Here places in the cut-out part do not count. Deterministic, whatever the number of workers.
 */
public final class CutOutRegistration {

    private static final double[] LEVELS = {4, 2};

    private static final int[] SAMPLES = {60_000, 150_000};

    private static final int BINS = 32;

    /** Of what the moving image shows, so much must lie upon the fixed side. */
    private static final double LEAST = 0.5;

    /** Share of cut-out voxels in a coarse one from which it is left out. */
    private static final double MOST_CUT = 0.05;

    private static final long SEED = 20_030_121;

    private final double m_finest;

    /** @param finest spacing of the finest level in mm, within 1 and 4 */
    public CutOutRegistration(final double finest) {
        if (!(finest >= 1 && finest <= LEVELS[0])) {
            throw new IllegalArgumentException("finest level of " + finest + " mm must be within 1 and " + LEVELS[0] + " mm");
        }
        m_finest = finest;
    }

    /**
     * @param fixed what is registered onto the moving image
     * @param moving an image
     * @param cut its value where something was cut out; it must have others
     * @param from a map that is nearly right, from fixed to moving positions
     * @return the better map
     */
    public AffineTransform refined(final FixedSide fixed, final Volume moving, final float cut, final AffineTransform from,
        final TaskExecutor workers, final Progress progress) {
        Objects.requireNonNull(fixed, "fixed");
        final float[] voxels = moving.voxels();
        final float[] isCut = new float[voxels.length];
        final float[] shown = new float[voxels.length];
        int n = 0;
        for (int v = 0; v < voxels.length; v++) {
            isCut[v] = voxels[v] == cut ? 1 : 0;
            if (voxels[v] != cut) {
                shown[n++] = voxels[v];
            }
        }
        final double[] range = Percentiles.of(Arrays.copyOf(shown, n), 0.1, 99.9);
        AffineTransform map = from;
        for (int l = 0; l < LEVELS.length; l++) {
            if (range[0] < range[1] && LEVELS[l] >= m_finest) {
                final Volume level = without(Pyramid.level(moving, LEVELS[l], workers),
                    Pyramid.level(moving.withVoxels(isCut), LEVELS[l], workers));
                final MutualInformation measure =
                    new MutualInformation(fixed.samples(LEVELS[l], SAMPLES[l], SeededRandom.of(SEED, l), workers), level, range,
                        BINS, 1, LEAST, workers);
                map = new AffineRefinement(fixed.centers().field(), fixed.radius(), LEVELS[l] / 2).refined(measure::at, map,
                    progress.part((double)l / LEVELS.length, (l + 1.0) / LEVELS.length));
            }
        }
        return map;
    }

    /** Not a number where the image was cut. */
    private static Volume without(final Volume image, final Volume isCut) {
        final float[] x = image.voxels().clone();
        for (int v = 0; v < x.length; v++) {
            x[v] = isCut.voxels()[v] > MOST_CUT ? Float.NaN : x[v];
        }
        return image.withVoxels(x);
    }
}

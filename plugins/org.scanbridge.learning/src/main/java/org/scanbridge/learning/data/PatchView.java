package org.scanbridge.learning.data;

import org.scanbridge.imaging.random.SeededRandom;
import org.scanbridge.learning.architecture.PatchSize;

/**
 * A second view of a patch, as another scanner might have taken it: mirrored along i, with other intensities. For images
 * with a standard deviation of about 1. With uniform draws and the strength s:
 * <ol>
 * <li>every second view is smoothed with (¼, ½, ¼) along one axis, as with thicker slices;</li>
 * <li>x becomes a x + b + c sin(ω x + φ), with a in 1 ± 0.25 s (at least 0.1), b in ± 0.25 s, c in [0, 0.3 s], ω in [1, 3]
 * and any φ: from s = 1 on the map may turn around the order of intensities;</li>
 * <li>normal noise with a standard deviation in [0, 0.2 s] is added.</li>
 * </ol>
 * A constant background stays as it is. Channels are mirrored alike and get intensities of their own.
 */
public final class PatchView {

    /** Voxels in a row with the same bits: no tissue does that. */
    private static final int BACKGROUND_RUN = 4;

    private PatchView() {
    }

    /**
     * Writes the view of a patch of one channel, see
     * {@link #write(float[], int, PatchSize, int, SeededRandom, double, float[], int)}.
     */
    public static void write(final float[] patch, final int from, final PatchSize size, final SeededRandom random,
        final double strength, final float[] to, final int at) {
        write(patch, from, size, 1, random, strength, to, at);
    }

    /**
     * Writes the view of a patch.
     *
     * @param patch voxels [k, j, i, channels]
     * @param from index of the patch's first number
     * @param size of the patch
     * @param channels of the patch
     * @param random decides everything
     * @param strength s ≥ 0; 0 mirrors only
     * @param to gets the view
     * @param at index of the view's first number
     */
    public static void write(final float[] patch, final int from, final PatchSize size, final int channels,
        final SeededRandom random, final double strength, final float[] to, final int at) {
        final float[] view = new float[size.voxels()];
        for (int c = 0; c < channels; c++) {
            for (int v = 0; v < view.length; v++) {
                final int i = v % size.i();
                view[v] = patch[from + (v - i + size.i() - 1 - i) * channels + c];
            }
            if (strength > 0) {
                recolor(view, 0, size, random, strength);
            }
            for (int v = 0; v < view.length; v++) {
                to[at + v * channels + c] = view[v];
            }
        }
    }

    private static void recolor(final float[] to, final int at, final PatchSize size, final SeededRandom random,
        final double strength) {
        final float background = background(to, at, size);
        if (random.happens(0.5)) {
            smooth(to, at, size, random.nextInt(size.k() == 1 ? 2 : 3), background);
        }
        final double a = Math.max(0.1, 1 + 0.25 * strength * random.uniform(-1, 1));
        final double b = 0.25 * strength * random.uniform(-1, 1);
        final double c = 0.3 * strength * random.nextDouble();
        final double omega = random.uniform(1, 3);
        final double phase = random.uniform(0, 2 * Math.PI);
        final double noise = 0.2 * strength * random.nextDouble();
        for (int v = at; v < at + size.voxels(); v++) {
            if (to[v] != background) {
                to[v] = (float)(a * to[v] + b + c * Math.sin(omega * to[v] + phase) + noise * random.nextGaussian());
            }
        }
    }

    /** The value of the first run of equal voxels; NaN, which nothing equals, if there is none. */
    private static float background(final float[] voxels, final int at, final PatchSize size) {
        int run = 1;
        for (int v = at + 1; v < at + size.voxels(); v++) {
            run = voxels[v] == voxels[v - 1] ? run + 1 : 1;
            if (run == BACKGROUND_RUN) {
                return voxels[v];
            }
        }
        return Float.NaN;
    }

    private static void smooth(final float[] voxels, final int at, final PatchSize size, final int axis,
        final float background) {
        final int stride = axis == 0 ? 1 : axis == 1 ? size.i() : size.i() * size.j();
        final int length = axis == 0 ? size.i() : axis == 1 ? size.j() : size.k();
        for (int v = 0; v < size.voxels(); v++) {
            if (v / stride % length == 0) {
                float before = voxels[at + v];
                for (int n = 0, w = at + v; n < length; n++, w += stride) {
                    final float here = voxels[w];
                    final float after = n == length - 1 ? here : voxels[w + stride];
                    if (here != background) {
                        voxels[w] = 0.25f * inside(before, here, background) + 0.5f * here
                            + 0.25f * inside(after, here, background);
                    }
                    before = here;
                }
            }
        }
    }

    /** A neighbor, or the voxel itself where the neighbor is background. */
    private static float inside(final float neighbor, final float here, final float background) {
        return neighbor == background ? here : neighbor;
    }
}

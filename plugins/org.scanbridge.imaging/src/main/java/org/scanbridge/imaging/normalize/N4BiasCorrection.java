package org.scanbridge.imaging.normalize;

import java.util.Arrays;
import java.util.BitSet;
import java.util.Objects;

import org.scanbridge.imaging.ImagingException;
import org.scanbridge.imaging.volume.Geometry;
import org.scanbridge.imaging.volume.Volume;

/**
 * N4: divides an image by a smooth brightness field (Tustison et al., N4ITK: Improved N3 bias correction, IEEE TMI 29,
 * 2010). In turn, the histogram of the logarithms is sharpened (see {@code HistogramSharpening}), and the B-spline field
 * takes up, smoothly, what separates the sharpened from the present values; each level of the field halves the distance
 * of its control points. A level ends when the field changes by less than a thousandth, or after a number of iterations.
 * The settings are those of ITK: 200 bins, full width at half maximum 0.15, Wiener noise 0.01, one span at the first
 * level. The field is estimated from every n-th foreground voxel along each axis and divides all voxels, but for those of
 * the {@link Surroundings}. The scale stays but for the level of the field, which is about that of the image's blur, as in
 * ITK.
 *
 * @param foreground where the field is estimated; only positive voxels are used
 * @param levels number of levels, in [1, 6]
 * @param iterations most iterations of a level, in [1, 500]
 * @param shrink n: every n-th voxel along an axis is looked at, in [1, 8]; axes keep at least 16 of their voxels, if they
 *            have as many
 */
public record N4BiasCorrection(Foreground foreground, int levels, int iterations, int shrink) implements Normalizer {

    /** ITK's levels and iterations, with the usual shrink factor. */
    public static final N4BiasCorrection DEFAULT = new N4BiasCorrection(Foreground.AUTOMATIC, 4, 50, 4);

    private static final double FULL_WIDTH = 0.15;

    private static final double NOISE = 0.01;

    private static final double CONVERGED = 0.001;

    private static final int LEAST = 16;

    /** @throws IllegalArgumentException if a number is out of range */
    public N4BiasCorrection {
        Objects.requireNonNull(foreground, "foreground");
        if (levels < 1 || levels > 6 || iterations < 1 || iterations > 500 || shrink < 1 || shrink > 8) {
            throw new IllegalArgumentException("N4 needs 1 to 6 levels, 1 to 500 iterations and a shrink factor of 1 to 8,"
                + " not " + levels + ", " + iterations + " and " + shrink);
        }
    }

    /** @throws ImagingException if no voxel of the foreground is positive, or a voxel is not finite */
    @Override
    public Volume apply(final Sample sample) {
        final SplineField field = field(sample);
        final Geometry grid = sample.image().geometry();
        final float[] y = sample.image().voxels().clone();
        // What is around a brain is no measurement: divided, it would not have one value any more.
        final float zero = foreground == Foreground.AUTOMATIC ? ForegroundChoice.of(sample.image()).zero() : 0;
        final double[] row = new double[grid.size(0)];
        for (int k = 0; k < grid.size(2); k++) {
            for (int j = 0; j < grid.size(1); j++) {
                field.row(j, k, row);
                final int start = (k * grid.size(1) + j) * row.length;
                for (int i = 0; i < row.length; i++) {
                    if (y[start + i] != zero) {
                        y[start + i] = (float)(y[start + i] / StrictMath.exp(row[i]));
                    }
                }
            }
        }
        return sample.image().withVoxels(y);
    }

    /** The logarithm of the field. */
    private SplineField field(final Sample sample) {
        final int[] index = chosen(sample);
        final float[] x = sample.image().voxels();
        final Geometry grid = sample.image().geometry();
        final double[] log = new double[index.length / 3];
        for (int v = 0; v < log.length; v++) {
            log[v] = StrictMath
                .log(x[(index[3 * v + 2] * grid.size(1) + index[3 * v + 1]) * grid.size(0) + index[3 * v]]);
        }
        final SplineField field = new SplineField(grid.size());
        final HistogramSharpening sharpening = new HistogramSharpening(FULL_WIDTH, NOISE);
        double[] present = log;
        double[] before = new double[log.length];
        for (int level = 0; level < levels; level++) {
            if (level > 0) {
                field.refine();
            }
            double change = Double.POSITIVE_INFINITY;
            for (int n = 0; n < iterations && change > CONVERGED; n++) {
                final double[] residual = sharpening.apply(present);
                for (int v = 0; v < log.length; v++) {
                    residual[v] = present[v] - residual[v];
                }
                field.add(index, residual);
                final double[] after = field.at(index);
                change = change(before, after);
                before = after;
                present = new double[log.length];
                for (int v = 0; v < log.length; v++) {
                    present[v] = log[v] - after[v];
                }
            }
        }
        return field;
    }

    /** Coefficient of variation of the ratio of two fields. */
    private static double change(final double[] before, final double[] after) {
        final double[] ratio = new double[after.length];
        double sum = 0;
        for (int v = 0; v < ratio.length; v++) {
            ratio[v] = StrictMath.exp(before[v] - after[v]);
            sum += ratio[v];
        }
        final double mean = sum / ratio.length;
        double squares = 0;
        for (final double r : ratio) {
            squares += (r - mean) * (r - mean);
        }
        return ratio.length < 2 ? 0 : Math.sqrt(squares / (ratio.length - 1)) / mean;
    }

    private int[] step(final Geometry grid) {
        final int[] step = new int[3];
        for (int a = 0; a < 3; a++) {
            step[a] = Math.max(1, Math.min(shrink, grid.size(a) / LEAST));
        }
        return step;
    }

    /** How many voxels of a grid are looked at, at most; each takes 84 bytes of memory. */
    public long sampled(final Geometry grid) {
        final int[] step = step(grid);
        long sampled = 1;
        for (int a = 0; a < 3; a++) {
            sampled *= (grid.size(a) + step[a] - 1) / step[a];
        }
        return sampled;
    }

    /** Indices along i, j, k of every n-th positive foreground voxel, by k, then j. */
    private int[] chosen(final Sample sample) {
        final BitSet voxels = foreground.of(sample);
        final float[] x = sample.image().voxels();
        final Geometry grid = sample.image().geometry();
        int[] index = new int[3 * 1024];
        int n = 0;
        final int[] step = step(grid);
        for (int k = (grid.size(2) - 1) % step[2] / 2; k < grid.size(2); k += step[2]) {
            for (int j = (grid.size(1) - 1) % step[1] / 2; j < grid.size(1); j += step[1]) {
                for (int i = (grid.size(0) - 1) % step[0] / 2; i < grid.size(0); i += step[0]) {
                    final int v = (k * grid.size(1) + j) * grid.size(0) + i;
                    if (voxels.get(v) && x[v] > 0) {
                        index = n == index.length ? Arrays.copyOf(index, 2 * n) : index;
                        index[n++] = i;
                        index[n++] = j;
                        index[n++] = k;
                    }
                }
            }
        }
        if (n == 0) {
            throw new ImagingException("The foreground of " + Sample.name(sample.image().info())
                + " has no value above 0. Bias correction needs positive intensities: do it before z-scoring, or choose"
                + " another foreground.");
        }
        return Arrays.copyOf(index, n);
    }
}

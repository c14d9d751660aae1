package org.scanbridge.imaging.normalize;

import java.util.Arrays;
import java.util.BitSet;
import java.util.Objects;
import java.util.stream.IntStream;

import org.scanbridge.imaging.ImagingException;
import org.scanbridge.imaging.volume.Geometry;
import org.scanbridge.imaging.volume.Volume;

/**
 * Divides a smooth multiplicative field out of an image: repeatedly, the foreground's intensities, corrected by the
 * field so far, are sorted into classes (one-dimensional k-means), and a polynomial of the coordinates is fitted by
 * least squares to what the uncorrected logarithms have over their class's median, outliers left out. A plain relative
 * of Wells et al., IEEE TMI 15, 1996, and Van Leemput et al., IEEE TMI 18, 1999; it is not N4. The field has mean 1 in
 * the logarithmic sense over the foreground, so the overall brightness stays; the background stays as it is.
 *
 * @param foreground where the field is estimated and divided out; all its voxels must be positive
 * @param order degree of the polynomial, in [1, 5]
 * @param classes number of intensity classes, in [1, 10]
 * @param iterations number of rounds, in [1, 100]
 */
public record PolynomialBiasCorrection(Foreground foreground, int order, int classes, int iterations)
    implements Normalizer {

    /** Above 0, order 3, three classes, ten rounds. */
    public static final PolynomialBiasCorrection DEFAULT =
        new PolynomialBiasCorrection(Foreground.ABOVE_ZERO, 3, 3, 10);

    /** Voxels that enter the fit; a smooth field needs no more. */
    /** How many voxels the field is fitted to at most. */
    public static final int MAX_VOXELS = 100_000;

    private static final int MEANS_ROUNDS = 20;

    private static final double MAX_DEVIATIONS = 4;

    private static final int RIM = 2;

    /** @throws IllegalArgumentException if a number is out of range */
    public PolynomialBiasCorrection {
        Objects.requireNonNull(foreground, "foreground");
        if (order < 1 || order > 5 || classes < 1 || classes > 10 || iterations < 1 || iterations > 100) {
            throw new IllegalArgumentException("bias correction needs an order of 1 to 5, 1 to 10 classes and 1 to 100"
                + " iterations, not " + order + ", " + classes + " and " + iterations);
        }
    }

    /** @throws ImagingException if the foreground is empty or has a voxel that is not positive and finite */
    @Override
    public Volume apply(final Sample sample) {
        final BitSet voxels = foreground.of(sample);
        final float[] x = sample.image().voxels();
        if (foreground == Foreground.AUTOMATIC) {
            // Where there is no background, single zeros have no logarithm either; a field does not change them.
            for (int v = voxels.nextSetBit(0); v >= 0; v = voxels.nextSetBit(v + 1)) {
                voxels.set(v, x[v] != 0);
            }
        }
        final int[] chosen = chosen(sample, voxels);
        final double[] log = new double[chosen.length];
        for (int n = 0; n < chosen.length; n++) {
            log[n] = StrictMath.log(x[chosen[n]]);
        }
        final LogPolynomial field = new LogPolynomial(sample.image().geometry(), order);
        final double[] intensity = new double[log.length];
        for (int round = 0; round < iterations; round++) {
            for (int n = 0; n < chosen.length; n++) {
                intensity[n] = StrictMath.exp(log[n] - field.at(chosen[n]));
            }
            final double[] residual = residuals(log, intensity);
            final boolean[] typical = typical(residual);
            field.fit(selected(chosen, typical), selected(residual, typical));
        }
        double mean = 0;
        for (int n = 0; n < chosen.length; n++) {
            mean += field.at(chosen[n]) / chosen.length;
        }
        final float[] y = x.clone();
        divide(y, voxels, sample.image().geometry(), field, mean);
        return sample.image().withVoxels(y);
    }

    private static void divide(final float[] y, final BitSet voxels, final Geometry grid, final LogPolynomial field,
        final double level) {
        final double[] row = new double[grid.size(0)];
        for (int v = voxels.nextSetBit(0); v >= 0;) {
            final int j = v / row.length % grid.size(1);
            final int k = v / row.length / grid.size(1);
            final int start = v - v % row.length;
            field.correction(j, k, level, row);
            // Bit by bit: the next clear one may be at the other end of the volume.
            for (; v < start + row.length; v++) {
                if (voxels.get(v)) {
                    y[v] = (float)(y[v] * row[v - start]);
                }
            }
            v = voxels.nextSetBit(v);
        }
    }

    /** Every m-th voxel of the foreground, of these those in its inside, or all of them if none is. */
    private static int[] chosen(final Sample sample, final BitSet voxels) {
        requirePositive(sample, voxels);
        final int count = voxels.cardinality();
        final int step = (count - 1) / MAX_VOXELS + 1;
        final int[] candidates = new int[(count - 1) / step + 1];
        int seen = 0;
        for (int v = voxels.nextSetBit(0); v >= 0; v = voxels.nextSetBit(v + 1), seen++) {
            if (seen % step == 0) {
                candidates[seen / step] = v;
            }
        }
        final Geometry grid = sample.image().geometry();
        final int[] inside = IntStream.of(candidates).filter(v -> isInside(grid, voxels, v)).toArray();
        return inside.length == 0 ? candidates : inside;
    }

    private static void requirePositive(final Sample sample, final BitSet voxels) {
        final float[] x = sample.image().voxels();
        for (int v = voxels.nextSetBit(0); v >= 0; v = voxels.nextSetBit(v + 1)) {
            if (!(x[v] > 0)) {
                throw new ImagingException("The foreground of " + Sample.name(sample.image().info())
                    + " holds the value " + x[v] + ". Bias correction needs positive"
                    + " intensities: do it before z-scoring, or choose the foreground above 0.");
            }
        }
    }

    /**
     * Whether a voxel is more than {@value #RIM} voxels away from the background along every axis. Nearer ones are
     * dimmed by it, which a field would be bent to explain.
     */
    private static boolean isInside(final Geometry grid, final BitSet voxels, final int v) {
        int stride = 1;
        for (int a = 0; a < 3; a++) {
            final int x = v / stride % grid.size(a);
            for (int d = Math.max(-RIM, -x); d <= Math.min(RIM, grid.size(a) - 1 - x); d++) {
                if (!voxels.get(v + d * stride)) {
                    return false;
                }
            }
            stride *= grid.size(a);
        }
        return true;
    }

    /** What each logarithm has over the logarithm of its class's median intensity. */
    private double[] residuals(final double[] log, final double[] intensity) {
        final double[] sorted = intensity.clone();
        Arrays.sort(sorted);
        // In sorted order classes are intervals; bound[c] is where class c begins.
        final int[] bound = intervals(sorted);
        final double[] median = new double[classes];
        for (int c = 0; c < classes; c++) {
            median[c] = bound[c] < bound[c + 1] ? StrictMath.log(sorted[(bound[c] + bound[c + 1]) / 2]) : 0;
        }
        final double[] residual = new double[log.length];
        for (int n = 0; n < log.length; n++) {
            int c = 0;
            while (c < classes - 1 && bound[c + 1] < sorted.length && intensity[n] >= sorted[bound[c + 1]]) {
                c++;
            }
            residual[n] = log[n] - median[c];
        }
        return residual;
    }

    /**
     * Which residuals lie within {@value #MAX_DEVIATIONS} median absolute deviations of the median: not voxels that
     * belong to two classes or to none.
     */
    private static boolean[] typical(final double[] residual) {
        final double[] sorted = residual.clone();
        Arrays.sort(sorted);
        final double median = sorted[sorted.length / 2];
        for (int n = 0; n < sorted.length; n++) {
            sorted[n] = Math.abs(residual[n] - median);
        }
        Arrays.sort(sorted);
        final double limit = MAX_DEVIATIONS * sorted[sorted.length / 2];
        final boolean[] typical = new boolean[residual.length];
        for (int n = 0; n < residual.length; n++) {
            typical[n] = Math.abs(residual[n] - median) <= limit;
        }
        return typical;
    }

    private static int[] selected(final int[] values, final boolean[] keep) {
        return IntStream.range(0, values.length).filter(n -> keep[n]).map(n -> values[n]).toArray();
    }

    private static double[] selected(final double[] values, final boolean[] keep) {
        return IntStream.range(0, values.length).filter(n -> keep[n]).mapToDouble(n -> values[n]).toArray();
    }

    /** One-dimensional k-means (Lloyd) of sorted values, started at evenly spaced quantiles. */
    private int[] intervals(final double[] sorted) {
        final int[] bound = new int[classes + 1];
        for (int c = 0; c <= classes; c++) {
            bound[c] = (int)((long)c * sorted.length / classes);
        }
        for (int round = 0; round < MEANS_ROUNDS; round++) {
            final double[] mean = new double[classes];
            for (int c = 0; c < classes; c++) {
                for (int n = bound[c]; n < bound[c + 1]; n++) {
                    mean[c] += sorted[n] / (bound[c + 1] - bound[c]);
                }
                // An empty class stays where its interval is.
                mean[c] = bound[c] == bound[c + 1] ? sorted[Math.min(bound[c], sorted.length - 1)] : mean[c];
            }
            for (int c = 1; c < classes; c++) {
                final int at = Arrays.binarySearch(sorted, (mean[c - 1] + mean[c]) / 2);
                bound[c] = Math.max(bound[c - 1], at < 0 ? -at - 1 : at);
            }
        }
        return bound;
    }
}

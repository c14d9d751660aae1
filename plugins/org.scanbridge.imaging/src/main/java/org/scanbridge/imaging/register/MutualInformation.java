package org.scanbridge.imaging.register;

import java.util.stream.IntStream;

import org.hipparchus.util.FastMath;
import org.scanbridge.imaging.resample.Trilinear;
import org.scanbridge.imaging.volume.Geometry;
import org.scanbridge.imaging.volume.Volume;

import net.imglib2.parallel.TaskExecutor;

/**
 * How much the fixed side's samples tell of the moving image's intensities at the places that a transform leads them to:
 * normalized mutual information (H(F) + H(M)) / H(F, M) of a joint histogram with Parzen windows, 1 for nothing, 2 for
 * everything. The windows are Mattes' (Mattes et al., TMI 2003): a cubic B-spline over the moving intensity; the
 * normalization is Studholme's (Studholme, Hill, Hawkes, Pattern Recognition 1999), which does not reward a transform for
 * pushing tissue out of the overlap. Samples beyond the moving image do not count. How many must not lie beyond it depends
 * on what both can show: a moving image that shows less than the fixed side must lie upon it with a part of itself.
 * <p>
 * Samples are summed in blocks of fixed size that are added up in order, so the number of workers does not change a bit.
 */
final class MutualInformation {

    private static final int BLOCK = 4096;

    private final FixedSamples m_samples;

    private final Geometry m_grid;

    /** Moving intensities as continuous bin numbers within [2, bins - 3]. */
    private final float[] m_moving;

    private final int m_bins;

    private final double m_least;

    private final TaskExecutor m_workers;

    /**
     * @param samples of the fixed side
     * @param moving the moving image, smoothed for this level; where it is not a number it shows nothing, as if it ended there
     * @param range lowest and highest intensity that have a bin of their own; others go to the outermost bins
     * @param bins number of moving bins, at least 8
     * @param leastOverlap share of the samples' weight that must lie in the moving image
     * @param leastOfMoving where that is more: share of the moving image, as large as it is before any scaling, that must
     *            lie upon the samples
     */
    MutualInformation(final FixedSamples samples, final Volume moving, final double[] range, final int bins,
        final double leastOverlap, final double leastOfMoving, final TaskExecutor workers) {
        m_samples = samples;
        m_grid = moving.geometry();
        m_bins = bins;
        m_workers = workers;
        final double scale = (bins - 5) / (range[1] - range[0]);
        m_moving = new float[moving.voxels().length];
        long shown = 0;
        for (int v = 0; v < m_moving.length; v++) {
            shown += Float.isNaN(moving.voxels()[v]) ? 0 : 1;
            m_moving[v] = (float)(2 + Math.max(0, Math.min(bins - 5, (moving.voxels()[v] - range[0]) * scale)));
        }
        // not by the transform's scale: else a transform could make its own overlap suffice
        m_least = Math.min(leastOverlap, leastOfMoving * shown * m_grid.voxelVolume() / samples.volume());
    }

    /** Normalized mutual information in [1, 2]; less than 1 by as much as the overlap is too small. */
    double at(final AffineTransform transform) {
        final int n = m_samples.count();
        final double[] x = indexMap(transform);
        final int blocks = (n + BLOCK - 1) / BLOCK;
        final double[][] sums = new double[blocks][];
        m_workers.forEach(IntStream.range(0, blocks).boxed().toList(),
            b -> sums[b] = histogram(x, b * BLOCK, Math.min(n, (b + 1) * BLOCK)));
        final double[] joint = sums[0];
        for (int b = 1; b < blocks; b++) {
            for (int c = 0; c < joint.length; c++) {
                joint[c] += sums[b][c];
            }
        }
        return normalized(joint, joint[joint.length - 1]);
    }

    /** From fixed LPS positions to moving indices: three rows of four numbers. */
    private double[] indexMap(final AffineTransform transform) {
        final double[] zero = m_grid.index(transform.apply(0, 0, 0));
        final double[] x = new double[12];
        for (int c = 0; c < 3; c++) {
            final double[] step = m_grid.index(transform.apply(c == 0 ? 1 : 0, c == 1 ? 1 : 0, c == 2 ? 1 : 0));
            for (int r = 0; r < 3; r++) {
                x[4 * r + c] = step[r] - zero[r];
            }
        }
        for (int r = 0; r < 3; r++) {
            x[4 * r + 3] = zero[r];
        }
        return x;
    }

    /** The joint histogram of some samples, fixed bins × moving bins, and at its end the weight of all of them. */
    private double[] histogram(final double[] x, final int from, final int to) {
        final double[] joint = new double[m_samples.binCount() * m_bins + 1];
        final double[] p = m_samples.positions();
        final int[] first = m_samples.first();
        final int[] bin = m_samples.bins();
        final float[] weight = m_samples.weights();
        final int[] size = m_grid.size();
        final int nx = size[0];
        final int ny = size[1];
        final int nz = size[2];
        for (int s = from; s < to; s++) {
            for (int e = first[s]; e < first[s + 1]; e++) {
                joint[joint.length - 1] += weight[e];
            }
            final double px = p[3 * s];
            final double py = p[3 * s + 1];
            final double pz = p[3 * s + 2];
            final double i = x[0] * px + x[1] * py + x[2] * pz + x[3];
            final double j = x[4] * px + x[5] * py + x[6] * pz + x[7];
            final double k = x[8] * px + x[9] * py + x[10] * pz + x[11];
            if (!(i >= -0.5 && j >= -0.5 && k >= -0.5 && i <= nx - 0.5 && j <= ny - 0.5 && k <= nz - 0.5)) {
                continue;
            }
            final double m = Trilinear.at(m_moving, size, i, j, k);
            if (Double.isNaN(m)) {
                continue;
            }
            final int b = Math.min((int)m, m_bins - 3);
            final double t = m - b;
            final double t2 = t * t;
            final double t3 = t2 * t;
            final double w0 = (1 - 3 * t + 3 * t2 - t3) / 6;
            final double w1 = (4 - 6 * t2 + 3 * t3) / 6;
            final double w3 = t3 / 6;
            final double w2 = 1 - w0 - w1 - w3;
            for (int e = first[s]; e < first[s + 1]; e++) {
                final int c = bin[e] * m_bins + b - 1;
                joint[c] += w0 * weight[e];
                joint[c + 1] += w1 * weight[e];
                joint[c + 2] += w2 * weight[e];
                joint[c + 3] += w3 * weight[e];
            }
        }
        return joint;
    }

    private double normalized(final double[] joint, final double all) {
        final int rows = m_samples.binCount();
        final double[] column = new double[m_bins];
        final double[] row = new double[rows];
        double sum = 0;
        for (int f = 0; f < rows; f++) {
            for (int m = 0; m < m_bins; m++) {
                final double c = joint[f * m_bins + m];
                row[f] += c;
                column[m] += c;
            }
            sum += row[f];
        }
        if (sum < m_least * all || sum == 0) {
            return sum / all - m_least;
        }
        final double both = entropy(joint, joint.length - 1, sum);
        return both > 0 ? (entropy(row, rows, sum) + entropy(column, m_bins, sum)) / both : 1;
    }

    private static double entropy(final double[] counts, final int n, final double sum) {
        double h = 0;
        for (int c = 0; c < n; c++) {
            if (counts[c] > 0) {
                final double p = counts[c] / sum;
                h -= p * FastMath.log(p);
            }
        }
        return h;
    }
}

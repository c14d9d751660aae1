package org.scanbridge.imaging.atlas;

import java.util.Arrays;
import java.util.stream.IntStream;

import org.hipparchus.linear.Array2DRowRealMatrix;
import org.hipparchus.linear.ArrayRealVector;
import org.hipparchus.linear.LUDecomposition;
import org.hipparchus.util.FastMath;

import net.imglib2.parallel.TaskExecutor;

/**
 * A mixture of Gaussians whose weights are given place by place: class k with prior π_ik at voxel i is a mixture of
 * Gaussians of its own (Van Leemput et al., TMI 1999; Ashburner &amp; Friston, NeuroImage 2005, eq. 6). Immutable; each
 * step gives another one.
 */
final class IntensityMixture {

    private static final int BLOCK = 8192;

    /** How much weighted means count in the start, as a share of a class' weight. */
    private static final double START_RIDGE = 0.03;

    /** Half the squared distance in standard deviations beyond which a density is no Gaussian's any more. */
    private static final double FARTHEST = 30;

    /** The density there times that distance. */
    private static final double NOTHING = FARTHEST * FastMath.exp(-FARTHEST);

    private final int m_classes;

    /** Voxels that change less with the field tell nothing of it. */
    private static final double LEAST_GAIN = 0.2;

    /** Class of each Gaussian, increasing. */
    private final int[] m_classOf;

    private final double[] m_share;

    private final double[] m_mean;

    private final double[] m_variance;

    IntensityMixture(final int classes, final int[] classOf, final double[] share, final double[] mean,
        final double[] variance) {
        m_classes = classes;
        m_classOf = classOf;
        m_share = share;
        m_mean = mean;
        m_variance = variance;
    }

    double mean(final int gaussian) {
        return m_mean[gaussian];
    }

    double variance(final int gaussian) {
        return m_variance[gaussian];
    }

    double share(final int gaussian) {
        return m_share[gaussian];
    }

    /**
     * One Gaussian a class, with the means for which Σ π_ik μ_k comes nearest to the values (least squares): other than means
     * weighted by priors, these do not mix classes where all priors are blurred, such as the thin fluid around the brain. A
     * little of the weighted means is added for classes that nowhere stand out.
     *
     * @param values one per voxel
     * @param priors [voxel * classes + class]
     * @param floor least variance
     */
    static IntensityMixture start(final int classes, final float[] values, final float[] priors, final double floor) {
        final double[][] normal = new double[classes][classes];
        final double[] right = new double[classes];
        final double[] w = new double[classes];
        double low = Double.POSITIVE_INFINITY;
        double high = Double.NEGATIVE_INFINITY;
        for (int v = 0; v < values.length; v++) {
            low = Math.min(low, values[v]);
            high = Math.max(high, values[v]);
            for (int k = 0; k < classes; k++) {
                final double p = priors[v * classes + k];
                w[k] += p;
                right[k] += p * values[v];
                for (int c = 0; p > 0 && c < classes; c++) {
                    normal[k][c] += p * priors[v * classes + c];
                }
            }
        }
        final double[] weighted = new double[classes];
        for (int k = 0; k < classes; k++) {
            weighted[k] = w[k] > 0 ? right[k] / w[k] : (low + high) / 2;
            final double ridge = w[k] > 0 ? START_RIDGE * w[k] : 1;
            normal[k][k] += ridge;
            right[k] += ridge * weighted[k];
        }
        final double[] mean =
            new LUDecomposition(new Array2DRowRealMatrix(normal, false)).getSolver().solve(new ArrayRealVector(right)).toArray();
        final double[] squares = new double[classes];
        for (int k = 0; k < classes; k++) {
            mean[k] = Math.max(low, Math.min(high, mean[k]));
        }
        for (int v = 0; v < values.length; v++) {
            for (int k = 0; k < classes; k++) {
                squares[k] += priors[v * classes + k] * (values[v] - mean[k]) * (values[v] - mean[k]);
            }
        }
        final int[] classOf = new int[classes];
        final double[] share = new double[classes];
        final double[] variance = new double[classes];
        for (int k = 0; k < classes; k++) {
            classOf[k] = k;
            share[k] = 1;
            // the priors' blur is in it, which is no spread of the class
            variance[k] = Math.max(floor, w[k] > 0 ? squares[k] / w[k] / 4 : floor);
        }
        return new IntensityMixture(classes, classOf, share, mean, variance);
    }

    /** Each class' one Gaussian parted into several that lie within a standard deviation around its mean. */
    IntensityMixture split(final int[] gaussians) {
        int n = 0;
        for (final int g : gaussians) {
            n += g;
        }
        final int[] classOf = new int[n];
        final double[] share = new double[n];
        final double[] mean = new double[n];
        final double[] variance = new double[n];
        int at = 0;
        for (int k = 0; k < m_classes; k++) {
            for (int g = 0; g < gaussians[k]; g++, at++) {
                classOf[at] = k;
                share[at] = 1.0 / gaussians[k];
                mean[at] = m_mean[k]
                    + (gaussians[k] == 1 ? 0 : (2.0 * g / (gaussians[k] - 1) - 1) * Math.sqrt(m_variance[k]));
                variance[at] = m_variance[k];
            }
        }
        return new IntensityMixture(m_classes, classOf, share, mean, variance);
    }

    /** Sums of an expectation step. */
    private record Sums(double[] w, double[] wx, double[] wxx, double[] logLikelihood) {

        Sums(final int gaussians) {
            this(new double[gaussians], new double[gaussians], new double[gaussians], new double[2]);
        }

        void add(final Sums other) {
            for (int g = 0; g < w.length; g++) {
                w[g] += other.w[g];
                wx[g] += other.wx[g];
                wxx[g] += other.wxx[g];
            }
            logLikelihood[0] += other.logLikelihood[0];
            logLikelihood[1] += other.logLikelihood[1];
        }
    }

    /**
     * One step of expectation and maximization.
     *
     * @param values without the field
     * @param floor least variance
     * @param logLikelihood its first element becomes the mean log-likelihood of a voxel <em>before</em> this step
     */
    IntensityMixture step(final float[] values, final float[] priors, final double floor, final double[] logLikelihood,
        final TaskExecutor workers) {
        final int n = m_mean.length;
        final int blocks = (values.length + BLOCK - 1) / BLOCK;
        final Sums[] parts = new Sums[blocks];
        workers.forEach(IntStream.range(0, blocks).boxed().toList(), b -> {
            final Sums s = new Sums(n);
            final Gaussians gaussians = new Gaussians();
            for (int v = b * BLOCK; v < Math.min(values.length, (b + 1) * BLOCK); v++) {
                final double sum = gaussians.at(values[v], priors, v * m_classes);
                if (sum > 0) {
                    for (int g = 0; g < n; g++) {
                        final double w = gaussians.m_density[g] / sum;
                        s.w[g] += w;
                        s.wx[g] += w * (values[v] - m_mean[g]);
                        s.wxx[g] += w * (values[v] - m_mean[g]) * (values[v] - m_mean[g]);
                    }
                    s.logLikelihood[0] += FastMath.log(sum);
                    s.logLikelihood[1]++;
                }
            }
            parts[b] = s;
        });
        final Sums all = new Sums(n);
        for (final Sums part : parts) {
            all.add(part);
        }
        logLikelihood[0] = all.logLikelihood[0] / Math.max(1, all.logLikelihood[1]);
        return maximized(all, floor);
    }

    private IntensityMixture maximized(final Sums all, final double floor) {
        final int n = m_mean.length;
        final double[] ofClass = new double[m_classes];
        for (int g = 0; g < n; g++) {
            ofClass[m_classOf[g]] += all.w[g];
        }
        final double[] share = new double[n];
        final double[] mean = m_mean.clone();
        final double[] variance = m_variance.clone();
        for (int g = 0; g < n; g++) {
            share[g] = ofClass[m_classOf[g]] > 0 ? all.w[g] / ofClass[m_classOf[g]] : m_share[g];
            // a Gaussian that hardly a voxel belongs to keeps its place
            if (all.w[g] > 1) {
                final double shift = all.wx[g] / all.w[g];
                mean[g] = m_mean[g] + shift;
                variance[g] = Math.max(floor, all.wxx[g] / all.w[g] - shift * shift);
            }
        }
        return new IntensityMixture(m_classes, m_classOf, share, mean, variance);
    }

    /**
     * What the field should be: for each voxel f + (y − Σ q μ / Σ q)/g and the weight g² Σ q with q = w/σ² (Van Leemput,
     * eq. 9), where f is the field until now and g how much a voxel's value changes with it. For every {@code stride}-th
     * voxel; the others get weight 0.
     *
     * @param values without the field
     * @param gains g of each voxel, within [0, 1]: near 0 in air, which no field brightens
     */
    void residuals(final float[] values, final float[] field, final float[] gains, final float[] priors, final int stride,
        final float[] residuals, final float[] weights, final TaskExecutor workers) {
        final int blocks = (values.length + BLOCK - 1) / BLOCK;
        workers.forEach(IntStream.range(0, blocks).boxed().toList(), b -> {
            final Gaussians gaussians = new Gaussians();
            // blocks begin at multiples of the stride
            for (int v = b * BLOCK; v < Math.min(values.length, (b + 1) * BLOCK); v += stride) {
                final double sum = gains[v] > LEAST_GAIN ? gaussians.at(values[v], priors, v * m_classes) : 0;
                double q = 0;
                double qm = 0;
                if (sum > 0) {
                    for (int g = 0; g < m_mean.length; g++) {
                        final double w = gaussians.m_density[g] / sum / m_variance[g];
                        q += w;
                        qm += w * m_mean[g];
                    }
                }
                weights[v] = (float)(q * gains[v] * gains[v]);
                residuals[v] = q > 0 ? (float)(field[v] + (values[v] - qm / q) / gains[v]) : 0;
            }
        });
    }

    /** The densities for one thread. */
    Gaussians gaussians() {
        return new Gaussians();
    }

    /** Densities of all Gaussians at one value; scratch memory of one thread. */
    final class Gaussians {

        private final double[] m_density = new double[m_mean.length];

        private final double[] m_factor = new double[m_mean.length];

        private final double[] m_half = new double[m_mean.length];

        private Gaussians() {
            for (int g = 0; g < m_factor.length; g++) {
                m_factor[g] = m_share[g] / Math.sqrt(2 * Math.PI * m_variance[g]);
                m_half[g] = 0.5 / m_variance[g];
            }
        }

        /** Prior times density of each Gaussian; returns their sum, the density of the value at this place. */
        double at(final double value, final float[] priors, final int first) {
            double sum = 0;
            for (int g = 0; g < m_density.length; g++) {
                final double p = priors[first + m_classOf[g]];
                if (p > 0) {
                    final double d = value - m_mean[g];
                    // the tail falls slowly at last, so that every value has a class, and the nearest one
                    final double e = d * d * m_half[g];
                    m_density[g] = p * m_factor[g] * (e < FARTHEST ? FastMath.exp(-e) : NOTHING / e);
                    sum += m_density[g];
                } else {
                    m_density[g] = 0;
                }
            }
            return sum;
        }

        /**
         * Posterior probabilities of the classes.
         *
         * @param posterior one number per class; overwritten
         * @return whether any class is possible here
         */
        boolean posterior(final double value, final float[] priors, final int first, final double[] posterior) {
            final double sum = at(value, priors, first);
            Arrays.fill(posterior, 0);
            if (!(sum > 0)) {
                return false;
            }
            for (int g = 0; g < m_density.length; g++) {
                posterior[m_classOf[g]] += m_density[g] / sum;
            }
            return true;
        }
    }
}

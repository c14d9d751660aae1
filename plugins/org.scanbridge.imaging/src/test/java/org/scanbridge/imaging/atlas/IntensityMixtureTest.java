package org.scanbridge.imaging.atlas;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.scanbridge.imaging.random.SeededRandom;

import net.imglib2.parallel.TaskExecutor;
import net.imglib2.parallel.TaskExecutors;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

class IntensityMixtureTest {

    private static final TaskExecutor ALONE = TaskExecutors.singleThreaded();

    /**
     * Steps of scikit-learn 1.x: GaussianMixture(2, tol=0, reg_covar=0, weights_init=[.5, .5], means_init=[[.5], [1.5]],
     * precisions_init=[[[1]], [[1]]], max_iter=steps).fit(x); one class of two Gaussians is a plain mixture.
     */
    @ParameterizedTest
    @CsvSource({"1, 0.4151547, 0.90862355, 1.80865036, 0.72444014, 0.90210099, -1.5124439462887938",
        "5, 0.40776589, 0.60820531, 2.00426589, 0.34066641, 0.70149091, -1.389038101670701",
        "200, 0.39319525, 0.33421078, 2.14828561, 0.0312708, 0.37500096, -1.0801341409265635"})
    void oneClassIsAPlainMixture(final int steps, final double share, final double first, final double second,
        final double firstVariance, final double secondVariance, final double logLikelihood) {
        final float[] x = {0.1f, 0.3f, 0.35f, 0.6f, 1.2f, 1.9f, 2.0f, 2.2f, 2.6f, 3.1f};
        final float[] priors = new float[x.length];
        Arrays.fill(priors, 1);
        IntensityMixture mixture = new IntensityMixture(1, new int[2], new double[]{0.5, 0.5}, new double[]{0.5, 1.5},
            new double[]{1, 1});
        final double[] trace = new double[1];
        for (int step = 0; step < steps; step++) {
            mixture = mixture.step(x, priors, 1e-9, trace, ALONE);
        }
        assertEquals(share, mixture.share(0), 1e-6);
        assertEquals(first, mixture.mean(0), 1e-6);
        assertEquals(second, mixture.mean(1), 1e-6);
        assertEquals(firstVariance, mixture.variance(0), 1e-6);
        assertEquals(secondVariance, mixture.variance(1), 1e-6);
        assertEquals(logLikelihood, trace[0], 1e-6);
    }

    /** Values of three known Gaussians whose probabilities vary from place to place. */
    private record Drawn(float[] values, float[] priors) {

        Drawn(final long seed, final int n, final double[] mean, final double[] spread) {
            this(new float[n], new float[n * mean.length]);
            final SeededRandom random = new SeededRandom(seed);
            for (int v = 0; v < n; v++) {
                double sum = 0;
                for (int k = 0; k < mean.length; k++) {
                    priors[v * mean.length + k] = (float)random.nextDouble();
                    sum += priors[v * mean.length + k];
                }
                double u = random.nextDouble();
                int drawn = -1;
                for (int k = 0; k < mean.length; k++) {
                    priors[v * mean.length + k] /= (float)sum;
                    u -= priors[v * mean.length + k];
                    drawn = u < 0 && drawn < 0 ? k : drawn;
                }
                drawn = drawn < 0 ? mean.length - 1 : drawn;
                values[v] = (float)(mean[drawn] + spread[drawn] * random.nextGaussian());
            }
        }
    }

    /** The standard error of a mean of 20 000 values of spread 0.5 is 0.0035; overlap makes it a few times as large. */
    @Test
    void findsKnownGaussians() {
        final double[] mean = {-1, 0.2, 1.5};
        final double[] spread = {0.5, 0.2, 0.35};
        final Drawn drawn = new Drawn(5, 60_000, mean, spread);
        IntensityMixture mixture = IntensityMixture.start(3, drawn.values(), drawn.priors(), 1e-6);
        for (int step = 0; step < 200; step++) {
            mixture = mixture.step(drawn.values(), drawn.priors(), 1e-6, new double[1], ALONE);
        }
        for (int k = 0; k < 3; k++) {
            assertEquals(mean[k], mixture.mean(k), 0.02);
            assertEquals(spread[k], Math.sqrt(mixture.variance(k)), 0.02);
        }
    }

    /** The law of expectation–maximization (Dempster, Laird, Rubin 1977). */
    @Property(tries = 30)
    void likelihoodNeverFalls(@ForAll final long seed) {
        final SeededRandom random = new SeededRandom(seed);
        final double[] mean = {random.uniform(-2, 2), random.uniform(-2, 2), random.uniform(-2, 2)};
        final double[] spread = {random.uniform(0.1, 1), random.uniform(0.1, 1), random.uniform(0.1, 1)};
        final Drawn drawn = new Drawn(seed, 2_000, mean, spread);
        IntensityMixture mixture = IntensityMixture.start(3, drawn.values(), drawn.priors(), 1e-6);
        double last = Double.NEGATIVE_INFINITY;
        final double[] now = new double[1];
        for (int step = 0; step < 30; step++) {
            mixture = mixture.step(drawn.values(), drawn.priors(), 1e-6, now, ALONE);
            assertTrue(now[0] >= last - 1e-9, "from " + last + " to " + now[0] + " in step " + step);
            last = now[0];
            if (step == 10) {
                // another model from here on
                mixture = mixture.split(new int[]{2, 1, 2});
                last = Double.NEGATIVE_INFINITY;
            }
        }
    }

    @Test
    void sameBitsForAnyNumberOfWorkers() {
        final Drawn drawn = new Drawn(9, 50_000, new double[]{0, 1, 2}, new double[]{0.3, 0.3, 0.3});
        final IntensityMixture start = IntensityMixture.start(3, drawn.values(), drawn.priors(), 1e-6);
        final double[] a = new double[1];
        final double[] b = new double[1];
        final IntensityMixture one = start.step(drawn.values(), drawn.priors(), 1e-6, a, ALONE);
        final IntensityMixture three =
            start.step(drawn.values(), drawn.priors(), 1e-6, b, TaskExecutors.fixedThreadPool(3));
        assertEquals(a[0], b[0]);
        for (int k = 0; k < 3; k++) {
            assertEquals(one.mean(k), three.mean(k));
            assertEquals(one.variance(k), three.variance(k));
        }
    }

    /** With one class and a known Gaussian: f + (y − μ)/g, and g²/σ²; where g is about 0, nothing. */
    @Test
    void residualsOfOneClass() {
        final IntensityMixture mixture =
            new IntensityMixture(1, new int[1], new double[]{1}, new double[]{2}, new double[]{0.25});
        final float[] residuals = new float[4];
        final float[] weights = new float[4];
        mixture.residuals(new float[]{2.4f, 1, 2, 5}, new float[]{0.1f, 0, 0, 0}, new float[]{0.5f, 1, 1, 0.01f},
            new float[]{1, 1, 0, 1}, 1, residuals, weights, ALONE);
        assertEquals(0.1 + 0.4 / 0.5, residuals[0], 1e-6);
        assertEquals(-1, residuals[1], 1e-6);
        assertEquals(0.25 / 0.25, weights[0], 1e-6);
        assertEquals(4, weights[1], 1e-6);
        assertEquals(0, weights[2], 0);
        assertEquals(0, weights[3], 0);
    }

    /** Where every voxel is a known blend of classes, the start finds their means, other than weighted means would. */
    @Test
    void startUnmixesBlurredClasses() {
        final SeededRandom random = new SeededRandom(3);
        final int n = 20_000;
        final float[] values = new float[n];
        final float[] priors = new float[2 * n];
        for (int v = 0; v < n; v++) {
            // class 0 is never certain
            priors[2 * v] = (float)(0.4 * random.nextDouble());
            priors[2 * v + 1] = 1 - priors[2 * v];
            values[v] = priors[2 * v] * 3 + priors[2 * v + 1] * -1;
        }
        final IntensityMixture start = IntensityMixture.start(2, values, priors, 1e-6);
        assertEquals(-1, start.mean(1), 0.2);
        // the weighted mean is 0.07, the largest value 0.6, by which the start is bounded
        assertEquals(0.6, start.mean(0), 0.05);
    }
}

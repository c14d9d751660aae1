package org.scanbridge.benchmarks;

import java.util.List;
import java.util.concurrent.TimeUnit;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Warmup;
import org.scanbridge.imaging.augment.Augmentation;
import org.scanbridge.imaging.augment.BiasField;
import org.scanbridge.imaging.augment.Blur;
import org.scanbridge.imaging.augment.Gamma;
import org.scanbridge.imaging.augment.GaussianNoise;
import org.scanbridge.imaging.augment.LabeledVolume;
import org.scanbridge.imaging.augment.LowResolution;
import org.scanbridge.imaging.augment.Motion;
import org.scanbridge.imaging.augment.Range;
import org.scanbridge.imaging.augment.RicianNoise;
import org.scanbridge.imaging.augment.SpatialAugmentation;
import org.scanbridge.imaging.distance.EuclideanDistanceTransform;
import org.scanbridge.imaging.metrics.SurfaceDistances;
import org.scanbridge.imaging.normalize.Background;
import org.scanbridge.imaging.normalize.Clahe;
import org.scanbridge.imaging.normalize.Foreground;
import org.scanbridge.imaging.normalize.IntensityMethod;
import org.scanbridge.imaging.normalize.IntensityNormalization;
import org.scanbridge.imaging.normalize.NyulNormalizer;
import org.scanbridge.imaging.normalize.PercentileScaling;
import org.scanbridge.imaging.normalize.PolynomialBiasCorrection;
import org.scanbridge.imaging.normalize.QuantileMatching;
import org.scanbridge.imaging.normalize.Scope;
import org.scanbridge.imaging.normalize.ZScore;
import org.scanbridge.imaging.random.SeededRandom;
import org.scanbridge.imaging.resample.Interpolation;
import org.scanbridge.imaging.resample.LabelInterpolation;
import org.scanbridge.imaging.resample.Resampler;
import org.scanbridge.imaging.volume.LabelVolume;
import org.scanbridge.imaging.volume.Volume;

/** The expensive operations on images, at clinical sizes. */
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.SECONDS)
@Fork(value = 1, jvmArgs = "-Xmx2500m")
@Warmup(iterations = 3)
@Measurement(iterations = 7)
public class ImagingBenchmarks {

    private static final SpatialAugmentation.Settings ALWAYS = new SpatialAugmentation.Settings(Range.symmetric(15),
        new Range(0.85, 1.2), Range.symmetric(0.05), Range.symmetric(0), 1, 0, 7, 5, 1);

    private static Volume normalized(final IntensityMethod method, final Volume image) {
        return new IntensityNormalization(method, Foreground.ABOVE_ZERO, Scope.IMAGE, Background.CONSTANT)
            .fit(List.of()).apply(image);
    }

    private static LabeledVolume augmented(final Augmentation augmentation, final Study study) {
        return augmentation.draw(new SeededRandom(1)).apply(LabeledVolume.of(study.m_brain, study.m_brainLabels));
    }

    /** HD95 and ASSD of three classes, 256×256×160. */
    @Benchmark
    public double surfaceDistances(final Study s) {
        double sum = 0;
        for (int label = 1; label <= 3; label++) {
            final SurfaceDistances d =
                SurfaceDistances.of(s.m_prediction, s.m_truth, label, s.m_workers).orElseThrow();
            sum += d.hausdorff95() + d.averageSymmetric();
        }
        return sum;
    }

    /** Distances of all voxels of 256×256×160 to a class. */
    @Benchmark
    public float[] distanceTransform(final Study s) {
        final boolean[] set = new boolean[s.m_truth.voxels().length];
        for (int v = 0; v < set.length; v++) {
            set[v] = s.m_truth.voxels()[v] == 3;
        }
        return new EuclideanDistanceTransform(s.m_truth.geometry().spacing(), s.m_workers)
            .squaredDistances(set, s.m_truth.geometry().size());
    }

    /** Z-score of 256³. */
    @Benchmark
    public Volume zScore(final Study s) {
        return normalized(new ZScore(), s.m_cube);
    }

    /** Percentile scaling of 256³. */
    @Benchmark
    public Volume percentileScaling(final Study s) {
        return normalized(PercentileScaling.DEFAULT, s.m_cube);
    }

    /** Nyúl histogram matching of 256³ to given landmarks. */
    @Benchmark
    public Volume nyul(final Study s) {
        return new NyulNormalizer(Foreground.ABOVE_ZERO, Background.CONSTANT,
            List.of(0., 13., 23., 28., 33., 42., 51., 61., 70., 75., 80., 90., 100.)).apply(s.m_cube);
    }

    /** CDF matching of 256³ to 257 given quantiles. */
    @Benchmark
    public Volume quantileMatching(final Study s) {
        final Double[] quantiles = new Double[QuantileMatching.DEFAULT_QUANTILES];
        for (int q = 0; q < quantiles.length; q++) {
            quantiles[q] = Math.sqrt(q);
        }
        return new QuantileMatching(Foreground.ABOVE_ZERO, Background.CONSTANT, List.of(quantiles)).apply(s.m_cube);
    }

    /** CLAHE of 256³ in 3-D. */
    @Benchmark
    public Volume claheVolume(final Study s) {
        return new Clahe(Clahe.Settings.DEFAULT, s.m_workers).apply(s.m_cube);
    }

    /** CLAHE of 256³ slice by slice. */
    @Benchmark
    public Volume claheSlices(final Study s) {
        return new Clahe(new Clahe.Settings(Clahe.Mode.SLICES, 8, 256, 0.01, Foreground.WHOLE_IMAGE), s.m_workers)
            .apply(s.m_cube);
    }

    /** Polynomial bias correction of 256³. */
    @Benchmark
    public Volume biasCorrection(final Study s) {
        return PolynomialBiasCorrection.DEFAULT.apply(s.m_cube);
    }

    /** 256³ from 1 to 0.8×0.8×1.2 mm, linear. */
    @Benchmark
    public Volume resampleLinear(final Study s) {
        return new Resampler(Interpolation.LINEAR, true, s.m_workers).toSpacing(s.m_cube, 0.8, 0.8, 1.2);
    }

    /** The same with cubic B-splines. */
    @Benchmark
    public Volume resampleCubic(final Study s) {
        return new Resampler(Interpolation.CUBIC, true, s.m_workers).toSpacing(s.m_cube, 0.8, 0.8, 1.2);
    }

    /** Labels of 256×256×160 to 1 mm by linear vote. */
    @Benchmark
    public LabelVolume resampleLabels(final Study s) {
        return new Resampler(Interpolation.LINEAR, LabelInterpolation.LINEAR_VOTE, true, s.m_workers)
            .toSpacing(s.m_truth, 1, 1, 1);
    }

    /** One affine and elastic transformation of image and labels, 181×217×181. */
    @Benchmark
    public LabeledVolume affineAndElastic(final Study s) {
        return augmented(new SpatialAugmentation(ALWAYS, image -> 0, s.m_workers), s);
    }

    /** Gamma, 181×217×181; likewise the others. */
    @Benchmark
    public LabeledVolume gamma(final Study s) {
        return augmented(Gamma.DEFAULT, s);
    }

    /** See {@link #gamma}. */
    @Benchmark
    public LabeledVolume biasField(final Study s) {
        return augmented(BiasField.DEFAULT, s);
    }

    /** See {@link #gamma}. */
    @Benchmark
    public LabeledVolume blur(final Study s) {
        return augmented(Blur.DEFAULT, s);
    }

    /** See {@link #gamma}. */
    @Benchmark
    public LabeledVolume lowResolution(final Study s) {
        return augmented(LowResolution.DEFAULT, s);
    }

    /** See {@link #gamma}. */
    @Benchmark
    public LabeledVolume gaussianNoise(final Study s) {
        return augmented(GaussianNoise.DEFAULT, s);
    }

    /** See {@link #gamma}. */
    @Benchmark
    public LabeledVolume ricianNoise(final Study s) {
        return augmented(RicianNoise.DEFAULT, s);
    }

    /** See {@link #gamma}. */
    @Benchmark
    public LabeledVolume motion(final Study s) {
        return augmented(Motion.DEFAULT, s);
    }
}

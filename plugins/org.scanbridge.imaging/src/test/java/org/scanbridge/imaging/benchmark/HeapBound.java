package org.scanbridge.imaging.benchmark;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;

import org.scanbridge.imaging.augment.Augmentation;
import org.scanbridge.imaging.augment.AugmentationPipeline;
import org.scanbridge.imaging.augment.BiasField;
import org.scanbridge.imaging.augment.Blur;
import org.scanbridge.imaging.augment.Brightness;
import org.scanbridge.imaging.augment.Contrast;
import org.scanbridge.imaging.augment.Gamma;
import org.scanbridge.imaging.augment.GaussianNoise;
import org.scanbridge.imaging.augment.Ghosting;
import org.scanbridge.imaging.augment.HistogramShift;
import org.scanbridge.imaging.augment.LabeledVolume;
import org.scanbridge.imaging.augment.LinearBiasField;
import org.scanbridge.imaging.augment.LowResolution;
import org.scanbridge.imaging.augment.Motion;
import org.scanbridge.imaging.augment.Range;
import org.scanbridge.imaging.augment.RicianNoise;
import org.scanbridge.imaging.augment.SpatialAugmentation;
import org.scanbridge.imaging.augment.Spike;
import org.scanbridge.imaging.augment.ThickSlices;
import org.scanbridge.imaging.filter.GaussianBlur;
import org.scanbridge.imaging.normalize.Background;
import org.scanbridge.imaging.normalize.Clahe;
import org.scanbridge.imaging.normalize.ClippedZScore;
import org.scanbridge.imaging.normalize.Foreground;
import org.scanbridge.imaging.normalize.IntensityMethod;
import org.scanbridge.imaging.normalize.IntensityNormalization;
import org.scanbridge.imaging.normalize.Masking;
import org.scanbridge.imaging.normalize.MinMax;
import org.scanbridge.imaging.normalize.N4BiasCorrection;
import org.scanbridge.imaging.normalize.NonFiniteVoxels;
import org.scanbridge.imaging.normalize.NyulNormalizer;
import org.scanbridge.imaging.normalize.PercentileScaling;
import org.scanbridge.imaging.normalize.PolynomialBiasCorrection;
import org.scanbridge.imaging.normalize.QuantileMatching;
import org.scanbridge.imaging.normalize.RobustScaling;
import org.scanbridge.imaging.normalize.Sample;
import org.scanbridge.imaging.normalize.Scope;
import org.scanbridge.imaging.normalize.ZScore;
import org.scanbridge.imaging.random.SeededRandom;
import org.scanbridge.imaging.resample.Fill;
import org.scanbridge.imaging.resample.GridWindow;
import org.scanbridge.imaging.resample.Interpolation;
import org.scanbridge.imaging.resample.Reorientation;
import org.scanbridge.imaging.resample.Resampler;
import org.scanbridge.imaging.volume.Geometry;
import org.scanbridge.imaging.volume.LabelSet;
import org.scanbridge.imaging.volume.LabelVolume;
import org.scanbridge.imaging.volume.Volume;
import org.scanbridge.imaging.volume.VolumeInfo;

import net.imglib2.parallel.TaskExecutor;
import net.imglib2.parallel.TaskExecutors;

/**
 * Runs every preprocessing operation on one volume in a heap of the size that the caller gave the virtual machine, to
 * see what fits. The volume stays in memory all the time, as a node's input does. Arguments: the numbers of voxels along
 * i, j, k, then perhaps parts of the names of the operations to run. The exit code is the number of operations that did
 * not fit.
 */
public final class HeapBound {

    private HeapBound() {
    }

    /** Prints a line for each operation. */
    public static void main(final String[] args) throws InterruptedException {
        final int[] size = {Integer.parseInt(args[0]), Integer.parseInt(args[1]), Integer.parseInt(args[2])};
        final List<String> wanted = List.of(args).subList(3, args.length);
        final ThreadPoolExecutor pool = new ThreadPoolExecutor(2, 2, 0, TimeUnit.SECONDS, new LinkedBlockingQueue<>(),
            TaskExecutors.threadFactory(TaskExecutors::singleThreaded));
        pool.prestartAllCoreThreads();
        int failed = 0;
        try (TaskExecutor workers = TaskExecutors.forExecutorService(pool)) {
            final Volume image = image(size);
            for (final Map.Entry<String, UnaryOperator<Volume>> operation : operations(image.geometry(), workers)
                .entrySet()) {
                if (wanted.isEmpty() || wanted.stream().anyMatch(operation.getKey()::contains)) {
                    awaitIdle(pool);
                    failed += fits(operation.getKey(), operation.getValue(), image) ? 0 : 1;
                }
            }
        }
        System.exit(failed);
    }

    /**
     * Waits for the workers of the operation before: one that was not given a processor since its last task still holds that
     * task's images.
     */
    private static void awaitIdle(final ThreadPoolExecutor pool) throws InterruptedException {
        while (pool.getActiveCount() > 0) {
            Thread.sleep(1);
        }
    }

    private static boolean fits(final String name, final UnaryOperator<Volume> operation, final Volume image) {
        // What the operation before left behind is not this one's.
        System.gc();
        final long start = System.nanoTime();
        boolean fits = true;
        try {
            fits = operation.apply(image).voxels().length > 0;
        } catch (final OutOfMemoryError e) {
            fits = false;
        } catch (final RuntimeException e) {
            // The workers wrap what went wrong on their threads.
            if (!(e.getCause() instanceof OutOfMemoryError)) {
                throw e;
            }
            fits = false;
        }
        System.out.printf(Locale.ROOT, "%-50s %s %7.2f s%n", name, fits ? "fits" : "DOES NOT FIT",
            (System.nanoTime() - start) / 1e9);
        return fits;
    }

    private static Map<String, UnaryOperator<Volume>> operations(final Geometry grid, final TaskExecutor workers) {
        final Map<String, UnaryOperator<Volume>> all = new LinkedHashMap<>();
        for (final IntensityMethod method : new IntensityMethod[]{new ZScore(), ClippedZScore.DEFAULT,
            new RobustScaling(), MinMax.UNIT, PercentileScaling.DEFAULT}) {
            all.put(method.getClass().getSimpleName(), v -> new IntensityNormalization(method, Foreground.ABOVE_ZERO,
                Scope.IMAGE, Background.CONSTANT).fit(List.of()).apply(v));
            all.put(method.getClass().getSimpleName() + " over a data set", v -> new IntensityNormalization(method,
                Foreground.ABOVE_ZERO, Scope.DATA_SET, Background.CONSTANT).fit(List.of(Sample.of(v))).apply(v));
        }
        all.put("Nyul", v -> NyulNormalizer.fit(List.of(Sample.of(v)), Foreground.OTSU, Background.CONSTANT).apply(v));
        all.put("Quantile matching", v -> QuantileMatching
            .toReference(Sample.of(v), Foreground.ABOVE_ZERO, Background.CONSTANT, 257).apply(v));
        all.put("CLAHE in 3-D", v -> new Clahe(Clahe.Settings.DEFAULT, workers).apply(v));
        all.put("CLAHE slice by slice", v -> new Clahe(
            new Clahe.Settings(Clahe.Mode.SLICES, 8, 256, 0.01, Foreground.ABOVE_ZERO), workers).apply(v));
        all.put("Bias correction", PolynomialBiasCorrection.DEFAULT::apply);
        all.put("N4", N4BiasCorrection.DEFAULT::apply);
        all.put("Masking", v -> Masking.apply(v, labels(v.geometry()), 0));
        all.put("Non-finite voxels", v -> NonFiniteVoxels.replace(v, 0));
        all.put("Blur", v -> new GaussianBlur(1, 1, 1).apply(v, workers));
        resampling(all, grid, workers);
        augmentation(all, workers);
        return all;
    }

    private static void resampling(final Map<String, UnaryOperator<Volume>> all, final Geometry grid,
        final TaskExecutor workers) {
        for (final Interpolation interpolation : Interpolation.values()) {
            final Resampler resampler = new Resampler(interpolation, true, workers);
            all.put("Resampling to 1.05 mm " + interpolation, v -> resampler.toSpacing(v, 1.05, 1.05, 1.05));
            all.put("Resampling to 0.97×0.97×1.2 mm " + interpolation, v -> resampler.toSpacing(v, 0.97, 0.97, 1.2));
            all.put("Resampling to 0.95 mm " + interpolation, v -> resampler.toSpacing(v, 0.95, 0.95, 1.1));
            all.put("Shifted grid " + interpolation,
                v -> resampler.toGrid(v, moved(grid, new double[]{1, 0, 0, 0, 1, 0, 0, 0, 1}), 0));
            all.put("Oblique grid " + interpolation,
                v -> resampler.toGrid(v, moved(grid, new double[]{0.6, 0.8, 0, -0.8, 0.6, 0, 0, 0, 1}), 0));
        }
        all.put("Other orientation", v -> {
            final Reorientation sagittal = new Reorientation(v.geometry(), new int[]{1, 2, 0},
                new boolean[]{true, false, true});
            return sagittal.apply(v);
        });
        all.put("Crop to content", v -> GridWindow.around(v, 100, 2).apply(v, 0));
        all.put("Pad", v -> GridWindow.padded(v.geometry(), 4, 4, 4).apply(v, 0));
    }

    private static Geometry moved(final Geometry grid, final double[] direction) {
        return new Geometry(grid.size(), grid.spacing(), new double[]{0.3, 0.3, 0.3}, direction);
    }

    private static void augmentation(final Map<String, UnaryOperator<Volume>> all, final TaskExecutor workers) {
        final Augmentation spatial = new SpatialAugmentation(
            new SpatialAugmentation.Settings(Range.symmetric(15), new Range(0.85, 1.2), Range.symmetric(0.05),
                Range.symmetric(0), 1, 0.5, 7, 5, 1), Fill.ZERO, workers);
        all.put("Augmentation with labels, all but motion",
            v -> new AugmentationPipeline(List.of(spatial, Brightness.DEFAULT, Contrast.DEFAULT, Gamma.DEFAULT,
                HistogramShift.DEFAULT, BiasField.DEFAULT, LinearBiasField.DEFAULT, Blur.DEFAULT, LowResolution.DEFAULT,
                ThickSlices.DEFAULT, GaussianNoise.DEFAULT, RicianNoise.DEFAULT, Ghosting.DEFAULT, Spike.DEFAULT))
                    .draw(new SeededRandom(1)).apply(new LabeledVolume(v, Optional.of(labels(v.geometry())))).image());
        all.put("Motion", v -> Motion.DEFAULT.draw(new SeededRandom(1)).apply(LabeledVolume.of(v)).image());
    }

    private static LabelVolume labels(final Geometry grid) {
        final byte[] y = new byte[grid.voxelCount()];
        for (int v = 0; v < y.length; v++) {
            y[v] = (byte)(v / 1000 % 3);
        }
        return new LabelVolume(y, grid, VolumeInfo.UNKNOWN, LabelSet.of("a", "b"));
    }

    private static Volume image(final int[] size) {
        final Geometry grid = Geometry.axial(size, 1, 1, 1.1);
        final SeededRandom random = new SeededRandom(1);
        final float[] x = new float[grid.voxelCount()];
        for (int v = 0; v < x.length; v++) {
            final int margin = size[0] / 64;
            final int i = v % size[0];
            x[v] = i < margin || i >= size[0] - margin ? 0
                : (float)(500 + 200 * Math.sin(i / 20.0) + 100 * random.nextDouble());
        }
        return new Volume(x, grid, VolumeInfo.UNKNOWN);
    }
}

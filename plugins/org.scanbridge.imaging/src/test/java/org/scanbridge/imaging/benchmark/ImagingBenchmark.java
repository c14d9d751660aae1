package org.scanbridge.imaging.benchmark;

import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.Locale;

import org.scanbridge.imaging.augment.LabeledVolume;
import org.scanbridge.imaging.augment.Range;
import org.scanbridge.imaging.augment.SpatialAugmentation;
import org.scanbridge.imaging.metrics.SurfaceDistances;
import org.scanbridge.imaging.normalize.Background;
import org.scanbridge.imaging.normalize.Clahe;
import org.scanbridge.imaging.normalize.Foreground;
import org.scanbridge.imaging.normalize.IntensityNormalization;
import org.scanbridge.imaging.normalize.Normalizer;
import org.scanbridge.imaging.normalize.NyulNormalizer;
import org.scanbridge.imaging.normalize.PercentileScaling;
import org.scanbridge.imaging.normalize.QuantileMatching;
import org.scanbridge.imaging.normalize.Sample;
import org.scanbridge.imaging.normalize.Scope;
import org.scanbridge.imaging.normalize.ZScore;
import org.scanbridge.imaging.random.SeededRandom;
import org.scanbridge.imaging.resample.Interpolation;
import org.scanbridge.imaging.resample.Resampler;
import org.scanbridge.imaging.volume.Geometry;
import org.scanbridge.imaging.volume.LabelSet;
import org.scanbridge.imaging.volume.LabelVolume;
import org.scanbridge.imaging.volume.Volume;
import org.scanbridge.imaging.volume.VolumeInfo;

import net.imglib2.parallel.TaskExecutor;
import net.imglib2.parallel.TaskExecutors;

/**
 * Times the expensive operations at clinical sizes on two workers: best of five runs after two for warming up. Prints
 * wall time, processor time of all threads (which other load on the machine hardly changes), and what the calling
 * thread allocated.
 */
public final class ImagingBenchmark {

    private static final int WARM_UP = 2;

    private static final int RUNS = 5;

    private ImagingBenchmark() {
    }

    /** Prints one line per operation. */
    public static void main(final String[] args) {
        try (TaskExecutor workers = TaskExecutors.fixedThreadPool(2)) {
            surfaces(workers);
            final Volume cube = volume(256, 256, 256);
            normalizer("z-score, 256³", zScore(), cube);
            normalizer("percentile scaling, 256³", new IntensityNormalization(PercentileScaling.DEFAULT,
                Foreground.ABOVE_ZERO, Scope.IMAGE, Background.CONSTANT).fit(List.of()), cube);
            normalizer("Nyul, 256³",
                NyulNormalizer.fit(List.of(Sample.of(cube)), Foreground.ABOVE_ZERO, Background.CONSTANT), cube);
            normalizer("quantile matching, 256³", QuantileMatching.toReference(Sample.of(cube), Foreground.ABOVE_ZERO,
                Background.CONSTANT, QuantileMatching.DEFAULT_QUANTILES), cube);
            normalizer("CLAHE 3-D, 256³", new Clahe(Clahe.Settings.DEFAULT, workers), cube);
            normalizer("CLAHE 2-D, 256³", new Clahe(new Clahe.Settings(Clahe.Mode.SLICES, 8, 256, 0.01,
                Foreground.WHOLE_IMAGE), workers), cube);
            final Volume brain = volume(181, 217, 181);
            final SpatialAugmentation spatial = new SpatialAugmentation(
                new SpatialAugmentation.Settings(Range.symmetric(15), new Range(0.85, 1.2), Range.symmetric(0.05),
                    Range.symmetric(0), 1, 0, 7, 5, 1, SpatialAugmentation.Fill.ZERO), workers);
            time("affine and elastic, 181×217×181 with labels",
                () -> spatial.draw(new SeededRandom(1)).apply(LabeledVolume.of(brain, labels(brain.geometry(), 0))));
            time("resample 181×217×181 from 1 to 0.8 mm",
                () -> new Resampler(Interpolation.LINEAR, true, workers).toSpacing(brain, 0.8, 0.8, 0.8));
        }
    }

    private static Normalizer zScore() {
        return new IntensityNormalization(new ZScore(), Foreground.ABOVE_ZERO, Scope.IMAGE, Background.CONSTANT)
            .fit(List.of());
    }

    private static void normalizer(final String name, final Normalizer normalizer, final Volume volume) {
        time(name, () -> normalizer.apply(volume));
    }

    private static void surfaces(final TaskExecutor workers) {
        final Geometry grid = Geometry.axial(new int[]{256, 256, 160}, 0.9, 0.9, 1.2);
        final LabelVolume truth = labels(grid, 0);
        final LabelVolume prediction = labels(grid, 3);
        time("HD95 and ASSD, 3 classes, 256×256×160", () -> {
            double sum = 0;
            for (int label = 1; label <= 3; label++) {
                final SurfaceDistances d = SurfaceDistances.of(prediction, truth, label, workers).orElseThrow();
                sum += d.hausdorff95() + d.averageSymmetric();
            }
            return sum;
        });
    }

    /** Three nested, wavy shells. */
    private static LabelVolume labels(final Geometry g, final int shift) {
        final byte[] y = new byte[g.voxelCount()];
        for (int v = 0; v < y.length; v++) {
            final double i = 2.0 * (v % g.size(0) + shift) / g.size(0) - 1;
            final double j = 2.0 * (v / g.size(0) % g.size(1)) / g.size(1) - 1;
            final double k = 2.0 * (v / g.size(0) / g.size(1)) / g.size(2) - 1;
            final double r = Math.sqrt(i * i + j * j + k * k) + 0.05 * Math.sin(20 * i) * Math.sin(17 * j);
            y[v] = (byte)(r < 0.4 ? 3 : r < 0.65 ? 2 : r < 0.9 ? 1 : 0);
        }
        return new LabelVolume(y, g, VolumeInfo.UNKNOWN, LabelSet.of("a", "b", "c"));
    }

    private static Volume volume(final int... size) {
        final Geometry grid = Geometry.axial(size, 1, 1, 1);
        final SeededRandom random = new SeededRandom(1);
        final float[] x = new float[grid.voxelCount()];
        for (int v = 0; v < x.length; v++) {
            x[v] = (float)(500 + 200 * Math.sin(v % size[0] / 20.0) + 100 * random.nextDouble());
        }
        return new Volume(x, grid, VolumeInfo.UNKNOWN);
    }

    private interface Work {
        Object run();
    }

    private static void time(final String name, final Work work) {
        double best = Double.POSITIVE_INFINITY;
        double cpu = Double.POSITIVE_INFINITY;
        long bytes = 0;
        final com.sun.management.OperatingSystemMXBean system =
            (com.sun.management.OperatingSystemMXBean)ManagementFactory.getOperatingSystemMXBean();
        final com.sun.management.ThreadMXBean threads =
            (com.sun.management.ThreadMXBean)ManagementFactory.getThreadMXBean();
        for (int run = 0; run < WARM_UP + RUNS; run++) {
            final long allocated = threads.getCurrentThreadAllocatedBytes();
            final long cpuStart = system.getProcessCpuTime();
            final long start = System.nanoTime();
            final Object result = work.run();
            final double seconds = (System.nanoTime() - start) / 1e9;
            final double cpuSeconds = (system.getProcessCpuTime() - cpuStart) / 1e9;
            bytes = threads.getCurrentThreadAllocatedBytes() - allocated;
            if (result != null && run >= WARM_UP) {
                best = Math.min(best, seconds);
                cpu = Math.min(cpu, cpuSeconds);
            }
        }
        System.out.printf(Locale.ROOT, "%-48s %7.3f s %7.3f s CPU %8.1f MB%n", name, best, cpu, bytes / 1e6);
    }
}

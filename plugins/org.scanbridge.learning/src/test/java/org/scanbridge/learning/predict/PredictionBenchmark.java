package org.scanbridge.learning.predict;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.stream.Stream;

import org.scanbridge.imaging.Progress;
import org.scanbridge.imaging.volume.Geometry;
import org.scanbridge.imaging.volume.Volume;
import org.scanbridge.imaging.volume.VolumeInfo;
import org.scanbridge.learning.architecture.NetworkSpec;
import org.scanbridge.learning.architecture.PatchSize;
import org.scanbridge.learning.graph.SavedModelWriter;
import org.scanbridge.learning.network.Network;

/**
 * How much of the bare forward throughput is left when whole volumes are segmented: times the SavedModel on blocks that are
 * ready in memory, and the sliding window on a volume that takes the same number of blocks, in turns, so that other load on
 * the machine hits both alike. Wall and processor time, the median of the ratios of neighboring runs.
 */
public final class PredictionBenchmark {

    private static final int BATCH = 4;

    private static final int ROUNDS = 9;

    private PredictionBenchmark() {
    }

    public static void main(final String[] arguments) throws Exception {
        System.out.println("network          volume       blocks | bare ms: wall cpu | window ms: wall cpu | throughput: wall cpu");
        run(NetworkSpec.unet3d(4, 8, 3, 24), 72);
        run(NetworkSpec.unet3d(4, 8, 3, 32), 80);
        run(NetworkSpec.unet3d(4, 16, 3, 32), 64);
        run(NetworkSpec.unet3d(20, 8, 3, 32), 64);
    }

    private static void run(final NetworkSpec spec, final int size) throws Exception {
        final Network network = Network.untrained(spec, 1);
        final Path directory = Files.createTempDirectory("scanbridge-benchmark");
        try {
            SavedModelWriter.write(spec, network.weights(), directory);
            run(spec, size, network, directory);
        } finally {
            try (Stream<Path> files = Files.walk(directory)) {
                for (final Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(file);
                }
            }
        }
    }

    private static void run(final NetworkSpec spec, final int size, final Network network, final Path directory)
        throws Exception {
        final int perAxis = SlidingWindow.starts(size, spec.patchSize().i(), 0.5).length;
        final PatchSize block = spec.patchSize();
        final float[] images = noise(BATCH * block.voxels());
        final Volume volume =
            new Volume(noise(size * size * size), Geometry.axial(new int[]{size, size, size}, 1, 1, 1), VolumeInfo.UNKNOWN);
        try (SavedModelNetwork bare = new SavedModelNetwork(spec, directory);
                SlidingWindowPredictor window = new SlidingWindowPredictor(network)) {
            final Runnable forward = () -> {
                for (int layer = 0; layer < perAxis; layer++) {
                    for (int first = 0; first < perAxis * perAxis; first += BATCH) {
                        final int count = Math.min(BATCH, perAxis * perAxis - first);
                        bare.probabilities(count == BATCH ? images : Arrays.copyOf(images, count * block.voxels()),
                            count);
                    }
                }
            };
            final Runnable whole = () -> window.predict(volume, Progress.NONE);
            final List<double[]> rounds = new ArrayList<>();
            for (int r = -2; r < ROUNDS; r++) {
                final double[] a = measure(forward);
                final double[] b = measure(whole);
                if (r >= 0) {
                    rounds.add(new double[]{a[0], a[1], b[0], b[1], a[0] / b[0], a[1] / b[1]});
                }
            }
            System.out.printf(Locale.ROOT, "width %2d ×%d³ %2d cl %d³ %9d | %12.0f %5.0f | %13.0f %5.0f | %14.2f %.2f%n",
                spec.baseWidth(), block.i(), spec.classes(), size, perAxis * perAxis * perAxis, median(rounds, 0),
                median(rounds, 1), median(rounds, 2), median(rounds, 3), median(rounds, 4), median(rounds, 5));
        }
    }

    private static double median(final List<double[]> rounds, final int column) {
        final List<Double> values = new ArrayList<>(rounds.stream().map(r -> r[column]).toList());
        Collections.sort(values);
        return values.get(values.size() / 2);
    }

    /** Wall and processor time in ms. */
    private static double[] measure(final Runnable work) {
        final long cpu = ProcessHandle.current().info().totalCpuDuration().orElseThrow().toMillis();
        final long start = System.nanoTime();
        work.run();
        return new double[]{(System.nanoTime() - start) * 1e-6,
            ProcessHandle.current().info().totalCpuDuration().orElseThrow().toMillis() - cpu};
    }

    private static float[] noise(final int count) {
        final Random random = new Random(1);
        final float[] values = new float[count];
        for (int v = 0; v < count; v++) {
            values[v] = (float)random.nextGaussian();
        }
        return values;
    }
}

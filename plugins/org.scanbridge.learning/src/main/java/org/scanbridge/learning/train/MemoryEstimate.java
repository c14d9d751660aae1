package org.scanbridge.learning.train;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;

import org.scanbridge.learning.LearningException;
import org.scanbridge.learning.architecture.NetworkSpec;
import org.scanbridge.learning.architecture.NetworkPlan;
import org.scanbridge.learning.graph.StepSize;

/**
 * How much memory a training step takes outside the Java heap. Measured on CPU, 3 levels: width 16, 64³, batch 2: 1.1 GB;
 * 96³, batch 1: 1.6 GB; width 8, 32³, batch 4: 0.43 GB. All of these are within 30 % of the estimate.
 */
public final class MemoryEstimate {

    /** TensorFlow itself, and the JVM. */
    private static final long BASE = 300L << 20;

    private static final Path MEMINFO = Path.of("/proc/meminfo");

    private MemoryEstimate() {
    }

    /**
     * What a training takes.
     *
     * @param bytes outside the Java heap
     * @param what the step, for messages
     */
    public record Need(long bytes, String what) {

        /**
         * Refuses a training that does not fit.
         *
         * @param available free bytes; empty if unknown, which refuses nothing
         * @throws LearningException with advice
         */
        void check(final OptionalLong available) {
            if (available.isPresent() && bytes > available.getAsLong()) {
                throw new LearningException("A step with " + what + " takes about " + (bytes >> 20) + " MB, but only "
                    + (available.getAsLong() >> 20)
                    + " MB are free. " + StepSize.ADVICE + ", or close other programs.");
            }
        }
    }

    /** What steps with a batch of patches of a network take. */
    public static Need need(final NetworkSpec spec, final int batch) {
        return new Need(bytes(spec, batch),
            batch + " patches of " + spec.patchSize() + " and " + spec.baseWidth()
                + " channels at full resolution");
    }

    /** Bytes that a step with a batch of patches takes. */
    public static long bytes(final NetworkSpec spec, final int batch) {
        final double activations = NetworkPlan.of(spec).activations() * batch;
        // what was measured holds the tensor of one channel; each further one adds its own
        final double channels = (double)(spec.inputChannels() - 1) * spec.inputSize().voxels() * batch;
        return BASE + (long)(Float.BYTES * (activations + channels));
    }

    /** Free memory of the machine; empty where the operating system has no {@code /proc/meminfo}. */
    public static OptionalLong available() {
        if (!Files.isReadable(MEMINFO)) {
            return OptionalLong.empty();
        }
        try {
            return Files.readAllLines(MEMINFO).stream().filter(line -> line.startsWith("MemAvailable:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) << 10).findFirst();
        } catch (final IOException e) {
            return OptionalLong.empty(); // nothing is known, as on other systems
        }
    }
}

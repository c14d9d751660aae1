package org.scanbridge.learning.train;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.OptionalLong;

import org.scanbridge.learning.LearningException;
import org.scanbridge.learning.architecture.NetworkSpec;
import org.scanbridge.learning.architecture.NetworkPlan;
import org.scanbridge.learning.graph.StepSize;

/**
 * How much memory a training step takes outside the Java heap. Measured on CPU, 3 levels: width 16, 64³, batch 2: 1.1 GB;
 * 96³, batch 1: 1.6 GB; width 8, 32³, batch 4: 0.43 GB. All of these are within 30 % of the estimate.
 * SIFA with a network and a generator of width 8, 32³, 2 + 2 patches: 0.77 GB, the estimate is 0.57 GB.
 */
public final class MemoryEstimate {

    /** TensorFlow itself, and the JVM. */
    private static final long BASE = 300L << 20;

    private static final Path MEMINFO = Path.of("/proc/meminfo");

    /** How often a weight that is trained is in memory: itself, its gradient, and two averages of Adam. */
    private static final int COPIES = 4;

    private MemoryEstimate() {
    }

    /**
     * What a training takes.
     *
     * @param bytes outside the Java heap
     * @param heap bytes of the Java heap, for the first weights of networks that are made for the training
     * @param what the step, for messages
     */
    public record Need(long bytes, long heap, String what) {

        /** Without further networks. */
        public Need(final long bytes, final String what) {
            this(bytes, 0, what);
        }

        /**
         * With a network that is made for the training and trained beside the given one.
         *
         * @param spec its architecture
         * @param patches how many patches of a step go through it
         * @param name what it is, for messages
         */
        public Need with(final NetworkSpec spec, final int patches, final String name) {
            final NetworkPlan plan = NetworkPlan.of(spec);
            final double weights = Float.BYTES * plan.parameters().stream()
                .mapToDouble(p -> Arrays.stream(p.dimensions()).mapToDouble(d -> d).reduce(1, (a, b) -> a * b)).sum();
            return new Need(bytes + (long)(Float.BYTES * plan.activations() * patches + COPIES * weights),
                heap + (long)weights, what + ", and with a " + name + " of " + spec.baseWidth() + " channels and " + spec.levels()
                    + (spec.levels() == 1 ? " level," : " levels,"));
        }

        /**
         * Refuses a training that does not fit.
         *
         * @param available free bytes outside the Java heap; empty if unknown, which refuses nothing
         * @param free bytes that the Java heap can still give
         * @throws LearningException with advice
         */
        void check(final OptionalLong available, final long free) {
            if (available.isPresent() && bytes > available.getAsLong()) {
                throw new LearningException("A step with " + what + " takes about " + (bytes >> 20) + " MB, but only "
                    + (available.getAsLong() >> 20) + " MB are free. " + narrower() + StepSize.ADVICE + ", or close other programs.");
            }
            if (heap > free) {
                throw new LearningException("A step with " + what + " needs " + (heap >> 20) + " MB of Java's memory for new"
                    + " weights, but only " + (free >> 20) + " MB are free. " + narrower() + "Give Java more memory (-Xmx in"
                    + " knime.ini; SCANBRIDGE_HEAP for scanbridge-batch).");
            }
        }

        private String narrower() {
            return heap > 0 ? "Choose fewer channels or levels for what is trained beside the network. " : "";
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

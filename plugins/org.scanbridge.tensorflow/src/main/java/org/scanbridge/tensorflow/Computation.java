package org.scanbridge.tensorflow;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * How the engine computes on the processor: everything that the last bits of a result depend on beside the seed.
 *
 * @param reproducibility what is promised
 * @param threads threads inside one operation
 * @param instructionCap highest instruction set that oneDNN may use, in oneDNN's words ({@code AVX2}); {@code ALL} if it
 *            is not held back
 * @param oneDnn whether TensorFlow computes with oneDNN's kernels; without them convolutions are four to seven times slower
 * @param processor name of the processor
 * @param instructionSets of the processor, from old to new; empty where they are not known
 */
public record Computation(Reproducibility reproducibility, int threads, String instructionCap, boolean oneDnn,
    String processor, List<String> instructionSets) {

    /** The cap that means none. */
    public static final String ALL = "ALL";

    /** Of what was computed by a version that did not write it down. */
    public static final Computation UNKNOWN = new Computation(Reproducibility.CUSTOM, 0, ALL, false, "unknown", List.of());

    /** Checks that all is there and copies the list. */
    public Computation {
        Objects.requireNonNull(reproducibility, "reproducibility");
        Objects.requireNonNull(instructionCap, "instructionCap");
        Objects.requireNonNull(processor, "processor");
        instructionSets = List.copyOf(instructionSets);
    }

    /** Whether it was written down. */
    public boolean isKnown() {
        return threads > 0;
    }

    /** For messages and manifests: {@code 2 threads, oneDNN up to AVX2 (portable)}. */
    public String describe() {
        return threads + (threads == 1 ? " thread, " : " threads, ")
            + (oneDnn ? "oneDNN" + (ALL.equals(instructionCap) ? "" : " up to " + instructionCap) : "without oneDNN") + " ("
            + reproducibility + ")";
    }

    /**
     * Why another computation with the same seed may give other last bits than this one.
     *
     * @return what differs, such as {@code 2 threads instead of 16}; empty if the bits are the same, or if nothing is known
     *         of one of them
     */
    public Optional<String> difference(final Computation other) {
        if (!isKnown() || !other.isKnown()) {
            return Optional.empty();
        }
        final List<String> found = new ArrayList<>();
        if (oneDnn != other.oneDnn) {
            found.add(oneDnn ? "with oneDNN instead of without" : "without oneDNN instead of with");
        }
        if (!instructionCap.equals(other.instructionCap)) {
            found.add("instruction sets up to " + instructionCap + " instead of " + other.instructionCap);
        }
        if (threads != other.threads) {
            found.add(threads + (threads == 1 ? " thread" : " threads") + " instead of " + other.threads);
        }
        final boolean portable =
            reproducibility == Reproducibility.PORTABLE && other.reproducibility == Reproducibility.PORTABLE;
        if (!portable && !(processor.equals(other.processor) && instructionSets.equals(other.instructionSets))) {
            found.add("processor " + processor + " instead of " + other.processor);
        }
        return found.isEmpty() ? Optional.empty() : Optional.of(String.join(", ", found));
    }
}

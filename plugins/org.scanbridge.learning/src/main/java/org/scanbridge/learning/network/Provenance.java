package org.scanbridge.learning.network;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.Collections;

import org.scanbridge.tensorflow.Computation;
import org.scanbridge.tensorflow.EngineInfo;

/**
 * Where a network's weights come from. Holds no subject ids.
 *
 * @param method how it was trained, such as {@code supervised}; {@code untrained} for fresh weights
 * @param seed the seed of the training (or of the initial weights)
 * @param steps optimizer steps of this training
 * @param keptStep the step whose weights were kept; 0 if untrained
 * @param validationDice mean foreground Dice on the validation cases at that step; NaN if there was no validation
 * @param sites sites whose images were used, sorted
 * @param dataHash SHA-256 over subjects, roles and voxels of the training data, in hexadecimal; empty if untrained
 * @param parentHash weights hash of the network the training started from; empty if untrained
 * @param engine name and version of what trained it; empty if untrained
 * @param device device and number of threads it was trained on: other configurations give other last bits
 * @param computation how the processor computed then; {@link Computation#UNKNOWN} if untrained, or trained by a version that
 *            did not write it down
 * @param options all options of the training by name
 */
public record Provenance(String method, long seed, int steps, int keptStep, double validationDice, List<String> sites,
    String dataHash, String parentHash, String engine, String device, Computation computation, Map<String, String> options) {

    private static final String GPU = "GPU";

    /** Copies the collections. */
    public Provenance {
        computation = computation == null ? Computation.UNKNOWN : computation; // read from a file of an earlier version
        sites = List.copyOf(sites);
        options = Collections.unmodifiableMap(new TreeMap<>(options));
    }

    /** For fresh weights drawn with a seed. */
    public static Provenance untrained(final long seed) {
        return new Provenance("untrained", seed, 0, 0, Double.NaN, List.of(), "", "", "", "", Computation.UNKNOWN,
            Map.of());
    }

    /**
     * Why the same training, if it were repeated on an engine, might end in other last bits.
     *
     * @param engine the running engine
     * @return what differs; empty if the bits would be the same, if it is untrained or if nothing was written down (of GPUs
     *         nothing more is known than that one was used)
     */
    public Optional<String> differenceFrom(final EngineInfo engine) {
        if (device.startsWith(GPU) == engine.device().startsWith(GPU)) {
            return device.startsWith(GPU) ? Optional.empty() : engine.computation().difference(computation);
        }
        return device.isEmpty() ? Optional.empty() : Optional.of(engine.device() + " instead of " + device);
    }
}

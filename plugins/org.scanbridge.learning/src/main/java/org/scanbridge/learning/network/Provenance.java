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
 * @param trainingCases how many cases it was trained on, whether labeled or not; those of all parents together if it is made
 *            of several networks; 0 if untrained, or if the version that wrote it did not write it down
 * @param parents the networks that it is an average of; empty for all others
 */
public record Provenance(String method, long seed, int steps, int keptStep, double validationDice, List<String> sites,
    String dataHash, String parentHash, String engine, String device, Computation computation, Map<String, String> options,
    int trainingCases, List<Parent> parents) {

    /** Method of fresh weights. */
    private static final String UNTRAINED = "untrained";

    /**
     * One of the networks that a network is an average of.
     *
     * @param weightsHash SHA-256 of its weights
     * @param weight its share of the average, [0, 1]
     * @param method how it was trained
     * @param sites the sites it was trained on, sorted
     * @param dataHash that of its training data; empty if it has none
     * @param trainingCases how many cases it was trained on; 0 if it does not say
     */
    public record Parent(String weightsHash, double weight, String method, List<String> sites, String dataHash,
        int trainingCases) {

        /** Copies the sites. */
        public Parent {
            sites = List.copyOf(sites);
        }
    }

    private static final String GPU = "GPU";

    /** Copies the collections. */
    public Provenance {
        computation = computation == null ? Computation.UNKNOWN : computation; // read from a file of an earlier version
        sites = List.copyOf(sites);
        options = Collections.unmodifiableMap(new TreeMap<>(options));
        parents = parents == null ? List.of() : List.copyOf(parents); // so are these
    }

    /** Of a network that does not say how many cases it was trained on, and is no average. */
    public Provenance(final String method, final long seed, final int steps, final int keptStep, final double validationDice,
        final List<String> sites, final String dataHash, final String parentHash, final String engine, final String device,
        final Computation computation, final Map<String, String> options) {
        this(method, seed, steps, keptStep, validationDice, sites, dataHash, parentHash, engine, device, computation, options,
            0, List.of());
    }

    /** For fresh weights drawn with a seed. */
    public static Provenance untrained(final long seed) {
        return new Provenance(UNTRAINED, seed, 0, 0, Double.NaN, List.of(), "", "", "", "", Computation.UNKNOWN,
            Map.of());
    }

    /** Whether the weights come from a training: their own, or that of one of the networks that they are an average of. */
    public boolean trained() {
        return parents.isEmpty() ? !UNTRAINED.equals(method)
            : parents.stream().anyMatch(p -> !UNTRAINED.equals(p.method()));
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

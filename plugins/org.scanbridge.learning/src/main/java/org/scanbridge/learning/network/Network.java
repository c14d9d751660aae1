package org.scanbridge.learning.network;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

import org.scanbridge.imaging.volume.LabelSet;
import org.scanbridge.learning.architecture.NetworkSpec;
import org.scanbridge.learning.architecture.NetworkPlan;
import org.scanbridge.learning.architecture.Weights;
import org.scanbridge.learning.foreign.ForeignModel;

/**
 * An architecture, its weights, the meaning of its classes and where all this comes from. Immutable.
 * <p>
 * Persisted as a directory with {@code network.json} (everything but the numbers), {@code weights.bin} (little-endian
 * 32-bit floats in the order of {@link NetworkPlan#parameters()}) and {@code saved_model/} (a TensorFlow SavedModel with
 * signature {@code serving_default}: {@code image} [n, k, j, i, channels] → {@code probabilities} [n, k, j, i, classes
 * or regions]). A network of other software has its own files instead of weights and SavedModel, in {@code foreign.onnx}, {@code foreign_onnx/} or
 * {@code foreign_model/}.
 */
public final class Network {

    private final NetworkSpec m_spec;

    private final Weights m_weights;

    private final LabelSet m_labels;

    private final Provenance m_provenance;

    /** The files of a network of other software; null for ours. */
    private final ForeignModel m_foreign;

    /**
     * @param spec the architecture
     * @param weights values of all its parameters
     * @param labels names of the classes; may be empty
     * @param provenance where the weights come from
     */
    public Network(final NetworkSpec spec, final Weights weights, final LabelSet labels, final Provenance provenance) {
        this(spec, weights, labels, provenance, null);
        if (spec.isForeign()) {
            throw new IllegalArgumentException("A network of other software has files instead of weights: " + spec);
        }
    }

    private Network(final NetworkSpec spec, final Weights weights, final LabelSet labels, final Provenance provenance,
        final ForeignModel foreign) {
        m_spec = Objects.requireNonNull(spec, "spec");
        m_foreign = foreign;
        m_weights = Objects.requireNonNull(weights, "weights");
        m_labels = Objects.requireNonNull(labels, "labels");
        m_provenance = Objects.requireNonNull(provenance, "provenance");
    }

    /** A network with fresh weights; the same seed gives the same weights. Needs no TensorFlow. */
    public static Network untrained(final NetworkSpec spec, final long seed) {
        return new Network(spec, Weights.initial(NetworkPlan.of(spec).parameters(), seed), LabelSet.of(),
            Provenance.untrained(seed));
    }

    /**
     * A network of other software.
     *
     * @param spec that {@link NetworkSpec#isForeign() is foreign}
     * @param model its files
     * @param labels names of the classes
     * @param provenance where it comes from
     */
    public static Network foreign(final NetworkSpec spec, final ForeignModel model, final LabelSet labels,
        final Provenance provenance) {
        if (!spec.isForeign()) {
            throw new IllegalArgumentException("Not a network of other software: " + spec);
        }
        return new Network(spec, new Weights(List.of(), Map.of()), labels, provenance,
            Objects.requireNonNull(model, "model"));
    }

    /** The files of a network of other software; empty for one of ours. */
    public Optional<ForeignModel> foreign() {
        return Optional.ofNullable(m_foreign);
    }

    /** SHA-256 of what the network computes with: its weights, or the files of one of other software. */
    public String hash() {
        return m_foreign == null ? m_weights.hash() : m_foreign.sha256();
    }

    /** The architecture. */
    public NetworkSpec spec() {
        return m_spec;
    }

    /** The values of all parameters; none of a network of other software. */
    public Weights weights() {
        return m_weights;
    }

    /** Names of the classes; empty for an untrained network. */
    public LabelSet labels() {
        return m_labels;
    }

    /** Where the weights come from. */
    public Provenance provenance() {
        return m_provenance;
    }

    /**
     * Writes the directory described above, replacing a network that is there. Each file is written under a temporary
     * name first; {@code network.json} comes last, so an interrupted write is never taken for a network.
     *
     * @param directory made if missing
     * @throws IOException if it cannot be written
     */
    public void save(final Path directory) throws IOException {
        NetworkFiles.save(this, directory);
    }

    /**
     * Reads what {@link #save} wrote; needs no TensorFlow.
     *
     * @param directory a network's directory
     * @throws IOException if files are missing, damaged (the weights' hash differs) or of a newer format
     */
    public static Network load(final Path directory) throws IOException {
        return NetworkFiles.load(directory);
    }
}

package org.scanbridge.learning.graph;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.scanbridge.learning.LearningException;
import org.scanbridge.learning.architecture.NetworkSpec;
import org.scanbridge.learning.architecture.Parameter;
import org.scanbridge.learning.architecture.PatchSize;
import org.scanbridge.learning.architecture.Weights;
import org.scanbridge.tensorflow.DeviceChoice;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.Tensor;
import org.tensorflow.exceptions.TFResourceExhaustedException;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Op;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.types.TFloat32;

/** A complete graph in its session, with its variables: what all {@link SteppedGraph}s do alike. */
final class GraphSession implements AutoCloseable {

    private final Graph m_graph;

    private final VariableStore m_store;

    private final Session m_session;

    /**
     * Opens the session and gives the variables their initial values.
     *
     * @param graph complete; belongs to this from now on
     * @param device the one the operations were made for
     * @param store the variables of the graph
     */
    GraphSession(final Graph graph, final DeviceChoice device, final VariableStore store) {
        m_graph = graph;
        m_store = store;
        m_session = Devices.session(graph, device);
        store.initialize(m_session);
    }

    /** To feed, fetch and run. */
    Session.Runner runner() {
        return m_session.runner();
    }

    /**
     * What an update gave.
     *
     * @param metrics scalars, by name
     * @param outputs values of what else was fetched
     */
    record Stepped(Map<String, Double> metrics, List<float[]> outputs) {
    }

    /**
     * Runs an update.
     *
     * @param update what is run
     * @param feeds what it is fed with; who runs it closes them
     * @param metrics scalars, by name
     * @return what they were, in their order
     */
    Map<String, Double> step(final Op update, final Map<Operand<?>, Tensor> feeds, final Map<String, Operand<TFloat32>> metrics) {
        return step(update, feeds, metrics, List.of()).metrics();
    }

    /**
     * Runs an update that is followed by another one, of what it made.
     *
     * @param update what is run
     * @param feeds what it is fed with; who runs it closes them
     * @param metrics scalars, by name
     * @param outputs what else is fetched
     * @return what both were, in their order
     */
    Stepped step(final Op update, final Map<Operand<?>, Tensor> feeds, final Map<String, Operand<TFloat32>> metrics,
        final List<Operand<TFloat32>> outputs) {
        final Session.Runner runner = runner().addTarget(update);
        feeds.forEach(runner::feed);
        metrics.values().forEach(runner::fetch);
        outputs.forEach(runner::fetch);
        final Map<String, Double> measured = new LinkedHashMap<>();
        final List<float[]> made = new ArrayList<>();
        try (Result result = runner.run()) {
            int n = 0;
            for (final String name : metrics.keySet()) {
                measured.put(name, (double)Tensors.scalar(result.get(n++)));
            }
            for (; n < metrics.size() + outputs.size(); n++) {
                made.add(Tensors.values(result.get(n)));
            }
        }
        return new Stepped(measured, made);
    }

    /**
     * Maps image blocks.
     *
     * @param input where they are fed
     * @param output what is fetched
     * @param network whose blocks they are
     * @param images blocks [count, k, j, i, channels]
     * @throws IllegalArgumentException if the array has the wrong length (TensorFlow would not notice)
     */
    float[] predict(final Placeholder<TFloat32> input, final Operand<TFloat32> output, final NetworkSpec network,
        final float[] images, final int count) {
        final PatchSize p = network.inputSize();
        final int channels = network.inputChannels();
        checkLength("images", images.length, count * p.voxels() * channels);
        try (TFloat32 fed = Tensors.of(images, count, p.k(), p.j(), p.i(), channels);
                Result result = runner().feed(input, fed).fetch(output).run()) {
            return Tensors.values(result.get(0));
        }
    }

    /** The present values of some parameters. */
    Weights weights(final List<Parameter> parameters) {
        return new Weights(parameters, m_store.read(m_session, parameters.stream().map(Parameter::name).toList()));
    }

    /** The present values of parameters whose variables' names begin with a prefix. */
    Weights weights(final List<Parameter> parameters, final String prefix) {
        return new Weights(parameters,
            m_store.of(prefix).read(m_session, parameters.stream().map(Parameter::name).toList()));
    }

    /** As {@link SteppedGraph#state()}. */
    Map<String, float[]> state() {
        return m_store.read(m_session, m_store.entries().stream().map(e -> e.parameter().name()).toList());
    }

    /** As {@link SteppedGraph#restore(Map)}. */
    void restore(final Map<String, float[]> state) {
        m_store.write(m_session, state);
    }

    @Override
    public void close() {
        m_session.close();
        m_graph.close();
    }

    /** Where blocks [count, k, j, i, channels] of a network are fed; as many as there are, if the count is -1. */
    static Placeholder<TFloat32> blocks(final Ops tf, final NetworkSpec network, final int count) {
        final PatchSize p = network.inputSize();
        return tf.placeholder(TFloat32.class,
            Placeholder.shape(Shape.of(count, p.k(), p.j(), p.i(), network.inputChannels())));
    }

    /** Where a number is fed. */
    static Placeholder<TFloat32> scalar(final Ops tf) {
        return tf.placeholder(TFloat32.class, Placeholder.shape(Shape.scalar()));
    }

    /**
     * What to say where a device has too little memory.
     *
     * @param step how many patches of which size a step has, as the beginning of a sentence
     */
    static LearningException tooLarge(final String step, final TFResourceExhaustedException cause) {
        return new LearningException(step + " does not fit into the device's memory. " + StepSize.ADVICE + ".", cause);
    }

    /** @throws IllegalArgumentException if an array to feed has the wrong length (TensorFlow would not notice) */
    static void checkLength(final String what, final int length, final int expected) {
        if (length != expected) {
            throw new IllegalArgumentException(length + " values of " + what + " where a step needs " + expected);
        }
    }
}

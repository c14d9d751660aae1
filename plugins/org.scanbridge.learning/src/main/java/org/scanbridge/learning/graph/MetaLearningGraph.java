package org.scanbridge.learning.graph;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.scanbridge.learning.LearningException;
import org.scanbridge.learning.architecture.PatchSize;
import org.scanbridge.learning.architecture.Weights;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Tensor;
import org.tensorflow.exceptions.TFResourceExhaustedException;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Op;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TUint8;

/**
 * A network that learns by MASF, see {@link MetaObjective}, on one session of its own. Batches are as
 * {@link MetaLearningGraphSpec} says; their sites are not looked at, the order says it all.
 */
public final class MetaLearningGraph implements SteppedGraph {

    /** Name of the norm of the inner gradient in the curve. */
    public static final String INNER_NORM = MetaObjective.INNER_NORM;

    private final MetaLearningGraphSpec m_spec;

    private final Weights m_initial;

    private final GraphSession m_session;

    private final Placeholder<TFloat32> m_images;

    private final Placeholder<TUint8> m_labels;

    private final Placeholder<TFloat32> m_learningRate;

    private final Updates m_updates;

    private final Op m_step;

    private final Map<String, Operand<TFloat32>> m_metrics;

    private final Placeholder<TFloat32> m_block;

    private final Operand<TFloat32> m_probabilities;

    /**
     * @param spec what to build
     * @param weights where to start
     */
    public MetaLearningGraph(final MetaLearningGraphSpec spec, final Weights weights) {
        require(spec.innerStep());
        m_spec = spec;
        m_initial = weights;
        final Graph graph = new Graph();
        final Ops tf = Backpropagation.prepare(Devices.ops(graph, spec.device()));
        final VariableStore store = new VariableStore(tf);
        store.add(weights);
        final PatchSize p = spec.network().patchSize();
        m_images = GraphSession.blocks(tf, spec.network(), spec.batch());
        m_labels = tf.placeholder(TUint8.class, Placeholder.shape(Shape.of(spec.batch(), p.k(), p.j(), p.i())));
        m_learningRate = tf.placeholder(TFloat32.class, Placeholder.shape(Shape.scalar()));
        final MetaObjective.Built built = new MetaObjective(tf, spec).build(store, m_images, m_labels);
        m_metrics = built.metrics();
        m_updates = new Updates(tf, store, spec.optimizer());
        final List<VariableStore.Entry> trained =
            store.entries().stream().filter(e -> MetaObjective.isTrained(e, spec.frozenBlocks())).toList();
        m_step = m_updates.minimize(built.loss(), List.of(new Updates.Group(trained, m_learningRate)), List.of());
        m_block = GraphSession.blocks(tf, spec.network(), -1);
        m_probabilities = new OutputLayer(tf).values(spec.network().output(), m_block,
            NetworkGraph.of(tf, spec.network(), store).predicting(m_block).logits());
        m_session = new GraphSession(graph, spec.device(), store);
    }

    /**
     * To be called before images are read for a training: the constructor would tell it only later. Must be used inside
     * {@link org.scanbridge.tensorflow.TensorFlowRuntime#call}.
     *
     * @throws LearningException if the inner step needs a gradient that TensorFlow does not have on this platform
     */
    public static void require(final MetaLearningGraphSpec.InnerStep step) {
        if (step.secondOrder()) {
            Backpropagation.requireSecondOrder("\"Order of the gradient\" is \"Second\". Set it to \"First\", the default.");
        }
    }

    /**
     * {@inheritDoc}
     *
     * @throws IllegalArgumentException if an array of the batch has the wrong length (TensorFlow would not notice)
     * @throws LearningException if the device has not enough memory for the step
     */
    @Override
    public TrainingGraph.Measured step(final TrainingGraph.Batch batch, final TrainingGraph.Rates rates) {
        final PatchSize p = m_spec.network().patchSize();
        final int channels = m_spec.network().inputChannels();
        GraphSession.checkLength("images", batch.images().length, m_spec.batch() * p.voxels() * channels);
        GraphSession.checkLength("labels", batch.labels().length, m_spec.batch() * p.voxels());
        final Map<Operand<?>, Tensor> feeds = new LinkedHashMap<>();
        try {
            feeds.put(m_images, Tensors.of(batch.images(), m_spec.batch(), p.k(), p.j(), p.i(), channels));
            feeds.put(m_labels, Tensors.of(batch.labels(), m_spec.batch(), p.k(), p.j(), p.i()));
            feeds.put(m_learningRate, TFloat32.scalarOf((float)rates.learningRate()));
            m_updates.feed(feeds, rates.step());
            final Map<String, Double> all = m_session.step(m_step, feeds, m_metrics);
            return new TrainingGraph.Measured(all.remove(MetaObjective.TASK), all.remove(MetaObjective.DICE), Double.NaN, Double.NaN,
                all);
        } catch (final TFResourceExhaustedException e) {
            throw new LearningException("A step with " + m_spec.batch() + " patches of " + p
                + " does not fit into the device's memory. " + StepSize.ADVICE
                + (m_spec.innerStep().secondOrder() ? ", or first order." : "."), e);
        } finally {
            feeds.values().forEach(Tensor::close);
        }
    }

    @Override
    public float[] probabilities(final float[] images, final int count) {
        return m_session.predict(m_block, m_probabilities, m_spec.network(), images, count);
    }

    @Override
    public Weights weights() {
        return m_session.weights(m_initial.parameters());
    }

    @Override
    public Map<String, float[]> state() {
        return m_session.state();
    }

    @Override
    public void restore(final Map<String, float[]> state) {
        m_session.restore(state);
    }

    @Override
    public void close() {
        m_session.close();
    }
}

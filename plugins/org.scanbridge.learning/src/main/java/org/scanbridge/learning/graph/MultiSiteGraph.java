package org.scanbridge.learning.graph;

import java.util.ArrayList;
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
 * A network that learns from labels of several sites, see {@link MultiSiteObjective}, on one session of its own. Batches are
 * as {@link MultiSiteGraphSpec} says; their sites are not looked at, the order says it all.
 */
public final class MultiSiteGraph implements SteppedGraph {

    private final MultiSiteGraphSpec m_spec;

    private final Weights m_initial;

    private final GraphSession m_session;

    private final Placeholder<TFloat32> m_images;

    private final Placeholder<TUint8> m_labels;

    private final Placeholder<TFloat32> m_learningRate;

    private final Placeholder<TFloat32> m_transfer;

    private final Updates m_updates;

    private final Op m_step;

    private final Map<String, Operand<TFloat32>> m_metrics;

    private final Placeholder<TFloat32> m_block;

    /** As each set of norms predicts. */
    private final List<Operand<TFloat32>> m_probabilities = new ArrayList<>();

    /**
     * @param spec what to build
     * @param weights where to start
     */
    public MultiSiteGraph(final MultiSiteGraphSpec spec, final Weights weights) {
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
        m_transfer = tf.placeholder(TFloat32.class, Placeholder.shape(Shape.scalar()));
        final MultiSiteObjective.Built built =
            new MultiSiteObjective(tf, spec, store).build(m_images, m_labels, m_transfer, weights);
        m_metrics = built.metrics();
        m_updates = new Updates(tf, store, spec.optimizer());
        final List<VariableStore.Entry> trained = store.entries().stream()
            .filter(e -> e.parameter().trainable() && !spec.frozenBlocks().contains(e.parameter().block())).toList();
        m_step = m_updates.minimize(built.loss(), List.of(new Updates.Group(trained, m_learningRate)), built.statistics());
        m_block = GraphSession.blocks(tf, spec.network(), -1);
        for (int set = 0; set < spec.network().domains(); set++) {
            m_probabilities.add(new OutputLayer(tf).values(spec.network().output(), m_block,
                new UNet(tf, spec.network(), store).predicting(m_block, set).logits()));
        }
        m_session = new GraphSession(graph, spec.device(), store);
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
            if (m_spec.transfer().isPresent()) {
                feeds.put(m_transfer,
                    TFloat32.scalarOf((float)m_spec.transfer().get().weight((rates.step() - 1.0) / m_spec.steps())));
            }
            m_updates.feed(feeds, rates.step());
            final Map<String, Double> all = m_session.step(m_step, feeds, m_metrics);
            return new TrainingGraph.Measured(all.remove(MultiSiteObjective.LOSS), all.remove(MultiSiteObjective.DICE), Double.NaN,
                Double.NaN, all);
        } catch (final TFResourceExhaustedException e) {
            throw GraphSession.tooLarge("A step with " + m_spec.batch() + " patches of " + p, e);
        } finally {
            feeds.values().forEach(Tensor::close);
        }
    }

    /** With norms per site, with those of the first. */
    @Override
    public float[] probabilities(final float[] images, final int count) {
        return probabilities(images, count, 0);
    }

    private float[] probabilities(final float[] images, final int count, final int set) {
        return m_session.predict(m_block, m_probabilities.get(set), m_spec.network(), images, count);
    }

    /** @throws IllegalArgumentException if there are norms per site, but none for this one */
    @Override
    public BlockNetwork forSite(final String site) {
        if (m_probabilities.size() == 1) {
            return this;
        }
        if (!m_spec.sites().contains(site)) {
            throw new IllegalArgumentException("There are no norms for site " + site + ", only for " + m_spec.sites());
        }
        return (images, count) -> probabilities(images, count, m_spec.sites().indexOf(site));
    }

    /** Of the network, without the auxiliary decoders. */
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

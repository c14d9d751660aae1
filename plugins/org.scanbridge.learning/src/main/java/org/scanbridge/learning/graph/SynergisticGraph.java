package org.scanbridge.learning.graph;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;

import org.scanbridge.imaging.random.SeededRandom;
import org.scanbridge.learning.LearningException;
import org.scanbridge.learning.architecture.Parameter;
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
 * A network that learns from translated patches of the source and from patches of the target, see {@link SynergisticTerm}, on one
 * session of its own. In each step the generator, the decoder and the network move at once, then the discriminators, on the same
 * real patches and on what was made before that update, now or in earlier steps. Each touches its own variables only. Batches are as
 * {@link SynergisticGraphSpec} says, with the labels of the source's patches; their sites are not looked at.
 */
public final class SynergisticGraph implements SteppedGraph {

    /** Tells the pools' random numbers from those that draw the patches of a step. */
    private static final long POOLS = 0x73696661L;

    private static final double BETA1 = 0.5;

    private final SynergisticGraphSpec m_spec;

    private final Weights m_initial;

    private final GraphSession m_session;

    private final VariableStore m_store;

    private final SynergisticObjective.Seen m_fed;

    private final Placeholder<TUint8> m_labels;

    private final Placeholder<TFloat32> m_rate;

    private final Placeholder<TFloat32> m_generatorRate;

    private final Placeholder<TFloat32> m_discriminatorRate;

    private final Placeholder<TFloat32> m_maskWeight;

    private final Updates m_updates;

    private final Updates m_generatorUpdates;

    private final Updates m_discriminatorUpdates;

    private final Op m_step;

    private final Op m_discriminatorStep;

    private final SynergisticObjective.Made m_made;

    private final Map<String, Operand<TFloat32>> m_metrics;

    private final Map<String, Operand<TFloat32>> m_discriminatorMetrics;

    private final ReplayPools m_pools;

    private final Placeholder<TFloat32> m_block;

    private final Operand<TFloat32> m_probabilities;

    /**
     * @param spec what to build
     * @param weights where the network starts
     */
    public SynergisticGraph(final SynergisticGraphSpec spec, final Weights weights) {
        m_spec = spec;
        m_initial = weights;
        final Graph graph = new Graph();
        final Ops tf = Backpropagation.prepare(Devices.ops(graph, spec.device()));
        m_store = new VariableStore(tf);
        m_store.add(weights);
        final PatchSize p = spec.network().patchSize();
        final int n = spec.patches();
        m_fed = new SynergisticObjective.Seen(patches(tf), patches(tf), patches(tf), patches(tf), patches(tf), tf.placeholder(
            TFloat32.class, Placeholder.shape(Shape.of(2 * n, p.k(), p.j(), p.i(), spec.network().classes()))));
        m_labels = tf.placeholder(TUint8.class, Placeholder.shape(Shape.of(n, p.k(), p.j(), p.i())));
        m_rate = GraphSession.scalar(tf);
        m_generatorRate = GraphSession.scalar(tf);
        m_discriminatorRate = GraphSession.scalar(tf);
        m_maskWeight = GraphSession.scalar(tf);
        final SynergisticObjective objective = new SynergisticObjective(tf, spec, m_store);
        m_made = objective.make(m_fed.source(), m_fed.target());
        final SynergisticObjective.Game game =
            objective.game(m_made, m_fed.source(), m_labels, m_fed.target(), m_maskWeight);
        m_metrics = game.metrics();
        m_discriminatorMetrics = objective.discriminators(m_fed);
        m_updates = new Updates(tf, m_store, spec.optimizer());
        m_generatorUpdates = new Updates(tf, m_store, OptimizerSpec.adam(BETA1));
        m_discriminatorUpdates = new Updates(tf, m_store, OptimizerSpec.adam(BETA1));
        final Set<String> network = weights.parameters().stream().filter(q -> !spec.frozenBlocks().contains(q.block()))
            .map(Parameter::name).collect(Collectors.toSet());
        m_step = Updates.together(tf, List.of(
            m_updates.player(game.network(), List.of(group(network::contains, m_rate))),
            m_generatorUpdates.player(game.generator(), generators(SynergisticObjective.GENERATOR)),
            m_generatorUpdates.player(game.decoder(), generators(SynergisticObjective.DECODER))),
            m_made.statistics());
        m_discriminatorStep = m_discriminatorUpdates.minimize(tf.math.addN(List.copyOf(m_discriminatorMetrics.values())),
            List.of(group(name -> name.startsWith(SynergisticObjective.DISCRIMINATORS), m_discriminatorRate)), List.of());
        m_block = GraphSession.blocks(tf, spec.network(), -1);
        m_probabilities = new OutputLayer(tf).values(spec.network().output(), m_block,
            new UNet(tf, spec.network(), m_store).predicting(m_block).logits());
        final int length = p.voxels() * spec.network().inputChannels();
        m_pools = new ReplayPools("sifa.", spec.term().pool(), length);
        m_session = new GraphSession(graph, spec.device(), m_store);
    }

    private Placeholder<TFloat32> patches(final Ops tf) {
        return GraphSession.blocks(tf, m_spec.network(), m_spec.patches());
    }

    private List<Updates.Group> generators(final String prefix) {
        return List.of(group(name -> name.startsWith(prefix), m_generatorRate));
    }

    private Updates.Group group(final Predicate<String> names, final Operand<TFloat32> rate) {
        return new Updates.Group(m_store.entries().stream()
            .filter(e -> e.parameter().trainable() && names.test(e.parameter().name())).toList(), rate);
    }

    /**
     * Updates all but the discriminators, then these.
     *
     * @param batch the source's patches with labels, then as many of the target
     * @param rates the network's learning rate; those of all others are the term's
     * @return the segmentation loss of translated patches, and all other parts before the update
     * @throws IllegalArgumentException if an array of the batch has the wrong length (TensorFlow would not notice)
     * @throws LearningException if the device has not enough memory for the step
     */
    @Override
    public TrainingGraph.Measured step(final TrainingGraph.Batch batch, final TrainingGraph.Rates rates) {
        final PatchSize p = m_spec.network().patchSize();
        final int length = m_spec.patches() * m_spec.network().inputLength();
        GraphSession.checkLength("images", batch.images().length, 2 * length);
        GraphSession.checkLength("labels", batch.labels().length, m_spec.patches() * p.voxels());
        final Map<Operand<?>, Tensor> feeds = new LinkedHashMap<>();
        try {
            feeds.put(m_fed.source(), images(Arrays.copyOf(batch.images(), length)));
            feeds.put(m_fed.target(), images(Arrays.copyOfRange(batch.images(), length, 2 * length)));
            final Map<String, Double> all = new LinkedHashMap<>();
            final List<float[]> made = stepPlayers(batch, rates, feeds, all);
            stepDiscriminators(made, rates, feeds, all);
            return new TrainingGraph.Measured(all.remove(SynergisticObjective.LOSS), all.remove(SynergisticObjective.DICE),
                Double.NaN, Double.NaN, all);
        } catch (final TFResourceExhaustedException e) {
            throw GraphSession.tooLarge("A step with " + 2 * m_spec.patches() + " patches of " + p, e);
        } finally {
            feeds.values().forEach(Tensor::close);
        }
    }

    private TFloat32 images(final float[] values) {
        final PatchSize p = m_spec.network().patchSize();
        return Tensors.of(values, m_spec.patches(), p.k(), p.j(), p.i(), m_spec.network().inputChannels());
    }

    /** @return what was made before the update: images of the source's look, of the target's, cycled ones, probabilities */
    private List<float[]> stepPlayers(final TrainingGraph.Batch batch, final TrainingGraph.Rates rates,
        final Map<Operand<?>, Tensor> feeds, final Map<String, Double> measured) {
        final PatchSize p = m_spec.network().patchSize();
        final SynergisticTerm term = m_spec.term();
        feeds.put(m_labels, Tensors.of(batch.labels(), m_spec.patches(), p.k(), p.j(), p.i()));
        feeds.put(m_rate, TFloat32.scalarOf((float)rates.learningRate()));
        feeds.put(m_generatorRate, TFloat32.scalarOf((float)term.generatorLearningRate()));
        feeds.put(m_maskWeight, TFloat32.scalarOf((float)term.weight((rates.step() - 1.0) / m_spec.steps())));
        m_updates.feed(feeds, rates.step());
        m_generatorUpdates.feed(feeds, rates.step());
        final GraphSession.Stepped stepped = m_session.step(m_step, feeds, m_metrics,
            List.of(m_made.source(), m_made.target(), m_made.cycledSource(), m_made.masks()));
        measured.putAll(stepped.metrics());
        return stepped.outputs();
    }

    private void stepDiscriminators(final List<float[]> made, final TrainingGraph.Rates rates,
        final Map<Operand<?>, Tensor> feeds, final Map<String, Double> measured) {
        final PatchSize p = m_spec.network().patchSize();
        final SeededRandom random = SeededRandom.of(m_spec.seed(), POOLS, rates.step());
        feeds.put(m_fed.sourceSeen(), images(m_pools.source(made.get(0), random)));
        feeds.put(m_fed.targetSeen(), images(m_pools.target(made.get(1), random)));
        feeds.put(m_fed.cycled(), images(made.get(2)));
        feeds.put(m_fed.masks(),
            Tensors.of(made.get(3), 2 * m_spec.patches(), p.k(), p.j(), p.i(), m_spec.network().classes()));
        feeds.put(m_discriminatorRate, TFloat32.scalarOf((float)m_spec.term().discriminatorLearningRate()));
        m_discriminatorUpdates.feed(feeds, rates.step());
        measured.putAll(m_session.step(m_discriminatorStep, feeds, m_discriminatorMetrics));
    }

    /** As the adapted network predicts images of the target. */
    @Override
    public float[] probabilities(final float[] images, final int count) {
        return m_session.predict(m_block, m_probabilities, m_spec.network(), images, count);
    }

    /** Of the network. */
    @Override
    public Weights weights() {
        return m_session.weights(m_initial.parameters());
    }

    /** Variables, and the patches in the pools. */
    @Override
    public Map<String, float[]> state() {
        return m_pools.with(m_session.state());
    }

    @Override
    public void restore(final Map<String, float[]> state) {
        m_session.restore(m_pools.taken(state));
    }

    @Override
    public void close() {
        m_session.close();
    }
}

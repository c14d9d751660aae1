package org.scanbridge.learning.graph;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

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

/**
 * Two generators, G from the source's to the target's images and F back, and two discriminators, one of target images and
 * one of source images, that are trained step by step: G and F together, then the discriminators on the same real patches
 * and on patches that G and F made, just now or in earlier steps. Each update touches its own players only. The losses are
 * those of {@code ImageTranslation}; they see intensities on the scale 2x - 1 of the paper. To be used as
 * {@link TrainingGraph}, with the source's patches first in a batch, then as many of the target, and no labels.
 */
public final class TranslationGraph implements SteppedGraph {

    /** Begins the names of G's weights in {@link #weights()}. */
    public static final String FORWARD = "forward.";

    /** Begins the names of F's weights in {@link #weights()}. */
    public static final String BACKWARD = "backward.";

    /** Name of what both generators gain from the discriminators, in the curve. */
    public static final String ADVERSARIAL = "Adversarial Loss";

    /** Name of the cycles' distances without weight, in the curve. */
    public static final String CYCLE = "Cycle Loss";

    /** Name of the identities' distances without weight, in the curve. */
    public static final String IDENTITY = "Identity Loss";

    /** Name of the loss of the discriminator of source images, in the curve. */
    public static final String SOURCE_DISCRIMINATOR = "Source Discriminator Loss";

    /** Name of the loss of the discriminator of target images, in the curve. */
    public static final String TARGET_DISCRIMINATOR = "Target Discriminator Loss";

    /** Standard deviation of initial kernels (Zhu et al., section 7.1). */
    public static final double INITIAL_DEVIATION = 0.02;

    private static final String OF_SOURCE = "discriminator.source.";

    private static final String OF_TARGET = "discriminator.target.";

    /** Tells the pools' random numbers from those that draw the patches of a step. */
    private static final long POOLS = 0x706F6F6CL;

    private final TranslationGraphSpec m_spec;

    private final List<Parameter> m_parameters = new ArrayList<>();

    private final VariableStore m_store;

    private final GraphSession m_session;

    private final Placeholder<TFloat32> m_source;

    private final Placeholder<TFloat32> m_target;

    private final Placeholder<TFloat32> m_sourceSeen;

    private final Placeholder<TFloat32> m_targetSeen;

    private final Placeholder<TFloat32> m_rate;

    private final Placeholder<TFloat32> m_discriminatorRate;

    private final Updates m_updates;

    private final Updates m_discriminatorUpdates;

    private final Op m_step;

    private final Op m_discriminatorStep;

    /** F(y), then G(x). */
    private final List<Operand<TFloat32>> m_generated;

    private final Map<String, Operand<TFloat32>> m_metrics = new LinkedHashMap<>();

    private final Map<String, Operand<TFloat32>> m_discriminatorMetrics = new LinkedHashMap<>();

    private final Placeholder<TFloat32> m_block;

    private final Operand<TFloat32> m_forward;

    private final Operand<TFloat32> m_backward;

    private final ReplayPools m_pools;

    /** A generator of the graph. */
    private interface Generator {
        Operand<TFloat32> of(Operand<TFloat32> image);
    }

    /**
     * @param spec what to build
     * @param forward where G starts
     * @param backward where F starts
     */
    public TranslationGraph(final TranslationGraphSpec spec, final Weights forward, final Weights backward) {
        m_spec = spec;
        final Graph graph = new Graph();
        final Ops tf = Backpropagation.prepare(Devices.ops(graph, spec.device()));
        m_store = new VariableStore(tf);
        m_store.of(FORWARD).add(forward);
        m_store.of(BACKWARD).add(backward);
        m_store.entries().forEach(e -> m_parameters.add(e.parameter()));
        m_source = patches(tf, spec.batch());
        m_target = patches(tf, spec.batch());
        m_sourceSeen = patches(tf, spec.batch());
        m_targetSeen = patches(tf, spec.batch());
        m_rate = tf.placeholder(TFloat32.class, Placeholder.shape(Shape.scalar()));
        m_discriminatorRate = tf.placeholder(TFloat32.class, Placeholder.shape(Shape.scalar()));
        final Generator g = generator(tf, FORWARD);
        final Generator f = generator(tf, BACKWARD);
        // one pass for translation and identity: norms per patch keep the patches of a pass apart
        final boolean identity = spec.identityWeight() > 0;
        final Operand<TFloat32> byG = g.of(identity ? join(tf, m_source, m_target) : m_source);
        final Operand<TFloat32> byF = f.of(identity ? join(tf, m_target, m_source) : m_target);
        m_generated = List.of(tf.identity(identity ? half(tf, byF, 0) : byF),
            tf.identity(identity ? half(tf, byG, 0) : byG));
        final PatchDiscriminator ofSource =
            new PatchDiscriminator(tf, spec.discriminator(), m_store.of(OF_SOURCE), spec.seed());
        final PatchDiscriminator ofTarget =
            new PatchDiscriminator(tf, spec.discriminator(), m_store.of(OF_TARGET), spec.seed() + 1);
        final TranslationLosses losses = new TranslationLosses(tf);
        final Operand<TFloat32> adversarial =
            tf.math.add(losses.generator(ofTarget.scores(scaled(tf, m_generated.get(1)))),
                losses.generator(ofSource.scores(scaled(tf, m_generated.get(0)))));
        m_metrics.put(ADVERSARIAL, adversarial);
        Operand<TFloat32> loss = tf.math.add(adversarial, weighted(tf, CYCLE, spec.cycleWeight(),
            distances(tf, f.of(m_generated.get(1)), g.of(m_generated.get(0)))));
        if (identity) {
            loss = tf.math.add(loss, weighted(tf, IDENTITY, spec.identityWeight(),
                distances(tf, half(tf, byF, 1), half(tf, byG, 1))));
        }
        m_updates = new Updates(tf, m_store, spec.optimizer());
        m_step = m_updates.minimize(loss, List.of(group(FORWARD, m_rate), group(BACKWARD, m_rate)), List.of());
        final Operand<TFloat32> sourceLoss = discriminatorLoss(tf, ofSource, m_source, m_sourceSeen);
        final Operand<TFloat32> targetLoss = discriminatorLoss(tf, ofTarget, m_target, m_targetSeen);
        m_discriminatorMetrics.put(SOURCE_DISCRIMINATOR, sourceLoss);
        m_discriminatorMetrics.put(TARGET_DISCRIMINATOR, targetLoss);
        m_discriminatorUpdates = new Updates(tf, m_store, spec.optimizer());
        m_discriminatorStep = m_discriminatorUpdates.minimize(tf.math.add(sourceLoss, targetLoss),
            List.of(group(OF_SOURCE, m_discriminatorRate), group(OF_TARGET, m_discriminatorRate)), List.of());
        m_block = patches(tf, -1);
        m_forward = g.of(m_block);
        m_backward = f.of(m_block);
        final int length = spec.generator().patchSize().voxels() * spec.generator().inputChannels();
        m_pools = new ReplayPools("", spec.pool(), length);
        m_session = new GraphSession(graph, spec.device(), m_store);
    }

    private Placeholder<TFloat32> patches(final Ops tf, final int count) {
        final PatchSize p = m_spec.generator().patchSize();
        return tf.placeholder(TFloat32.class,
            Placeholder.shape(Shape.of(count, p.k(), p.j(), p.i(), m_spec.generator().inputChannels())));
    }

    /** Norms per patch are the same in training and prediction, and have no statistics to update. */
    private Generator generator(final Ops tf, final String prefix) {
        final UNet network = new UNet(tf, m_spec.generator(), m_store.of(prefix));
        final OutputLayer output = new OutputLayer(tf);
        return x -> output.values(m_spec.generator().output(), x, network.training(x, Set.of()).logits());
    }

    /** 2x - 1, the scale of the paper. */
    private static Operand<TFloat32> scaled(final Ops tf, final Operand<TFloat32> x) {
        return tf.math.sub(tf.math.mul(tf.constant(2f), x), tf.constant(1f));
    }

    /** Two batches as one. */
    private static Operand<TFloat32> join(final Ops tf, final Operand<TFloat32> first, final Operand<TFloat32> second) {
        return tf.concat(List.of(first, second), tf.constant(0));
    }

    /** The first or the second batch of {@link #join}. */
    private Operand<TFloat32> half(final Ops tf, final Operand<TFloat32> both, final int which) {
        return tf.slice(both, tf.constant(new int[]{which * m_spec.batch(), 0, 0, 0, 0}),
            tf.constant(new int[]{m_spec.batch(), -1, -1, -1, -1}));
    }

    /** How far images that should be the source's and the target's patches are from them. */
    private Operand<TFloat32> distances(final Ops tf, final Operand<TFloat32> source, final Operand<TFloat32> target) {
        final TranslationLosses losses = new TranslationLosses(tf);
        return tf.math.add(losses.distance(scaled(tf, source), scaled(tf, m_source)),
            losses.distance(scaled(tf, target), scaled(tf, m_target)));
    }

    private Operand<TFloat32> weighted(final Ops tf, final String name, final double weight,
        final Operand<TFloat32> distance) {
        m_metrics.put(name, distance);
        return tf.math.mul(tf.constant((float)weight), distance);
    }

    private Operand<TFloat32> discriminatorLoss(final Ops tf, final PatchDiscriminator d, final Operand<TFloat32> real,
        final Operand<TFloat32> seen) {
        final Operand<TFloat32> scores = d.scores(scaled(tf, join(tf, real, seen)));
        return new TranslationLosses(tf).discriminator(half(tf, scores, 0), half(tf, scores, 1));
    }

    private Updates.Group group(final String prefix, final Operand<TFloat32> rate) {
        return new Updates.Group(m_store.entries().stream()
            .filter(e -> e.parameter().trainable() && e.parameter().name().startsWith(prefix)).toList(), rate);
    }

    /**
     * Updates the generators, then the discriminators.
     *
     * @param batch the source's patches, then as many of the target; labels and sites are not looked at
     * @param rates learning rates of the generators and, as the head's, of the discriminators
     * @return the generators' loss as the segmentation loss, and its parts before the update
     * @throws IllegalArgumentException if the array of patches has the wrong length
     * @throws LearningException if the device has not enough memory for the step
     */
    @Override
    public TrainingGraph.Measured step(final TrainingGraph.Batch batch, final TrainingGraph.Rates rates) {
        final PatchSize p = m_spec.generator().patchSize();
        final int length = m_spec.batch() * p.voxels() * m_spec.generator().inputChannels();
        GraphSession.checkLength("images", batch.images().length, 2 * length);
        final Map<Operand<?>, Tensor> feeds = new LinkedHashMap<>();
        try {
            feeds.put(m_source, part(batch.images(), 0, length));
            feeds.put(m_target, part(batch.images(), length, length));
            final Map<String, Double> others = new LinkedHashMap<>();
            final List<float[]> generated = generatorStep(feeds, rates, others);
            discriminatorStep(feeds, generated, rates, others);
            double total = others.get(ADVERSARIAL) + m_spec.cycleWeight() * others.get(CYCLE);
            if (m_spec.identityWeight() > 0) {
                total += m_spec.identityWeight() * others.get(IDENTITY);
            }
            return new TrainingGraph.Measured(total, Double.NaN, Double.NaN, Double.NaN, others);
        } catch (final TFResourceExhaustedException e) {
            throw GraphSession.tooLarge("A step with " + m_spec.batch() + " patches of " + p + " from each side", e);
        } finally {
            feeds.values().forEach(Tensor::close);
        }
    }

    private Tensor part(final float[] images, final int from, final int length) {
        final float[] values = new float[length];
        System.arraycopy(images, from, values, 0, length);
        return tensor(values);
    }

    private Tensor tensor(final float[] values) {
        final PatchSize p = m_spec.generator().patchSize();
        return Tensors.of(values, m_spec.batch(), p.k(), p.j(), p.i(), m_spec.generator().inputChannels());
    }

    /** Updates G and F; gives what they made before. */
    private List<float[]> generatorStep(final Map<Operand<?>, Tensor> feeds, final TrainingGraph.Rates rates,
        final Map<String, Double> measured) {
        feeds.put(m_rate, TFloat32.scalarOf((float)rates.learningRate()));
        m_updates.feed(feeds, rates.step());
        final GraphSession.Stepped stepped = m_session.step(m_step, feeds, m_metrics, m_generated);
        measured.putAll(stepped.metrics());
        return stepped.outputs();
    }

    private void discriminatorStep(final Map<Operand<?>, Tensor> feeds, final List<float[]> generated,
        final TrainingGraph.Rates rates, final Map<String, Double> measured) {
        final SeededRandom random = SeededRandom.of(m_spec.seed(), POOLS, rates.step());
        feeds.put(m_sourceSeen, tensor(m_pools.source(generated.get(0), random)));
        feeds.put(m_targetSeen, tensor(m_pools.target(generated.get(1), random)));
        feeds.put(m_discriminatorRate, TFloat32.scalarOf((float)rates.headLearningRate()));
        m_discriminatorUpdates.feed(feeds, rates.step());
        measured.putAll(m_session.step(m_discriminatorStep, feeds, m_discriminatorMetrics));
    }

    /** G(x) with the present weights: intensities, where segmenting graphs give probabilities. */
    @Override
    public float[] probabilities(final float[] images, final int count) {
        return m_session.predict(m_block, m_forward, m_spec.generator(), images, count);
    }

    /**
     * F(y) with the present weights.
     *
     * @param images blocks [count, k, j, i, channels]
     * @return the same of translated blocks
     */
    public float[] backward(final float[] images, final int count) {
        return m_session.predict(m_block, m_backward, m_spec.generator(), images, count);
    }

    /** The weights of G and F, under their prefixes. */
    @Override
    public Weights weights() {
        return m_session.weights(m_parameters);
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

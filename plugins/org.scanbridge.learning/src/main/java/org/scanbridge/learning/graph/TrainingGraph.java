package org.scanbridge.learning.graph;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.scanbridge.learning.LearningException;
import org.scanbridge.learning.architecture.Parameter;
import org.scanbridge.learning.architecture.PatchSize;
import org.scanbridge.learning.architecture.Weights;
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
import org.tensorflow.types.TInt32;
import org.tensorflow.types.TUint8;

/**
 * A network that can be trained step by step, on one session of its own. Must be used inside
 * {@link org.scanbridge.tensorflow.TensorFlowRuntime#call}, by one thread at a time. A step cannot be interrupted; stop
 * between steps.
 */
public final class TrainingGraph implements SteppedGraph {

    /**
     * What one step needs.
     *
     * @param images [batch, k, j, i, channels], one patch with its margin after the other
     * @param labels [labeled, k, j, i], labels of the first patches
     * @param sites site number of each patch; unused without a domain head
     * @param taught [unlabeled, k, j, i, classes], probabilities that a teacher gave for the last patches, in 1/255, zeros
     *            where it gave none; empty without a teacher
     */
    public record Batch(float[] images, byte[] labels, int[] sites, byte[] taught) {

        /** Without a teacher. */
        public Batch(final float[] images, final byte[] labels, final int[] sites) {
            this(images, labels, sites, new byte[0]);
        }
    }

    /**
     * Numbers that may change from step to step.
     *
     * @param step number of updates including this one, from 1, for Adam's bias correction
     * @param learningRate of the network
     * @param headLearningRate of the domain head
     * @param lambda strength of the reversed gradient
     */
    public record Rates(int step, double learningRate, double headLearningRate, double lambda) {
    }

    /**
     * What one step measured, with the weights before its update.
     *
     * @param segmentationLoss the segmentation loss
     * @param diceLoss its Dice part, in [0, 1]
     * @param domainLoss of the domain head, NaN without
     * @param domainAccuracy of the domain head, NaN without
     * @param others what else is worth a curve, by the name that the user sees
     */
    public record Measured(double segmentationLoss, double diceLoss, double domainLoss, double domainAccuracy,
        Map<String, Double> others) {

        /** Without others. */
        public Measured(final double segmentationLoss, final double diceLoss, final double domainLoss,
            final double domainAccuracy) {
            this(segmentationLoss, diceLoss, domainLoss, domainAccuracy, Map.of());
        }
    }

    private final TrainingGraphSpec m_spec;

    private final Weights m_initial;

    private final GraphSession m_session;

    private final VariableStore m_store;

    private final Placeholder<TFloat32> m_images;

    private final Placeholder<TUint8> m_labels;

    private final Placeholder<TInt32> m_sites;

    private final Placeholder<TInt32> m_randomness;

    private final Placeholder<TFloat32> m_learningRate;

    private final Placeholder<TFloat32> m_headLearningRate;

    private final Placeholder<TFloat32> m_lambda;

    private final Updates m_updates;

    private final Op m_step;

    private final List<Operand<TFloat32>> m_metrics = new ArrayList<>();

    private final Placeholder<TFloat32> m_block;

    private final Operand<TFloat32> m_probabilities;

    /**
     * @param spec what to build
     * @param weights where to start
     */
    public TrainingGraph(final TrainingGraphSpec spec, final Weights weights) {
        m_spec = spec;
        m_initial = weights;
        final Graph graph = new Graph();
        final Ops tf = Backpropagation.prepare(Devices.ops(graph, spec.device()));
        m_store = new VariableStore(tf);
        m_store.add(weights);
        final PatchSize p = spec.network().patchSize();
        final PatchSize in = spec.network().inputSize();
        final int channels = spec.network().inputChannels();
        m_images = tf.placeholder(TFloat32.class,
            Placeholder.shape(Shape.of(spec.batch(), in.k(), in.j(), in.i(), channels)));
        m_labels = tf.placeholder(TUint8.class, Placeholder.shape(Shape.of(spec.labeled(), p.k(), p.j(), p.i())));
        m_sites = tf.placeholder(TInt32.class, Placeholder.shape(Shape.of(spec.batch())));
        m_learningRate = GraphSession.scalar(tf);
        m_headLearningRate = GraphSession.scalar(tf);
        m_lambda = GraphSession.scalar(tf);
        m_randomness = tf.placeholder(TInt32.class, Placeholder.shape(Shape.of(2)));
        final NetworkGraph network = NetworkGraph.of(tf, spec.network(), m_store);
        final UNet.Output output = network.training(m_images, spec.frozenBlocks(), m_randomness);
        final Operand<TFloat32> loss = loss(tf, output);
        m_updates = new Updates(tf, m_store, spec.optimizer());
        m_step = m_updates.minimize(loss, groups(), output.statistics());
        m_block = tf.placeholder(TFloat32.class, Placeholder.shape(Shape.of(-1, in.k(), in.j(), in.i(), channels)));
        m_probabilities =
            new OutputLayer(tf).values(spec.network().output(), m_block, network.predicting(m_block).logits());
        m_session = new GraphSession(graph, spec.device(), m_store);
    }

    private Operand<TFloat32> loss(final Ops tf, final UNet.Output output) {
        final Losses losses = new Losses(tf);
        final Targets targets = new Targets(tf, m_spec.network(), m_spec.loss().partial());
        final Operand<TFloat32> labeled = first(tf, output.logits(), m_spec.labeled());
        final Losses.Segmentation segmentation = losses.segmentation(labeled, targets.of(m_labels), m_spec.loss());
        Operand<TFloat32> total = deeplySupervised(tf, losses, targets, segmentation.total(), output.auxiliary());
        m_metrics.add(total);
        m_metrics.add(segmentation.dice());
        if (m_spec.domainHead().isPresent()) {
            final DomainHeadSpec headSpec = m_spec.domainHead().get();
            final Operand<TFloat32> sites =
                tf.oneHot(m_sites, tf.constant(headSpec.sites()), tf.constant(1f), tf.constant(0f));
            final DomainHead.Output head =
                new DomainHead(tf, headSpec, m_store, m_spec.seed())
                    .attach(output.withLogits(targets.classLogits(output.logits())), sites, m_lambda);
            m_metrics.add(head.loss());
            m_metrics.add(head.accuracy());
            total = tf.math.add(total, head.loss());
        }
        return total;
    }

    /**
     * Σ 2^-l L_l / Σ 2^-l over the levels l from the finest (Isensee et al., Nature Methods 2021), where the labels of a
     * level are those of every 2^l-th voxel.
     */
    private Operand<TFloat32> deeplySupervised(final Ops tf, final Losses losses, final Targets targets,
        final Operand<TFloat32> finest, final List<Operand<TFloat32>> auxiliary) {
        Operand<TFloat32> sum = finest;
        double weights = 1;
        for (int l = 1; l <= auxiliary.size(); l++) {
            final Operand<TFloat32> logits = first(tf, auxiliary.get(l - 1), m_spec.labeled());
            final double weight = Math.pow(0.5, l);
            sum = tf.math.add(sum, tf.math.mul(tf.constant((float)weight),
                losses.segmentation(logits, targets.of(everyOther(tf, 1 << l)), m_spec.loss()).total()));
            weights += weight;
        }
        return auxiliary.isEmpty() ? finest : tf.math.div(sum, tf.constant((float)weights));
    }

    /** The labels of every n-th voxel, the one in the middle of n. */
    private Operand<TUint8> everyOther(final Ops tf, final int n) {
        final PatchSize p = m_spec.network().patchSize();
        final int depth = m_spec.network().kind().flat() ? 1 : n;
        return tf.stridedSlice(m_labels, tf.constant(new int[]{0, depth / 2, n / 2, n / 2}),
            tf.constant(new int[]{m_spec.labeled(), p.k(), p.j(), p.i()}), tf.constant(new int[]{1, depth, n, n}));
    }

    private static Operand<TFloat32> first(final Ops tf, final Operand<TFloat32> x, final int count) {
        return tf.slice(x, tf.constant(new int[5]), tf.constant(new int[]{count, -1, -1, -1, -1}));
    }

    private List<Updates.Group> groups() {
        final List<VariableStore.Entry> network = new ArrayList<>();
        final List<VariableStore.Entry> head = new ArrayList<>();
        for (final VariableStore.Entry entry : m_store.entries()) {
            final Parameter parameter = entry.parameter();
            if (parameter.name().startsWith(DomainHead.PREFIX)) {
                head.add(entry);
            } else if (parameter.trainable() && !m_spec.frozenBlocks().contains(parameter.block())) {
                network.add(entry);
            }
        }
        return List.of(new Updates.Group(network, m_learningRate), new Updates.Group(head, m_headLearningRate));
    }

    /**
     * {@inheritDoc}
     *
     * @throws IllegalArgumentException if an array of the batch has the wrong length (TensorFlow would not notice)
     * @throws LearningException if the device has not enough memory for the step
     */
    @Override
    public Measured step(final Batch batch, final Rates rates) {
        final PatchSize p = m_spec.network().patchSize();
        final PatchSize in = m_spec.network().inputSize();
        final int channels = m_spec.network().inputChannels();
        GraphSession.checkLength("images", batch.images().length, m_spec.batch() * in.voxels() * channels);
        GraphSession.checkLength("labels", batch.labels().length, m_spec.labeled() * p.voxels());
        final boolean domain = m_spec.domainHead().isPresent();
        final Map<Operand<?>, Tensor> feeds = new LinkedHashMap<>();
        try {
            feeds.put(m_images, Tensors.of(batch.images(), m_spec.batch(), in.k(), in.j(), in.i(), channels));
            feeds.put(m_labels, Tensors.of(batch.labels(), m_spec.labeled(), p.k(), p.j(), p.i()));
            feeds.put(m_learningRate, TFloat32.scalarOf((float)rates.learningRate()));
            feeds.put(m_randomness, TInt32.vectorOf((int)m_spec.seed(), rates.step()));
            m_updates.feed(feeds, rates.step());
            if (domain) {
                GraphSession.checkLength("sites", batch.sites().length, m_spec.batch());
                feeds.put(m_sites, TInt32.vectorOf(batch.sites()));
                feeds.put(m_headLearningRate, TFloat32.scalarOf((float)rates.headLearningRate()));
                feeds.put(m_lambda, TFloat32.scalarOf((float)rates.lambda()));
            }
            final Session.Runner runner = m_session.runner().addTarget(m_step);
            feeds.forEach((operand, tensor) -> runner.feed(operand, tensor));
            m_metrics.forEach(runner::fetch);
            try (Result result = runner.run()) {
                return new Measured(Tensors.scalar(result.get(0)), Tensors.scalar(result.get(1)),
                    domain ? Tensors.scalar(result.get(2)) : Double.NaN,
                    domain ? Tensors.scalar(result.get(3)) : Double.NaN);
            }
        } catch (final TFResourceExhaustedException e) {
            throw GraphSession.tooLarge("A step with " + m_spec.batch() + " patches of " + p, e);
        } finally {
            feeds.values().forEach(Tensor::close);
        }
    }

    /** Probabilities of classes or regions with the present weights, as the network predicts. */
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

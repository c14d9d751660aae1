package org.scanbridge.learning.graph;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

import org.scanbridge.imaging.random.SeededRandom;
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
import org.tensorflow.types.family.TNumber;

/**
 * A generator G, a segmenter S and a discriminator D that are trained step by step: G and S together, then D on the
 * same real patches and on what G made of them before its update. Each update touches its own players only. As a block
 * network it is S(G(x)). To be used as {@link TrainingGraph}.
 */
public final class AdversarialGraph implements SteppedGraph {

    /** Begins the names of G's weights in {@link #weights()}. */
    public static final String GENERATOR = "generator.";

    /** Begins the names of S's weights in {@link #weights()}. */
    public static final String SEGMENTER = "segmenter.";

    private static final String DISCRIMINATOR = "discriminator.";

    /** Name of the replayed patches in {@link #state()}; no variable has such a one. */
    private static final String REPLAY = "replayed patches";

    /** Key of the pool's random streams beside those of the patches. */
    private static final int REPLAYS = 3;

    private final AdversarialGraphSpec m_spec;

    private final List<Parameter> m_parameters = new ArrayList<>();

    private final GraphSession m_session;

    private final VariableStore m_store;

    private final Placeholder<TFloat32> m_images;

    private final Placeholder<TUint8> m_labels;

    private final Placeholder<TInt32> m_sites;

    private final Map<Rate, Placeholder<TFloat32>> m_rates = new LinkedHashMap<>();

    private final Updates m_updates;

    private final Updates m_discriminatorUpdates;

    private final Op m_step;

    private final Op m_discriminatorStep;

    private final Optional<Placeholder<TInt32>> m_randomness;

    private final Optional<ReplayPool> m_replay;

    private final Operand<TFloat32> m_generated;

    private final List<Operand<TFloat32>> m_metrics = new ArrayList<>();

    private final List<Operand<TFloat32>> m_discriminatorMetrics = new ArrayList<>();

    private final Placeholder<TFloat32> m_block;

    private final Operand<TFloat32> m_normalized;

    private final Operand<TFloat32> m_probabilities;

    /** The scalars that change from step to step. */
    private enum Rate {
        SEGMENTER, GENERATOR, DISCRIMINATOR, LAMBDA, RECONSTRUCTION,
        /** How much of S's gradient reaches G: none in the first stage. */
        GATE
    }

    /**
     * @param spec what to build
     * @param generator where G starts
     * @param segmenter where S starts
     */
    public AdversarialGraph(final AdversarialGraphSpec spec, final Weights generator, final Weights segmenter) {
        m_spec = spec;
        final Graph graph = new Graph();
        final Ops tf = Backpropagation.prepare(Devices.ops(graph, spec.device()));
        m_store = new VariableStore(tf);
        m_store.of(GENERATOR).add(generator);
        m_store.of(SEGMENTER).add(segmenter);
        m_store.entries().forEach(e -> m_parameters.add(e.parameter()));
        final PatchSize p = spec.segmenter().patchSize();
        final int channels = spec.generator().inputChannels();
        m_images = tf.placeholder(TFloat32.class,
            Placeholder.shape(Shape.of(spec.batch(), p.k(), p.j(), p.i(), channels)));
        m_labels = tf.placeholder(TUint8.class, Placeholder.shape(Shape.of(spec.batch(), p.k(), p.j(), p.i())));
        m_sites = tf.placeholder(TInt32.class, Placeholder.shape(Shape.of(spec.batch())));
        for (final Rate rate : Rate.values()) {
            m_rates.put(rate, tf.placeholder(TFloat32.class, Placeholder.shape(Shape.scalar())));
        }
        m_randomness = spec.discriminator().filter(DiscriminatorSpec::drops)
            .map(d -> tf.placeholder(TInt32.class, Placeholder.shape(Shape.of(2))));
        m_replay = spec.discriminator().filter(d -> spec.replay() > 0)
            .map(d -> new ReplayPool(spec.replay(), p.voxels() * channels));
        final UNet g = new UNet(tf, spec.generator(), m_store.of(GENERATOR));
        final UNet s = new UNet(tf, spec.segmenter(), m_store.of(SEGMENTER));
        final OutputLayer output = new OutputLayer(tf);
        final UNet.Output made = g.training(m_images, Set.of());
        m_generated = tf.identity(output.values(spec.generator().output(), m_images, made.logits()));
        // the reversal with a negative strength lets that share of the gradient through
        final Operand<TFloat32> seen = new Layers(tf).reverseGradient(m_generated, tf.math.neg(m_rates.get(Rate.GATE)));
        final UNet.Output told = s.training(seen, Set.of());
        final List<Op> statistics = new ArrayList<>(made.statistics());
        statistics.addAll(told.statistics());
        Operand<TFloat32> loss = segmentationLoss(tf, told.logits());
        m_updates = new Updates(tf, m_store, spec.optimizer());
        m_discriminatorUpdates = new Updates(tf, m_store, spec.discriminatorOptimizer());
        if (spec.discriminator().isPresent()) {
            loss = tf.math.add(loss, adversarialLoss(tf));
            m_discriminatorStep = m_discriminatorUpdates.minimize(m_discriminatorMetrics.get(0),
                List.of(group(DISCRIMINATOR, Rate.DISCRIMINATOR)), List.of());
        } else {
            m_discriminatorStep = null;
        }
        m_step = m_updates.minimize(loss,
            List.of(group(SEGMENTER, Rate.SEGMENTER), group(GENERATOR, Rate.GENERATOR)), statistics);
        m_block = tf.placeholder(TFloat32.class, Placeholder.shape(Shape.of(-1, p.k(), p.j(), p.i(), channels)));
        m_normalized = output.values(spec.generator().output(), m_block, g.predicting(m_block).logits());
        m_probabilities =
            output.values(spec.segmenter().output(), m_normalized, s.predicting(m_normalized).logits());
        m_session = new GraphSession(graph, spec.device(), m_store);
    }

    /** ℓseg + a · MSE(G(x), x), with a from the step. */
    private Operand<TFloat32> segmentationLoss(final Ops tf, final Operand<TFloat32> logits) {
        final Losses losses = new Losses(tf);
        final Truth truth = new Targets(tf, m_spec.segmenter(), m_spec.loss().partial()).of(m_labels);
        final Losses.Segmentation segmentation = losses.segmentation(logits, truth, m_spec.loss());
        final Operand<TFloat32> error = tf.reshape(tf.math.sub(m_generated, m_images), tf.constant(new int[]{-1}));
        final Operand<TFloat32> reconstruction = tf.math.mean(tf.math.square(error), tf.constant(0));
        m_metrics.add(segmentation.total());
        m_metrics.add(segmentation.dice());
        m_metrics.add(reconstruction);
        return tf.math.add(segmentation.total(), tf.math.mul(m_rates.get(Rate.RECONSTRUCTION), reconstruction));
    }

    /** λ · L(D(G(x))); D's own loss and accuracies become its metrics. */
    private Operand<TFloat32> adversarialLoss(final Ops tf) {
        final DiscriminatorSpec spec = m_spec.discriminator().orElseThrow();
        final int sites = spec.sites();
        final AdversarialLosses losses = new AdversarialLosses(tf, sites);
        final Discriminator d = new Discriminator(tf, spec, m_store.of(DISCRIMINATOR), m_spec.seed(), m_randomness);
        final Operand<TFloat32> real = d.logits(m_images);
        final Operand<TFloat32> generated = d.logits(m_generated);
        final Operand<TFloat32> oneHot = tf.oneHot(m_sites, tf.constant(sites + 1), tf.constant(1f), tf.constant(0f));
        m_discriminatorMetrics.add(losses.discriminator(real, oneHot, generated));
        m_discriminatorMetrics.add(share(tf, real, m_sites));
        m_discriminatorMetrics.add(share(tf, generated, tf.constant(sites)));
        final Operand<TFloat32> fooling = losses.generator(m_spec.objective(), generated, oneHot);
        m_metrics.add(fooling);
        return tf.math.mul(m_rates.get(Rate.LAMBDA), fooling);
    }

    /** The share of rows whose largest logit is of this class. */
    private static Operand<TFloat32> share(final Ops tf, final Operand<TFloat32> logits,
        final Operand<? extends TNumber> truth) {
        final Operand<TInt32> told = tf.math.argMax(logits, tf.constant(1), TInt32.class);
        return tf.math.mean(tf.dtypes.cast(tf.math.equal(told, tf.dtypes.cast(truth, TInt32.class)), TFloat32.class),
            tf.constant(0));
    }

    private Updates.Group group(final String prefix, final Rate rate) {
        final List<VariableStore.Entry> variables = new ArrayList<>();
        for (final VariableStore.Entry entry : m_store.entries()) {
            if (entry.parameter().trainable() && entry.parameter().name().startsWith(prefix)) {
                variables.add(entry);
            }
        }
        return new Updates.Group(variables, m_rates.get(rate));
    }

    /**
     * Updates G and S, then D.
     *
     * @param batch patches, all with labels
     * @param rates learning rates of S and D, λ; G's rate and the stage follow from the schedule and the step
     * @throws IllegalArgumentException if an array of the batch has the wrong length
     * @throws LearningException if the device has not enough memory for the step
     */
    @Override
    public TrainingGraph.Measured step(final TrainingGraph.Batch batch, final TrainingGraph.Rates rates) {
        final PatchSize p = m_spec.segmenter().patchSize();
        final int channels = m_spec.generator().inputChannels();
        GraphSession.checkLength("images", batch.images().length, m_spec.batch() * p.voxels() * channels);
        GraphSession.checkLength("labels", batch.labels().length, m_spec.batch() * p.voxels());
        GraphSession.checkLength("sites", batch.sites().length, m_spec.batch());
        final Map<Operand<?>, Tensor> feeds = new LinkedHashMap<>();
        final Map<Operand<?>, Tensor> masks = new LinkedHashMap<>();
        try {
            feeds.put(m_images, Tensors.of(batch.images(), m_spec.batch(), p.k(), p.j(), p.i(), channels));
            feeds.put(m_labels, Tensors.of(batch.labels(), m_spec.batch(), p.k(), p.j(), p.i()));
            feeds.put(m_sites, TInt32.vectorOf(batch.sites()));
            values(rates).forEach((rate, value) -> feeds.put(m_rates.get(rate), TFloat32.scalarOf(value.floatValue())));
            m_updates.feed(feeds, rates.step());
            final Session.Runner runner = m_session.runner().addTarget(m_step);
            feeds.forEach((operand, tensor) -> runner.feed(operand, tensor));
            feedRandomness(masks, rates.step(), 0);
            masks.forEach((operand, tensor) -> runner.feed(operand, tensor));
            m_metrics.forEach(runner::fetch);
            runner.fetch(m_generated);
            try (Result result = runner.run()) {
                final Map<String, Double> others = new LinkedHashMap<>();
                others.put("Reconstruction Loss", (double)Tensors.scalar(result.get(2)));
                double loss = Double.NaN;
                double accuracy = Double.NaN;
                if (m_discriminatorStep != null) {
                    others.put("Generator Loss", (double)Tensors.scalar(result.get(3)));
                    final float[] told = discriminatorSteps(feeds, result.get(m_metrics.size()), rates.step());
                    loss = told[0];
                    accuracy = (told[1] + told[2]) / 2;
                    others.put("Sites Recognized", (double)told[1]);
                    others.put("Generated Recognized", (double)told[2]);
                }
                return new TrainingGraph.Measured(Tensors.scalar(result.get(0)), Tensors.scalar(result.get(1)), loss,
                    accuracy, others);
            }
        } catch (final TFResourceExhaustedException e) {
            throw GraphSession.tooLarge("A step with " + m_spec.batch() + " patches of " + p, e);
        } finally {
            feeds.values().forEach(Tensor::close);
            masks.values().forEach(Tensor::close);
        }
    }

    /**
     * Gives an update dropout masks of its own.
     *
     * @param update 0 for that of G and S, else the number of D's in this step
     */
    private void feedRandomness(final Map<Operand<?>, Tensor> feeds, final int step, final int update) {
        m_randomness.ifPresent(r -> {
            final int updates = m_spec.schedule().discriminatorSteps() + 1;
            feeds.put(r, TInt32.vectorOf((int)m_spec.seed(), (step - 1) * updates + update));
        });
    }

    private Map<Rate, Double> values(final TrainingGraph.Rates rates) {
        final AdversarialGraphSpec.Schedule schedule = m_spec.schedule();
        final boolean first = rates.step() <= schedule.reconstructionSteps();
        return Map.of(Rate.SEGMENTER, rates.learningRate(), Rate.GENERATOR,
            rates.learningRate() * (first ? schedule.generatorFirst() : schedule.generatorThen()), Rate.DISCRIMINATOR,
            rates.headLearningRate(), Rate.LAMBDA, first || Double.isNaN(rates.lambda()) ? 0 : rates.lambda(),
            Rate.RECONSTRUCTION, first ? 1 : schedule.reconstructionWeight(), Rate.GATE, first ? 0.0 : 1.0);
    }

    /**
     * Updates D, on patches of earlier steps too if there is a pool of them; the metrics are those before the first update,
     * of what D saw.
     */
    private float[] discriminatorSteps(final Map<Operand<?>, Tensor> feeds, final Tensor generated, final int step) {
        if (m_replay.isEmpty()) {
            return discriminatorUpdates(feeds, generated, step);
        }
        final float[] shown = m_replay.get().exchange(Tensors.values(generated),
            slot -> SeededRandom.of(m_spec.seed(), step, slot, REPLAYS));
        try (TFloat32 tensor = Tensors.of(shown, generated.shape().asArray())) {
            return discriminatorUpdates(feeds, tensor, step);
        }
    }

    private float[] discriminatorUpdates(final Map<Operand<?>, Tensor> feeds, final Tensor generated, final int step) {
        final float[] told = new float[m_discriminatorMetrics.size()];
        final int updates = m_spec.schedule().discriminatorSteps();
        for (int u = 0; u < updates; u++) {
            final Map<Operand<?>, Tensor> own = new LinkedHashMap<>();
            try {
                m_discriminatorUpdates.feed(own, (step - 1) * updates + u + 1);
                feedRandomness(own, step, u + 1);
                final Session.Runner runner = m_session.runner().addTarget(m_discriminatorStep);
                feeds.forEach((operand, tensor) -> runner.feed(operand, tensor));
                own.forEach((operand, tensor) -> runner.feed(operand, tensor));
                runner.feed(m_generated, generated);
                m_discriminatorMetrics.forEach(runner::fetch);
                try (Result result = runner.run()) {
                    for (int m = 0; u == 0 && m < told.length; m++) {
                        told[m] = Tensors.scalar(result.get(m));
                    }
                }
            } finally {
                own.values().forEach(Tensor::close);
            }
        }
        return told;
    }

    /** S(G(x)): class probabilities with the present weights. */
    @Override
    public float[] probabilities(final float[] images, final int count) {
        return m_session.predict(m_block, m_probabilities, m_spec.generator(), images, count);
    }

    /**
     * G(x) with the present weights.
     *
     * @param images blocks [count, k, j, i, channels]
     * @return the same of normalized blocks
     */
    public float[] normalized(final float[] images, final int count) {
        return m_session.predict(m_block, m_normalized, m_spec.generator(), images, count);
    }

    /** The weights of G and S, under their prefixes. */
    @Override
    public Weights weights() {
        return m_session.weights(m_parameters);
    }

    /** All variables, and the patches that are replayed. */
    @Override
    public Map<String, float[]> state() {
        final Map<String, float[]> state = new LinkedHashMap<>(m_session.state());
        m_replay.ifPresent(pool -> state.put(REPLAY, pool.state()));
        return state;
    }

    @Override
    public void restore(final Map<String, float[]> state) {
        final Map<String, float[]> variables = new LinkedHashMap<>(state);
        final float[] replayed = variables.remove(REPLAY);
        if (replayed != null) {
            m_replay.orElseThrow().restore(replayed);
        }
        m_session.restore(variables);
    }

    @Override
    public void close() {
        m_session.close();
    }
}

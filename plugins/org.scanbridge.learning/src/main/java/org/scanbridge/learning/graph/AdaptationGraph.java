package org.scanbridge.learning.graph;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import org.scanbridge.learning.LearningException;
import org.scanbridge.learning.architecture.NetworkOutput;
import org.scanbridge.learning.architecture.Norm;
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
 * A network that learns from labels and from {@link AdaptationTerm}s, on one session of its own. A step is as many steps
 * of the critic as its term says, each on patches of its own, then one of the network. Batches are as
 * {@link AdaptationGraphSpec#patchesPerStep} says, with the labels of the labeled patches and the sites of the first
 * batch.
 */
public final class AdaptationGraph implements SteppedGraph {

    /** Begins the names of the variables that keep the weights of the start, where there is an {@link AnchorTerm}. */
    static final String START = "start/";

    /** Begins the names of the variables of the network that stands still, where there is one. */
    private static final String STANDING = "standing/";

    private final AdaptationGraphSpec m_spec;

    private final Weights m_initial;

    private final GraphSession m_session;

    private final VariableStore m_store;

    private final Placeholder<TFloat32> m_images;

    private final Placeholder<TFloat32> m_views;

    private final Placeholder<TUint8> m_labels;

    private final Placeholder<TInt32> m_sites;

    private final Placeholder<TInt32> m_randomness;

    private final Placeholder<TFloat32> m_learningRate;

    private final Placeholder<TFloat32> m_headLearningRate;

    private final Placeholder<TFloat32> m_criticLearningRate;

    private final List<Placeholder<TFloat32>> m_weights = new ArrayList<>();

    private final Placeholder<TUint8> m_taught;

    private final Placeholder<TFloat32> m_networkShare;

    private final Optional<MeanTeacher> m_teacher;

    private final Updates m_updates;

    private final Op m_step;

    private final Updates m_criticUpdates;

    private final Op m_criticStep;

    private final List<String> m_names = new ArrayList<>();

    private final List<Operand<TFloat32>> m_metrics = new ArrayList<>();

    private final Placeholder<TFloat32> m_block;

    /** As each set of norms predicts. */
    private final List<Operand<TFloat32>> m_probabilities = new ArrayList<>();

    /** As the network predicts that stands still, where there is one. */
    private final Optional<Operand<TFloat32>> m_standing;

    /**
     * @param spec what to build
     * @param weights where to start
     */
    public AdaptationGraph(final AdaptationGraphSpec spec, final Weights weights) {
        m_spec = spec;
        m_initial = weights;
        final Graph graph = new Graph();
        final Ops tf = Backpropagation.prepare(Devices.ops(graph, spec.device()));
        m_store = new VariableStore(tf);
        m_store.add(weights);
        final PatchSize p = spec.network().patchSize();
        m_images = GraphSession.blocks(tf, spec.network(), spec.batch());
        m_views = GraphSession.blocks(tf, spec.network(), spec.views());
        m_labels = tf.placeholder(TUint8.class, Placeholder.shape(Shape.of(spec.labeled(), p.k(), p.j(), p.i())));
        m_sites = tf.placeholder(TInt32.class, Placeholder.shape(Shape.of(spec.batch())));
        m_learningRate = GraphSession.scalar(tf);
        m_headLearningRate = GraphSession.scalar(tf);
        m_criticLearningRate = GraphSession.scalar(tf);
        spec.terms().forEach(term -> m_weights.add(GraphSession.scalar(tf)));
        m_randomness = tf.placeholder(TInt32.class, Placeholder.shape(Shape.of(2)));
        // variables, not constants: those would be folded into other operations, with other bits
        final VariableStore standing = m_store.of(STANDING);
        if (!spec.standing().isEmpty()) {
            standing.add(weights);
        }
        final NetworkGraph network = network(tf, m_store, standing);
        final UNet.Output output = network.training(m_images, spec.frozenBlocks(), m_randomness);
        m_taught = tf.placeholder(TUint8.class, Placeholder.shape(
            Shape.of(spec.unlabeledTarget(), p.k(), p.j(), p.i(), spec.network().classes())));
        m_networkShare = GraphSession.scalar(tf);
        if (spec.terms().stream().anyMatch(AnchorTerm.class::isInstance)) {
            m_store.of(START).add(weights);
        }
        m_teacher = spec.selfTraining().filter(SelfTrainingTerm::usesNetwork)
            .map(term -> new MeanTeacher(tf, m_store, weights));
        final AdaptationObjective objective =
            new AdaptationObjective(tf, spec, m_store, groups().get(0).variables(), viewing(tf, network), output,
                new AdaptationObjective.Inputs(m_views, m_labels, m_sites, m_randomness, m_weights, teachers(tf, standing)));
        final AdaptationObjective.Built built = objective.build();
        built.metrics().forEach((name, value) -> {
            m_names.add(name);
            m_metrics.add(value);
        });
        m_updates = new Updates(tf, m_store, spec.optimizer());
        m_step = m_updates.minimize(built.loss(), groups(), output.statistics());
        if (built.critic().isPresent()) {
            m_criticUpdates = new Updates(tf, m_store, spec.critic().orElseThrow().optimizer(), "critics");
            m_criticStep = built.critic().get().clipped(m_criticUpdates.minimize(built.criticLoss().orElseThrow(),
                List.of(new Updates.Group(built.critic().get().variables(), m_criticLearningRate)), List.of()));
        } else {
            m_criticUpdates = null;
            m_criticStep = null;
        }
        m_block = GraphSession.blocks(tf, spec.network(), -1);
        final OutputLayer layer = new OutputLayer(tf);
        final NetworkOutput kind = spec.network().output();
        final VariableStore result = m_teacher.map(MeanTeacher::store).orElse(m_store);
        if (spec.norms().isPresent()) {
            final SiteNormUNet predicting = perSite(tf, result, 0).orElseThrow();
            for (int site = 0; site < spec.network().domains(); site++) {
                m_probabilities.add(layer.values(kind, m_block, predicting.predicting(m_block, site).logits()));
            }
        } else {
            m_probabilities.add(layer.values(kind, m_block,
                NetworkGraph.of(tf, spec.network(), result).predicting(m_block).logits()));
        }
        m_standing = spec.standing().isEmpty() ? Optional.empty() : Optional.of(layer.values(kind, m_block,
            NetworkGraph.of(tf, spec.network(), standing).predicting(m_block).logits()));
        m_session = new GraphSession(graph, spec.device(), m_store);
    }

    /** @param first the first patch of a batch that it sees; it sees all behind it, too */
    private Optional<SiteNormUNet> perSite(final Ops tf, final VariableStore store, final int first) {
        return m_spec.norms().map(norms -> new SiteNormUNet(tf, m_spec.network(), store,
            norms.slots().subList(first, m_spec.batch())));
    }

    /**
     * The network as it sees a batch.
     *
     * @param standing the weights of the start, where they stand still for the source
     */
    private NetworkGraph network(final Ops tf, final VariableStore store, final VariableStore standing) {
        if (m_spec.norms().isPresent()) {
            return perSite(tf, store, 0).orElseThrow();
        }
        final NetworkGraph trained = NetworkGraph.of(tf, m_spec.network(), store);
        return m_spec.standing().isEmpty() ? trained : new SeparateNetworks(tf,
            NetworkGraph.of(tf, m_spec.network(), standing), trained, m_spec.source());
    }

    /**
     * The network as it sees the second views, which begin at {@link AdaptationGraphSpec#firstView} and are a batch of their
     * own: batch normalization takes its statistics from the views that are there, dropout counts its masks from the first
     * of them, and where the network of the source stands still, the trained one sees them all.
     *
     * @param whole the network as it sees a batch
     */
    private NetworkGraph viewing(final Ops tf, final NetworkGraph whole) {
        if (m_spec.norms().isPresent()) {
            return perSite(tf, m_store, m_spec.firstView()).orElseThrow();
        }
        return m_spec.standing().isEmpty() ? whole : NetworkGraph.of(tf, m_spec.network(), m_store);
    }

    /**
     * What the teachers say. The mean teacher sees what the network sees: batch normalization takes its statistics from the
     * whole batch, as the network's does; without, the unlabeled patches are enough.
     */
    private AdaptationObjective.Teachers teachers(final Ops tf, final VariableStore standing) {
        final Optional<Operand<TFloat32>> network = m_teacher.map(teacher -> {
            if (m_spec.network().norm() == Norm.BATCH) {
                return unlabeled(tf, network(tf, teacher.store(), standing)
                    .training(m_images, m_spec.frozenBlocks(), m_randomness).logits());
            }
            return NetworkGraph.of(tf, m_spec.network(), teacher.store()).predicting(unlabeled(tf, m_images)).logits();
        });
        return new AdaptationObjective.Teachers(
            m_spec.selfTraining().filter(SelfTrainingTerm::usesLabels).<Operand<TUint8>> map(term -> m_taught), network, m_networkShare);
    }

    private Operand<TFloat32> unlabeled(final Ops tf, final Operand<TFloat32> x) {
        return tf.slice(x, tf.constant(new int[]{m_spec.labeled(), 0, 0, 0, 0}),
            tf.constant(new int[]{m_spec.unlabeledTarget(), -1, -1, -1, -1}));
    }

    /** The network, domain heads at their own rate, and whatever else only serves the terms at the network's. */
    private List<Updates.Group> groups() {
        final List<VariableStore.Entry> network = new ArrayList<>();
        final List<VariableStore.Entry> head = new ArrayList<>();
        for (final VariableStore.Entry entry : m_store.entries()) {
            final Parameter parameter = entry.parameter();
            if (parameter.name().startsWith(DomainHead.PREFIX)) {
                head.add(entry);
            } else if (isTrained(parameter)) {
                network.add(entry);
            }
        }
        return List.of(new Updates.Group(network, m_learningRate), new Updates.Group(head, m_headLearningRate));
    }

    private boolean isTrained(final Parameter parameter) {
        if (!parameter.trainable() || parameter.name().startsWith(Critic.PREFIX)
            || parameter.name().startsWith(MeanTeacher.PREFIX) || parameter.name().startsWith(START)
            || parameter.name().startsWith(STANDING)) {
            return false;
        }
        final boolean affine = parameter.name().endsWith("/gamma") || parameter.name().endsWith("/beta");
        return !m_spec.frozenBlocks().contains(parameter.block()) && (affine || !m_spec.affineOnly());
    }

    /**
     * {@inheritDoc}
     *
     * @throws IllegalArgumentException if an array of the batch has the wrong length (TensorFlow would not notice)
     * @throws LearningException if the device has not enough memory for the step
     */
    @Override
    public TrainingGraph.Measured step(final TrainingGraph.Batch batch, final TrainingGraph.Rates rates) {
        final int voxels = m_spec.network().patchSize().voxels();
        GraphSession.checkLength("images", batch.images().length,
            m_spec.patchesPerStep() * m_spec.network().inputSize().voxels() * m_spec.network().inputChannels());
        GraphSession.checkLength("labels", batch.labels().length, m_spec.labeled() * voxels);
        GraphSession.checkLength("sites", batch.sites().length, m_spec.batch());
        GraphSession.checkLength("what the teacher said", batch.taught().length, taught()
            ? m_spec.unlabeledTarget() * voxels * m_spec.network().classes() : 0);
        try {
            final double criticLoss = stepCritic(batch, rates.step());
            return stepNetwork(batch, rates, criticLoss);
        } catch (final TFResourceExhaustedException e) {
            throw GraphSession.tooLarge("A step with " + m_spec.batch() + " patches of " + m_spec.network().patchSize(), e);
        }
    }

    private boolean taught() {
        return m_spec.selfTraining().filter(SelfTrainingTerm::usesLabels).isPresent();
    }

    /** Some of the patches that a step is fed with. */
    private TFloat32 patches(final TrainingGraph.Batch batch, final int first, final int count) {
        final PatchSize p = m_spec.network().inputSize();
        final int channels = m_spec.network().inputChannels();
        final int size = p.voxels() * channels;
        return Tensors.of(Arrays.copyOfRange(batch.images(), first * size, (first + count) * size), count, p.k(), p.j(),
            p.i(), channels);
    }

    /** @return the critic's loss before its last step; NaN without a critic */
    private double stepCritic(final TrainingGraph.Batch batch, final int step) {
        if (m_spec.critic().isEmpty()) {
            return Double.NaN;
        }
        final CriticTerm term = m_spec.critic().get();
        double loss = Double.NaN;
        for (int n = 0; n < term.criticSteps(); n++) {
            final Map<Operand<?>, Tensor> feeds = new LinkedHashMap<>();
            try {
                feeds.put(m_images, patches(batch, m_spec.firstOfCritic() + n * m_spec.batch(), m_spec.batch()));
                feeds.put(m_criticLearningRate, TFloat32.scalarOf((float)term.rate(step)));
                // dropout masks of their own
                feeds.put(m_randomness, TInt32.vectorOf((int)m_spec.seed(), -((step - 1) * term.criticSteps() + n + 1)));
                m_criticUpdates.feed(feeds, (step - 1) * term.criticSteps() + n + 1);
                final Session.Runner runner = m_session.runner().addTarget(m_criticStep);
                feeds.forEach(runner::feed);
                try (Result result = runner.fetch(m_metrics.get(m_names.indexOf(AdaptationObjective.CRITIC))).run()) {
                    loss = Tensors.scalar(result.get(0));
                }
            } finally {
                feeds.values().forEach(Tensor::close);
            }
        }
        return loss;
    }

    private TrainingGraph.Measured stepNetwork(final TrainingGraph.Batch batch, final TrainingGraph.Rates rates,
        final double criticLoss) {
        final PatchSize p = m_spec.network().patchSize();
        final double progress = (rates.step() - 1.0) / m_spec.steps();
        final Map<Operand<?>, Tensor> feeds = new LinkedHashMap<>();
        try {
            feeds.put(m_images, patches(batch, 0, m_spec.batch()));
            if (m_spec.views() > 0) {
                feeds.put(m_views, patches(batch, m_spec.batch(), m_spec.views()));
            }
            if (taught()) {
                feeds.put(m_taught, Tensors.of(batch.taught(), m_spec.unlabeledTarget(), p.k(), p.j(), p.i(),
                    m_spec.network().classes()));
            }
            m_spec.selfTraining().ifPresent(
                term -> feeds.put(m_networkShare, TFloat32.scalarOf((float)term.networkShare(progress))));
            feeds.put(m_labels, Tensors.of(batch.labels(), m_spec.labeled(), p.k(), p.j(), p.i()));
            feeds.put(m_sites, TInt32.vectorOf(batch.sites()));
            feeds.put(m_randomness, TInt32.vectorOf((int)m_spec.seed(), rates.step()));
            feeds.put(m_learningRate, TFloat32.scalarOf((float)rates.learningRate()));
            feeds.put(m_headLearningRate, TFloat32.scalarOf((float)rates.headLearningRate()));
            for (int t = 0; t < m_weights.size(); t++) {
                feeds.put(m_weights.get(t), TFloat32.scalarOf((float)m_spec.terms().get(t).weight(progress)));
            }
            m_updates.feed(feeds, rates.step());
            final Session.Runner runner = m_session.runner().addTarget(m_step);
            feeds.forEach(runner::feed);
            m_metrics.forEach(runner::fetch);
            final Map<String, Double> measured = new LinkedHashMap<>();
            try (Result result = runner.run()) {
                for (int n = 0; n < m_names.size(); n++) {
                    measured.put(m_names.get(n), (double)Tensors.scalar(result.get(n)));
                }
            }
            if (m_spec.critic().isPresent()) {
                measured.put(AdaptationObjective.CRITIC, criticLoss);
            }
            m_teacher.ifPresent(
                teacher -> teacher.update(m_session, m_spec.selfTraining().orElseThrow().keep(rates.step())));
            return measured(measured);
        } finally {
            feeds.values().forEach(Tensor::close);
        }
    }

    private static TrainingGraph.Measured measured(final Map<String, Double> all) {
        final double loss = all.remove(AdaptationObjective.LOSS);
        final double dice = Optional.ofNullable(all.remove(AdaptationObjective.DICE)).orElse(Double.NaN);
        final double domain = Optional.ofNullable(all.remove(AdaptationObjective.DOMAIN_LOSS)).orElse(Double.NaN);
        final double accuracy = Optional.ofNullable(all.remove(AdaptationObjective.DOMAIN_ACCURACY)).orElse(Double.NaN);
        return new TrainingGraph.Measured(loss, dice, domain, accuracy, all);
    }

    /** As the network predicts, the mean teacher where there is one; with norms per site, with those of the first. */
    @Override
    public float[] probabilities(final float[] images, final int count) {
        return probabilities(images, count, 0);
    }

    private float[] probabilities(final float[] images, final int count, final int set) {
        return m_session.predict(m_block, m_probabilities.get(set), m_spec.network(), images, count);
    }

    /**
     * Where the network of the source stands still, it is that for the source's sites.
     *
     * @throws IllegalArgumentException if there are norms per site, but none for this one
     */
    @Override
    public BlockNetwork forSite(final String site) {
        if (m_spec.standing().contains(site)) {
            return (images, count) -> m_session.predict(m_block, m_standing.orElseThrow(), m_spec.network(), images, count);
        }
        if (m_spec.norms().isEmpty()) {
            return this;
        }
        final List<String> sites = m_spec.norms().get().sites();
        if (!sites.contains(site)) {
            throw new IllegalArgumentException("There are no norms for site " + site + ", only for " + sites);
        }
        return (images, count) -> probabilities(images, count, sites.indexOf(site));
    }

    /** Those of the mean teacher where there is one. */
    @Override
    public Weights weights() {
        return m_session.weights(m_initial.parameters(), m_teacher.isPresent() ? MeanTeacher.PREFIX : "");
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

package org.scanbridge.learning.graph;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.TUint8;

/**
 * Builds the objective of an {@link AdaptationGraph}: the segmentation loss and all terms, each with its weight. Terms
 * compare classes, also of a network of regions, see {@link Targets#classLogits}. Labeled voxels that are not annotated have
 * no class in them.
 */
final class AdaptationObjective {

    /** The loss of the curve: the segmentation loss, or the first term without labels. */
    static final String LOSS = "Loss";

    /** The Dice part of the segmentation loss. */
    static final String DICE = "Dice Loss";

    /** The domain head's cross-entropy. */
    static final String DOMAIN_LOSS = "Domain Loss";

    /** The share of the domain head's right decisions. */
    static final String DOMAIN_ACCURACY = "Domain Accuracy";

    /** The share of the voxels that the teacher is certain enough of. */
    static final String TAUGHT = SelfTrainingTerm.SHARE_METRIC;

    /** What the critic minimizes. */
    static final String CRITIC = CriticTerm.CRITIC_METRIC;

    /**
     * What the objective is fed with.
     *
     * @param views second views of the patches from {@link AdaptationGraphSpec#firstView} on
     * @param labels of the labeled patches
     * @param sites number of the site of each patch
     * @param randomness that dropout derives from
     * @param weights of the terms, in their order
     * @param teachers what teachers say
     */
    record Inputs(Operand<TFloat32> views, Operand<TUint8> labels, Operand<TInt32> sites,
        Operand<TInt32> randomness, List<? extends Operand<TFloat32>> weights, Teachers teachers) {
    }

    /**
     * What the teachers of a self-training say.
     *
     * @param given probabilities of the unlabeled patches
     * @param network the mean teacher's logits of the unlabeled patches as they are, [n, k, j, i, outputs]
     * @param share how much the mean teacher counts
     */
    record Teachers(Optional<Operand<TUint8>> given, Optional<Operand<TFloat32>> network, Operand<TFloat32> share) {
    }

    /**
     * What was built.
     *
     * @param loss what the network and all helpers but the critic minimize
     * @param metrics scalars for the curve by name
     * @param critic the critic, if there is one
     * @param criticLoss what it minimizes
     */
    record Built(Operand<TFloat32> loss, Map<String, Operand<TFloat32>> metrics, Optional<Critic> critic,
        Optional<Operand<TFloat32>> criticLoss) {
    }

    private final Ops m_tf;

    private final AdaptationGraphSpec m_spec;

    private final VariableStore m_store;

    private final List<VariableStore.Entry> m_trained;

    private final NetworkGraph m_viewing;

    /** With the logits of the classes. */
    private final UNet.Output m_output;

    /** The logits of classes or regions. */
    private final Operand<TFloat32> m_logits;

    private final Targets m_targets;

    private final Inputs m_inputs;

    private final Losses m_losses;

    private final AdaptationLosses m_comparisons;

    private final Map<String, Operand<TFloat32>> m_metrics = new LinkedHashMap<>();

    private final List<Operand<TFloat32>> m_parts = new ArrayList<>();

    /** The value of the first term; {@code null} before there is one. */
    private Operand<TFloat32> m_first;

    private Critic m_critic;

    private Operand<TFloat32> m_criticLoss;

    private Operand<TFloat32> m_ofViews;

    /**
     * @param trained variables of the network that the training changes
     * @param viewing the network as it sees the views
     * @param output what the network computes for the batch while training
     */
    AdaptationObjective(final Ops tf, final AdaptationGraphSpec spec, final VariableStore store,
        final List<VariableStore.Entry> trained, final NetworkGraph viewing, final UNet.Output output, final Inputs inputs) {
        m_trained = trained;
        m_tf = tf;
        m_spec = spec;
        m_store = store;
        m_viewing = viewing;
        m_targets = new Targets(tf, spec.network(), spec.loss().partial());
        m_logits = output.logits();
        m_output = output.withLogits(m_targets.classLogits(output.logits()));
        m_inputs = inputs;
        m_losses = new Losses(tf);
        m_comparisons = new AdaptationLosses(tf);
    }

    Built build() {
        // labels of patches that a network sees which stands still teach nothing
        final int taught = m_spec.labeled() - m_spec.firstTrained();
        if (taught > 0) {
            final Losses.Segmentation segmentation =
                m_losses.segmentation(part(m_logits, m_spec.firstTrained(), taught), m_targets.of(labels(taught)), m_spec.loss());
            m_parts.add(segmentation.total());
            m_metrics.put(LOSS, segmentation.total());
            m_metrics.put(DICE, segmentation.dice());
        }
        for (int t = 0; t < m_spec.terms().size(); t++) {
            add(m_spec.terms().get(t), m_inputs.weights().get(t));
        }
        if (!m_metrics.containsKey(LOSS)) {
            // under a name of its own: a result cannot have one value twice
            m_metrics.put(LOSS, m_tf.identity(m_first));
        }
        return new Built(Sums.of(m_tf, m_parts), m_metrics, Optional.ofNullable(m_critic),
            Optional.ofNullable(m_criticLoss));
    }

    private void add(final AdaptationTerm term, final Operand<TFloat32> weight) {
        if (term instanceof GradientReversalTerm reversal) {
            final DomainHead.Output head = new DomainHead(m_tf,
                new DomainHeadSpec(m_spec.sites(), reversal.attachment(), reversal.shape(), reversal.width()), m_store,
                m_spec.seed()).attach(m_output, oneHotSites(), weight);
            m_metrics.put(DOMAIN_LOSS, head.loss());
            m_metrics.put(DOMAIN_ACCURACY, head.accuracy());
            m_first = m_first == null ? head.loss() : m_first;
            m_parts.add(head.loss());
            return;
        }
        final Operand<TFloat32> value = value(term);
        m_first = m_first == null ? value : m_first;
        m_metrics.put(term.metric(), value);
        m_parts.add(m_tf.math.mul(weight, value));
    }

    private Operand<TFloat32> value(final AdaptationTerm term) {
        if (term instanceof CriticTerm critic) {
            m_critic = new Critic(m_tf, critic, m_spec.network(), m_store, m_spec.seed());
            final Critic.Game game = m_critic.play(m_output, m_spec.source());
            m_criticLoss = game.critic();
            m_metrics.put(CRITIC, game.critic());
            return game.network();
        }
        if (term instanceof ConsistencyTerm consistency) {
            final int first = m_spec.firstCompared(consistency);
            return m_comparisons.consistency(m_comparisons.rows(part(m_output.logits(), first, -1)),
                m_comparisons.rows(ofViews(first)));
        }
        if (term instanceof SelfTrainingTerm teacher) {
            return taught(teacher);
        }
        if (term instanceof AnchorTerm) {
            return new SelfTrainingLosses(m_tf).anchor(m_trained, m_store.of(AdaptationGraph.START));
        }
        if (term instanceof EntropyTerm) {
            final Operand<TFloat32> target = part(m_output.logits(), m_spec.source(), -1);
            return m_tf.math.div(m_comparisons.entropy(m_comparisons.rows(target)),
                m_tf.constant((float)Math.log(m_spec.network().classes())));
        }
        if (term instanceof ClassAlignmentTerm alignment) {
            return m_comparisons.classAlignment(m_output.logits(), assignment(), oneHotSites(), alignment.temperature());
        }
        final AdaptationLosses.ClassMeans means = m_comparisons.classMeans(m_output.last(), assignment());
        final Operand<TFloat32> present =
            m_comparisons.present(m_tf.reshape(means.mass(), m_tf.constant(new int[]{-1})));
        if (term instanceof ContrastiveTerm contrastive) {
            return m_comparisons.contrastive(embed("contrastive", means.means(), contrastive.dimensions()),
                classesOfPoints(), present, contrastive.margin());
        }
        final TripletTerm triplet = (TripletTerm)term;
        return m_comparisons.triplet(embed("triplet", means.means(), triplet.dimensions()), classesOfPoints(), present,
            triplet.margin());
    }

    /**
     * The class logits of second views, mirrored back.
     *
     * @param first the first patch of the batch whose view is asked for; those of the patches behind it follow
     */
    private Operand<TFloat32> ofViews(final int first) {
        if (m_ofViews == null) {
            final Operand<TFloat32> views = m_targets.classLogits(
                m_viewing.training(m_inputs.views(), m_spec.frozenBlocks(), m_inputs.randomness()).logits());
            m_ofViews = m_tf.reverse(views, m_tf.constant(new int[]{3}));
        }
        return part(m_ofViews, first - m_spec.firstView(), -1);
    }

    /** The loss of the unlabeled patches, or of their views where the mean teacher has seen the patches themselves. */
    private Operand<TFloat32> taught(final SelfTrainingTerm term) {
        final SelfTrainingLosses losses = new SelfTrainingLosses(m_tf);
        final Optional<Operand<TFloat32>> given = m_inputs.teachers().given().map(losses::probabilities);
        final Optional<Operand<TFloat32>> network = m_inputs.teachers().network()
            .map(z -> m_tf.stopGradient(m_tf.nn.softmax(m_comparisons.rows(m_targets.classLogits(z)))));
        final Operand<TFloat32> q = given.isEmpty() ? network.orElseThrow() : network.isEmpty() ? given.get()
            : losses.together(given.get(), network.get(), m_inputs.teachers().share());
        final Operand<TFloat32> weights = losses.weights(q, term.threshold());
        m_metrics.put(TAUGHT, m_tf.math.mean(
            m_tf.dtypes.cast(m_tf.math.greater(weights, m_tf.constant(0f)), TFloat32.class), m_tf.constant(0)));
        final Operand<TFloat32> learning =
            term.usesNetwork() ? ofViews(m_spec.labeled()) : part(m_output.logits(), m_spec.labeled(), -1);
        return losses.loss(m_comparisons.rows(learning), q, weights);
    }

    /** The labels of the patches from the first that the trained network sees. */
    private Operand<TUint8> labels(final int count) {
        return m_spec.firstTrained() == 0 ? m_inputs.labels() : m_tf.slice(m_inputs.labels(),
            m_tf.constant(new int[]{m_spec.firstTrained(), 0, 0, 0}), m_tf.constant(new int[]{count, -1, -1, -1}));
    }

    private Operand<TFloat32> part(final Operand<TFloat32> x, final int from, final int count) {
        if (from == 0 && (count == m_spec.batch() || count == -1)) {
            return x;
        }
        return m_tf.slice(x, m_tf.constant(new int[]{from, 0, 0, 0, 0}),
            m_tf.constant(new int[]{count, -1, -1, -1, -1}));
    }

    private Operand<TFloat32> oneHotSites() {
        return m_tf.oneHot(m_inputs.sites(), m_tf.constant(m_spec.sites()), m_tf.constant(1f), m_tf.constant(0f));
    }

    /** Which class each voxel belongs to: its label, else the network's own probabilities. */
    private Operand<TFloat32> assignment() {
        final int classes = m_spec.network().classes();
        final Operand<TFloat32> logits = m_output.logits();
        final Operand<TFloat32> labeled = m_tf.reshape(m_targets.classes(m_inputs.labels()),
            m_tf.constant(new int[]{m_spec.labeled(), Layers.size(logits, 1), Layers.size(logits, 2), Layers.size(logits, 3),
                classes}));
        if (m_spec.unlabeledTarget() == 0) {
            return labeled;
        }
        final Operand<TFloat32> guessed =
            m_tf.stopGradient(new Layers(m_tf).softmax(part(logits, m_spec.labeled(), -1)));
        return m_tf.concat(List.of(labeled, guessed), m_tf.constant(0));
    }

    private int[] classesOfPoints() {
        return ClassEmbedding.classesOfPoints(m_spec.batch(), m_spec.network().classes());
    }

    private Operand<TFloat32> embed(final String name, final Operand<TFloat32> means, final int dimensions) {
        return new ClassEmbedding(m_tf, m_store, m_spec.seed()).embed(name, means, m_spec.batch(), dimensions);
    }
}

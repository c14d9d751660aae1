package org.scanbridge.learning.graph;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

import org.tensorflow.Operand;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TUint8;

/**
 * The objective of MASF (Dou et al., NeurIPS 2019, algorithm 1):
 *
 * <pre>
 * Ltask(meta-train; θ) + β1 · Lglobal(meta-train, meta-test; θ') + β2 · Llocal(all; θ')
 * θ' = θ - α · clip(dLtask / dθ)
 * </pre>
 *
 * Ltask is the segmentation loss of the meta-train patches together, as everywhere here (the paper takes the mean over the
 * sites, which is the same for its loss). Lglobal is {@link ClassAlignmentTerm} over pairs of a meta-train site and the
 * meta-test site, Llocal is {@link TripletTerm}, its embedding without an inner step.
 */
final class MetaObjective {

    /** Task loss at θ. */
    static final String TASK = "Loss";

    /** Its Dice part. */
    static final String DICE = "Dice Loss";

    /** Norm of the inner gradient before clipping. */
    static final String INNER_NORM = "Inner Gradient Norm";

    /**
     * What was built.
     *
     * @param loss what is minimized
     * @param metrics scalars for the curve by name
     */
    record Built(Operand<TFloat32> loss, Map<String, Operand<TFloat32>> metrics) {
    }

    private final Ops m_tf;

    private final MetaLearningGraphSpec m_spec;

    private final Losses m_losses;

    private final AdaptationLosses m_comparisons;

    MetaObjective(final Ops tf, final MetaLearningGraphSpec spec) {
        m_tf = tf;
        m_spec = spec;
        m_losses = new Losses(tf);
        m_comparisons = new AdaptationLosses(tf);
    }

    /** Whether the inner and the outer step change a variable. */
    static boolean isTrained(final VariableStore.Entry entry, final Set<String> frozenBlocks) {
        return entry.parameter().trainable() && !frozenBlocks.contains(entry.parameter().block());
    }

    /**
     * @param store the variables of the network; gets those of the embedding
     * @param images [batch, depth, height, width, channels]
     * @param labels [batch, depth, height, width]
     */
    Built build(final VariableStore store, final Operand<TFloat32> images, final Operand<TUint8> labels) {
        final int classes = m_spec.network().classes();
        final Targets targets = new Targets(m_tf, m_spec.network(), m_spec.loss().partial());
        final List<VariableStore.Entry> variables =
            store.entries().stream().filter(e -> isTrained(e, m_spec.frozenBlocks())).toList();
        final Operand<TFloat32> oneHot = targets.classes(labels);
        final Operand<TFloat32> train = m_tf.slice(images, m_tf.constant(new int[5]),
            m_tf.constant(new int[]{m_spec.metaTrain(), -1, -1, -1, -1}));
        final Operand<TFloat32> trainOneHot = m_tf.slice(oneHot, m_tf.constant(new int[2]),
            m_tf.constant(new int[]{m_spec.metaTrain() * m_spec.network().patchSize().voxels(), -1}));
        final Losses.Segmentation task =
            m_losses.segmentation(network(store, train).logits(), targets.ofClasses(trainOneHot), m_spec.loss());
        final Map<String, Operand<TFloat32>> metrics = new LinkedHashMap<>();
        metrics.put(TASK, task.total());
        metrics.put(DICE, task.dice());
        final VariableStore stepped = store.overlaid(innerStep(task.total(), variables, metrics));
        final UNet.Output output = network(stepped, images);
        final Operand<TFloat32> logits = targets.classLogits(output.logits());
        final Operand<TFloat32> assignment = m_tf.reshape(oneHot, m_tf.constant(new int[]{m_spec.batch(),
            Layers.size(logits, 1), Layers.size(logits, 2), Layers.size(logits, 3), classes}));
        final Operand<TFloat32> global =
            m_comparisons.classAlignmentWithLast(logits, assignment, roles(), m_spec.alignment().temperature());
        final Operand<TFloat32> local = local(store, output, assignment);
        metrics.put(m_spec.alignment().metric(), global);
        metrics.put(m_spec.triplet().metric(), local);
        return new Built(m_tf.math.addN(List.of(task.total(), weighted(m_spec.alignment().weight(), global),
            weighted(m_spec.triplet().weight(), local))), metrics);
    }

    private UNet.Output network(final VariableStore store, final Operand<TFloat32> images) {
        return new UNet(m_tf, m_spec.network(), store).training(images, m_spec.frozenBlocks());
    }

    /** The values of the variables after the inner step, by name. */
    private Map<String, Operand<TFloat32>> innerStep(final Operand<TFloat32> task,
        final List<VariableStore.Entry> variables, final Map<String, Operand<TFloat32>> metrics) {
        final MetaLearningGraphSpec.InnerStep step = m_spec.innerStep();
        final List<Operand<TFloat32>> gradients =
            Backpropagation.gradients(m_tf, task, variables.stream().map(VariableStore.Entry::value).toList());
        final List<Operand<TFloat32>> halfSquares = new ArrayList<>();
        for (int v = 0; v < variables.size(); v++) {
            halfSquares.add(m_tf.nn.l2Loss(gradients.get(v)));
        }
        final Operand<TFloat32> squaredNorm = m_tf.math.mul(m_tf.constant(2f), Sums.of(m_tf, halfSquares));
        metrics.put(INNER_NORM, m_tf.math.sqrt(squaredNorm));
        // c / max(‖g‖, c), differentiable at g = 0 too
        final float bound = (float)step.clipNorm();
        final Operand<TFloat32> factor =
            m_tf.math.mul(m_tf.constant((float)(step.learningRate() * step.clipNorm())),
                new Layers(m_tf).inverseSquareRoot(
                    m_tf.math.maximum(squaredNorm, m_tf.constant(bound * bound))));
        final Map<String, Operand<TFloat32>> values = new LinkedHashMap<>();
        for (int v = 0; v < variables.size(); v++) {
            final Operand<TFloat32> change = m_tf.math.mul(factor, gradients.get(v));
            values.put(variables.get(v).parameter().name(), m_tf.math.sub(variables.get(v).value(),
                step.secondOrder() ? change : m_tf.stopGradient(change)));
        }
        return values;
    }

    /** One-hot roles [batch, sites] of the patches: the meta-test site is the last. */
    private Operand<TFloat32> roles() {
        final float[] roles = new float[m_spec.batch() * m_spec.sites()];
        for (int n = 0; n < m_spec.batch(); n++) {
            roles[n * m_spec.sites() + n / m_spec.patchesPerSite()] = 1;
        }
        return m_tf.constant(Shape.of(m_spec.batch(), m_spec.sites()), DataBuffers.of(roles));
    }

    private Operand<TFloat32> local(final VariableStore store, final UNet.Output output,
        final Operand<TFloat32> assignment) {
        final AdaptationLosses.ClassMeans means = m_comparisons.classMeans(output.last(), assignment);
        final Operand<TFloat32> present =
            m_comparisons.present(m_tf.reshape(means.mass(), m_tf.constant(new int[]{-1})));
        final Operand<TFloat32> points = new ClassEmbedding(m_tf, store, m_spec.seed()).embed("triplet", means.means(),
            m_spec.batch(), m_spec.triplet().dimensions());
        return m_comparisons.triplet(points,
            ClassEmbedding.classesOfPoints(m_spec.batch(), m_spec.network().classes()), present,
            m_spec.triplet().margin());
    }

    private Operand<TFloat32> weighted(final double weight, final Operand<TFloat32> value) {
        return m_tf.math.mul(m_tf.constant((float)weight), value);
    }
}

package org.scanbridge.learning.graph;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

import org.scanbridge.learning.architecture.Norm;
import org.scanbridge.learning.architecture.Parameter;
import org.scanbridge.learning.architecture.UNetPlan;
import org.scanbridge.learning.architecture.Weights;
import org.tensorflow.Operand;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.op.Op;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TUint8;

/**
 * The objective of a {@link MultiSiteGraph}: the segmentation loss of the patches of all sites together, which with batch
 * normalization go through the norms of their site ({@link SiteNormUNet}), and beside it {@link KnowledgeTransfer} (MS-Net) or
 * {@link ClassAlignmentTerm} (unpaired knowledge distillation), or both, or none.
 */
final class MultiSiteObjective {

    /** The network's segmentation loss. */
    static final String LOSS = "Loss";

    /** Its Dice part. */
    static final String DICE = "Dice Loss";

    /** Begins the names of the variables of the auxiliary decoder of a site; its number and a slash follow. */
    static final String AUXILIARY = "auxiliary";

    /**
     * What was built.
     *
     * @param loss what is minimized
     * @param metrics scalars for the curve by name
     * @param statistics updates of running statistics
     */
    record Built(Operand<TFloat32> loss, Map<String, Operand<TFloat32>> metrics, List<Op> statistics) {
    }

    private final Ops m_tf;

    private final MultiSiteGraphSpec m_spec;

    private final VariableStore m_store;

    private final Losses m_losses;

    private final AdaptationLosses m_comparisons;

    private final Targets m_targets;

    private final Map<String, Operand<TFloat32>> m_metrics = new LinkedHashMap<>();

    private final List<Op> m_statistics = new ArrayList<>();

    /** @param store the variables of the network; gets those of the auxiliary decoders */
    MultiSiteObjective(final Ops tf, final MultiSiteGraphSpec spec, final VariableStore store) {
        m_tf = tf;
        m_spec = spec;
        m_store = store;
        m_losses = new Losses(tf);
        m_comparisons = new AdaptationLosses(tf);
        m_targets = new Targets(tf, spec.network(), spec.loss().partial());
    }

    /** The set of norms of a site. */
    private int set(final int site) {
        return m_spec.network().norm() == Norm.BATCH ? site : 0;
    }

    /**
     * @param images [batch, depth, height, width, channels]
     * @param labels [batch, depth, height, width]
     * @param transfer how much the transfer counts
     * @param start the weights that the network begins with, and the auxiliary decoders with its decoder
     */
    Built build(final Operand<TFloat32> images, final Operand<TUint8> labels, final Operand<TFloat32> transfer,
        final Weights start) {
        final UNet.Output output = m_spec.network().norm() == Norm.BATCH
            ? new SiteNormUNet(m_tf, m_spec.network(), m_store, m_spec.slots()).training(images, m_spec.frozenBlocks(), null)
            : new UNet(m_tf, m_spec.network(), m_store).training(images, m_spec.frozenBlocks());
        m_statistics.addAll(output.statistics());
        final Losses.Segmentation segmentation =
            m_losses.segmentation(output.logits(), m_targets.of(labels), m_spec.loss());
        m_metrics.put(LOSS, segmentation.total());
        m_metrics.put(DICE, segmentation.dice());
        final List<Operand<TFloat32>> parts = new ArrayList<>();
        if (m_spec.transfer().isPresent()) {
            final Operand<TFloat32> transferred = transfer(output, labels, start, parts);
            parts.add(m_tf.math.mul(transfer, transferred));
            parts.add(m_tf.math.mul(m_tf.math.sub(m_tf.constant(1f), transfer), segmentation.total()));
        } else {
            parts.add(segmentation.total());
        }
        m_spec.distillation().ifPresent(term -> {
            final Operand<TFloat32> logits = m_targets.classLogits(output.logits());
            final Operand<TFloat32> assignment = m_tf.reshape(m_targets.classes(labels), m_tf.constant(new int[]{m_spec.batch(),
                Layers.size(logits, 1), Layers.size(logits, 2), Layers.size(logits, 3), m_spec.network().classes()}));
            final Operand<TFloat32> value =
                m_comparisons.classAlignment(logits, assignment, oneHotSites(), term.temperature());
            m_metrics.put(term.metric(), value);
            parts.add(m_tf.math.mul(m_tf.constant((float)term.weight()), value));
        });
        return new Built(Sums.of(m_tf, parts), m_metrics, m_statistics);
    }

    /** Adds the loss of the auxiliary decoders to the parts, and returns what the network learns from them. */
    private Operand<TFloat32> transfer(final UNet.Output output, final Operand<TUint8> labels, final Weights start,
        final List<Operand<TFloat32>> parts) {
        final int sites = m_spec.sites().size();
        final List<Operand<TFloat32>> taught = new ArrayList<>();
        final List<Operand<TFloat32>> own = new ArrayList<>();
        for (int site = 0; site < sites; site++) {
            final VariableStore store = m_store.of(AUXILIARY + site + '/');
            store.add(decoder(start, set(site)));
            final List<Operand<TFloat32>> features = new ArrayList<>();
            for (final Operand<TFloat32> level : output.encoder()) {
                features.add(ofSite(level, site));
            }
            final UNet.Output auxiliary = new UNet(m_tf, m_spec.network(), store).decoding(features, Set.of(), set(site));
            m_statistics.addAll(auxiliary.statistics());
            own.add(m_losses.segmentation(auxiliary.logits(), m_targets.of(labelsOfSite(labels, site)), m_spec.loss()).total());
            taught.add(taught(ofSite(output.logits(), site), auxiliary.logits()));
        }
        final Operand<TFloat32> auxiliaries = m_tf.math.div(Sums.of(m_tf, own), m_tf.constant((float)sites));
        m_metrics.put(KnowledgeTransfer.AUXILIARY_METRIC, auxiliaries);
        parts.add(auxiliaries);
        final Operand<TFloat32> transferred = m_tf.math.div(Sums.of(m_tf, taught), m_tf.constant((float)sites));
        m_metrics.put(KnowledgeTransfer.METRIC, transferred);
        return transferred;
    }

    /** The decoder's part of the weights of a network, with one set of norms. */
    private static Weights decoder(final Weights start, final int set) {
        final List<Parameter> parameters = start.parameters().stream()
            .filter(UNetPlan::ofDecoder)
            .filter(p -> !p.ofNorm() || suffix(p).equals(UNetPlan.suffix(set))).toList();
        return new Weights(parameters, start.values());
    }

    private static String suffix(final Parameter ofNorm) {
        final String what = ofNorm.name().substring(ofNorm.name().indexOf('/'));
        return what.indexOf('.') < 0 ? "" : what.substring(what.indexOf('.'));
    }

    /**
     * Lt of {@link KnowledgeTransfer}.
     *
     * @param logits of the network, [n, depth, height, width, outputs]
     * @param teacher of the auxiliary decoder for the same patches; constant
     */
    Operand<TFloat32> taught(final Operand<TFloat32> logits, final Operand<TFloat32> teacher) {
        final Operand<TFloat32> s = m_tf.nn.softmax(m_comparisons.rows(m_targets.classLogits(logits)));
        final Operand<TFloat32> t =
            m_tf.stopGradient(m_tf.nn.softmax(m_comparisons.rows(m_targets.classLogits(teacher))));
        final Operand<TFloat32> epsilon = m_tf.constant(Losses.DICE_EPSILON);
        final Operand<TFloat32> both = m_tf.math.add(epsilon, m_tf.math.mul(m_tf.constant(2f), sums(m_tf.math.mul(s, t))));
        final Operand<TFloat32> each =
            m_tf.math.add(epsilon, m_tf.math.add(sums(m_tf.math.square(s)), sums(m_tf.math.square(t))));
        final Operand<TFloat32> agreement = m_tf.slice(m_tf.math.div(both, each), m_tf.constant(new int[]{1}),
            m_tf.constant(new int[]{m_spec.network().classes() - 1}));
        return m_tf.math.sub(m_tf.constant(1f), m_tf.math.mean(agreement, m_tf.constant(0)));
    }

    private Operand<TFloat32> sums(final Operand<TFloat32> rows) {
        return m_tf.sum(rows, m_tf.constant(0));
    }

    private Operand<TFloat32> ofSite(final Operand<TFloat32> x, final int site) {
        return m_tf.slice(x, m_tf.constant(new int[]{site * m_spec.patchesPerSite(), 0, 0, 0, 0}),
            m_tf.constant(new int[]{m_spec.patchesPerSite(), -1, -1, -1, -1}));
    }

    private Operand<TUint8> labelsOfSite(final Operand<TUint8> labels, final int site) {
        return m_tf.slice(labels, m_tf.constant(new int[]{site * m_spec.patchesPerSite(), 0, 0, 0}),
            m_tf.constant(new int[]{m_spec.patchesPerSite(), -1, -1, -1}));
    }

    private Operand<TFloat32> oneHotSites() {
        final int count = m_spec.sites().size();
        final float[] sites = new float[m_spec.batch() * count];
        for (int n = 0; n < m_spec.batch(); n++) {
            sites[n * count + n / m_spec.patchesPerSite()] = 1;
        }
        return m_tf.constant(Shape.of(m_spec.batch(), count), DataBuffers.of(sites));
    }
}

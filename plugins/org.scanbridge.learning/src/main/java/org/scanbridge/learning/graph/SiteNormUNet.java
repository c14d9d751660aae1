package org.scanbridge.learning.graph;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

import org.scanbridge.learning.architecture.NetworkSpec;
import org.tensorflow.Operand;
import org.tensorflow.op.Op;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;

/**
 * A U-Net with domain-specific batch normalization (Chang et al., CVPR 2019): in training, the patches of each site go
 * through the site's own statistics, scales and shifts; all share the kernels. A site without patches in the batch keeps
 * what it has to the bit, because its variables have no part in the step: as rows of one variable, an optimizer with
 * momentum would go on moving them.
 */
final class SiteNormUNet implements NetworkGraph {

    private final Ops m_tf;

    private final UNet m_network;

    private final List<Integer> m_slots;

    /** @param slots number of the set of each patch of a batch */
    SiteNormUNet(final Ops tf, final NetworkSpec spec, final VariableStore store, final List<Integer> slots) {
        m_tf = tf;
        m_network = new UNet(tf, spec, store);
        m_slots = slots;
    }

    /** As the network predicts images of the first site. */
    @Override
    public UNet.Output predicting(final Operand<TFloat32> image) {
        return predicting(image, 0);
    }

    /** As the network predicts images of one site. */
    UNet.Output predicting(final Operand<TFloat32> image, final int site) {
        return m_network.predicting(image, site);
    }

    /** @param image a batch whose patches are of the sites that the slots say */
    @Override
    public UNet.Output training(final Operand<TFloat32> image, final Set<String> frozen,
        final Operand<TInt32> randomness) {
        final Map<Integer, UNet.Output> bySite = new TreeMap<>();
        for (final int site : m_slots) {
            bySite.computeIfAbsent(site, s -> m_network.training(join(patchesOf(image, s)), frozen, s));
        }
        final List<UNet.Output> outputs = List.copyOf(bySite.values());
        final List<Op> statistics = new ArrayList<>();
        final Map<String, Operand<TFloat32>> batchStatistics = new LinkedHashMap<>();
        outputs.forEach(o -> {
            statistics.addAll(o.statistics());
            batchStatistics.putAll(o.batchStatistics());
        });
        final UNet.Output any = outputs.get(0);
        return new UNet.Output(inOrder(bySite, o -> o.logits()), levels(bySite, any.encoder().size(), UNet.Output::encoder),
            levels(bySite, any.decoder().size(), UNet.Output::decoder),
            levels(bySite, any.auxiliary().size(), UNet.Output::auxiliary), statistics, batchStatistics);
    }

    /** One tensor of a network's output. */
    private interface Part {
        Operand<TFloat32> of(UNet.Output output);
    }

    /** The tensors of the levels of a network's output. */
    private interface Levels {
        List<Operand<TFloat32>> of(UNet.Output output);
    }

    private List<Operand<TFloat32>> levels(final Map<Integer, UNet.Output> bySite, final int count, final Levels levels) {
        final List<Operand<TFloat32>> all = new ArrayList<>();
        for (int l = 0; l < count; l++) {
            final int level = l;
            all.add(inOrder(bySite, o -> levels.of(o).get(level)));
        }
        return all;
    }

    private List<Operand<TFloat32>> patchesOf(final Operand<TFloat32> image, final int site) {
        final List<Operand<TFloat32>> parts = new ArrayList<>();
        for (int from = 0; from < m_slots.size(); from = end(from)) {
            if (m_slots.get(from) == site) {
                parts.add(slice(image, from, end(from) - from));
            }
        }
        return parts;
    }

    /** The sites' tensors as one, with the patches in the order of the batch. */
    private Operand<TFloat32> inOrder(final Map<Integer, UNet.Output> bySite, final Part part) {
        final Map<Integer, Integer> taken = new TreeMap<>();
        final List<Operand<TFloat32>> parts = new ArrayList<>();
        for (int from = 0; from < m_slots.size(); from = end(from)) {
            final int site = m_slots.get(from);
            final int count = end(from) - from;
            final int first = taken.getOrDefault(site, 0);
            parts.add(slice(part.of(bySite.get(site)), first, count));
            taken.put(site, first + count);
        }
        return join(parts);
    }

    /** The end of the run of patches of one site that begins at a slot. */
    private int end(final int from) {
        int end = from + 1;
        while (end < m_slots.size() && m_slots.get(end).equals(m_slots.get(from))) {
            end++;
        }
        return end;
    }

    private Operand<TFloat32> slice(final Operand<TFloat32> x, final int from, final int count) {
        return m_tf.slice(x, m_tf.constant(new int[]{from, 0, 0, 0, 0}),
            m_tf.constant(new int[]{count, -1, -1, -1, -1}));
    }

    private Operand<TFloat32> join(final List<Operand<TFloat32>> parts) {
        return Sums.joined(m_tf, parts, 0);
    }
}

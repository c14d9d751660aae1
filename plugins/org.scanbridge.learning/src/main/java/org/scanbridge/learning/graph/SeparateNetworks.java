package org.scanbridge.learning.graph;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;

/**
 * Two networks of one architecture side by side, as PnP-AdaNet has them (Dou et al., IEEE Access 2019, section III): the
 * first patches of a batch, those of the source, go through a network that stands still, the others through the network
 * that is trained for the target. The latter begins as a copy; with its deeper blocks frozen, what is trained are early
 * layers of the target's own (the "domain adaptation module" M) in front of higher layers that both sites share:
 *
 * <pre>
 * source: h(e(x; θe); θh)        target: h(M(x; θM); θh),   θM = θe at the start
 * min over θM of the terms, which compare features of h ∘ e with those of h ∘ M
 * </pre>
 *
 * No loss reaches θe and θh, so what the first network does at the source cannot get worse.
 */
final class SeparateNetworks implements NetworkGraph {

    private final Ops m_tf;

    private final NetworkGraph m_standing;

    private final NetworkGraph m_trained;

    private final int m_source;

    /**
     * @param standing the source's, which only predicts
     * @param trained the target's
     * @param source how many patches of a batch the first sees; at least 1
     */
    SeparateNetworks(final Ops tf, final NetworkGraph standing, final NetworkGraph trained, final int source) {
        m_tf = tf;
        m_standing = standing;
        m_trained = trained;
        m_source = source;
    }

    /** As the target's network predicts. */
    @Override
    public UNet.Output predicting(final Operand<TFloat32> image) {
        return m_trained.predicting(image);
    }

    /** @param image a batch with the source's patches first, and others behind them */
    @Override
    public UNet.Output training(final Operand<TFloat32> image, final Set<String> frozen,
        final Operand<TInt32> randomness) {
        final UNet.Output source = m_standing.predicting(slice(image, 0, m_source));
        final UNet.Output target = m_trained.training(slice(image, m_source, -1), frozen, randomness);
        return new UNet.Output(together(source.logits(), target.logits()), together(source.encoder(), target.encoder()),
            together(source.decoder(), target.decoder()), List.of(), target.statistics(), target.batchStatistics());
    }

    private List<Operand<TFloat32>> together(final List<Operand<TFloat32>> source, final List<Operand<TFloat32>> target) {
        final List<Operand<TFloat32>> all = new ArrayList<>();
        for (int l = 0; l < target.size(); l++) {
            all.add(together(source.get(l), target.get(l)));
        }
        return all;
    }

    private Operand<TFloat32> together(final Operand<TFloat32> source, final Operand<TFloat32> target) {
        return m_tf.concat(List.of(source, target), m_tf.constant(0));
    }

    private Operand<TFloat32> slice(final Operand<TFloat32> x, final int from, final int count) {
        return m_tf.slice(x, m_tf.constant(new int[]{from, 0, 0, 0, 0}),
            m_tf.constant(new int[]{count, -1, -1, -1, -1}));
    }
}

package org.scanbridge.learning.graph;

import java.util.List;
import java.util.Set;

import org.scanbridge.learning.architecture.DeepMedicPlan;
import org.scanbridge.learning.architecture.NetworkSpec;
import org.scanbridge.learning.architecture.UNetPlan;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;

/** Builds the operations of the network that {@link DeepMedicPlan} describes. */
final class DeepMedic implements NetworkGraph {

    private static final double DROPOUT = 0.5;

    private final Ops m_tf;

    private final Layers m_layers;

    private final VariableStore m_store;

    DeepMedic(final Ops tf, final NetworkSpec spec, final VariableStore store) {
        m_tf = tf;
        m_layers = new Layers(tf);
        m_store = store;
    }

    @Override
    public UNet.Output predicting(final Operand<TFloat32> image) {
        return build(image, null, null);
    }

    @Override
    public UNet.Output training(final Operand<TFloat32> image, final Set<String> frozen,
        final Operand<TInt32> randomness) {
        return build(image, frozen, randomness);
    }

    private UNet.Output build(final Operand<TFloat32> image, final Set<String> frozen, final Operand<TInt32> randomness) {
        final BatchNormBlock norm = new BatchNormBlock(m_tf, m_store, frozen);
        final int context = DeepMedicPlan.USED * (DeepMedicPlan.FACTOR - 1);
        final Operand<TFloat32> fine = pathway("fine", m_layers.crop(image, context), norm);
        final Operand<TFloat32> coarse =
            pathway("coarse", m_layers.averagePool(image, DeepMedicPlan.FACTOR), norm);
        final Operand<TFloat32> both =
            m_layers.concat(List.of(fine, m_layers.repeat(coarse, DeepMedicPlan.FACTOR)));
        Operand<TFloat32> x = both;
        for (int n = 1; n <= 2; n++) {
            x = activated("join" + n, convolved("join" + n, x, norm));
            x = randomness == null ? x : m_layers.dropout(x, DROPOUT, randomness, n);
        }
        final Operand<TFloat32> logits =
            m_layers.bias(m_layers.validConvolution(x, value(UNetPlan.HEAD + "/kernel")), value(UNetPlan.HEAD + "/bias"));
        return new UNet.Output(logits, List.of(both), List.of(x), List.of(), norm.statistics(),
            norm.batch());
    }

    private Operand<TFloat32> pathway(final String name, final Operand<TFloat32> image, final BatchNormBlock norm) {
        Operand<TFloat32> before = image;
        Operand<TFloat32> x = image;
        for (int n = 1; n <= DeepMedicPlan.CONVOLUTIONS; n++) {
            final Operand<TFloat32> input = x;
            x = convolved(name + n, x, norm);
            if (DeepMedicPlan.residual(n)) {
                // two convolutions without padding have taken two voxels on every side
                x = m_layers.addToFirstChannels(x, m_layers.crop(before, 2));
            }
            x = activated(name + n, x);
            before = input;
        }
        return x;
    }

    private Operand<TFloat32> convolved(final String name, final Operand<TFloat32> x, final BatchNormBlock norm) {
        return norm.convolved(name, "", kernel -> m_layers.validConvolution(x, kernel));
    }

    private Operand<TFloat32> activated(final String name, final Operand<TFloat32> x) {
        return m_layers.prelu(x, value(name + "/slope"));
    }

    private Operand<TFloat32> value(final String name) {
        return m_store.get(name).value();
    }
}

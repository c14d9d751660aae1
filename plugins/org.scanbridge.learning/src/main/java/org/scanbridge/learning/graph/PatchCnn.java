package org.scanbridge.learning.graph;

import java.util.List;
import java.util.Set;

import org.scanbridge.learning.architecture.NetworkSpec;
import org.scanbridge.learning.architecture.PatchCnnPlan;
import org.scanbridge.learning.architecture.UNetPlan;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;

/** Builds the operations of the network that {@link PatchCnnPlan} describes. */
final class PatchCnn implements NetworkGraph {

    private static final double DROPOUT = 0.3;

    private final Ops m_tf;

    private final Layers m_layers;

    private final VariableStore m_store;

    PatchCnn(final Ops tf, final NetworkSpec spec, final VariableStore store) {
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
        Operand<TFloat32> x = image;
        for (int n = 1; n <= PatchCnnPlan.CONVOLUTIONS; n++) {
            x = block("conv" + n, x, norm);
        }
        final Operand<TFloat32> features = x;
        for (int n = 1; n <= 2; n++) {
            x = block("dense" + n, x, norm);
            x = randomness == null ? x : m_layers.dropout(x, DROPOUT, randomness, n);
        }
        final Operand<TFloat32> logits =
            m_layers.bias(m_layers.validConvolution(x, value(UNetPlan.HEAD + "/kernel")), value(UNetPlan.HEAD + "/bias"));
        return new UNet.Output(logits, List.of(features), List.of(x), List.of(), norm.statistics(),
            norm.batch());
    }

    private Operand<TFloat32> block(final String name, final Operand<TFloat32> x, final BatchNormBlock norm) {
        return m_layers.relu(norm.convolved(name, "", kernel -> m_layers.validConvolution(x, kernel)));
    }

    private Operand<TFloat32> value(final String name) {
        return m_store.get(name).value();
    }
}

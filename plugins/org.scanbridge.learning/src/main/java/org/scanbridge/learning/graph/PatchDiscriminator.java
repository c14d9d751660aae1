package org.scanbridge.learning.graph;

import java.util.List;

import org.scanbridge.learning.architecture.Parameter;
import org.scanbridge.learning.architecture.Parameter.Init;
import org.scanbridge.learning.architecture.Weights;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

/**
 * Builds the discriminator that {@link PatchDiscriminatorSpec} describes, as often as needed over the same variables: they
 * are made when it is first applied. Kernels are 4×4×4 as in the paper (1×4×4 on slices), not 3×3×3 as elsewhere here: with
 * a kernel that is a multiple of the stride every input voxel reaches equally many outputs, so that the gradient that the
 * generator gets has no checkerboard pattern (Odena et al., Distill 2016).
 */
final class PatchDiscriminator {

    private static final int KERNEL = 4;

    private static final int MAX_DOUBLINGS = 3;

    private final Layers m_layers;

    private final PatchDiscriminatorSpec m_spec;

    private final VariableStore m_store;

    private final long m_seed;

    private final int m_heads;

    /**
     * With one score per region.
     *
     * @param store where its variables are, under a prefix of their own
     * @param seed of the initial weights
     */
    PatchDiscriminator(final Ops tf, final PatchDiscriminatorSpec spec, final VariableStore store, final long seed) {
        this(tf, spec, store, seed, 1);
    }

    /**
     * @param store where its variables are, under a prefix of their own
     * @param seed of the initial weights
     * @param heads scores per region: the questions that are answered with the same layers, each by a last one of its own
     */
    PatchDiscriminator(final Ops tf, final PatchDiscriminatorSpec spec, final VariableStore store, final long seed,
        final int heads) {
        m_heads = heads;
        m_layers = new Layers(tf);
        m_spec = spec;
        m_store = store;
        m_seed = seed;
    }

    /**
     * @param image [n, depth, height, width, channels]
     * @return scores [n, depth', height', width', heads], for each region
     */
    Operand<TFloat32> scores(final Operand<TFloat32> image) {
        Operand<TFloat32> x = image;
        final int layers = m_spec.strided() + 1;
        for (int l = 0; l < layers; l++) {
            final String name = "conv" + l;
            final int out = m_spec.width() << Math.min(l, MAX_DOUBLINGS);
            final Operand<TFloat32> y = convolution(name, x, out, l < m_spec.strided() ? 2 : 1);
            x = m_layers.leakyRelu(l > 0 && m_spec.normalized() ? norm(name, y) : bias(name, y));
        }
        return bias("out", convolution("out", x, m_heads, 1));
    }

    private Operand<TFloat32> convolution(final String name, final Operand<TFloat32> x, final int out, final int stride) {
        final int depth = Layers.size(x, 1) == 1 ? 1 : KERNEL;
        return m_layers.convolution(x,
            variable(name + "/kernel", List.of(depth, KERNEL, KERNEL, Layers.size(x, 4), out), Init.HE_NORMAL), stride);
    }

    private Operand<TFloat32> bias(final String name, final Operand<TFloat32> x) {
        return m_layers.bias(x, variable(name + "/bias", List.of(Layers.size(x, 4)), Init.ZEROS));
    }

    private Operand<TFloat32> norm(final String name, final Operand<TFloat32> x) {
        final int channels = Layers.size(x, 4);
        return m_layers.groupNorm(x, variable(name + "/gamma", List.of(channels), Init.ONES),
            variable(name + "/beta", List.of(channels), Init.ZEROS), channels);
    }

    private Operand<TFloat32> variable(final String name, final List<Integer> shape, final Init init) {
        if (!m_store.has(name)) {
            m_store.add(Weights.initial(List.of(new Parameter(name, shape, init, true)), m_seed,
                TranslationGraph.INITIAL_DEVIATION));
        }
        return m_store.get(name).value();
    }
}

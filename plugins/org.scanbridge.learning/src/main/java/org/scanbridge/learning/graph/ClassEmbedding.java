package org.scanbridge.learning.graph;

import java.util.List;

import org.scanbridge.learning.architecture.Parameter;
import org.scanbridge.learning.architecture.Parameter.Init;
import org.scanbridge.learning.architecture.Weights;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

/** What class means of features go through before they are compared: a layer of 32 with ReLU, and one without. */
final class ClassEmbedding {

    private static final int WIDTH = 32;

    private final Ops m_tf;

    private final VariableStore m_store;

    private final long m_seed;

    /**
     * @param store gets the weights
     * @param seed for their initial values
     */
    ClassEmbedding(final Ops tf, final VariableStore store, final long seed) {
        m_tf = tf;
        m_store = store;
        m_seed = seed;
    }

    /**
     * Makes the weights and applies them.
     *
     * @param name begins the names of the weights
     * @param means [patches, classes, channels]
     * @param dimensions of an embedding
     * @return points [patches · classes, dimensions], patch after patch
     */
    Operand<TFloat32> embed(final String name, final Operand<TFloat32> means, final int patches, final int dimensions) {
        final int channels = Layers.size(means, 2);
        final List<Parameter> parameters =
            List.of(new Parameter(name + "/hidden", List.of(channels, WIDTH), Init.HE_NORMAL, true),
                new Parameter(name + "/out", List.of(WIDTH, dimensions), Init.HE_NORMAL, true));
        m_store.add(Weights.initial(parameters, m_seed));
        final Operand<TFloat32> points = m_tf.reshape(means,
            m_tf.constant(new int[]{patches * Layers.size(means, 1), channels}));
        final Operand<TFloat32> hidden =
            new Layers(m_tf).relu(m_tf.linalg.matMul(points, m_store.get(name + "/hidden").value()));
        return m_tf.linalg.matMul(hidden, m_store.get(name + "/out").value());
    }

    /** The class of each point of some patches. */
    static int[] classesOfPoints(final int patches, final int classes) {
        final int[] all = new int[patches * classes];
        for (int n = 0; n < all.length; n++) {
            all[n] = n % classes;
        }
        return all;
    }
}

package org.scanbridge.learning.graph;

import java.util.Optional;

import org.scanbridge.learning.architecture.NetworkRegions;
import org.scanbridge.learning.architecture.NetworkSpec;
import org.tensorflow.Operand;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.op.Ops;
import org.tensorflow.op.linalg.MatMul;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.family.TNumber;

/**
 * The one place where labels become what losses compare a network's outputs with: classes or regions, and which voxels are
 * annotated at all.
 */
final class Targets {

    private final Ops m_tf;

    private final NetworkSpec m_network;

    private final boolean m_partial;

    /**
     * @param network tells classes and regions
     * @param partial whether labels may be {@link NetworkSpec#UNANNOTATED}
     */
    Targets(final Ops tf, final NetworkSpec network, final boolean partial) {
        m_tf = tf;
        m_network = network;
        m_partial = partial;
    }

    /** @param labels classes [n, …] */
    Truth of(final Operand<? extends TNumber> labels) {
        return ofClasses(classes(labels));
    }

    /** @param oneHot as {@link #classes} gives it, or some of its rows */
    Truth ofClasses(final Operand<TFloat32> oneHot) {
        final Optional<Operand<TFloat32>> annotated =
            m_partial ? Optional.of(m_tf.sum(oneHot, m_tf.constant(1))) : Optional.empty();
        return m_network.regions().isEmpty() ? new Truth(oneHot, annotated, true)
            : new Truth(m_tf.linalg.matMul(oneHot, membership()), annotated, false);
    }

    /** One-hot classes [voxels, classes], a row of zeros for voxels that are not annotated. */
    Operand<TFloat32> classes(final Operand<? extends TNumber> labels) {
        return new Losses(m_tf).oneHot(labels, m_network.classes());
    }

    /**
     * Logits of the classes. Where the outputs are regions, the probability of a class is that of its regions and of no
     * other, Πr s(r) or 1 - s(r), as a share of the sum over all classes: the softmax of the sums of the logits of each
     * class's regions. Its largest is the class that a prediction gives.
     *
     * @param logits [n, k, j, i, outputs]
     * @return [n, k, j, i, classes]
     */
    Operand<TFloat32> classLogits(final Operand<TFloat32> logits) {
        if (m_network.regions().isEmpty()) {
            return logits;
        }
        final Operand<TFloat32> rows = m_tf.reshape(logits, m_tf.constant(new int[]{-1, m_network.outputs()}));
        return m_tf.reshape(m_tf.linalg.matMul(rows, membership(), MatMul.transposeB(true)),
            m_tf.constant(new int[]{-1, Layers.size(logits, 1), Layers.size(logits, 2), Layers.size(logits, 3),
                m_network.classes()}));
    }

    /** [classes, regions], 1 where a class is part of a region. */
    private Operand<TFloat32> membership() {
        final NetworkRegions regions = NetworkRegions.of(m_network);
        final float[] matrix = new float[m_network.classes() * m_network.outputs()];
        for (int c = 0, n = 0; c < m_network.classes(); c++) {
            for (int r = 0; r < m_network.outputs(); r++) {
                matrix[n++] = regions.contains(r, c) ? 1 : 0;
            }
        }
        return m_tf.constant(Shape.of(m_network.classes(), m_network.outputs()), DataBuffers.of(matrix));
    }
}

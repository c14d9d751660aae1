package org.scanbridge.learning.graph;

import java.util.ArrayList;
import java.util.List;

import org.scanbridge.learning.architecture.Parameter;
import org.scanbridge.learning.architecture.Weights;
import org.tensorflow.Operand;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Op;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.types.TFloat32;

/**
 * The moving average of a network's weights and running statistics (Tarvainen and Valpola, NIPS 2017, eq. 2): variables of
 * the same names behind a prefix, θ' ← α θ' + (1 - α) θ. The update is a run of its own after a step, so that no value is
 * read while an optimizer writes it.
 */
final class MeanTeacher {

    /** Begins the names of the variables. */
    static final String PREFIX = "teacher/";

    private final VariableStore m_store;

    private final Placeholder<TFloat32> m_keep;

    private final Op m_update;

    /**
     * @param tf of the graph
     * @param store has the network's variables
     * @param initial the weights that the network starts with, and so does its average
     */
    MeanTeacher(final Ops tf, final VariableStore store, final Weights initial) {
        m_store = store.of(PREFIX);
        m_store.add(initial);
        m_keep = tf.placeholder(TFloat32.class, Placeholder.shape(Shape.scalar()));
        final Operand<TFloat32> move = tf.math.sub(tf.constant(1f), m_keep);
        final List<Op> updates = new ArrayList<>();
        for (final Parameter p : initial.parameters()) {
            final VariableStore.Entry mean = m_store.get(p.name());
            final Operand<TFloat32> step = tf.math.mul(move, tf.math.sub(store.get(p.name()).value(), mean.value()));
            updates.add(tf.assignVariableOp(mean.handle(), tf.math.add(mean.value(), step)));
        }
        m_update = tf.withControlDependencies(updates).noOp();
    }

    /** The averages by the names of the network's variables. */
    VariableStore store() {
        return m_store;
    }

    /**
     * Averages once more.
     *
     * @param keep α
     */
    void update(final GraphSession session, final double keep) {
        try (TFloat32 fed = TFloat32.scalarOf((float)keep)) {
            session.runner().feed(m_keep, fed).addTarget(m_update).run().close();
        }
    }
}

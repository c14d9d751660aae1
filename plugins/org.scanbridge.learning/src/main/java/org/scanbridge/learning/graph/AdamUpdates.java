package org.scanbridge.learning.graph;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

import org.tensorflow.GraphOperation;
import org.tensorflow.Operand;
import org.tensorflow.Operation;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Op;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Gradients;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.types.TFloat32;

/**
 * One optimizer step of Adam (Kingma and Ba, ICLR 2015, algorithm 1, in the form with the learning rate corrected for
 * the bias) over groups of variables. All updates wait until every gradient is computed, so that no update changes a
 * weight which back-propagation still reads.
 */
final class AdamUpdates {

    static final double BETA2 = 0.999;

    private static final float EPSILON = 1e-7f;

    /** Variables that share a learning rate. */
    record Group(List<VariableStore.Entry> variables, Operand<TFloat32> learningRate) {
    }

    private final Ops m_tf;

    private final VariableStore m_store;

    private final double m_beta1;

    private final Placeholder<TFloat32> m_beta1Power;

    private final Placeholder<TFloat32> m_beta2Power;

    /** @param beta1 decay of the first moment; 0.9 in the paper */
    AdamUpdates(final Ops tf, final VariableStore store, final double beta1) {
        m_tf = tf;
        m_store = store;
        m_beta1 = beta1;
        m_beta1Power = tf.placeholder(TFloat32.class, Placeholder.shape(Shape.scalar()));
        m_beta2Power = tf.placeholder(TFloat32.class, Placeholder.shape(Shape.scalar()));
    }

    /** Fed with the decay of the first moment to the power of the step, which counts from 1. */
    Placeholder<TFloat32> beta1Power() {
        return m_beta1Power;
    }

    /** Fed with {@link #BETA2} to the power of the step. */
    Placeholder<TFloat32> beta2Power() {
        return m_beta2Power;
    }

    /**
     * Builds the step. Variables that the loss does not depend on are left out: asking for their gradient is an error.
     *
     * @param loss scalar
     * @param groups variables to update
     * @param others further updates of the step, such as running statistics
     * @return one operation that does everything
     */
    Op minimize(final Operand<TFloat32> loss, final List<Group> groups, final Collection<Op> others) {
        final Set<Operation> reachable = operationsBehind(loss);
        final List<VariableStore.Entry> variables = new ArrayList<>();
        final List<Operand<TFloat32>> rates = new ArrayList<>();
        for (final Group group : groups) {
            for (final VariableStore.Entry entry : group.variables()) {
                if (reachable.contains(entry.value().op())) {
                    variables.add(entry);
                    rates.add(group.learningRate());
                }
            }
        }
        // the default initial gradient would add an operation that has no gradient itself
        final Gradients gradients = Gradients.create(m_tf.scope(), loss,
            variables.stream().map(VariableStore.Entry::value).toList(), Gradients.dx(List.of(m_tf.constant(1f))));
        final List<Op> all = new ArrayList<>(others);
        final List<Op> gate = new ArrayList<>();
        for (int v = 0; v < variables.size(); v++) {
            gate.add(new OperationOf(gradients.dy(v).op()));
        }
        final Ops gated = m_tf.withControlDependencies(gate);
        for (int v = 0; v < variables.size(); v++) {
            final VariableStore.Entry entry = variables.get(v);
            final String name = entry.parameter().name();
            final List<Integer> shape = entry.parameter().shape();
            final VariableStore.Entry first = m_store.addZeros("adam/" + name + "/m", shape);
            final VariableStore.Entry second = m_store.addZeros("adam/" + name + "/v", shape);
            all.add(gated.train.resourceApplyAdam(entry.handle(), first.handle(), second.handle(), m_beta1Power,
                m_beta2Power, rates.get(v), m_tf.constant((float)m_beta1), m_tf.constant((float)BETA2),
                m_tf.constant(EPSILON), gradients.<TFloat32> dy(v)));
        }
        return m_tf.withControlDependencies(all).noOp();
    }

    private static Set<Operation> operationsBehind(final Operand<?> y) {
        final Set<Operation> seen = new HashSet<>();
        final Deque<Operation> open = new ArrayDeque<>();
        open.push(y.op());
        while (!open.isEmpty()) {
            final Operation operation = open.pop();
            if (seen.add(operation) && !"StopGradient".equals(operation.type())) {
                ((GraphOperation)operation).inputs().forEach(input -> open.push(input.op()));
            }
        }
        return seen;
    }

    /** An operation as something to wait for. */
    private record OperationOf(Operation op) implements Op {
    }
}

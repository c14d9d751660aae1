package org.scanbridge.learning.graph;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;

import org.tensorflow.Operand;
import org.tensorflow.Operation;
import org.tensorflow.Tensor;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Op;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.op.core.VarHandleOp;
import org.tensorflow.op.train.ResourceApplyMomentum;
import org.tensorflow.types.TFloat32;

/**
 * Optimizer steps as {@link OptimizerSpec} defines them, over groups of variables. A graph may have several of these, for
 * the players of a game: each has its own optimizer, loss and variables. All updates of a step wait until every gradient
 * is computed, so that no update changes a weight which back-propagation still reads.
 */
final class Updates {

    static final double BETA2 = 0.999;

    private static final float EPSILON = 1e-7f;

    private static final float RMS_DECAY = 0.9f;

    /** Variables that share a learning rate. */
    record Group(List<VariableStore.Entry> variables, Operand<TFloat32> learningRate) {
    }

    /**
     * Gradients of one loss, before anything is updated.
     *
     * @param updates the rule
     * @param variables what is updated
     * @param rates the learning rate of each
     * @param gradients of each
     */
    record Player(Updates updates, List<VariableStore.Entry> variables, List<Operand<TFloat32>> rates,
        List<Operand<TFloat32>> gradients) {
    }

    private final Ops m_tf;

    private final VariableStore m_store;

    private final OptimizerSpec m_spec;

    private final String m_slots;

    private final Placeholder<TFloat32> m_beta1Power;

    private final Placeholder<TFloat32> m_beta2Power;

    /** For the only optimizer of a graph. */
    Updates(final Ops tf, final VariableStore store, final OptimizerSpec spec) {
        this(tf, store, spec, "adam");
    }

    /**
     * @param spec the rule
     * @param slots begins the names of the optimizer's state variables. Two optimizers that update the same variable need
     *            different ones
     */
    Updates(final Ops tf, final VariableStore store, final OptimizerSpec spec, final String slots) {
        m_tf = tf;
        m_store = store;
        m_spec = spec;
        m_slots = slots;
        m_beta1Power = tf.placeholder(TFloat32.class, Placeholder.shape(Shape.scalar()));
        m_beta2Power = tf.placeholder(TFloat32.class, Placeholder.shape(Shape.scalar()));
    }

    /**
     * Adds what every run of a step must be fed with.
     *
     * @param feeds gets the tensors; who runs the step closes them
     * @param step number of updates including this one, from 1: of this optimizer, not of the training
     */
    void feed(final Map<Operand<?>, Tensor> feeds, final int step) {
        if (isAdam()) {
            feeds.put(m_beta1Power, TFloat32.scalarOf((float)Math.pow(m_spec.beta1(), step)));
            feeds.put(m_beta2Power, TFloat32.scalarOf((float)Math.pow(BETA2, step)));
        }
    }

    private boolean isAdam() {
        return m_spec.kind() == OptimizerSpec.Kind.ADAM || m_spec.kind() == OptimizerSpec.Kind.ADAMW;
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
        return together(m_tf, List.of(player(loss, groups)), others);
    }

    /**
     * Prepares the part of a step of which others have other losses and variables.
     *
     * @param loss scalar
     * @param groups variables to update; those that the loss does not depend on are left out
     * @return what {@link #together} makes a step of
     */
    Player player(final Operand<TFloat32> loss, final List<Group> groups) {
        final Set<Operation> reachable = Backpropagation.operationsBehind(m_tf, loss);
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
        if (variables.isEmpty()) {
            throw new IllegalArgumentException("The loss depends on none of the variables that it is to update");
        }
        final List<Operand<TFloat32>> gradients =
            Backpropagation.gradients(m_tf, loss, variables.stream().map(VariableStore.Entry::value).toList(), reachable);
        final List<Operand<TFloat32>> used = new ArrayList<>();
        for (int v = 0; v < variables.size(); v++) {
            used.add(withDecay(gradients.get(v), variables.get(v)));
        }
        clip(used);
        return new Player(this, variables, rates, used);
    }

    /**
     * Builds a step of several players who all move at once: each sees the others as they were before the step.
     *
     * @param players who update different variables
     * @param others further updates of the step
     * @return one operation that does everything
     */
    static Op together(final Ops tf, final List<Player> players, final Collection<Op> others) {
        final List<Op> all = new ArrayList<>(others);
        final List<Op> gate = new ArrayList<>();
        players.forEach(player -> player.gradients().forEach(gradient -> gate.add(new OperationOf(gradient.op()))));
        final Ops gated = tf.withControlDependencies(gate);
        for (final Player player : players) {
            for (int v = 0; v < player.variables().size(); v++) {
                all.add(player.updates().update(gated, player.variables().get(v), player.gradients().get(v),
                    player.rates().get(v)));
            }
        }
        return tf.withControlDependencies(all).noOp();
    }

    private boolean decays(final VariableStore.Entry entry) {
        return m_spec.weightDecay() > 0 && entry.parameter().name().endsWith("kernel");
    }

    private Operand<TFloat32> withDecay(final Operand<TFloat32> gradient, final VariableStore.Entry entry) {
        if (m_spec.kind() == OptimizerSpec.Kind.ADAMW || !decays(entry)) {
            return gradient;
        }
        return m_tf.math.add(gradient,
            m_tf.math.mul(m_tf.constant((float)m_spec.weightDecay()), m_tf.stopGradient(entry.value())));
    }

    /** Scales all gradients by bound / max(norm, bound). */
    private void clip(final List<Operand<TFloat32>> gradients) {
        if (m_spec.clipNorm() == 0) {
            return;
        }
        final List<Operand<TFloat32>> halfSquares = new ArrayList<>();
        gradients.forEach(gradient -> halfSquares.add(m_tf.nn.l2Loss(gradient)));
        final Operand<TFloat32> norm =
            m_tf.math.sqrt(m_tf.math.mul(m_tf.constant(2f), m_tf.math.addN(halfSquares)));
        final Operand<TFloat32> bound = m_tf.constant((float)m_spec.clipNorm());
        final Operand<TFloat32> scale = m_tf.math.div(bound, m_tf.math.maximum(norm, bound));
        gradients.replaceAll(gradient -> m_tf.math.mul(gradient, scale));
    }

    private Op update(final Ops tf, final VariableStore.Entry entry, final Operand<TFloat32> gradient,
        final Operand<TFloat32> rate) {
        return switch (m_spec.kind()) {
            case ADAM -> adam(tf, entry, gradient, rate);
            case ADAMW -> {
                if (!decays(entry)) {
                    yield adam(tf, entry, gradient, rate);
                }
                final Operand<TFloat32> decay =
                    m_tf.math.mul(m_tf.math.mul(rate, m_tf.constant((float)m_spec.weightDecay())), entry.value());
                final Op decayed = tf.assignSubVariableOp(entry.handle(), decay);
                yield adam(tf.withControlDependencies(List.of(decayed)), entry, gradient, rate);
            }
            case SGD -> m_spec.momentum() == 0
                ? tf.train.resourceApplyGradientDescent(entry.handle(), rate, gradient)
                : tf.train.resourceApplyMomentum(entry.handle(), slot(entry, "a"), rate, gradient,
                    m_tf.constant((float)m_spec.momentum()), ResourceApplyMomentum.useNesterov(true));
            case RMSPROP -> tf.train.resourceApplyRmsProp(entry.handle(), slot(entry, "s"), slot(entry, "a"), rate,
                m_tf.constant(RMS_DECAY), m_tf.constant((float)m_spec.momentum()), m_tf.constant(EPSILON), gradient);
        };
    }

    private Op adam(final Ops tf, final VariableStore.Entry entry, final Operand<TFloat32> gradient,
        final Operand<TFloat32> rate) {
        return tf.train.resourceApplyAdam(entry.handle(), slot(entry, "m"), slot(entry, "v"), m_beta1Power, m_beta2Power,
            rate, m_tf.constant((float)m_spec.beta1()), m_tf.constant((float)BETA2), m_tf.constant(EPSILON), gradient);
    }

    private VarHandleOp slot(final VariableStore.Entry entry, final String name) {
        return m_store
            .addZeros(m_slots + '/' + entry.parameter().name() + '/' + name, entry.parameter().shape()).handle();
    }

    /** An operation as something to wait for. */
    private record OperationOf(Operation op) implements Op {
    }
}

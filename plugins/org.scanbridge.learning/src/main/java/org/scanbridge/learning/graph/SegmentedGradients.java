package org.scanbridge.learning.graph;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

import org.tensorflow.GraphOperation;
import org.tensorflow.Operand;
import org.tensorflow.Operation;
import org.tensorflow.Output;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Gradients;
import org.tensorflow.op.core.StopGradient;
import org.tensorflow.types.TFloat32;

/**
 * Back-propagation where TensorFlow's differentiation has no gradient of convolutions. {@link Backpropagation#cut} leaves a
 * graph in segments between convolutions: a segment begins at cuts (results of convolutions) and at what is differentiated by,
 * and ends in the scalar, or in the two inputs of a later convolution. TensorFlow differentiates each segment; the gradients of a
 * convolution's inputs by its result are added here: the transposed convolution and the correlation that
 * {@link GradientRegistry} gives TensorFlow elsewhere. It is the chain rule in another order of the same sums, so results differ
 * in their last bits only.
 * <p>
 * What the same ends follow from is differentiated in one call, so no part of a segment is differentiated twice for an output
 * that branches, such as one with a skip connection. First order only: TensorFlow lacks the gradients of what is added, too.
 */
final class SegmentedGradients {

    /**
     * The end of a segment.
     *
     * @param tensor the scalar, or a convolution's input
     * @param starts cuts and x that it follows from directly
     */
    private record End(Output<?> tensor, Set<Output<?>> starts) {
    }

    private final Ops m_tf;

    private final Set<Output<?>> m_xs = new LinkedHashSet<>();

    /** Those that depend on an x, by their tensors; what a convolution gives is found before what it is given. */
    private final Map<Output<?>, End> m_ends = new LinkedHashMap<>();

    private final Set<Output<?>> m_useless = new HashSet<>();

    SegmentedGradients(final Ops tf) {
        m_tf = tf;
    }

    /**
     * Adds the gradients of a scalar.
     *
     * @param y scalar
     * @param xs what to differentiate by
     * @return dy/dx for each x
     * @throws IllegalArgumentException if y does not depend on an x
     */
    List<Operand<TFloat32>> of(final Operand<TFloat32> y, final List<Operand<TFloat32>> xs) {
        xs.forEach(x -> m_xs.add(x.asOutput()));
        leadsToX(y.asOutput());
        final Map<Output<?>, Operand<TFloat32>> known = new LinkedHashMap<>();
        known.put(y.asOutput(), m_tf.constant(1f));
        final Map<Set<Output<?>>, List<Output<?>>> open = startsByEnds();
        while (!open.isEmpty()) {
            final int before = open.size();
            for (final Iterator<Map.Entry<Set<Output<?>>, List<Output<?>>>> groups = open.entrySet().iterator(); groups.hasNext();) {
                final Map.Entry<Set<Output<?>>, List<Output<?>>> group = groups.next();
                if (known.keySet().containsAll(group.getKey())) {
                    differentiate(List.copyOf(group.getKey()), group.getValue(), known);
                    groups.remove();
                }
            }
            if (open.size() == before) {
                throw new IllegalStateException("The graph has a cycle");
            }
        }
        final List<Operand<TFloat32>> gradients = new ArrayList<>();
        for (final Operand<TFloat32> x : xs) {
            if (!known.containsKey(x.asOutput())) {
                throw new IllegalArgumentException("What is differentiated does not depend on " + x.op().name());
            }
            gradients.add(known.get(x.asOutput()));
        }
        return gradients;
    }

    /** Finds the ends behind a tensor, and whether one of them, or the tensor itself, follows from an x. */
    private boolean leadsToX(final Output<?> tensor) {
        if (m_ends.containsKey(tensor)) {
            return true;
        }
        if (m_useless.contains(tensor)) {
            return false;
        }
        final Set<Output<?>> useful = new LinkedHashSet<>();
        for (final Output<?> start : starts(tensor)) {
            boolean leads = m_xs.contains(start);
            if (Backpropagation.isCut(start.op())) {
                final GraphOperation convolution = Backpropagation.cutOff(start.op());
                // both, for both are ends
                for (final int input : Backpropagation.inputs(convolution)) {
                    leads |= leadsToX(convolution.input(input));
                }
            }
            if (leads) {
                useful.add(start);
            }
        }
        if (useful.isEmpty()) {
            m_useless.add(tensor);
            return false;
        }
        m_ends.put(tensor, new End(tensor, useful));
        return true;
    }

    /** The cuts and x that a tensor follows from without another cut between. */
    private Set<Output<?>> starts(final Output<?> tensor) {
        final Set<Output<?>> starts = new LinkedHashSet<>();
        final Set<Output<?>> seen = new HashSet<>();
        final Deque<Output<?>> open = new ArrayDeque<>();
        open.push(tensor);
        while (!open.isEmpty()) {
            final Output<?> next = open.pop();
            if (!seen.add(next)) {
                continue;
            }
            final Operation operation = next.op();
            final boolean stops = StopGradient.OP_NAME.equals(operation.type());
            if (m_xs.contains(next) || stops && Backpropagation.isCut(operation)) {
                starts.add(next);
            }
            if (!stops) {
                ((GraphOperation)operation).inputs().forEach(input -> open.push(input.asOutput()));
            }
        }
        return starts;
    }

    /** Where segments start, together what leads to the same ends. */
    private Map<Set<Output<?>>, List<Output<?>>> startsByEnds() {
        final Map<Output<?>, Set<Output<?>>> ends = new LinkedHashMap<>();
        for (final End end : m_ends.values()) {
            end.starts().forEach(start -> ends.computeIfAbsent(start, s -> new LinkedHashSet<>()).add(end.tensor()));
        }
        final Map<Set<Output<?>>, List<Output<?>>> groups = new LinkedHashMap<>();
        ends.forEach((start, its) -> groups.computeIfAbsent(its, e -> new ArrayList<>()).add(start));
        return groups;
    }

    /** One segment: from its ends to its starts, and from cuts on to the inputs of their convolutions. */
    private void differentiate(final List<Output<?>> ends, final List<Output<?>> starts,
        final Map<Output<?>, Operand<TFloat32>> known) {
        final Gradients gradients = Gradients.create(m_tf.scope(), ends, starts,
            Gradients.dx(ends.stream().<Operand<?>> map(known::get).toList()));
        for (int s = 0; s < starts.size(); s++) {
            final Output<?> start = starts.get(s);
            final Operand<TFloat32> gradient = gradients.dy(s);
            if (m_xs.contains(start)) {
                known.put(start, gradient);
            }
            if (Backpropagation.isCut(start.op())) {
                throughConvolution(Backpropagation.cutOff(start.op()), gradient, known);
            }
        }
    }

    private void throughConvolution(final GraphOperation convolution, final Operand<TFloat32> gradient,
        final Map<Output<?>, Operand<TFloat32>> known) {
        final List<Operand<?>> inputs = GradientRegistry.ofConvolution(m_tf, convolution, gradient);
        for (final int input : Backpropagation.inputs(convolution)) {
            if (m_ends.containsKey(convolution.input(input))) {
                known.put(convolution.input(input), GradientRegistry.floats(inputs.get(input)));
            }
        }
    }
}

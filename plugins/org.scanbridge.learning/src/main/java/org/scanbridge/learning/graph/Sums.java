package org.scanbridge.learning.graph;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

import org.tensorflow.GraphOperation;
import org.tensorflow.Operand;
import org.tensorflow.Operation;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

/**
 * Sums and concatenations of any number of tensors, with few inputs an operation. TensorFlow keeps the edges of an operation
 * with more than {@value #INPUTS} in a set that is ordered by their addresses, and goes back along them in that order. In
 * which order it adds the parts of a gradient behind such an operation, and with it the last bits, then differs from graph to
 * graph and from run to run. Source: TensorFlow's {@code cc/framework/gradients.cc}, {@code core/graph/edgeset.h}.
 */
final class Sums {

    /** Inputs up to which edges keep their order. */
    static final int INPUTS = 8;

    private Sums() {
    }

    /**
     * The sum of tensors of one shape, in the order of the list.
     *
     * @param terms at least one
     */
    static Operand<TFloat32> of(final Ops tf, final List<? extends Operand<TFloat32>> terms) {
        return nested(terms, INPUTS, few -> tf.math.addN(few));
    }

    /**
     * Tensors behind one another.
     *
     * @param parts at least one
     * @param axis along which, from 0
     */
    static Operand<TFloat32> joined(final Ops tf, final List<? extends Operand<TFloat32>> parts, final int axis) {
        // the axis is an input, too
        return nested(parts, INPUTS - 1, few -> tf.concat(few, tf.constant(axis)));
    }

    private static Operand<TFloat32> nested(final List<? extends Operand<TFloat32>> parts, final int most, final Few few) {
        List<Operand<TFloat32>> level = List.copyOf(parts);
        while (level.size() > most) {
            final List<Operand<TFloat32>> next = new ArrayList<>();
            for (int first = 0; first < level.size(); first += most) {
                final List<Operand<TFloat32>> run = level.subList(first, Math.min(first + most, level.size()));
                next.add(together(run, few));
            }
            level = next;
        }
        return together(level, few);
    }

    private static Operand<TFloat32> together(final List<Operand<TFloat32>> parts, final Few few) {
        return parts.size() == 1 ? parts.get(0) : few.together(parts);
    }

    /** Makes one operation. */
    @FunctionalInterface
    private interface Few {
        Operand<TFloat32> together(List<Operand<TFloat32>> parts);
    }

    /**
     * To be called before operations are differentiated.
     *
     * @param operations what gradients may go back through
     * @throws IllegalStateException if one has more inputs than keep their order
     */
    static void requireFew(final Collection<? extends Operation> operations) {
        for (final Operation operation : operations) {
            final int inputs = ((GraphOperation)operation).numInputs();
            if (inputs > INPUTS) {
                throw new IllegalStateException(operation.type() + ' ' + operation.name() + " has " + inputs
                    + " inputs, and gradients behind more than " + INPUTS + " have no fixed order");
            }
        }
    }
}

package org.scanbridge.learning.graph;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

import org.scanbridge.learning.LearningException;
import org.tensorflow.Graph;
import org.tensorflow.GraphOperation;
import org.tensorflow.Operand;
import org.tensorflow.Operation;
import org.tensorflow.Output;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Gradients;
import org.tensorflow.op.core.StopGradient;
import org.tensorflow.op.nn.Conv3d;
import org.tensorflow.types.TFloat32;

/**
 * How gradients come into a graph. TensorFlow's C++ differentiation knows no gradient of 3-D convolutions. Where it takes one
 * from Java ({@link GradientRegistry}), it differentiates whole networks, and gradients of gradients. Where it takes none (on
 * Windows), networks are built with a cut behind every convolution and are differentiated in segments
 * ({@link SegmentedGradients}), which gives the same gradients, of first order only.
 * <p>
 * Which way a graph goes is a property of that graph, for its layers are built accordingly: {@link #prepare} decides, before the
 * first layer. A graph that nobody prepared, such as one for prediction, has no cuts.
 */
final class Backpropagation {

    /**
     * System property: {@code true} differentiates in segments where TensorFlow would take gradients from Java, too. For tests,
     * and to see on one machine what another computes.
     */
    static final String SEGMENTED_PROPERTY = "org.scanbridge.learning.segmentedBackPropagation";

    /** An operation that does nothing, in graphs that are differentiated in segments. */
    private static final String MARK = "back_propagation_in_segments";

    private Backpropagation() {
    }

    /**
     * Makes a graph ready for gradients; to be called before anything that is differentiated is added to it. Starts the engine if
     * needed.
     *
     * @return the same operations
     */
    static Ops prepare(final Ops tf) {
        if (segmented()) {
            tf.withName(MARK).noOp();
        }
        return tf;
    }

    /** Whether new graphs are differentiated in segments. */
    static boolean segmented() {
        return !GradientRegistry.offered() || Boolean.getBoolean(SEGMENTED_PROPERTY);
    }

    /**
     * To be called before a training that differentiates gradients.
     *
     * @param what needs it, and how to do without, in the words of the dialog
     * @throws LearningException where gradients are of first order only
     */
    static void requireSecondOrder(final String what) {
        if (segmented()) {
            throw new LearningException(what + (GradientRegistry.offered()
                ? " There are no gradients of gradients while the system property " + SEGMENTED_PROPERTY + " is true."
                : " TensorFlow has no gradients of gradients on this platform (" + System.getProperty("os.name")
                    + "); on Linux and macOS it has."));
        }
    }

    /** Whether this graph is differentiated in segments. */
    static boolean segmented(final Ops tf) {
        return tf.scope().env() instanceof Graph graph && graph.operation(MARK) != null;
    }

    /**
     * Adds the gradients of a scalar to its graph.
     *
     * @param y scalar
     * @param xs what to differentiate by; y depends on each of them
     * @return dy/dx for each x
     */
    static List<Operand<TFloat32>> gradients(final Ops tf, final Operand<TFloat32> y, final List<Operand<TFloat32>> xs) {
        return gradients(tf, y, xs, operationsBehind(tf, y));
    }

    /**
     * The same for who knows what y is computed from.
     *
     * @param behind {@link #operationsBehind} of y
     */
    static List<Operand<TFloat32>> gradients(final Ops tf, final Operand<TFloat32> y, final List<Operand<TFloat32>> xs,
        final Set<Operation> behind) {
        Sums.requireFew(behind);
        if (segmented(tf)) {
            return new SegmentedGradients(tf).of(y, xs);
        }
        // the default initial gradient would add an operation that has no gradient itself
        final Gradients gradients = Gradients.create(tf.scope(), y, xs, Gradients.dx(List.of(tf.constant(1f))));
        final List<Operand<TFloat32>> all = new ArrayList<>();
        for (int x = 0; x < xs.size(); x++) {
            all.add(gradients.dy(x));
        }
        return all;
    }

    /** Everything that y has a gradient by: what it is computed from, as far as no gradient is stopped. */
    static Set<Operation> operationsBehind(final Ops tf, final Operand<?> y) {
        final boolean segmented = segmented(tf);
        final Set<Operation> seen = new HashSet<>();
        final Deque<Operation> open = new ArrayDeque<>();
        open.push(y.op());
        while (!open.isEmpty()) {
            final Operation operation = open.pop();
            if (seen.add(operation) && (!StopGradient.OP_NAME.equals(operation.type()) || segmented && isCut(operation))) {
                ((GraphOperation)operation).inputs().forEach(input -> open.push(input.op()));
            }
        }
        return seen;
    }

    /**
     * A convolution of a graph: with cuts where the graph is differentiated in segments. Its inputs are then copies that nothing
     * else reads, at which segments end, and its result stops gradients.
     *
     * @param x what is convolved
     * @param kernel with what
     * @param convolution of the two
     */
    static Operand<TFloat32> cut(final Ops tf, final Operand<TFloat32> x, final Operand<TFloat32> kernel,
        final Convolution convolution) {
        return segmented(tf) ? tf.stopGradient(convolution.of(tf.identity(x), tf.identity(kernel))) : convolution.of(x, kernel);
    }

    /** Makes the operation. */
    @FunctionalInterface
    interface Convolution {
        Operand<TFloat32> of(Operand<TFloat32> x, Operand<TFloat32> kernel);
    }

    /** Whether an operation is the cut behind a convolution; only convolutions' own cuts read their results. */
    static boolean isCut(final Operation operation) {
        return StopGradient.OP_NAME.equals(operation.type()) && Conv3d.OP_NAME.equals(cutOff(operation).type());
    }

    /** The convolution before a cut. */
    static GraphOperation cutOff(final Operation cut) {
        final Output<?> result = ((GraphOperation)cut).input(0);
        return (GraphOperation)result.op();
    }
}

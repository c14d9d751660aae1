package org.scanbridge.learning.graph;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;

import org.scanbridge.learning.architecture.Parameter;
import org.scanbridge.learning.architecture.Weights;
import org.scanbridge.tensorflow.DeviceChoice;
import org.scanbridge.tensorflow.TensorFlowRuntime;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.Tensor;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.types.TFloat32;

/**
 * Compares TensorFlow's gradients with central differences. The scalar that is differentiated is a random weighted sum
 * of the outputs, added up in double precision; differences are taken along random directions and extrapolated to step
 * width 0 (Richardson), which leaves little but the rounding of single precision.
 */
final class GradientCheck {

    /** Builds what is checked from its inputs. */
    @FunctionalInterface
    interface Builder {
        Operand<TFloat32> build(Ops tf, List<Operand<TFloat32>> inputs);
    }

    /** Builds a network from its inputs, with variables of its own. */
    @FunctionalInterface
    interface NetworkBuilder {
        Operand<TFloat32> build(Ops tf, List<Operand<TFloat32>> inputs, VariableStore store);
    }

    private static final double TOLERANCE = 1e-3;

    private static final int DIRECTIONS = 4;

    /** Of the midpoint rule, at first. */
    private static final int POINTS = 8;

    private static final int MOST_POINTS = 512;

    private final double m_step;

    private final List<float[]> m_values = new ArrayList<>();

    private final List<long[]> m_shapes = new ArrayList<>();

    private final Random m_random = new Random(7);

    private Consumer<Session> m_prepare = session -> {
    };

    /** @param step width of the differences */
    GradientCheck(final double step) {
        m_step = step;
    }

    /** An input with normally distributed values. */
    GradientCheck normal(final long... shape) {
        final float[] values = new float[size(shape)];
        for (int v = 0; v < values.length; v++) {
            values[v] = (float)m_random.nextGaussian();
        }
        return given(values, shape);
    }

    /**
     * An input whose values are all different, at least 0.1 apart and 0.05 away from 0, in random order: what maximum and
     * ReLU are differentiable at.
     */
    GradientCheck distinct(final long... shape) {
        final float[] values = new float[size(shape)];
        for (int v = 0; v < values.length; v++) {
            values[v] = (v - values.length / 2) * 0.1f + 0.05f;
        }
        for (int v = values.length - 1; v > 0; v--) {
            final int other = m_random.nextInt(v + 1);
            final float value = values[v];
            values[v] = values[other];
            values[other] = value;
        }
        return given(values, shape);
    }

    /** An input with these values. */
    GradientCheck given(final float[] values, final long... shape) {
        m_values.add(values);
        m_shapes.add(shape);
        return this;
    }

    /** What a new session needs before anything is computed, such as values for variables. */
    GradientCheck prepared(final Consumer<Session> prepare) {
        m_prepare = prepare;
        return this;
    }

    private static int size(final long... shape) {
        return (int)Shape.of(shape).size();
    }

    /** Checks the gradients of all inputs. */
    void check(final Builder builder) throws Exception {
        check((tf, inputs, store) -> builder.build(tf, inputs), this::compare);
    }

    /**
     * Checks the gradients of all inputs and of all variables that the builder makes: these have normally distributed values
     * where they would start with zeros, so that nothing vanishes, else their initial ones. A deep network has kinks
     * everywhere, so the difference over a line is compared with the integral of the gradient along it (midpoint rule), to
     * which it is equal with kinks too. The lines lead through the space of all inputs and variables, each of which has the
     * same part in the change of the output; the step width is that change, roughly.
     */
    void checkNetwork(final NetworkBuilder builder) throws Exception {
        check(builder, this::compareAlongLines);
    }

    /** Compares the gradient of y, a weighted sum, with differences. */
    @FunctionalInterface
    private interface Comparison {
        void run(Ops tf, Session session, List<Operand<TFloat32>> inputs, Operand<TFloat32> y);
    }

    private void check(final NetworkBuilder builder, final Comparison comparison) throws Exception {
        TensorFlowRuntime.call(() -> {
            try (Graph graph = new Graph()) {
                final Ops tf = Backpropagation.prepare(Ops.create(graph));
                final List<Operand<TFloat32>> inputs = new ArrayList<>();
                for (final long[] shape : m_shapes) {
                    inputs.add(tf.placeholder(TFloat32.class, Placeholder.shape(Shape.of(shape))));
                }
                final VariableStore store = new VariableStore(tf);
                final Operand<TFloat32> y = builder.build(tf, inputs, store);
                for (final VariableStore.Entry entry : store.entries()) {
                    final Parameter p = entry.parameter();
                    inputs.add(entry.value());
                    if (p.init() == Parameter.Init.ZEROS) {
                        normal(p.dimensions());
                    } else {
                        given(Weights.initial(List.of(p), 1).get(p.name()), p.dimensions());
                    }
                }
                try (Session session = Devices.session(graph, DeviceChoice.AUTO)) {
                    // fed values take the variables' place, but TensorFlow's optimizer may let something wait for the reading
                    if (!store.entries().isEmpty()) {
                        store.initialize(session);
                    }
                    m_prepare.accept(session);
                    comparison.run(tf, session, inputs, y);
                }
            }
            return null;
        });
    }

    private void compare(final Ops tf, final Session session, final List<Operand<TFloat32>> inputs,
        final Operand<TFloat32> y) {
        final float[] weights = weights(session, inputs, y);
        final List<Operand<TFloat32>> dy = gradients(tf, inputs, y, weights);
        final List<float[]> analytic = run(session, inputs, m_values, dy);
        for (int n = 0; n < inputs.size(); n++) {
            final double norm = norm(n, analytic.get(n));
            for (int d = 0; d < DIRECTIONS; d++) {
                final float[] direction = direction(n);
                final double numeric = (4 * difference(session, inputs, y, weights, n, direction, m_step)
                    - difference(session, inputs, y, weights, n, direction, 2 * m_step)) / 3;
                assertClose("input " + n, numeric, along(direction, analytic.get(n)), norm);
            }
        }
    }

    private void compareAlongLines(final Ops tf, final Session session, final List<Operand<TFloat32>> inputs,
        final Operand<TFloat32> y) {
        final float[] weights = weights(session, inputs, y);
        final List<Operand<TFloat32>> dy = gradients(tf, inputs, y, weights);
        final List<float[]> center = run(session, inputs, m_values, dy);
        final double norm = Math.sqrt(inputs.size());
        final double h = m_step / norm;
        for (int d = 0; d < DIRECTIONS; d++) {
            final List<float[]> direction = new ArrayList<>();
            for (int n = 0; n < inputs.size(); n++) {
                // every input has the same part in the change of y
                direction.add(scaled(direction(n), 1 / norm(n, center.get(n))));
            }
            final double numeric = (value(session, inputs, y, weights, moved(direction, h))
                - value(session, inputs, y, weights, moved(direction, -h))) / (2 * h);
            double mean = Double.POSITIVE_INFINITY;
            // more points for a line with many kinks; a wrong gradient stays wrong
            for (int points = POINTS; points <= MOST_POINTS && Math.abs(numeric - mean) > TOLERANCE * norm; points *= 4) {
                mean = 0;
                for (int p = 0; p < points; p++) {
                    final List<float[]> there =
                        run(session, inputs, moved(direction, h * ((2 * p + 1.0) / points - 1)), dy);
                    for (int n = 0; n < inputs.size(); n++) {
                        mean += along(direction.get(n), there.get(n)) / points;
                    }
                }
            }
            assertClose("all inputs", numeric, mean, norm);
        }
    }

    private static float[] scaled(final float[] values, final double factor) {
        final float[] scaled = new float[values.length];
        for (int v = 0; v < values.length; v++) {
            scaled[v] = (float)(factor * values[v]);
        }
        return scaled;
    }

    /** Weights that make a scalar of y. */
    private float[] weights(final Session session, final List<Operand<TFloat32>> inputs, final Operand<TFloat32> y) {
        final float[] weights = new float[run(session, inputs, m_values, List.of(y)).get(0).length];
        for (int v = 0; v < weights.length; v++) {
            weights[v] = (float)m_random.nextGaussian();
        }
        return weights;
    }

    private static List<Operand<TFloat32>> gradients(final Ops tf, final List<Operand<TFloat32>> inputs,
        final Operand<TFloat32> y, final float[] weights) {
        final Operand<TFloat32> weighted = tf.math.mul(tf.reshape(y, tf.constant(new int[]{-1})),
            tf.constant(Shape.of(weights.length), DataBuffers.of(weights)));
        return Backpropagation.gradients(tf, tf.sum(weighted, tf.constant(0)), inputs);
    }

    private static double norm(final int input, final float[] gradient) {
        double squares = 0;
        for (final float g : gradient) {
            squares += (double)g * g;
        }
        assertTrue(squares > 0, "the gradient of input " + input + " is zero everywhere: nothing is checked");
        return Math.sqrt(squares);
    }

    private float[] direction(final int input) {
        final float[] direction = new float[m_values.get(input).length];
        for (int v = 0; v < direction.length; v++) {
            direction[v] = m_random.nextBoolean() ? 1 : -1;
        }
        return direction;
    }

    private static double along(final float[] direction, final float[] gradient) {
        double sum = 0;
        for (int v = 0; v < direction.length; v++) {
            sum += direction[v] * (double)gradient[v];
        }
        return sum;
    }

    private static void assertClose(final String what, final double numeric, final double analytic, final double norm) {
        final double error = Math.abs(numeric - analytic) / norm;
        assertTrue(error <= TOLERANCE, what + ": relative error " + error + " (" + numeric
            + " by differences, " + analytic + " by back-propagation)");
    }

    private double difference(final Session session, final List<Operand<TFloat32>> inputs, final Operand<TFloat32> y,
        final float[] weights, final int input, final float[] direction, final double h) {
        return (value(session, inputs, y, weights, moved(input, direction, h))
            - value(session, inputs, y, weights, moved(input, direction, -h))) / (2 * h);
    }

    private double value(final Session session, final List<Operand<TFloat32>> inputs, final Operand<TFloat32> y,
        final float[] weights, final List<float[]> values) {
        final float[] out = run(session, inputs, values, List.of(y)).get(0);
        double sum = 0;
        for (int v = 0; v < out.length; v++) {
            sum += (double)out[v] * weights[v];
        }
        return sum;
    }

    /** All values, those of one input moved. */
    private List<float[]> moved(final int input, final float[] direction, final double h) {
        final List<float[]> moved = new ArrayList<>(m_values);
        moved.set(input, moved(m_values.get(input), direction, h));
        return moved;
    }

    /** All values, all of them moved. */
    private List<float[]> moved(final List<float[]> direction, final double h) {
        final List<float[]> moved = new ArrayList<>();
        for (int n = 0; n < m_values.size(); n++) {
            moved.add(moved(m_values.get(n), direction.get(n), h));
        }
        return moved;
    }

    private static float[] moved(final float[] values, final float[] direction, final double h) {
        final float[] x = values.clone();
        for (int v = 0; v < x.length; v++) {
            x[v] += (float)(h * direction[v]);
        }
        return x;
    }

    private List<float[]> run(final Session session, final List<Operand<TFloat32>> inputs, final List<float[]> values,
        final List<Operand<TFloat32>> fetched) {
        final Session.Runner runner = session.runner();
        final List<Tensor> fed = new ArrayList<>();
        try {
            for (int n = 0; n < inputs.size(); n++) {
                final Tensor tensor = Tensors.of(values.get(n), m_shapes.get(n));
                fed.add(tensor);
                runner.feed(inputs.get(n), tensor);
            }
            fetched.forEach(runner::fetch);
            final List<float[]> results = new ArrayList<>();
            try (Result result = runner.run()) {
                for (int n = 0; n < fetched.size(); n++) {
                    results.add(Tensors.values(result.get(n)));
                }
            }
            return results;
        } finally {
            fed.forEach(Tensor::close);
        }
    }
}

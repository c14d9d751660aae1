package org.scanbridge.learning.graph;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;

import org.scanbridge.tensorflow.TensorFlowRuntime;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.Tensor;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Gradients;
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

    private static final double TOLERANCE = 1e-3;

    private static final int DIRECTIONS = 4;

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
        TensorFlowRuntime.call(() -> {
            GradientRegistry.ensure();
            try (Graph graph = new Graph()) {
                final Ops tf = Ops.create(graph);
                final List<Operand<TFloat32>> inputs = new ArrayList<>();
                for (final long[] shape : m_shapes) {
                    inputs.add(tf.placeholder(TFloat32.class, Placeholder.shape(Shape.of(shape))));
                }
                final Operand<TFloat32> y = builder.build(tf, inputs);
                try (Session session = new Session(graph)) {
                    m_prepare.accept(session);
                    compare(tf, session, inputs, y);
                }
            }
            return null;
        });
    }

    private void compare(final Ops tf, final Session session, final List<Operand<TFloat32>> inputs,
        final Operand<TFloat32> y) {
        final List<Operand<TFloat32>> one = List.of(y);
        final float[] y0 = run(session, inputs, m_values, one).get(0);
        final float[] weights = new float[y0.length];
        for (int v = 0; v < weights.length; v++) {
            weights[v] = (float)m_random.nextGaussian();
        }
        final Operand<TFloat32> weighted = tf.math.mul(tf.reshape(y, tf.constant(new int[]{-1})),
            tf.constant(Shape.of(weights.length), DataBuffers.of(weights)));
        final Gradients gradients = Gradients.create(tf.scope(), tf.sum(weighted, tf.constant(0)), inputs,
            Gradients.dx(List.of(tf.constant(1f))));
        final List<Operand<TFloat32>> dy = new ArrayList<>();
        for (int n = 0; n < inputs.size(); n++) {
            dy.add(gradients.dy(n));
        }
        final List<float[]> analytic = run(session, inputs, m_values, dy);
        for (int n = 0; n < inputs.size(); n++) {
            double norm = 0;
            for (final float g : analytic.get(n)) {
                norm += (double)g * g;
            }
            assertTrue(norm > 0, "the gradient of input " + n + " is zero everywhere: nothing is checked");
            for (int d = 0; d < DIRECTIONS; d++) {
                final float[] direction = new float[m_values.get(n).length];
                double expected = 0;
                for (int v = 0; v < direction.length; v++) {
                    direction[v] = m_random.nextBoolean() ? 1 : -1;
                    expected += direction[v] * (double)analytic.get(n)[v];
                }
                final double numeric = (4 * difference(session, inputs, y, weights, n, direction, m_step)
                    - difference(session, inputs, y, weights, n, direction, 2 * m_step)) / 3;
                final double error = Math.abs(numeric - expected) / Math.sqrt(norm);
                assertTrue(error <= TOLERANCE, "input " + n + ": relative error " + error + " (" + numeric
                    + " by differences, " + expected + " by back-propagation)");
            }
        }
    }

    private double difference(final Session session, final List<Operand<TFloat32>> inputs, final Operand<TFloat32> y,
        final float[] weights, final int input, final float[] direction, final double h) {
        return (value(session, inputs, y, weights, input, direction, h)
            - value(session, inputs, y, weights, input, direction, -h)) / (2 * h);
    }

    private double value(final Session session, final List<Operand<TFloat32>> inputs, final Operand<TFloat32> y,
        final float[] weights, final int input, final float[] direction, final double h) {
        final List<float[]> moved = new ArrayList<>(m_values);
        final float[] x = m_values.get(input).clone();
        for (int v = 0; v < x.length; v++) {
            x[v] += (float)(h * direction[v]);
        }
        moved.set(input, x);
        final float[] out = run(session, inputs, moved, List.of(y)).get(0);
        double sum = 0;
        for (int v = 0; v < out.length; v++) {
            sum += (double)out[v] * weights[v];
        }
        return sum;
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

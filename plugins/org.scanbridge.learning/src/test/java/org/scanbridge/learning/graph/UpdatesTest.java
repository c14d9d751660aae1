package org.scanbridge.learning.graph;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

import org.junit.jupiter.api.Test;
import org.scanbridge.learning.architecture.Parameter;
import org.scanbridge.learning.architecture.Parameter.Init;
import org.scanbridge.learning.architecture.Weights;
import org.scanbridge.tensorflow.DeviceChoice;
import org.scanbridge.tensorflow.TensorFlowRuntime;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Session;
import org.tensorflow.Tensor;
import org.tensorflow.op.Op;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

/**
 * Compares each rule with the formulas of {@link OptimizerSpec} computed here in double precision. The loss is Σ w² over a
 * kernel and a bias, whose gradient is 2w.
 */
class UpdatesTest {

    private static final double RATE = 0.1;

    private static final double[] START = {1, -2, 0.5, 3};

    private static final int STEPS = 5;

    /** One weight's rule: from the weight and its (decayed, clipped) gradient to the next weight; keeps its own state. */
    private interface Rule {
        double next(double w, double g, int step);
    }

    private static Rule adam(final double beta1) {
        final double[] s = new double[2];
        return (w, g, t) -> {
            s[0] = beta1 * s[0] + (1 - beta1) * g;
            s[1] = Updates.BETA2 * s[1] + (1 - Updates.BETA2) * g * g;
            return w - RATE * (s[0] / (1 - Math.pow(beta1, t))) / Math.sqrt(s[1] / (1 - Math.pow(Updates.BETA2, t)));
        };
    }

    private static Rule nesterov(final double momentum) {
        final double[] a = new double[1];
        return (w, g, t) -> {
            a[0] = momentum * a[0] + g;
            return w - RATE * (g + momentum * a[0]);
        };
    }

    private static Rule rmsProp(final double momentum) {
        final double[] s = new double[2];
        return (w, g, t) -> {
            s[0] = 0.9 * s[0] + 0.1 * g * g;
            s[1] = momentum * s[1] + RATE * g / Math.sqrt(s[0] + 1e-7);
            return w - s[1];
        };
    }

    /** @param l2 decay that is added to the gradient of the first three weights, which are a kernel's */
    private static List<double[]> reference(final List<Rule> rules, final double l2, final double decoupled,
        final double clip) {
        final double[] w = START.clone();
        final List<double[]> steps = new ArrayList<>();
        for (int t = 1; t <= STEPS; t++) {
            final double[] g = new double[4];
            for (int n = 0; n < 4; n++) {
                g[n] = 2 * w[n] + (n < 3 ? l2 * w[n] : 0);
            }
            final double norm = Math.sqrt(Arrays.stream(g).map(v -> v * v).sum());
            for (int n = 0; n < 4; n++) {
                final double scale = clip > 0 && norm > clip ? clip / norm : 1;
                final double decay = n < 3 ? RATE * decoupled * w[n] : 0;
                w[n] = rules.get(n).next(w[n], g[n] * scale, t) - decay;
            }
            steps.add(w.clone());
        }
        return steps;
    }

    private static VariableStore store(final Ops tf) {
        final VariableStore store = new VariableStore(tf);
        store.add(new Weights(
            List.of(new Parameter("net/kernel", List.of(3), Init.ZEROS, true),
                new Parameter("net/bias", List.of(1), Init.ZEROS, true),
                new Parameter("net/unused", List.of(1), Init.ZEROS, true)),
            Map.of("net/kernel", new float[]{1, -2, 0.5f}, "net/bias", new float[]{3}, "net/unused", new float[]{7})));
        return store;
    }

    private static void check(final OptimizerSpec spec, final List<double[]> expected) throws Exception {
        TensorFlowRuntime.call(() -> {
            try (Graph graph = new Graph()) {
                final Ops tf = Ops.create(graph);
                final VariableStore store = store(tf);
                final Updates updates = new Updates(tf, store, spec);
                final Op step = updates.minimize(squares(tf, store), List.of(new Updates.Group(
                    List.copyOf(store.entries()), tf.constant((float)RATE))), List.of());
                try (Session session = Devices.session(graph, DeviceChoice.AUTO)) {
                    store.initialize(session);
                    for (int t = 1; t <= STEPS; t++) {
                        run(session, updates, step, t);
                        final Map<String, float[]> now =
                            store.read(session, List.of("net/kernel", "net/bias", "net/unused"));
                        final double[] actual = {now.get("net/kernel")[0], now.get("net/kernel")[1],
                            now.get("net/kernel")[2], now.get("net/bias")[0]};
                        assertArrayEquals(expected.get(t - 1), actual, 1e-4, spec + ", step " + t);
                        assertArrayEquals(new float[]{7}, now.get("net/unused"));
                    }
                }
            }
            return null;
        });
    }

    private static Operand<TFloat32> squares(final Ops tf, final VariableStore store) {
        return tf.math.add(tf.sum(tf.math.square(store.get("net/kernel").value()), tf.constant(0)),
            tf.sum(tf.math.square(store.get("net/bias").value()), tf.constant(0)));
    }

    private static void run(final Session session, final Updates updates, final Op step, final int number) {
        final Map<Operand<?>, Tensor> feeds = new LinkedHashMap<>();
        updates.feed(feeds, number);
        final Session.Runner runner = session.runner().addTarget(step);
        feeds.forEach(runner::feed);
        runner.run().close();
        feeds.values().forEach(Tensor::close);
    }

    private static List<Rule> four(final Supplier<Rule> rule) {
        return List.of(rule.get(), rule.get(), rule.get(), rule.get());
    }

    @Test
    void adamFollowsThePaper() throws Exception {
        check(OptimizerSpec.adam(0.5), reference(four(() -> adam(0.5)), 0, 0, 0));
        check(OptimizerSpec.adam().withWeightDecay(0.3), reference(four(() -> adam(0.9)), 0.3, 0, 0));
    }

    @Test
    void adamWDecaysKernelsApartFromTheGradient() throws Exception {
        check(OptimizerSpec.adamW(0.3), reference(four(() -> adam(0.9)), 0, 0.3, 0));
    }

    @Test
    void gradientDescentWithAndWithoutMomentum() throws Exception {
        check(OptimizerSpec.sgd(0.9), reference(four(() -> nesterov(0.9)), 0, 0, 0));
        check(OptimizerSpec.sgd(0), reference(four(() -> nesterov(0)), 0, 0, 0));
        check(OptimizerSpec.sgd(0.5).withWeightDecay(0.1), reference(four(() -> nesterov(0.5)), 0.1, 0, 0));
    }

    @Test
    void rmsPropWithAndWithoutMomentum() throws Exception {
        check(OptimizerSpec.rmsProp(0.6), reference(four(() -> rmsProp(0.6)), 0, 0, 0));
        check(OptimizerSpec.rmsProp(0), reference(four(() -> rmsProp(0)), 0, 0, 0));
    }

    /** The first gradient's norm is √(4 + 16 + 1 + 36) = 7.55; the bound of 3 is reached after some steps only. */
    @Test
    void longGradientsAreShortenedTogether() throws Exception {
        check(OptimizerSpec.sgd(0).withClipNorm(3), reference(four(() -> nesterov(0)), 0, 0, 3));
        check(OptimizerSpec.sgd(0).withClipNorm(100), reference(four(() -> nesterov(0)), 0, 0, 0));
        check(OptimizerSpec.sgd(0.9).withClipNorm(3).withWeightDecay(0.2), reference(four(() -> nesterov(0.9)), 0.2, 0, 3));
    }

    /** methods.md H 3: two players in one graph, each with its own optimizer, leave one another's variables alone. */
    @Test
    void optimizersOfOneGraphDoNotTouchEachOther() throws Exception {
        TensorFlowRuntime.call(() -> {
            try (Graph graph = new Graph()) {
                final Ops tf = Ops.create(graph);
                final VariableStore store = store(tf);
                final Updates first = new Updates(tf, store, OptimizerSpec.adam(), "first");
                final Updates second = new Updates(tf, store, OptimizerSpec.sgd(0.9), "second");
                final Operand<TFloat32> rate = tf.constant((float)RATE);
                final Op one = first.minimize(squares(tf, store),
                    List.of(new Updates.Group(List.of(store.get("net/kernel")), rate)), List.of());
                final Op two = second.minimize(squares(tf, store),
                    List.of(new Updates.Group(List.of(store.get("net/bias")), rate)), List.of());
                try (Session session = Devices.session(graph, DeviceChoice.AUTO)) {
                    store.initialize(session);
                    run(session, first, one, 1);
                    assertArrayEquals(new float[]{3}, store.read(session, List.of("net/bias")).get("net/bias"));
                    final float[] kernel = store.read(session, List.of("net/kernel")).get("net/kernel");
                    run(session, second, two, 1);
                    assertArrayEquals(kernel, store.read(session, List.of("net/kernel")).get("net/kernel"));
                    assertEquals(3 - RATE * 6 * 1.9, store.read(session, List.of("net/bias")).get("net/bias")[0], 1e-5);
                }
                assertThrows(IllegalArgumentException.class, () -> second.minimize(squares(tf, store),
                    List.of(new Updates.Group(List.of(store.get("net/unused")), rate)), List.of()));
            }
            return null;
        });
    }

    @Test
    void refusesNumbersOutOfRange() {
        assertThrows(IllegalArgumentException.class, () -> OptimizerSpec.adam(1));
        assertThrows(IllegalArgumentException.class, () -> OptimizerSpec.sgd(-0.1));
        assertThrows(IllegalArgumentException.class, () -> OptimizerSpec.sgd(Double.NaN));
        assertThrows(IllegalArgumentException.class, () -> OptimizerSpec.adam().withClipNorm(-1));
        assertThrows(IllegalArgumentException.class, () -> OptimizerSpec.adamW(2));
    }
}

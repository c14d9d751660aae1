package org.scanbridge.learning.graph;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.scanbridge.learning.architecture.Parameter;
import org.scanbridge.learning.architecture.Parameter.Init;
import org.scanbridge.learning.architecture.Weights;
import org.scanbridge.tensorflow.TensorFlowRuntime;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Session;
import org.tensorflow.op.Op;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

class AdamUpdatesTest {

    private static final double BETA1 = 0.5;

    private static final double RATE = 0.1;

    /** The paper's algorithm 1 in double precision, for the loss Σ w². */
    private static double[] reference(final double[] start, final int steps) {
        final double[] w = start.clone();
        for (int n = 0; n < w.length; n++) {
            double m = 0;
            double v = 0;
            for (int t = 1; t <= steps; t++) {
                final double g = 2 * w[n];
                m = BETA1 * m + (1 - BETA1) * g;
                v = AdamUpdates.BETA2 * v + (1 - AdamUpdates.BETA2) * g * g;
                w[n] -= RATE * (m / (1 - Math.pow(BETA1, t))) / Math.sqrt(v / (1 - Math.pow(AdamUpdates.BETA2, t)));
            }
        }
        return w;
    }

    @Test
    void followsThePaper() throws Exception {
        TensorFlowRuntime.call(() -> {
            try (Graph graph = new Graph()) {
                final Ops tf = Ops.create(graph);
                final VariableStore store = new VariableStore(tf);
                store.add(new Weights(List.of(new Parameter("net/w", List.of(3), Init.ZEROS, true),
                    new Parameter("net/unused", List.of(1), Init.ZEROS, true)),
                    Map.of("net/w", new float[]{1, -2, 0.5f}, "net/unused", new float[]{7})));
                final AdamUpdates adam = new AdamUpdates(tf, store, BETA1);
                final Operand<TFloat32> loss =
                    tf.sum(tf.math.square(store.get("net/w").value()), tf.constant(0));
                final Op step = adam.minimize(loss,
                    List.of(new AdamUpdates.Group(List.copyOf(store.entries()), tf.constant((float)RATE))), List.of());
                try (Session session = new Session(graph)) {
                    store.initialize(session);
                    for (int t = 1; t <= 5; t++) {
                        try (TFloat32 first = TFloat32.scalarOf((float)Math.pow(BETA1, t));
                                TFloat32 second = TFloat32.scalarOf((float)Math.pow(AdamUpdates.BETA2, t))) {
                            session.runner().feed(adam.beta1Power(), first).feed(adam.beta2Power(), second)
                                .addTarget(step).run().close();
                        }
                        final Map<String, float[]> now = store.read(session, List.of("net/w", "net/unused"));
                        final double[] expected = reference(new double[]{1, -2, 0.5}, t);
                        assertArrayEquals(expected, new double[]{now.get("net/w")[0], now.get("net/w")[1],
                            now.get("net/w")[2]}, 1e-4);
                        assertArrayEquals(new float[]{7}, now.get("net/unused"));
                    }
                }
            }
            return null;
        });
    }
}

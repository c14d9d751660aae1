package org.scanbridge.learning.graph;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

import org.junit.jupiter.api.Test;
import org.scanbridge.learning.architecture.NetworkSpec;
import org.scanbridge.learning.architecture.UNetPlan;
import org.scanbridge.learning.architecture.Weights;
import org.scanbridge.tensorflow.DeviceChoice;
import org.scanbridge.tensorflow.TensorFlowRuntime;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Gradients;
import org.tensorflow.types.TFloat32;

/** methods.md H 2 and 4, on whole networks. */
class DomainHeadTest {

    private static final NetworkSpec SPEC = NetworkSpec.unet3d(2, 4, 2, 8);

    private static final List<DomainHeadSpec> HEADS =
        List.of(new DomainHeadSpec(3, DomainHeadSpec.Attachment.BOTTLENECK, DomainHeadSpec.Shape.POOLED, 5),
            new DomainHeadSpec(3, DomainHeadSpec.Attachment.MULTI_LEVEL, DomainHeadSpec.Shape.POOLED, 5),
            new DomainHeadSpec(3, DomainHeadSpec.Attachment.LAST_DECODER, DomainHeadSpec.Shape.PATCH, 5),
            new DomainHeadSpec(3, DomainHeadSpec.Attachment.OUTPUT, DomainHeadSpec.Shape.PATCH, 5));

    /** The head's loss and its gradients with respect to one kernel of the network and one of the head. */
    private record Result3(float loss, float[] network, float[] head) {
    }

    private static Result3 run(final DomainHeadSpec spec, final float lambda, final boolean zeroHead) throws Exception {
        return TensorFlowRuntime.call(() -> {
            GradientRegistry.ensure();
            try (Graph graph = new Graph()) {
                final Ops tf = Ops.create(graph);
                final VariableStore store = new VariableStore(tf);
                store.add(Weights.initial(new UNetPlan(SPEC).parameters(), 1));
                final Random random = new Random(2);
                final float[] image = new float[3 * 512];
                for (int v = 0; v < image.length; v++) {
                    image[v] = (float)random.nextGaussian();
                }
                final UNet.Output network = new UNet(tf, SPEC, store)
                    .predicting(LayersTest.constant(tf, image, 3, 8, 8, 8, 1));
                final Operand<TFloat32> sites =
                    LayersTest.constant(tf, new float[]{1, 0, 0, 0, 1, 0, 0, 0, 1}, 3, 3);
                final DomainHead.Output head =
                    new DomainHead(tf, spec, store, 4).attach(network, sites, tf.constant(lambda));
                final List<Operand<TFloat32>> variables = new ArrayList<>();
                variables.add(store.get("enc0.a/kernel").value());
                variables.add(store.get("domain0/out.kernel").value());
                final Gradients gradients = Gradients.create(tf.scope(), head.loss(), variables,
                    Gradients.dx(List.of(tf.constant(1f))));
                try (Session session = Devices.session(graph, DeviceChoice.AUTO)) {
                    store.initialize(session);
                    if (zeroHead) {
                        final Map<String, float[]> zeros = new LinkedHashMap<>();
                        store.entries().stream().filter(e -> e.parameter().name().startsWith(DomainHead.PREFIX))
                            .forEach(e -> zeros.put(e.parameter().name(), new float[e.parameter().size()]));
                        store.write(session, zeros);
                    }
                    try (Result result =
                        session.runner().fetch(head.loss()).fetch(gradients.dy(0)).fetch(gradients.dy(1)).run()) {
                        return new Result3(Tensors.scalar(result.get(0)), Tensors.values(result.get(1)),
                            Tensors.values(result.get(2)));
                    }
                }
            }
        });
    }

    @Test
    void reversedGradientScalesWithLambdaAndLeavesTheHeadAlone() throws Exception {
        for (final DomainHeadSpec spec : HEADS) {
            final Result3 plain = run(spec, -1, false); // -(-1): the plain gradient
            final Result3 reversed = run(spec, 0.25f, false);
            assertEquals(plain.loss(), reversed.loss());
            assertArrayEquals(plain.head(), reversed.head());
            double norm = 0;
            for (int n = 0; n < plain.network().length; n++) {
                norm += Math.abs(plain.network()[n]);
                assertEquals(-0.25f * plain.network()[n], reversed.network()[n], 1e-5 * Math.abs(plain.network()[n]) + 1e-8);
            }
            assertTrue(norm > 0);
        }
    }

    @Test
    void uniformDecisionsCostLnOfTheSites() throws Exception {
        for (final DomainHeadSpec spec : HEADS) {
            assertEquals(Math.log(3), run(spec, 1, true).loss(), 1e-6);
        }
    }
}

package org.scanbridge.learning.graph;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

import org.junit.jupiter.api.Test;
import org.scanbridge.tensorflow.DeviceChoice;
import org.scanbridge.tensorflow.TensorFlowRuntime;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.op.core.ReduceSum;
import org.tensorflow.proto.NodeDef;
import org.tensorflow.proto.RunOptions;
import org.tensorflow.types.TFloat32;

class DevicesTest {

    /** Four tensors of this length are more than the 80 % of 256 MB above which TensorFlow would rewrite their sum. */
    private static final int LENGTH = 14 << 20;

    /** Rewritten, three tensors would be added in the order in which threads have them ready. */
    @Test
    void largeTensorsAreAddedInTheOrderOfTheGraph() throws Exception {
        assumeFalse(DeviceChoice.AUTO.isGpu(TensorFlowRuntime.info()), "a GPU's memory is what limits it");
        TensorFlowRuntime.call(() -> {
            try (Graph graph = new Graph()) {
                final Ops tf = Devices.ops(graph, DeviceChoice.AUTO);
                final Placeholder<TFloat32> zero = tf.placeholder(TFloat32.class, Placeholder.shape(Shape.scalar()));
                final Operand<TFloat32> x = tf.fill(tf.array(LENGTH), zero);
                final Operand<TFloat32> sum = tf.math.addN(List.of(tf.math.exp(x), tf.math.sin(x), tf.math.square(x)));
                final ReduceSum<TFloat32> total = tf.reduceSum(sum, tf.constant(0));
                try (Session session = Devices.session(graph, DeviceChoice.AUTO);
                        TFloat32 fed = TFloat32.scalarOf(0);
                        Result result = session.runner().feed(zero, fed).fetch(total)
                            .setOptions(RunOptions.newBuilder().setOutputPartitionGraphs(true).build()).runAndFetchMetadata()) {
                    assertEquals(LENGTH, Tensors.scalar(result.get(0)));
                    final Set<String> operations = result.getMetadata().orElseThrow().getPartitionGraphsList().stream()
                        .flatMap(g -> g.getNodeList().stream()).map(NodeDef::getOp).collect(Collectors.toSet());
                    assertTrue(operations.contains("AddN"), operations.toString());
                    assertFalse(operations.contains("TemporaryVariable"), operations.toString());
                }
            }
            return null;
        });
    }
}

package org.scanbridge.learning.graph;

import java.util.List;
import java.util.Optional;

import org.scanbridge.tensorflow.DeviceChoice;
import org.scanbridge.tensorflow.TensorFlowRuntime;
import org.tensorflow.DeviceSpec;
import org.tensorflow.Graph;
import org.tensorflow.Session;
import org.tensorflow.op.Ops;
import org.tensorflow.proto.ConfigProto;
import org.tensorflow.proto.GraphOptions;
import org.tensorflow.proto.RewriterConfig;

/** Puts graphs and their sessions on a device. */
final class Devices {

    /**
     * The engine's rewriters that change our graphs for the better, in the order in which it runs them. To name these is the only way
     * to leave out all others, which take about as long: without a GPU they find nothing to do, except one. The memory optimizer takes
     * the processor's memory for 256 MB, and above 80 % of that makes a sum of three or more tensors one to which each is added when
     * it is ready, so that the last bits of a gradient hang on which thread is first. Source: TensorFlow's {@code meta_optimizer.cc},
     * {@code memory_optimizer.cc}, {@code virtual_cluster.cc}.
     */
    private static final List<String> FOR_PROCESSORS =
        List.of("pruning", "common_subgraph_elimination", "constfold", "arithmetic", "remap", "dependency");

    private Devices() {
    }

    /**
     * Where all operations of a graph are made.
     *
     * @throws org.scanbridge.tensorflow.TensorFlowUnavailableException if there is no such device
     */
    static Ops ops(final Graph graph, final DeviceChoice choice) {
        final Optional<String> device = choice.resolve(TensorFlowRuntime.info());
        final Ops tf = Ops.create(graph);
        if (device.isEmpty()) {
            return tf;
        }
        final DeviceSpec.DeviceType type =
            choice.kind() == DeviceChoice.Kind.GPU ? DeviceSpec.DeviceType.GPU : DeviceSpec.DeviceType.CPU;
        return tf.withDevice(DeviceSpec.newBuilder().deviceType(type).deviceIndex(choice.number()).build());
    }

    /**
     * A session for a complete graph; operations that a chosen GPU has no kernel for, such as those on shapes, go to the processor.
     * The engine rewrites a graph before its first step; once, not twice as it would by itself: the second pass finds next to nothing
     * in graphs that are built as these are, and the results have the same bits. For the processor only {@link #FOR_PROCESSORS} are run.
     */
    static Session session(final Graph graph, final DeviceChoice choice) {
        PortableOperations.check(graph);
        final RewriterConfig.Builder rewriting =
            RewriterConfig.newBuilder().setMetaOptimizerIterations(RewriterConfig.NumIterationsType.ONE);
        if (!choice.isGpu(TensorFlowRuntime.info())) {
            rewriting.addAllOptimizers(FOR_PROCESSORS);
        }
        return new Session(graph, ConfigProto.newBuilder().setAllowSoftPlacement(choice.kind() != DeviceChoice.Kind.AUTO)
            .setGraphOptions(GraphOptions.newBuilder().setRewriteOptions(rewriting)).build());
    }
}

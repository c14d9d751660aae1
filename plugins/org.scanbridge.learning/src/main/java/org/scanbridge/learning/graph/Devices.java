package org.scanbridge.learning.graph;

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
     * in graphs that are built as these are, the results have the same bits, and the first step takes about three quarters of the time.
     */
    static Session session(final Graph graph, final DeviceChoice choice) {
        PortableOperations.check(graph);
        return new Session(graph, ConfigProto.newBuilder().setAllowSoftPlacement(choice.kind() != DeviceChoice.Kind.AUTO)
            .setGraphOptions(GraphOptions.newBuilder().setRewriteOptions(
                RewriterConfig.newBuilder().setMetaOptimizerIterations(RewriterConfig.NumIterationsType.ONE)))
            .build());
    }
}

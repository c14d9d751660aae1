package org.scanbridge.learning.graph;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

import org.scanbridge.learning.architecture.NetworkSpec;
import org.scanbridge.learning.architecture.PatchSize;
import org.scanbridge.learning.architecture.Weights;
import org.scanbridge.tensorflow.DeviceChoice;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.types.TFloat32;

/**
 * Measures what batch normalization sees of batches: mean and variance of every normalized channel, each layer with the
 * batch's own statistics in the layers before it. Must be used inside
 * {@link org.scanbridge.tensorflow.TensorFlowRuntime#call}, by one thread at a time.
 */
public final class BatchStatisticsGraph implements AutoCloseable {

    private final NetworkSpec m_spec;

    private final Graph m_graph;

    private final Session m_session;

    private final Placeholder<TFloat32> m_images;

    private final Map<String, Operand<TFloat32>> m_statistics;

    /**
     * @param spec an architecture with batch normalization
     * @param weights its weights
     */
    public BatchStatisticsGraph(final NetworkSpec spec, final Weights weights) {
        m_spec = spec;
        m_graph = new Graph();
        final Ops tf = Ops.create(m_graph);
        final VariableStore store = new VariableStore(tf);
        store.add(weights);
        final PatchSize p = spec.inputSize();
        m_images =
            tf.placeholder(TFloat32.class, Placeholder.shape(Shape.of(-1, p.k(), p.j(), p.i(), spec.inputChannels())));
        m_statistics = NetworkGraph.of(tf, spec, store)
            .training(m_images, Set.of(), tf.constant(new int[2])).batchStatistics();
        m_session = Devices.session(m_graph, DeviceChoice.AUTO);
        store.initialize(m_session);
    }

    /**
     * The statistics of one batch.
     *
     * @param images [count, k, j, i, channels]
     * @return one number per channel, by the name of the running statistic
     */
    public Map<String, float[]> measure(final float[] images, final int count) {
        final PatchSize p = m_spec.inputSize();
        final Map<String, float[]> values = new LinkedHashMap<>();
        try (TFloat32 fed = Tensors.of(images, count, p.k(), p.j(), p.i(), m_spec.inputChannels())) {
            final Session.Runner runner = m_session.runner().feed(m_images, fed);
            m_statistics.values().forEach(runner::fetch);
            try (Result result = runner.run()) {
                int n = 0;
                for (final String name : m_statistics.keySet()) {
                    values.put(name, Tensors.values(result.get(n++)));
                }
            }
        }
        return values;
    }

    @Override
    public void close() {
        m_session.close();
        m_graph.close();
    }
}

package org.scanbridge.learning.graph;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.scanbridge.imaging.random.SeededRandom;
import org.scanbridge.learning.LearningException;
import org.scanbridge.learning.architecture.Parameter;
import org.scanbridge.learning.architecture.PatchSize;
import org.scanbridge.learning.architecture.Weights;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Tensor;
import org.tensorflow.exceptions.TFResourceExhaustedException;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Op;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.types.TFloat32;

/**
 * An auto-encoder that is trained step by step to give back patches x:
 *
 * <pre>
 * L = d(x, x̂) + β / V · KL(q(z | x) ‖ N(0, 1))
 * </pre>
 *
 * with the distance d per voxel, V voxels in a patch, and the second part for a variational one only: for β = 1 that is the
 * negative evidence lower bound (Kingma and Welling, ICLR 2014, eq. 10, one sample) per voxel, but for a constant. The noise
 * comes from Java, so that a step gives the same bits on every platform. To be used as {@link TrainingGraph}, without labels.
 */
public final class AutoEncoderGraph implements SteppedGraph {

    /** Name of the distance, in the curve. */
    public static final String RECONSTRUCTION = "Reconstruction Loss";

    /** Name of the divergence of a patch's code in nats, in the curve. */
    public static final String DIVERGENCE = "Divergence";

    /** Name of what is minimized, among the metrics of a step. */
    private static final String TOTAL = "Loss";

    /** Tells the noise's random numbers from those that draw the patches of a step. */
    private static final long NOISE = 0x6E6F697365L;

    private final AutoEncoderGraphSpec m_spec;

    private final List<Parameter> m_parameters;

    private final GraphSession m_session;

    private final Placeholder<TFloat32> m_images;

    private final Placeholder<TFloat32> m_noise;

    private final Placeholder<TFloat32> m_rate;

    private final Updates m_updates;

    private final Op m_step;

    private final Map<String, Operand<TFloat32>> m_metrics = new LinkedHashMap<>();

    private final Placeholder<TFloat32> m_block;

    private final Operand<TFloat32> m_reconstruction;

    /**
     * @param spec what to build
     * @param start where the weights start
     */
    public AutoEncoderGraph(final AutoEncoderGraphSpec spec, final Weights start) {
        m_spec = spec;
        m_parameters = start.parameters();
        final Graph graph = new Graph();
        final Ops tf = Backpropagation.prepare(Devices.ops(graph, spec.device()));
        final VariableStore store = new VariableStore(tf);
        store.add(start);
        final PatchSize p = spec.network().patchSize();
        m_images = tf.placeholder(TFloat32.class, Placeholder.shape(Shape.of(spec.batch(), p.k(), p.j(), p.i(), 1)));
        m_noise = tf.placeholder(TFloat32.class,
            Placeholder.shape(Shape.of(spec.batch(), spec.network().codeLength())));
        m_rate = tf.placeholder(TFloat32.class, Placeholder.shape(Shape.scalar()));
        final AutoEncoder network = new AutoEncoder(tf, spec.network(), store);
        final AutoEncoder.Output output = network.training(m_images, m_noise);
        final AutoEncoderLosses losses = new AutoEncoderLosses(tf);
        Operand<TFloat32> loss = losses.reconstruction(m_images, output.image(), spec.distance());
        m_metrics.put(RECONSTRUCTION, loss);
        if (spec.network().variational()) {
            final Operand<TFloat32> divergence = losses.divergence(output.mean(), output.logVariance());
            m_metrics.put(DIVERGENCE, divergence);
            loss = tf.math.add(loss, tf.math.mul(tf.constant((float)(spec.beta() / p.voxels())), divergence));
        }
        m_metrics.put(TOTAL, tf.identity(loss)); // of its own name: a plain network's loss is its reconstruction loss
        m_updates = new Updates(tf, store, spec.optimizer());
        m_step = m_updates.minimize(loss,
            List.of(new Updates.Group(
                store.entries().stream().filter(e -> e.parameter().trainable()).toList(), m_rate)), List.of());
        m_block = tf.placeholder(TFloat32.class, Placeholder.shape(Shape.of(-1, p.k(), p.j(), p.i(), 1)));
        m_reconstruction = network.predicting(m_block).image();
        m_session = new GraphSession(graph, spec.device(), store);
    }

    /**
     * {@inheritDoc} The loss is the segmentation loss of what was measured; its parts have names of their own.
     *
     * @param batch patches; labels and sites are not looked at
     * @throws IllegalArgumentException if the array of patches has the wrong length
     * @throws LearningException if the device has not enough memory for the step
     */
    @Override
    public TrainingGraph.Measured step(final TrainingGraph.Batch batch, final TrainingGraph.Rates rates) {
        final PatchSize p = m_spec.network().patchSize();
        GraphSession.checkLength("images", batch.images().length, m_spec.batch() * p.voxels());
        final Map<Operand<?>, Tensor> feeds = new LinkedHashMap<>();
        try {
            feeds.put(m_images, Tensors.of(batch.images(), m_spec.batch(), p.k(), p.j(), p.i(), 1));
            if (m_spec.network().variational()) {
                feeds.put(m_noise, Tensors.of(noise(rates.step()), m_spec.batch(), m_spec.network().codeLength()));
            }
            feeds.put(m_rate, TFloat32.scalarOf((float)rates.learningRate()));
            m_updates.feed(feeds, rates.step());
            final Map<String, Double> parts = m_session.step(m_step, feeds, m_metrics);
            return new TrainingGraph.Measured(parts.remove(TOTAL), Double.NaN, Double.NaN, Double.NaN, parts);
        } catch (final TFResourceExhaustedException e) {
            throw new LearningException("A step with " + m_spec.batch() + " patches of " + p
                + " does not fit into the device's memory. Use a smaller batch, patch size or width.", e);
        } finally {
            feeds.values().forEach(Tensor::close);
        }
    }

    /** The standard normal numbers of a step (from 1), patch after patch. */
    float[] noise(final int step) {
        final SeededRandom random = SeededRandom.of(m_spec.seed(), NOISE, step);
        final float[] noise = new float[m_spec.batch() * m_spec.network().codeLength()];
        for (int n = 0; n < noise.length; n++) {
            noise[n] = (float)random.nextGaussian();
        }
        return noise;
    }

    /** Reconstructions of blocks with the present weights, without noise. */
    @Override
    public float[] probabilities(final float[] images, final int count) {
        return m_session.predict(m_block, m_reconstruction, m_spec.network().reading(), images, count);
    }

    @Override
    public Weights weights() {
        return m_session.weights(m_parameters);
    }

    @Override
    public Map<String, float[]> state() {
        return m_session.state();
    }

    @Override
    public void restore(final Map<String, float[]> state) {
        m_session.restore(state);
    }

    @Override
    public void close() {
        m_session.close();
    }
}

package org.scanbridge.learning.graph;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;

import org.scanbridge.learning.architecture.NetworkSpec;
import org.scanbridge.learning.architecture.PatchSize;
import org.scanbridge.learning.architecture.Weights;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Session;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Op;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Gradients;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TUint8;

/**
 * An optimizer step of a U-Net with nothing around it, to compare {@link TrainingGraph} with: the same convolutions, norms,
 * losses and Adam updates, but no gate before the updates, nothing fetched, constant rates, and input tensors that were made
 * once.
 */
public final class BareStep implements AutoCloseable {

    private final Graph m_graph = new Graph();

    private final Session m_session;

    private final Op m_step;

    private final Placeholder<TFloat32> m_images;

    private final Placeholder<TUint8> m_labels;

    private final TFloat32 m_fedImages;

    private final TUint8 m_fedLabels;

    /** @param labels one per voxel of the batch */
    public BareStep(final NetworkSpec spec, final Weights weights, final float[] images, final byte[] labels,
        final int batch) {
        GradientRegistry.ensure();
        final Ops tf = Ops.create(m_graph);
        final VariableStore store = new VariableStore(tf);
        store.add(weights);
        final PatchSize p = spec.patchSize();
        m_images = tf.placeholder(TFloat32.class, Placeholder.shape(Shape.of(batch, p.k(), p.j(), p.i(), 1)));
        m_labels = tf.placeholder(TUint8.class, Placeholder.shape(Shape.of(batch, p.k(), p.j(), p.i())));
        final UNet.Output output = new UNet(tf, spec, store).training(m_images, Set.of());
        final Losses losses = new Losses(tf);
        final List<Double> ones = Collections.nCopies(spec.classes(), 1.0);
        final VoxelOutputs voxels =
            losses.of(output.logits(), Truth.ofClasses(losses.oneHot(m_labels, spec.classes())));
        final Operand<TFloat32> loss = tf.math.add(losses.meanDice(voxels, ones), losses.crossEntropy(voxels, ones));
        final List<VariableStore.Entry> variables =
            store.entries().stream().filter(e -> e.parameter().trainable()).toList();
        final Gradients gradients = Gradients.create(tf.scope(), loss,
            variables.stream().map(VariableStore.Entry::value).toList(), Gradients.dx(List.of(tf.constant(1f))));
        final List<Op> updates = new ArrayList<>(output.statistics());
        for (int v = 0; v < variables.size(); v++) {
            final String name = variables.get(v).parameter().name();
            final List<Integer> shape = variables.get(v).parameter().shape();
            updates.add(tf.train.resourceApplyAdam(variables.get(v).handle(), store.addZeros("m/" + name, shape).handle(),
                store.addZeros("v/" + name, shape).handle(), tf.constant(0.9f), tf.constant(0.999f), tf.constant(1e-3f),
                tf.constant(0.9f), tf.constant(0.999f), tf.constant(1e-7f), gradients.<TFloat32> dy(v)));
        }
        m_step = tf.withControlDependencies(updates).noOp();
        m_fedImages = Tensors.of(images, batch, p.k(), p.j(), p.i(), 1);
        m_fedLabels = Tensors.of(labels, batch, p.k(), p.j(), p.i());
        m_session = new Session(m_graph);
        store.initialize(m_session);
    }

    /** One step. */
    public void run() {
        m_session.runner().feed(m_images, m_fedImages).feed(m_labels, m_fedLabels).addTarget(m_step).run().close();
    }

    @Override
    public void close() {
        m_fedImages.close();
        m_fedLabels.close();
        m_session.close();
        m_graph.close();
    }
}

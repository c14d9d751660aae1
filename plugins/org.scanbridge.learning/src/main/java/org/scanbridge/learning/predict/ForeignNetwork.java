package org.scanbridge.learning.predict;

import java.io.IOException;
import java.util.Arrays;

import org.scanbridge.learning.LearningException;
import org.scanbridge.learning.architecture.NetworkSpec;
import org.scanbridge.learning.foreign.AxisOrder;
import org.scanbridge.learning.foreign.ForeignModel;
import org.scanbridge.learning.foreign.TensorModel;

/** A network of other software, spoken to in our order of axes; its outputs are made probabilities. */
final class ForeignNetwork implements RunningNetwork {

    private final NetworkSpec m_spec;

    private final ForeignModel m_files;

    private final TensorModel m_model;

    ForeignNetwork(final NetworkSpec spec, final ForeignModel files) throws IOException {
        m_spec = spec;
        m_files = files;
        m_model = ForeignModels.load(spec.foreign().format(), files);
    }

    @Override
    public float[] probabilities(final float[] images, final int count) {
        final int perCall = m_files.blocks() == 0 ? count : m_files.blocks();
        final int in = m_spec.inputLength();
        final int out = m_spec.patchSize().voxels() * m_spec.outputs();
        final float[] probabilities = new float[count * out];
        for (int first = 0; first < count; first += perCall) {
            // the last call is filled up with zeros where the number of blocks is fixed
            final float[] part = Arrays.copyOfRange(images, first * in, (first + perCall) * in);
            final int used = Math.min(perCall, count - first);
            System.arraycopy(run(part, perCall), 0, probabilities, first * out, used * out);
        }
        return probabilities;
    }

    private float[] run(final float[] images, final int count) {
        final AxisOrder axes = m_files.axes();
        final int channels = m_spec.inputChannels();
        final TensorModel.Tensor made = m_model.run(new TensorModel.Tensor(axes.shape(count, channels, m_spec.inputSize()),
            axes.toOrder(images, count, channels, m_spec.inputSize())));
        final long[] expected = axes.shape(count, m_spec.outputs(), m_spec.patchSize());
        if (!Arrays.equals(expected, made.shape())) {
            throw new LearningException("The network of other software gave " + Arrays.toString(made.shape()) + " where it is to"
                + " give " + Arrays.toString(expected) + ". Read it again with other settings of the Network Reader.");
        }
        final float[] values = axes.fromOrder(made.values(), count, m_spec.outputs(), m_spec.patchSize());
        for (final float v : values) {
            if (!Float.isFinite(v)) {
                throw new LearningException("The network of other software gave the value " + v + " for a voxel. Check that the"
                    + " images are normalized as it expects.");
            }
        }
        m_files.activation().apply(values, m_spec.outputs());
        return values;
    }

    @Override
    public void close() {
        m_model.close();
    }
}

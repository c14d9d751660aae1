package org.scanbridge.onnx;

import java.nio.FloatBuffer;
import java.util.Map;
import java.util.Set;

import org.scanbridge.learning.LearningException;
import org.scanbridge.learning.foreign.TensorModel;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;

/** An ONNX file in a session of ONNX Runtime. */
final class OnnxRuntimeModel implements TensorModel {

    private final OrtEnvironment m_environment;

    private final OrtSession m_session;

    private final String m_input;

    private final String m_output;

    OnnxRuntimeModel(final OrtEnvironment environment, final OrtSession session, final String input, final String output) {
        m_environment = environment;
        m_session = session;
        m_input = input;
        m_output = output;
    }

    @Override
    public Tensor run(final Tensor input) {
        try (OnnxTensor in = OnnxTensor.createTensor(m_environment, FloatBuffer.wrap(input.values()), input.shape());
                OrtSession.Result result = m_session.run(Map.of(m_input, in), Set.of(m_output))) {
            if (!(result.get(0) instanceof OnnxTensor out) || out.getFloatBuffer() == null) {
                throw new LearningException("The network's output \"" + m_output + "\" is no array of 32-bit floats but "
                    + result.get(0).getInfo() + ". Choose another output.");
            }
            final FloatBuffer values = out.getFloatBuffer();
            final float[] copy = new float[values.remaining()];
            values.get(copy);
            return new Tensor(out.getInfo().getShape(), copy);
        } catch (final OrtException e) {
            throw new LearningException("ONNX Runtime cannot run the network: " + e.getMessage(), e);
        }
    }

    @Override
    public void close() {
        try {
            m_session.close();
        } catch (final OrtException e) {
            throw new LearningException("ONNX Runtime cannot close the network: " + e.getMessage(), e);
        }
    }
}

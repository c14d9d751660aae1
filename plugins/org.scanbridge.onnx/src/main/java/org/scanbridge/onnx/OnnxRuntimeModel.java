package org.scanbridge.onnx;

import java.nio.DoubleBuffer;
import java.nio.FloatBuffer;
import java.util.Map;
import java.util.Set;

import org.scanbridge.learning.LearningException;
import org.scanbridge.learning.foreign.TensorModel;

import ai.onnxruntime.NodeInfo;
import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OnnxValue;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.TensorInfo;
import ai.onnxruntime.platform.Fp16Conversions;

/** An ONNX file in a session of ONNX Runtime. */
final class OnnxRuntimeModel implements TensorModel {

    private final OrtEnvironment m_environment;

    private final OrtSession m_session;

    private final String m_input;

    private final String m_output;

    private final OnnxJavaType m_inputType;

    /** @throws OrtException if the session does not say what it takes */
    OnnxRuntimeModel(final OrtEnvironment environment, final OrtSession session, final String input, final String output)
        throws OrtException {
        m_environment = environment;
        m_session = session;
        m_input = input;
        m_output = output;
        final NodeInfo info = session.getInputInfo().get(input);
        m_inputType = info != null && info.getInfo() instanceof TensorInfo tensor ? tensor.type : OnnxJavaType.FLOAT;
    }

    @Override
    public Tensor run(final Tensor input) {
        try (OnnxTensor in = feed(input);
                OrtSession.Result result = m_session.run(Map.of(m_input, in), Set.of(m_output))) {
            final float[] values = floats(result.get(0));
            return new Tensor(((TensorInfo)result.get(0).getInfo()).getShape(), values);
        } catch (final OrtException e) {
            throw new LearningException("ONNX Runtime cannot run the network: " + e.getMessage(), e);
        }
    }

    /** Numbers of the precision that the network takes; larger ones than it has become infinite. */
    private OnnxTensor feed(final Tensor input) throws OrtException {
        final FloatBuffer values = FloatBuffer.wrap(input.values());
        return switch (m_inputType) {
            case FLOAT16 -> OnnxTensor.createTensor(m_environment, Fp16Conversions.convertFloatBufferToFp16Buffer(values),
                input.shape(), OnnxJavaType.FLOAT16);
            case DOUBLE -> {
                final DoubleBuffer wide = DoubleBuffer.allocate(values.remaining());
                while (values.hasRemaining()) {
                    wide.put(values.get());
                }
                yield OnnxTensor.createTensor(m_environment, wide.flip(), input.shape());
            }
            default -> OnnxTensor.createTensor(m_environment, values, input.shape());
        };
    }

    /** 32-bit floats out of floats of any precision. */
    private float[] floats(final OnnxValue value) {
        if (value instanceof OnnxTensor out && out.getInfo().type == OnnxJavaType.DOUBLE) {
            final DoubleBuffer wide = out.getDoubleBuffer();
            final float[] floats = new float[wide.remaining()];
            for (int v = 0; v < floats.length; v++) {
                floats[v] = (float)wide.get();
            }
            return floats;
        }
        // widens 16-bit floats
        final FloatBuffer values = value instanceof OnnxTensor out ? out.getFloatBuffer() : null;
        if (values == null) {
            throw new LearningException("The network's output \"" + m_output + "\" is no array of floats but " + value
                + ". Choose another \"Output\".");
        }
        final float[] floats = new float[values.remaining()];
        values.get(floats);
        return floats;
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

package org.scanbridge.learning.predict;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;

import org.scanbridge.learning.LearningException;
import org.scanbridge.learning.architecture.NetworkSpec;
import org.scanbridge.learning.architecture.PatchSize;
import org.scanbridge.tensorflow.TensorFlowRuntime;

import ai.djl.inference.Predictor;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.repository.zoo.Criteria;
import ai.djl.repository.zoo.ZooModel;
import ai.djl.translate.NoopTranslator;

/** A SavedModel run by DJL. */
final class SavedModelNetwork implements RunningNetwork {

    private final PatchSize m_input;

    private final int m_channels;

    private final ZooModel<NDList, NDList> m_model;

    private final Predictor<NDList, NDList> m_predictor;

    private final NDManager m_manager;

    /** What goes into a call, outside of Java's heap: made once, as such memory is given back only when Java next cleans up. */
    private ByteBuffer m_images = ByteBuffer.allocateDirect(0);

    /**
     * @param spec what the SavedModel was made from
     * @param directory with {@code saved_model.pb}
     * @throws IOException if it cannot be loaded
     */
    SavedModelNetwork(final NetworkSpec spec, final Path directory) throws IOException {
        this(spec.inputSize(), spec.inputChannels(), directory);
    }

    /**
     * @param input voxels of the blocks that it is shown
     * @param channels of these blocks
     * @param directory with {@code saved_model.pb}
     * @throws IOException if it cannot be loaded
     */
    SavedModelNetwork(final PatchSize input, final int channels, final Path directory) throws IOException {
        m_input = input;
        m_channels = channels;
        try {
            m_model = TensorFlowRuntime.call(() -> Criteria.builder().setTypes(NDList.class, NDList.class)
                .optModelPath(directory).optEngine("TensorFlow").optTranslator(new NoopTranslator()).build().loadModel());
        } catch (final RuntimeException e) {
            throw e;
        } catch (final Exception e) {
            throw new IOException("The SavedModel in " + directory + " cannot be loaded: " + e.getMessage(), e);
        }
        m_predictor = m_model.newPredictor();
        m_manager = m_model.getNDManager().newSubManager();
    }

    @Override
    public float[] probabilities(final float[] images, final int count) {
        final PatchSize p = m_input;
        try {
            return TensorFlowRuntime.call(() -> {
                try (NDManager manager = m_manager.newSubManager()) {
                    final NDArray input = manager.create(direct(images), new Shape(count, p.k(), p.j(), p.i(), m_channels),
                        DataType.FLOAT32);
                    final NDList output = m_predictor.predict(new NDList(input));
                    output.attach(manager);
                    return output.get(0).toFloatArray();
                }
            });
        } catch (final RuntimeException e) {
            throw e;
        } catch (final Exception e) {
            throw new LearningException("The network cannot be applied: " + e.getMessage(), e);
        }
    }

    private ByteBuffer direct(final float[] images) {
        final int bytes = Math.multiplyExact(Float.BYTES, images.length);
        if (m_images.capacity() < bytes) {
            m_images = ByteBuffer.allocateDirect(bytes).order(ByteOrder.nativeOrder());
        }
        m_images.clear().limit(bytes);
        m_images.asFloatBuffer().put(images);
        return m_images;
    }

    @Override
    public void close() {
        m_manager.close();
        m_predictor.close();
        m_model.close();
    }
}

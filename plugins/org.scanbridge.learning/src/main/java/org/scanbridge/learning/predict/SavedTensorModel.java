package org.scanbridge.learning.predict;

import java.io.IOException;

import org.scanbridge.learning.LearningException;
import org.scanbridge.learning.foreign.ForeignModel;
import org.scanbridge.learning.foreign.TensorModel;
import org.scanbridge.learning.graph.SavedModelReader;
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

/** A SavedModel of other software, run by DJL. */
final class SavedTensorModel implements TensorModel {

    private final ZooModel<NDList, NDList> m_model;

    private final Predictor<NDList, NDList> m_predictor;

    private final NDManager m_manager;

    private final String m_output;

    SavedTensorModel(final ForeignModel model) throws IOException {
        try {
            m_model = TensorFlowRuntime.call(() -> Criteria.builder().setTypes(NDList.class, NDList.class)
                .optModelPath(model.path()).optEngine("TensorFlow").optTranslator(new NoopTranslator())
                .optOption("SignatureDefKey", SavedModelReader.SIGNATURE).build().loadModel());
        } catch (final RuntimeException e) {
            throw e;
        } catch (final Exception e) {
            throw new IOException("The SavedModel in " + model.path() + " cannot be loaded: " + e.getMessage(), e);
        }
        m_output = model.output();
        m_predictor = m_model.newPredictor();
        m_manager = m_model.getNDManager().newSubManager();
    }

    @Override
    public Tensor run(final Tensor input) {
        try {
            return TensorFlowRuntime.call(() -> {
                try (NDManager manager = m_manager.newSubManager()) {
                    final NDList output =
                        m_predictor.predict(new NDList(manager.create(input.values(), new Shape(input.shape()))));
                    output.attach(manager);
                    final NDArray array = output.stream().filter(a -> m_output.equals(a.getName())).findFirst()
                        .orElseThrow(() -> new LearningException("The SavedModel gave no output \"" + m_output + "\"."));
                    return new Tensor(array.getShape().getShape(), array.toType(DataType.FLOAT32, false).toFloatArray());
                }
            });
        } catch (final LearningException e) {
            throw e;
        } catch (final Exception e) {
            throw new LearningException("TensorFlow cannot run the network: " + e.getMessage(), e);
        }
    }

    @Override
    public void close() {
        m_manager.close();
        m_predictor.close();
        m_model.close();
    }
}

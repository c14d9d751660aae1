package org.scanbridge.learning.predict;

import java.io.IOException;

import org.scanbridge.learning.architecture.ForeignTraits.Format;
import org.scanbridge.learning.foreign.ForeignModel;
import org.scanbridge.learning.foreign.OnnxEngines;
import org.scanbridge.learning.foreign.TensorModel;

/** Makes networks of other software ready to run. */
public final class ForeignModels {

    private ForeignModels() {
    }

    /**
     * Loads the files of a network.
     *
     * @param format what they are
     * @param model where they are and how to talk to them
     * @throws IOException if they cannot be loaded
     * @throws org.scanbridge.learning.LearningException if there is no engine for them
     */
    public static TensorModel load(final Format format, final ForeignModel model) throws IOException {
        return switch (format) {
            case ONNX -> OnnxEngines.find().load(model.path(), model.input(), model.output());
            case SAVED_MODEL -> new SavedTensorModel(model);
        };
    }
}

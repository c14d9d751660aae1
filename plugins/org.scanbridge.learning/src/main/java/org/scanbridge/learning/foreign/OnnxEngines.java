package org.scanbridge.learning.foreign;

import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;

import org.scanbridge.learning.LearningException;

/**
 * Finds the engine for ONNX files. It lies in a fragment of this bundle, so that its service file and classes are seen by this
 * bundle's class loader wherever the feature is installed.
 */
public final class OnnxEngines {

    /** What has to be installed. */
    public static final String FEATURE = "org.scanbridge.onnx.feature";

    private OnnxEngines() {
    }

    /**
     * The engine.
     *
     * @throws LearningException if there is none; the message names the feature
     */
    public static OnnxEngine find() {
        return find(OnnxEngines.class.getClassLoader());
    }

    static OnnxEngine find(final ClassLoader loader) {
        try {
            return ServiceLoader.load(OnnxEngine.class, loader).findFirst()
                .orElseThrow(() -> new LearningException("ONNX files need the feature \"ScanBridge ONNX Runtime\" (" + FEATURE
                    + "), which is not installed. Install it from ScanBridge's update site, next to the feature"
                    + " \"ScanBridge\", and restart."));
        } catch (final ServiceConfigurationError | LinkageError e) {
            throw new LearningException("The feature \"ScanBridge ONNX Runtime\" (" + FEATURE + ") is installed but does not"
                + " start: " + e.getMessage() + " Install it again from the update site of this version.", e);
        }
    }
}

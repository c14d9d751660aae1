package org.scanbridge.onnx;

import java.io.IOException;
import java.nio.file.Path;

import org.scanbridge.learning.foreign.OnnxEngine;
import org.scanbridge.learning.foreign.TensorModel;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtLoggingLevel;
import ai.onnxruntime.OrtSession;

/** ONNX Runtime on the processor, with as many threads as it takes. */
public final class OnnxRuntimeEngine implements OnnxEngine {

    /** Messages of the library would go to the console: what matters comes as an exception. */
    private static final OrtLoggingLevel LOGGED = OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL;

    @Override
    public TensorModel load(final Path file, final String input, final String output) throws IOException {
        final OrtEnvironment environment = environment();
        try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
            options.setSessionLogLevel(LOGGED);
            // its pool of memory keeps the largest block of every size that was ever asked for
            options.setMemoryPatternOptimization(false);
            options.setCPUArenaAllocator(false);
            return new OnnxRuntimeModel(environment, environment.createSession(file.toString(), options), input, output);
        } catch (final OrtException e) {
            throw new IOException("ONNX Runtime " + environment.getVersion() + " cannot use " + file.getFileName() + ": "
                + e.getMessage() + " Export it anew in 32-bit floats, with operations of ONNX's own only and opset 17.", e);
        }
    }

    @Override
    public String version() {
        return "ONNX Runtime " + environment().getVersion();
    }

    private static OrtEnvironment environment() {
        return RoomyStart.environment(LOGGED, "scanbridge");
    }
}

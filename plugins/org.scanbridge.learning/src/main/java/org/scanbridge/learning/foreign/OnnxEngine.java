package org.scanbridge.learning.foreign;

import java.io.IOException;
import java.nio.file.Path;

/**
 * Runs ONNX files. Comes with the optional bundle {@code org.scanbridge.onnx} and is found as a service of Java's
 * {@link java.util.ServiceLoader}; see {@link OnnxEngines}.
 */
public interface OnnxEngine {

    /**
     * Loads a network.
     *
     * @param file the ONNX file, with its parts where it names them
     * @param input name of its input, an array of floats of 16, 32 or 64 bits
     * @param output name of its output, an array of floats of 16, 32 or 64 bits
     * @throws IOException if it cannot be read, or has operations or versions that the engine does not know
     */
    TensorModel load(Path file, String input, String output) throws IOException;

    /** Name and version of the engine. */
    String version();
}

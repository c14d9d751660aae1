package org.scanbridge.learning.graph;

import java.io.IOException;
import java.nio.file.Path;

import org.scanbridge.learning.architecture.NetworkSpec;
import org.scanbridge.learning.architecture.Weights;

/** Writes a network as a TensorFlow SavedModel. */
public final class SavedModelWriter {

    private SavedModelWriter() {
    }

    /** Writes or replaces the SavedModel directory. */
    public static void write(final NetworkSpec spec, final Weights weights, final Path directory) throws IOException {
        throw new UnsupportedOperationException("not yet there");
    }
}

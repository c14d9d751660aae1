package org.scanbridge.learning.predict;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

import org.scanbridge.imaging.Progress;
import org.scanbridge.imaging.volume.Volume;
import org.scanbridge.learning.architecture.AutoEncoderSpec;
import org.scanbridge.learning.architecture.Weights;
import org.scanbridge.learning.graph.SavedModelWriter;

/**
 * Images as an auto-encoder gives them back, block by block as {@link SlidingWindowPredictor} segments them: the overlapping
 * blocks are blended with Gaussian weights. Not for several threads at once.
 */
public final class Reconstruction implements AutoCloseable {

    private final Path m_directory;

    private final SavedModelNetwork m_model;

    private final SlidingWindow m_window;

    /**
     * @param spec the auto-encoder; its SavedModel lives in a temporary directory until {@link #close()}
     * @param weights its weights
     * @throws UncheckedIOException if the temporary directory cannot be written
     */
    public Reconstruction(final AutoEncoderSpec spec, final Weights weights) {
        m_window = new SlidingWindow(spec.patchSize(), 1, SlidingWindowPredictor.DEFAULT_OVERLAP);
        try {
            m_directory = Files.createTempDirectory(ModelDirectory.PREFIX);
            SavedModelWriter.write(spec, weights, m_directory);
            m_model = new SavedModelNetwork(spec.patchSize(), 1, m_directory);
        } catch (final IOException e) {
            throw new UncheckedIOException("The auto-encoder cannot be prepared: " + e.getMessage(), e);
        }
    }

    /**
     * What the network makes of a volume.
     *
     * @param volume at least as large as a block, without NaN
     * @param progress learns of the blocks, cancels between them
     * @return x̂, i fastest
     */
    public float[] of(final Volume volume, final Progress progress) {
        return m_window.probabilities(volume.voxels(), volume.geometry().size(), m_model,
            (fraction, message) -> progress.report(fraction, "Reconstructing"))[0];
    }

    /** Bytes that it takes of Java's heap beside the image itself. */
    public long bytes(final int[] size) {
        return m_window.bytes(size, 1) + Float.BYTES * (long)size[0] * size[1] * size[2];
    }

    /** Frees the model and deletes the temporary directory. */
    @Override
    public void close() {
        m_model.close();
        ModelDirectory.delete(m_directory);
    }
}

package org.scanbridge.learning.predict;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

import org.scanbridge.imaging.Progress;
import org.scanbridge.imaging.volume.Volume;
import org.scanbridge.learning.LearningException;
import org.scanbridge.learning.graph.SavedModelWriter;
import org.scanbridge.learning.network.Network;

/**
 * Normalizes volumes of any size with a trained generator, block by block as {@link SlidingWindowPredictor} segments
 * them: the overlapping blocks are blended with Gaussian weights, so that no seams show. Not for several threads at once.
 */
public final class LearnedNormalization implements AutoCloseable {

    private final Path m_directory;

    private final SavedModelNetwork m_model;

    private final SlidingWindow m_window;

    /** With the default overlap. */
    public LearnedNormalization(final Network generator) {
        this(generator, SlidingWindowPredictor.DEFAULT_OVERLAP);
    }

    /**
     * @param generator its SavedModel lives in a temporary directory until {@link #close()}
     * @param overlap share of a block that neighboring blocks have in common, in [0, 0.9]
     * @throws LearningException if the network segments, or takes more than one image
     * @throws UncheckedIOException if the temporary directory cannot be written
     */
    public LearnedNormalization(final Network generator, final double overlap) {
        if (!generator.spec().output().image()) {
            throw new LearningException("The network segments images instead of normalizing them (" + generator.spec()
                + "). Connect a generator: the first output of the Adversarial Normalization Learner, or one of the Image"
                + " Translation Learner.");
        }
        if (generator.spec().inputChannels() != 1) {
            throw new LearningException("The generator takes " + generator.spec().inputChannels()
                + " images at once; only generators of one image can be applied to a volume.");
        }
        m_window = new SlidingWindow(generator.spec().patchSize(), 1, overlap);
        try {
            m_directory = Files.createTempDirectory(ModelDirectory.PREFIX);
            SavedModelWriter.write(generator.spec(), generator.weights(), m_directory);
            m_model = new SavedModelNetwork(generator.spec(), m_directory);
        } catch (final IOException e) {
            throw new UncheckedIOException("The generator cannot be prepared: " + e.getMessage(), e);
        }
    }

    /**
     * Normalizes a volume.
     *
     * @param volume scaled as the training images were
     * @param progress learns of the blocks, cancels between them
     * @return G(x) on the volume's grid
     * @throws LearningException if the volume has voxels that are not numbers
     */
    public Volume apply(final Volume volume, final Progress progress) {
        for (final float v : volume.voxels()) {
            if (!Float.isFinite(v)) {
                throw new LearningException("The image has voxels with the value " + v
                    + ". Replace them before, in the Volume Normalizer with \"Replace NaN and infinite voxels\".");
            }
        }
        return volume.withVoxels(m_window.probabilities(volume.voxels(), volume.geometry().size(), m_model,
            (fraction, message) -> progress.report(fraction, "Normalizing"))[0]);
    }

    /** Bytes that normalizing an image of a size takes of Java's heap beside the image itself. */
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

package org.scanbridge.learning.predict;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

import org.scanbridge.imaging.Progress;
import org.scanbridge.imaging.volume.LabelVolume;
import org.scanbridge.imaging.volume.Volume;
import org.scanbridge.learning.LearningException;
import org.scanbridge.learning.graph.SavedModelWriter;
import org.scanbridge.learning.network.Network;

/**
 * Segments volumes of any size with a network, block by block, through DJL on the network's SavedModel. Blocks have the
 * network's patch size and overlap; probabilities are averaged with Gaussian weights. Volumes smaller than a block are
 * surrounded with background. Not for several threads at once.
 */
public final class SlidingWindowPredictor implements AutoCloseable {

    /** Share of a block that neighboring blocks have in common, unless told otherwise. */
    public static final double DEFAULT_OVERLAP = 0.5;

    private static final int BLOCKS_PER_CALL = 4;

    private final Network m_network;

    private final Path m_directory;

    private final SavedModelNetwork m_model;

    private final SlidingWindow m_window;

    /** With the default overlap. */
    public SlidingWindowPredictor(final Network network) {
        this(network, DEFAULT_OVERLAP);
    }

    /**
     * @param network the network; its SavedModel lives in a temporary directory until {@link #close()}
     * @param overlap share of a block that neighboring blocks have in common, in [0, 0.9]
     * @throws LearningException if the network takes more than one image
     * @throws UncheckedIOException if the temporary directory cannot be written
     */
    public SlidingWindowPredictor(final Network network, final double overlap) {
        if (network.spec().inputChannels() != 1) {
            throw new LearningException("The network has " + network.spec().inputChannels()
                + " input channels; only networks for one image can be applied to a volume.");
        }
        m_network = network;
        m_window = new SlidingWindow(network.spec(), overlap, BLOCKS_PER_CALL);
        try {
            m_directory = Files.createTempDirectory("scanbridge-model");
            SavedModelWriter.write(network.spec(), network.weights(), m_directory);
            m_model = new SavedModelNetwork(network.spec(), m_directory);
        } catch (final IOException e) {
            throw new UncheckedIOException("The network cannot be prepared for prediction: " + e.getMessage(), e);
        }
    }

    /**
     * Segments a volume.
     *
     * @param volume normalized as the training images were
     * @param progress learns of the blocks, cancels between them
     * @return the most probable class per voxel on the volume's grid
     * @throws LearningException if the volume has voxels that are not numbers
     */
    public LabelVolume predict(final Volume volume, final Progress progress) {
        check(volume);
        final byte[] classes = m_window.classes(volume.voxels(), volume.geometry().size(), m_model, progress);
        return new LabelVolume(classes, volume.geometry(), volume.info(), m_network.labels());
    }

    /**
     * Class probabilities of a volume.
     *
     * @return one volume per class, background first; values in [0, 1] that add up to 1 per voxel
     * @throws LearningException if the volume has voxels that are not numbers
     */
    public List<Volume> probabilities(final Volume volume, final Progress progress) {
        check(volume);
        final List<Volume> maps = new ArrayList<>();
        for (final float[] map : m_window.probabilities(volume.voxels(), volume.geometry().size(), m_model, progress)) {
            maps.add(volume.withVoxels(map));
        }
        return maps;
    }

    private static void check(final Volume volume) {
        for (final float v : volume.voxels()) {
            if (!Float.isFinite(v)) {
                throw new LearningException("The image has voxels with the value " + v
                    + ". Normalize it with a node that removes them.");
            }
        }
    }

    /** Frees the model and deletes the temporary directory. */
    @Override
    public void close() {
        m_model.close();
        try (Stream<Path> files = Files.walk(m_directory)) {
            for (final Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        } catch (final IOException e) {
            throw new UncheckedIOException("The temporary directory " + m_directory + " cannot be deleted", e);
        }
    }
}

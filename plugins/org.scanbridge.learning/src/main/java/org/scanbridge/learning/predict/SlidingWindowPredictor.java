package org.scanbridge.learning.predict;

import java.util.List;

import org.scanbridge.imaging.Progress;
import org.scanbridge.imaging.volume.LabelVolume;
import org.scanbridge.imaging.volume.Volume;
import org.scanbridge.learning.network.Network;

/**
 * Segments volumes of any size with a network, block by block, through DJL on the network's SavedModel. Blocks overlap;
 * probabilities are averaged with Gaussian weights. Not for several threads at once.
 */
public final class SlidingWindowPredictor implements AutoCloseable {

    /** @param network the network; its SavedModel lives in a temporary directory until {@link #close()} */
    public SlidingWindowPredictor(final Network network) {
        throw new UnsupportedOperationException("not yet there");
    }

    /**
     * Segments a volume.
     *
     * @param volume normalized as the training images were
     * @param progress learns of the blocks, cancels between them
     * @return the most probable class per voxel on the volume's grid
     */
    public LabelVolume predict(final Volume volume, final Progress progress) {
        throw new UnsupportedOperationException("not yet there");
    }

    /**
     * Class probabilities of a volume.
     *
     * @return one volume per class, background first; values in [0, 1] that add up to 1 per voxel
     */
    public List<Volume> probabilities(final Volume volume, final Progress progress) {
        throw new UnsupportedOperationException("not yet there");
    }

    @Override
    public void close() {
        // nothing is held yet
    }
}

package org.scanbridge.learning.train;

import org.scanbridge.imaging.Progress;
import org.scanbridge.learning.graph.BlockNetwork;

/**
 * Judges a network in training without labels of the images it is for, so that the kept step is not chosen on the source
 * alone. See {@link Validation#judgedBy} and {@link Stopping.Measure#LABEL_FREE}.
 */
@FunctionalInterface
public interface Validator {

    /**
     * How good the network is.
     *
     * @param network in its present state
     * @param progress learns of the blocks, cancels between them
     * @return the higher the better; only comparable between states of one training
     */
    double score(BlockNetwork network, Progress progress);
}

package org.scanbridge.learning.graph;

import java.util.Optional;
import java.util.Set;

import org.scanbridge.learning.architecture.NetworkSpec;
import org.scanbridge.tensorflow.DeviceChoice;

/**
 * What a training graph is built from.
 *
 * @param network the architecture
 * @param batch patches per step
 * @param labeled how many of them, the first ones, have labels; the others do not reach the segmentation loss
 * @param loss the segmentation loss
 * @param frozenBlocks names of blocks whose weights and running statistics stay as they are
 * @param domainHead a classifier of the site behind a gradient reversal
 * @param seed for the domain head's initial weights
 * @param optimizer of all variables
 * @param device where to compute
 */
public record TrainingGraphSpec(NetworkSpec network, int batch, int labeled, SegmentationLossSpec loss,
    Set<String> frozenBlocks, Optional<DomainHeadSpec> domainHead, long seed, OptimizerSpec optimizer, DeviceChoice device) {

    /** On the device that TensorFlow chooses. */
    public TrainingGraphSpec(final NetworkSpec network, final int batch, final int labeled, final SegmentationLossSpec loss,
        final Set<String> frozenBlocks, final Optional<DomainHeadSpec> domainHead, final long seed,
        final OptimizerSpec optimizer) {
        this(network, batch, labeled, loss, frozenBlocks, domainHead, seed, optimizer, DeviceChoice.AUTO);
    }


    /** @throws IllegalArgumentException if no patch or more than all have labels */
    public TrainingGraphSpec {
        frozenBlocks = Set.copyOf(frozenBlocks);
        if (labeled < 1 || labeled > batch) {
            throw new IllegalArgumentException(labeled + " labeled patches in a batch of " + batch);
        }
    }
}

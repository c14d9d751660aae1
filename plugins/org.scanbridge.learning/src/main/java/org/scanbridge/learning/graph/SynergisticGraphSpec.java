package org.scanbridge.learning.graph;

import java.util.Set;

import org.scanbridge.learning.architecture.NetworkSpec;
import org.scanbridge.tensorflow.DeviceChoice;

/**
 * What a {@link SynergisticGraph} is built from. A batch has its source patches first, all labeled, then as many of the target.
 *
 * @param network the architecture that is adapted: a U-Net with one set of norms
 * @param patches of each side per step; at least 1
 * @param loss the segmentation loss of translated patches
 * @param frozenBlocks names of the network's blocks whose weights and running statistics stay as they are
 * @param term who else takes part, and how much they count
 * @param seed of the initial weights of all others, and of the pools
 * @param optimizer of the network; all others have Adam with β₁ ½
 * @param steps of the whole training, for the schedule of the masks' weight
 * @param device where to compute
 */
public record SynergisticGraphSpec(NetworkSpec network, int patches, SegmentationLossSpec loss, Set<String> frozenBlocks,
    SynergisticTerm term, long seed, OptimizerSpec optimizer, int steps, DeviceChoice device) {

    /** @throws IllegalArgumentException if the network does not fit, or there are no patches */
    public SynergisticGraphSpec {
        frozenBlocks = Set.copyOf(frozenBlocks);
        if (patches < 1) {
            throw new IllegalArgumentException(patches + " patches of each side: at least 1.");
        }
        term.check(network);
    }
}

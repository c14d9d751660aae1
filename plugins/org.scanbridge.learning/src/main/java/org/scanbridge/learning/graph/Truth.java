package org.scanbridge.learning.graph;

import java.util.Optional;

import org.tensorflow.Operand;
import org.tensorflow.types.TFloat32;

/**
 * What the labels of voxels say about the outputs of a network.
 *
 * @param targets rows [voxels, outputs]: one-hot classes, or 1 for each region that the voxel is part of; zeros for voxels
 *            that are not annotated
 * @param annotated [voxels], 1 for voxels that are annotated and 0 for those that count in no loss; empty if all are
 * @param exclusive whether the outputs are classes, of which a voxel has one; else they are regions, each by itself
 */
record Truth(Operand<TFloat32> targets, Optional<Operand<TFloat32>> annotated, boolean exclusive) {

    /** Of voxels that are all annotated. */
    static Truth ofClasses(final Operand<TFloat32> oneHot) {
        return new Truth(oneHot, Optional.empty(), true);
    }

    /** Number of outputs. */
    int outputs() {
        return Layers.size(targets, 1);
    }
}

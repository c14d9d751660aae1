package org.scanbridge.learning.graph;

import java.util.Set;

import org.scanbridge.learning.architecture.NetworkSpec;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;

/** Builds the operations of an architecture over variables that are already there. */
interface NetworkGraph {

    /** The builder of an architecture. */
    static NetworkGraph of(final Ops tf, final NetworkSpec spec, final VariableStore store) {
        spec.requireTrainable();
        return switch (spec.kind()) {
            case UNET_2D, UNET_3D -> new UNet(tf, spec, store);
            case PATCH_CNN -> new PatchCnn(tf, spec, store);
            case DEEP_MEDIC -> new DeepMedic(tf, spec, store);
        };
    }

    /**
     * The network as it predicts: running statistics for batch normalization, no dropout.
     *
     * @param image [n, depth, height, width, channels], blocks with their margins
     */
    UNet.Output predicting(Operand<TFloat32> image);

    /**
     * The network as it trains: batch statistics for batch normalization, except in frozen blocks, which keep theirs;
     * dropout.
     *
     * @param frozen names of frozen blocks
     * @param randomness two numbers [2] that all masks of a step derive from
     */
    UNet.Output training(Operand<TFloat32> image, Set<String> frozen, Operand<TInt32> randomness);
}

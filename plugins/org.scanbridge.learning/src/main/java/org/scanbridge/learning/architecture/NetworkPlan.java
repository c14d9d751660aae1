package org.scanbridge.learning.architecture;

import java.util.List;

/**
 * The blocks of a network and their parameters, derived from a {@link NetworkSpec} alone, so that weights can be made,
 * stored and checked without TensorFlow.
 */
public interface NetworkPlan {

    /**
     * The plan of an architecture.
     *
     * @throws org.scanbridge.learning.LearningException for a network of other software, whose layers are not known
     */
    static NetworkPlan of(final NetworkSpec spec) {
        spec.requireTrainable();
        return switch (spec.kind()) {
            case UNET_2D, UNET_3D -> new UNetPlan(spec);
            case PATCH_CNN -> new PatchCnnPlan(spec);
            case DEEP_MEDIC -> new DeepMedicPlan(spec);
        };
    }

    /** Names of all blocks, from the input to the logits: the order in which layers are frozen, shallowest first. */
    List<String> blocks();

    /** All parameters, block by block. */
    List<Parameter> parameters();

    /** How many floats one forward pass keeps for back-propagation per patch. */
    double activations();
}

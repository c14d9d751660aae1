package org.scanbridge.learning.predict;

import org.scanbridge.learning.architecture.NetworkRegions;
import org.scanbridge.learning.architecture.NetworkSpec;

/** Which class a voxel gets from what a network says of it. */
@FunctionalInterface
public interface ClassRule {

    /**
     * The class of a voxel.
     *
     * @param p holds the outputs of the network for the voxel
     * @param from index of the first one
     */
    int classOf(float[] p, int from);

    /** That of an architecture: the most probable class, for regions as {@link NetworkRegions#mostProbable} says. */
    static ClassRule of(final NetworkSpec spec) {
        return spec.regions().isEmpty() ? mostProbable(spec.classes()) : NetworkRegions.of(spec)::mostProbable;
    }

    /** The most probable class; of two equally probable ones the one with the smaller number. */
    static ClassRule mostProbable(final int classes) {
        return (p, from) -> {
            int best = 0;
            for (int c = 1; c < classes; c++) {
                if (p[from + c] > p[from + best]) {
                    best = c;
                }
            }
            return best;
        };
    }
}

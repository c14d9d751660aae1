package org.scanbridge.learning.plan;

import java.util.List;

import org.scanbridge.learning.architecture.NetworkSpec;
import org.scanbridge.learning.architecture.NetworkSpec.Kind;
import org.scanbridge.learning.architecture.Norm;
import org.scanbridge.learning.architecture.PatchSize;

/**
 * A network that may be planned, before its patch is fitted to the images.
 *
 * @param kind 2-D or 3-D U-Net
 * @param width channels at full resolution
 * @param edge of the patch in voxels
 * @param batch patches per step
 */
record Candidate(Kind kind, int width, int edge, int batch) {

    /** From the cheapest to the dearest step. */
    private static final List<Candidate> SOLID = List.of(new Candidate(Kind.UNET_3D, 8, 24, 4),
        new Candidate(Kind.UNET_3D, 8, 32, 4), new Candidate(Kind.UNET_3D, 12, 32, 4), new Candidate(Kind.UNET_3D, 16, 32, 4),
        new Candidate(Kind.UNET_3D, 16, 48, 2), new Candidate(Kind.UNET_3D, 16, 64, 2), new Candidate(Kind.UNET_3D, 24, 64, 2),
        new Candidate(Kind.UNET_3D, 32, 64, 2), new Candidate(Kind.UNET_3D, 32, 96, 2));

    private static final List<Candidate> FLAT = List.of(new Candidate(Kind.UNET_2D, 8, 64, 8),
        new Candidate(Kind.UNET_2D, 16, 64, 8), new Candidate(Kind.UNET_2D, 16, 128, 4), new Candidate(Kind.UNET_2D, 16, 128, 8),
        new Candidate(Kind.UNET_2D, 32, 128, 8), new Candidate(Kind.UNET_2D, 32, 256, 4));

    /** nnU-Net pools until an axis would have fewer voxels. */
    private static final int DEEPEST_EDGE = 4;

    private static final int MOST_LEVELS = 5;

    static List<Candidate> of(final boolean flat) {
        return flat ? FLAT : SOLID;
    }

    /** How many multiplications the convolutions at full resolution take, up to a factor. */
    double cost() {
        return (double)width * width * edge * edge * (kind.flat() ? 1.0 / 3 : edge) * batch;
    }

    /**
     * The architecture with a patch that is not larger than the content.
     *
     * @param content size of the content along i, j, k in voxels
     */
    NetworkSpec spec(final int classes, final double... content) {
        final int[] size = new int[3];
        int smallest = edge;
        for (int axis = 0; axis < 3; axis++) {
            size[axis] = kind.flat() && axis == 2 ? 1 : (int)Math.min(edge, Math.max(DEEPEST_EDGE, Math.ceil(content[axis])));
            smallest = kind.flat() && axis == 2 ? smallest : Math.min(smallest, size[axis]);
        }
        int levels = 1;
        while (levels < MOST_LEVELS && smallest >> levels >= DEEPEST_EDGE) {
            levels++;
        }
        final int divisor = 1 << levels - 1;
        for (int axis = 0; axis < (kind.flat() ? 2 : 3); axis++) {
            size[axis] = (size[axis] + divisor - 1) / divisor * divisor;
        }
        return new NetworkSpec(kind, 1, classes, width, levels, Norm.GROUP, new PatchSize(size[0], size[1], size[2]));
    }
}

package org.scanbridge.learning.graph;

/**
 * A discriminator that scores regions of an image instead of the whole (PatchGAN: Isola et al., CVPR 2017), so that it
 * judges texture and intensities, not whether the anatomy is that of one person or another.
 *
 * @param width channels of the first layer; 1 to 1024. Every further layer has twice as many, up to eight times as many; 64
 *            in the paper
 * @param strided convolutions of stride 2; two of stride 1 follow. 1 to 4; 3 in the paper. A score sees 16, 34, 70 or 142
 *            voxels along each axis
 * @param normalized whether all layers but the first and the last are instance-normalized, as in the paper. Without,
 *            absolute intensities reach the scores as they are
 */
public record PatchDiscriminatorSpec(int width, int strided, boolean normalized) {

    /** @throws IllegalArgumentException if a component is outside the range given above */
    public PatchDiscriminatorSpec {
        if (width < 1 || width > 1024) {
            throw new IllegalArgumentException("Discriminator width " + width + ": 1 to 1024.");
        }
        if (strided < 1 || strided > 4) {
            throw new IllegalArgumentException("Strided convolutions of the discriminator " + strided + ": 1 to 4.");
        }
    }

    /** Voxels along an axis that one score sees: 16, 34, 70, 142 for 1 to 4 strided convolutions. */
    public int receptiveField() {
        // backwards from the score: two convolutions of 4 and stride 1 see 7; each strided one doubles it and adds 2
        int field = 7;
        for (int s = 0; s < strided; s++) {
            field = 2 * field + 2;
        }
        return field;
    }

    /** The smallest patch, along an axis that is not flat, that leaves more than one voxel for instance normalization. */
    public int minPatch() {
        return 2 << strided;
    }
}

package org.scanbridge.learning.graph;

/** A network as something that maps image blocks of its patch size to class probabilities. */
@FunctionalInterface
public interface BlockNetwork {

    /**
     * @param images blocks [count, k, j, i, channels]
     * @param count number of blocks
     * @return probabilities [count, k, j, i, classes], which add up to 1 per voxel
     */
    float[] probabilities(float[] images, int count);

    /** The network as it maps images of a site, where it has norms per site; itself where not. */
    default BlockNetwork forSite(final String site) {
        return this;
    }
}

package org.scanbridge.learning.architecture;

/**
 * What the last convolution's values g(x) of a voxel with intensity x become: probabilities of classes or regions, or a new
 * intensity.
 */
public enum NetworkOutput {
    /** Softmax over the classes: a segmentation network. */
    PROBABILITIES,
    /** σ(g) for each region: a segmentation network whose structures may lie inside one another. */
    REGIONS,
    /** σ(g(x)), in (0, 1): a generator of images that are scaled to [0, 1] (the later code of Delisle et al.). */
    SIGMOID,
    /**
     * σ(logit(x) + g(x)), in (0, 1), with x clamped to [0.001, 0.999] inside the logit. The untrained last convolution
     * is zero, so that the generator starts as the identity.
     */
    SIGMOID_RESIDUAL,
    /** max(g(x), 0): images without negative values (the code at the time of Delisle et al.). */
    RELU,
    /** x + g(x): images on any scale. The untrained last convolution is zero. */
    RESIDUAL;

    /** Whether a network with this output makes images rather than segmentations. */
    public boolean image() {
        return this != PROBABILITIES && this != REGIONS;
    }

    /** Whether the output is added to the input. */
    public boolean residual() {
        return this == SIGMOID_RESIDUAL || this == RESIDUAL;
    }

    /** Name of the output in a SavedModel's signature. */
    public String tensorName() {
        return image() ? "normalized" : "probabilities";
    }
}

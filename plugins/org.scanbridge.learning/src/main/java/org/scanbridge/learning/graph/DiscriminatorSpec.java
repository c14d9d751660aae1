package org.scanbridge.learning.graph;

import java.util.Objects;

/**
 * A classifier of whole patches into K sites and one class more, "generated".
 *
 * @param shape what it is made of
 * @param sites K, number of sites; at least 2
 * @param width channels of the first layer; at least 1
 * @param blocks strided convolutions of {@link Shape#CONVOLUTIONS}, each doubling the channels; 1 to 6; unused by the
 *            other shape
 * @param dropout probability with which each channel of a patch is 0 after each convolution of {@link Shape#CONVOLUTIONS}
 *            in training, from 0 to below 1; unused by the other shape. 0.25 in the program of Delisle et al. of 2020
 */
public record DiscriminatorSpec(Shape shape, int sites, int width, int blocks, double dropout) {

    /** What a discriminator is made of. Both normalize per sample: batch statistics would give away the real ones. */
    public enum Shape {
        /**
         * As in DCGAN (Radford et al., ICLR 2016) in three dimensions: 3×3×3 convolutions of stride 2, group
         * normalization in all but the first, leaky ReLU (0.2); a dense layer over all that is left.
         */
        CONVOLUTIONS,
        /**
         * ResNet-18 (He et al., CVPR 2016) in three dimensions with group normalization (8 groups, fewer where a group
         * would have less than 8 channels), the discriminator of Delisle et al.: 7×7×7 convolution of stride 2, maximum
         * over 3×3×3 of stride 2, four stages of two residual blocks of 1, 2, 4 and 8 times the width, mean over the patch,
         * dense layer. Width 64 in the paper. Its first layer is normalized too, so it cannot see on what scale a patch's
         * intensities are.
         */
        RESNET_18
    }

    /** @throws IllegalArgumentException if a component is outside the range given above */
    public DiscriminatorSpec {
        Objects.requireNonNull(shape, "shape");
        if (sites < 2) {
            throw new IllegalArgumentException("A discriminator for " + sites + " sites: at least 2.");
        }
        if (width < 1 || width > 1024) {
            throw new IllegalArgumentException("Discriminator width " + width + ": 1 to 1024.");
        }
        if (blocks < 1 || blocks > 6) {
            throw new IllegalArgumentException("Discriminator blocks " + blocks + ": 1 to 6.");
        }
        if (!(dropout >= 0 && dropout < 1)) {
            throw new IllegalArgumentException("Discriminator dropout " + dropout + ": 0 to below 1.");
        }
    }

    /** Whether channels are dropped. */
    boolean drops() {
        return shape == Shape.CONVOLUTIONS && dropout > 0;
    }
}

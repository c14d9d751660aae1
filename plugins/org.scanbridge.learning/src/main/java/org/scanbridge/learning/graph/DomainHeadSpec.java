package org.scanbridge.learning.graph;

/**
 * A classifier that tells the site from a network's features.
 *
 * @param sites number of sites; at least 2
 * @param attachment which features it sees
 * @param shape what it is made of
 * @param width channels of its first hidden layer; at least 1
 */
public record DomainHeadSpec(int sites, Attachment attachment, Shape shape, int width) {

    /** Which features a domain head sees. */
    public enum Attachment {
        /** The deepest features (Ganin et al., JMLR 2016, for a U-Net). */
        BOTTLENECK,
        /** All decoder levels and the bottleneck, one head each ("multi-connected", Kamnitsas et al., IPMI 2017). */
        MULTI_LEVEL,
        /** The features at full resolution that the logits are made of. */
        LAST_DECODER,
        /** The class probabilities (Tsai et al., CVPR 2018). */
        OUTPUT
    }

    /** What a domain head is made of. */
    public enum Shape {
        /** Average over the patch, one hidden layer with ReLU, logits: one decision per patch. */
        POOLED,
        /**
         * Three 3×3×3 convolutions of stride 2 with leaky ReLU (width, twice and four times of it), 1×1×1 convolution:
         * one decision per region, as in PatchGAN (Isola et al., CVPR 2017).
         */
        PATCH
    }
}

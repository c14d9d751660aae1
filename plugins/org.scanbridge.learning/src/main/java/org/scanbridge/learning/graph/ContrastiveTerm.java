package org.scanbridge.learning.graph;

import java.util.Map;

/**
 * Contrastive loss between class embeddings (Hadsell et al., CVPR 2006; local alignment of MASF, Dou et al., NeurIPS 2019,
 * eq. 6): the same class of two patches, of whatever site, lies near, different classes lie apart. With the mean m of the
 * last decoder features over the voxels of a class in a patch, an embedding e = A relu(B m) that is learned, and d = ‖e -
 * e'‖₂ for every pair of patches and classes:
 *
 * <pre>
 * w · mean over pairs of  d² within a class,  max(0, ξ - d)² between classes
 * </pre>
 *
 * Classes are the labels where there are some, and the network's own probabilities (constant for differentiation) where
 * there are none.
 *
 * @param weight w; 0 to 1000
 * @param margin ξ; above 0, at most 1000
 * @param dimensions of an embedding; 1 to 1024
 */
public record ContrastiveTerm(double weight, double margin, int dimensions) implements AdaptationTerm {

    /** @throws IllegalArgumentException if a component is outside the range given above */
    public ContrastiveTerm {
        AdaptationTerm.check("Weight of the contrastive loss", weight, 0, 1000);
        AdaptationTerm.check("Margin", margin, Double.MIN_VALUE, 1000);
        AdaptationTerm.check("Dimensions", dimensions, 1, 1024);
    }

    /** Weight 0.1 and margin 1: the unit of the embedding is free. */
    public static ContrastiveTerm defaults() {
        return new ContrastiveTerm(0.1, 1, 16);
    }

    @Override
    public String title() {
        return "Contrastive";
    }

    @Override
    public double weight(final double progress) {
        return weight;
    }

    @Override
    public Map<String, String> asMap() {
        return Map.of("weight", "" + weight, "margin", "" + margin, "dimensions", "" + dimensions);
    }
}

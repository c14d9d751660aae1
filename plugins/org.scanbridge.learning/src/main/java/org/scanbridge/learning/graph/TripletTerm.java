package org.scanbridge.learning.graph;

import java.util.Map;

/**
 * Triplet loss between class embeddings (Schroff et al., CVPR 2015; local alignment of MASF, Dou et al., NeurIPS 2019, eq.
 * 7): a class of one patch must be nearer to the same class of another patch, of whatever site, than to other classes.
 * With the embeddings e of {@link ContrastiveTerm} and d = ‖e - e'‖₂:
 *
 * <pre>
 * w · mean over pairs (a, p) of a class of  max(0, d(a, p)² - d(a, n)² + ξ)
 * </pre>
 *
 * where n is the semi-hard negative: the nearest embedding of another class that is farther from a than p, or the farthest
 * of all where none is. MASF has w = 0.005 and ξ = 10.
 *
 * @param weight w; 0 to 1000
 * @param margin ξ; above 0, at most 1000
 * @param dimensions of an embedding; 1 to 1024
 */
public record TripletTerm(double weight, double margin, int dimensions) implements AdaptationTerm {

    /** @throws IllegalArgumentException if a component is outside the range given above */
    public TripletTerm {
        AdaptationTerm.check("Weight of the triplet loss", weight, 0, 1000);
        AdaptationTerm.check("Margin", margin, Double.MIN_VALUE, 1000);
        AdaptationTerm.check("Dimensions", dimensions, 1, 1024);
    }

    /** The numbers of MASF. */
    public static TripletTerm defaults() {
        return new TripletTerm(0.005, 10, 16);
    }

    @Override
    public String title() {
        return "Triplet";
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

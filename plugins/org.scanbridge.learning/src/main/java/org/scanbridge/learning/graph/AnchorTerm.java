package org.scanbridge.learning.graph;

import java.util.Map;

/**
 * An anchor at the weights w₀ of the start (L2-SP: Li et al., ICML 2018, eq. 2): w / 2 · Σ (θ - θ₀)² over all weights that are
 * trained. Where no source images keep a network in its place, this does.
 *
 * @param weight w; 0 to 1000
 */
public record AnchorTerm(double weight) implements AdaptationTerm {

    /** @throws IllegalArgumentException if a component is outside the range given above */
    public AnchorTerm {
        AdaptationTerm.check("Weight of the anchor", weight, 0, 1000);
    }

    /** Weight 0.1, the paper's. */
    public static AnchorTerm defaults() {
        return new AnchorTerm(0.1);
    }

    @Override
    public String title() {
        return "Anchor";
    }

    @Override
    public double weight(final double progress) {
        return weight;
    }

    @Override
    public Map<String, String> asMap() {
        return Map.of("weight", "" + weight);
    }
}

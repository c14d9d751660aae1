package org.scanbridge.learning.graph;

import java.util.Map;

/**
 * Entropy minimization (Grandvalet and Bengio, NIPS 2004; MinEnt of Vu et al., CVPR 2019, eq. 2, 3): predictions on target
 * patches t must be certain,
 *
 * <pre>
 * w / ln C · mean over voxels of -Σc p(c) log p(c),  p = network(t)
 * </pre>
 *
 * The division by ln C makes it 1 where all classes are equally likely. The paper's weight is 0.001 for the sum over an
 * image of 2 million pixels; of a mean, 0.1 and 1 are usual.
 *
 * @param weight w; 0 to 1000
 */
public record EntropyTerm(double weight) implements AdaptationTerm {

    /** @throws IllegalArgumentException if a component is outside the range given above */
    public EntropyTerm {
        AdaptationTerm.check("Weight of the entropy", weight, 0, 1000);
    }

    /** Weight 0.1: with 1, predictions become certain before they become right. */
    public static EntropyTerm defaults() {
        return new EntropyTerm(0.1);
    }

    @Override
    public String title() {
        return "Entropy";
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

package org.scanbridge.learning.graph;

import java.util.Map;

/**
 * Unpaired knowledge distillation (Dou et al., IEEE TMI 2020, eq. 3 to 5), also the global class alignment of MASF (Dou et
 * al., NeurIPS 2019, eq. 4, 5): what the network takes for what must be the same at all sites. With z(k, c) the mean
 * logits of site k over its voxels of class c and p(k, c) = softmax(z(k, c) / T):
 *
 * <pre>
 * w · mean over pairs of sites k, l and classes c of both of ½ KL(p(k, c)‖p(l, c)) + ½ KL(p(l, c)‖p(k, c))
 * </pre>
 *
 * Classes are the labels where there are some, and the network's own probabilities (constant for differentiation) where
 * there are none: the papers have labels of all sites. The papers' T is 2, and w 0.5 (distillation) or 1 (MASF).
 *
 * @param weight w; 0 to 1000
 * @param temperature T; above 0, at most 1000
 */
public record ClassAlignmentTerm(double weight, double temperature) implements AdaptationTerm {

    /** @throws IllegalArgumentException if a component is outside the range given above */
    public ClassAlignmentTerm {
        AdaptationTerm.check("Weight of the class alignment", weight, 0, 1000);
        AdaptationTerm.check("Temperature", temperature, Double.MIN_VALUE, 1000);
    }

    /** The numbers of unpaired knowledge distillation. */
    public static ClassAlignmentTerm defaults() {
        return new ClassAlignmentTerm(0.5, 2);
    }

    @Override
    public String title() {
        return "Class alignment";
    }

    @Override
    public double weight(final double progress) {
        return weight;
    }

    @Override
    public Map<String, String> asMap() {
        return Map.of("weight", "" + weight, "temperature", "" + temperature);
    }
}

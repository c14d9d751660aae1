package org.scanbridge.learning.graph;

import java.util.Map;

/**
 * Domain-adversarial training (DANN; Ganin et al., JMLR 2016, eq. 8 to 18) as a term: with the features F, a domain head D
 * over all sites z and the gradient reversal R (R(f) = f, dR/df = -λ),
 *
 * <pre>
 * CE(D(R(F(x))), z)
 * </pre>
 *
 * minimized over F and D together. The paper's schedule is λ(p) = 2 / (1 + e^(-10 p)) - 1.
 *
 * @param attachment which features the head sees
 * @param shape what the head is made of
 * @param lambdaMax upper bound of λ; 0 to 1000
 * @param gamma steepness of the schedule; above 0
 * @param width channels of the head's first hidden layer; at least 1
 * @param learningRateFactor the head's learning rate over the network's; above 0
 */
public record GradientReversalTerm(DomainHeadSpec.Attachment attachment, DomainHeadSpec.Shape shape, double lambdaMax,
    double gamma, int width, double learningRateFactor) implements AdaptationTerm {

    /** @throws IllegalArgumentException if a component is outside the range given above */
    public GradientReversalTerm {
        AdaptationTerm.check("Lambda", lambdaMax, 0, 1000);
        AdaptationTerm.check("Lambda steepness", gamma, Double.MIN_VALUE, 1000);
        AdaptationTerm.check("Domain head width", width, 1, 4096);
        AdaptationTerm.check("Learning rate factor", learningRateFactor, Double.MIN_VALUE, 1000);
    }

    /** A head of convolutions on the last decoder features that learns six times as fast as the network. */
    public static GradientReversalTerm defaults() {
        return new GradientReversalTerm(DomainHeadSpec.Attachment.LAST_DECODER, DomainHeadSpec.Shape.PATCH, 1, 10, 16, 6);
    }

    @Override
    public String title() {
        return "Domain";
    }

    @Override
    public double weight(final double progress) {
        return lambdaMax * AdaptationTerm.rise(gamma, progress);
    }

    @Override
    public Map<String, String> asMap() {
        return Map.of("attachment", attachment.name(), "shape", shape.name(), "lambdaMax", "" + lambdaMax, "lambdaGamma",
            "" + gamma, "headWidth", "" + width, "headLearningRateFactor", "" + learningRateFactor);
    }
}

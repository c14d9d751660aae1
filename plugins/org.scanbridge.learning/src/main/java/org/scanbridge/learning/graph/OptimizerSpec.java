package org.scanbridge.learning.graph;

import java.util.Objects;

/**
 * An optimizer as data. With the gradient g of a weight w, the learning rate η and element-wise operations:
 * <ul>
 * <li>{@link Kind#ADAM}: m ← β₁m + (1-β₁)g, v ← β₂v + (1-β₂)g², w ← w - η m̂ / (√v̂ + 1e-7) with the bias-corrected m̂, v̂
 * (Kingma and Ba, ICLR 2015);</li>
 * <li>{@link Kind#ADAMW}: the same, and w ← w - η d w with the weight decay d (Loshchilov and Hutter, ICLR 2019);</li>
 * <li>{@link Kind#SGD}: a ← μa + g, w ← w - η(g + μa) (Nesterov's momentum in the form of Sutskever et al., ICML 2013);
 * plain gradient descent for μ = 0;</li>
 * <li>{@link Kind#RMSPROP}: s ← 0.9s + 0.1g², a ← μa + ηg / √(s + 1e-7), w ← w - a (Tieleman and Hinton, 2012).</li>
 * </ul>
 *
 * @param kind the rule
 * @param beta1 β₁ of Adam, in [0, 1)
 * @param momentum μ of SGD and RMSProp, in [0, 1)
 * @param weightDecay d ≥ 0: added to the gradient as d·w (L2 regularization), but decoupled from it in AdamW. Of kernels
 *            only: biases and the scales and shifts of norms do not decay
 * @param clipNorm the gradients of all variables of a step together are scaled down to this Euclidean norm where theirs
 *            is larger (Pascanu et al., ICML 2013); 0 for no bound
 */
public record OptimizerSpec(Kind kind, double beta1, double momentum, double weightDecay, double clipNorm) {

    /** How a gradient changes a weight. */
    public enum Kind {
        /** Adam; weight decay as L2 regularization. */
        ADAM,
        /** Adam with decoupled weight decay. */
        ADAMW,
        /** Stochastic gradient descent with Nesterov's momentum. */
        SGD,
        /** RMSProp with momentum. */
        RMSPROP
    }

    private static final double BETA1 = 0.9;

    /** @throws IllegalArgumentException if a component is outside the range given above */
    public OptimizerSpec {
        Objects.requireNonNull(kind, "kind");
        check(beta1 >= 0 && beta1 < 1, "Beta 1 " + beta1 + ": at least 0, below 1.");
        check(momentum >= 0 && momentum < 1, "Momentum " + momentum + ": at least 0, below 1.");
        check(weightDecay >= 0 && weightDecay <= 1, "Weight decay " + weightDecay + ": 0 to 1.");
        check(clipNorm >= 0 && Double.isFinite(clipNorm), "Gradient norm bound " + clipNorm + ": 0 (none) or above.");
    }

    /** Adam as in the paper, without decay or bound. */
    public static OptimizerSpec adam() {
        return adam(BETA1);
    }

    /** Adam with another β₁. */
    public static OptimizerSpec adam(final double beta1) {
        return new OptimizerSpec(Kind.ADAM, beta1, 0, 0, 0);
    }

    /** AdamW. */
    public static OptimizerSpec adamW(final double weightDecay) {
        return new OptimizerSpec(Kind.ADAMW, BETA1, 0, weightDecay, 0);
    }

    /** SGD with Nesterov's momentum. */
    public static OptimizerSpec sgd(final double momentum) {
        return new OptimizerSpec(Kind.SGD, BETA1, momentum, 0, 0);
    }

    /** RMSProp. */
    public static OptimizerSpec rmsProp(final double momentum) {
        return new OptimizerSpec(Kind.RMSPROP, BETA1, momentum, 0, 0);
    }

    /** The same with another β₁. */
    public OptimizerSpec withBeta1(final double value) {
        return new OptimizerSpec(kind, value, momentum, weightDecay, clipNorm);
    }

    /** The same with another weight decay. */
    public OptimizerSpec withWeightDecay(final double value) {
        return new OptimizerSpec(kind, beta1, momentum, value, clipNorm);
    }

    /** The same with another bound of the gradient's norm. */
    public OptimizerSpec withClipNorm(final double value) {
        return new OptimizerSpec(kind, beta1, momentum, weightDecay, value);
    }

    private static void check(final boolean ok, final String message) {
        if (!ok) {
            throw new IllegalArgumentException(message);
        }
    }
}

package org.scanbridge.learning.graph;

import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/**
 * A critic f that scores features, and a network that learns to give features of target patches the scores of source
 * patches. Critic and network take turns: k steps of the critic with the network as it is, then one of the network with
 * the critic as it is. With the features s of source and t of target patches and the mean E over scores:
 * <ul>
 * <li>{@link Objective#WASSERSTEIN}:
 *
 * <pre>
 * critic:  min -(E f(s) - E f(t)),  then every weight of f is clipped to [-c, c]
 * network: min   E f(s) - E f(t)
 * </pre>
 *
 * The network minimizes the distance itself, with respect to the features of both sites, as in "Wasserstein distance guided
 * representation learning" (Shen et al., AAAI 2018), where one network serves both sites too; clipping is that
 * of Arjovsky et al. (ICML 2017). All else is from PnP-AdaNet (Dou et al., IEEE Access 2019), where k = 20 (and one more
 * every 300 steps), c = 0.03, RMSProp at 3e-4 times 0.98 every 100 steps, the features are those of several levels at full
 * resolution with the class probabilities and the predicted classes, a second critic that counts 0.3 sees the probabilities
 * alone, and all of it counts 0.002 beside the segmentation loss.
 * <p>
 * PnP-AdaNet's own network loss, -E f(t), is not offered for one network. There a copy of the early layers is trained for the
 * target against a source network that stands still, see {@link SeparateNetworks}: there E f(s) does not depend on what is
 * trained, and the distance has the paper's gradient. With one network for both sites, the easiest way to make it small is to raise the
 * scores of all patches, which brings the sites no nearer. Clipping to 0.03 bounds f only loosely, by its many inputs, so
 * scores and their gradients grow to tens; a weight of 1 drowns the segmentation loss. Measured on phantoms (seed 7, 100
 * steps; mean Dice on source and target, 0.962 and 0.629 before): -E f(t) gave 0.422 and 0.399 with weight 1, 0.929 and
 * 0.727 with 0.002; the distance 0.662 and 0.625 with weight 1, 0.870 and 0.752 with 0.1, 0.958 and 0.766 with 0.002.</li>
 * <li>{@link Objective#LEAST_SQUARES} (LSGAN: Mao et al., ICCV 2017, eq. 9, with the labels 0, 1, 1):
 *
 * <pre>
 * critic:  min ½ E (f(s) - 1)² + ½ E f(t)²
 * network: min ½ E (f(t) - 1)²
 * </pre>
 *
 * with the critic on the last decoder features.</li>
 * </ul>
 *
 * @param objective of the two above
 * @param weight of the network's part; 0 to 1000
 * @param warmUp share of the training in which only the critic learns, in [0, 1]; after it the weight rises as λ of DANN
 * @param width channels of the critic's first hidden layer; at least 1
 * @param criticSteps k; 1 to 100
 * @param criticLearningRate of the critic: RMSProp's for the Wasserstein critic, Adam's (β₁ 0.5) for least squares
 * @param clip c, only for the Wasserstein critic; above 0
 * @param maskWeight weight of the second critic, only for the Wasserstein critic; 0 for none
 */
public record CriticTerm(Objective objective, double weight, double warmUp, int width, int criticSteps,
    double criticLearningRate, double clip, double maskWeight) implements AdaptationTerm {

    /** Name of what the critic minimizes in the curve. */
    public static final String CRITIC_METRIC = "Critic Loss";

    private static final double GAMMA = 10;

    private static final double DECAY = 0.98;

    private static final double DECAY_STEPS = 100;

    /** What critic and network play for. */
    public enum Objective {
        /** The earth mover's distance between features of source and target. */
        WASSERSTEIN,
        /** Squared distances of scores from 1 and 0. */
        LEAST_SQUARES
    }

    /** @throws IllegalArgumentException if a component is outside the range given above */
    public CriticTerm {
        Objects.requireNonNull(objective, "objective");
        AdaptationTerm.check("Weight of the critic", weight, 0, 1000);
        AdaptationTerm.check("Critic's lead", warmUp, 0, 1);
        AdaptationTerm.check("Critic's width", width, 1, 4096);
        AdaptationTerm.check("Critic's steps", criticSteps, 1, 100);
        AdaptationTerm.check("Critic's learning rate", criticLearningRate, Double.MIN_VALUE, 1);
        AdaptationTerm.check("Critic's clipping", clip, Double.MIN_VALUE, 1000);
        AdaptationTerm.check("Weight of the mask's critic", maskWeight, 0, 1000);
    }

    /** The numbers of PnP-AdaNet, but 5 critic steps (Arjovsky et al.), because 20 take four times as long. */
    public static CriticTerm wasserstein() {
        return new CriticTerm(Objective.WASSERSTEIN, 0.002, 0.1, 16, 5, 3e-4, 0.03, 0.3);
    }

    /** One critic step per step, at six times the learning rate that adapts well by gradient reversal. */
    public static CriticTerm leastSquares() {
        return new CriticTerm(Objective.LEAST_SQUARES, 1, 0, 16, 1, 3e-3, 0.03, 0);
    }

    /** The same with another weight. */
    public CriticTerm withWeight(final double value) {
        return new CriticTerm(objective, value, warmUp, width, criticSteps, criticLearningRate, clip, maskWeight);
    }

    /** The same with another number of critic steps. */
    public CriticTerm withCriticSteps(final int value) {
        return new CriticTerm(objective, weight, warmUp, width, value, criticLearningRate, clip, maskWeight);
    }

    /** The same with another learning rate of the critic. */
    public CriticTerm withCriticLearningRate(final double value) {
        return new CriticTerm(objective, weight, warmUp, width, criticSteps, value, clip, maskWeight);
    }

    @Override
    public String title() {
        return objective == Objective.WASSERSTEIN ? "Wasserstein" : "Least squares";
    }

    @Override
    public double weight(final double progress) {
        return progress < warmUp ? 0 : weight * AdaptationTerm.rise(GAMMA, progress - warmUp);
    }

    /** The critic's learning rate at a step counted from 1. */
    double rate(final int step) {
        return objective == Objective.WASSERSTEIN
            ? criticLearningRate * Math.pow(DECAY, Math.floor((step - 1) / DECAY_STEPS)) : criticLearningRate;
    }

    /** The critic's optimizer. */
    OptimizerSpec optimizer() {
        return objective == Objective.WASSERSTEIN ? OptimizerSpec.rmsProp(0) : OptimizerSpec.adam(0.5);
    }

    @Override
    public Map<String, String> asMap() {
        final Map<String, String> map = new TreeMap<>(Map.of("objective", objective.name(), "weight", "" + weight, "warmUp",
            "" + warmUp, "criticWidth", "" + width, "criticSteps", "" + criticSteps, "criticLearningRate",
            "" + criticLearningRate, "clip", "" + clip, "maskWeight", "" + maskWeight));
        if (objective == Objective.WASSERSTEIN) {
            // was -E f(t) once: neither results nor checkpoints of then must pass for those of now
            map.put("networkMinimizes", "E f(s) - E f(t)");
        }
        return map;
    }
}

package org.scanbridge.learning.method;

import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;

import org.scanbridge.learning.architecture.NetworkOutput;
import org.scanbridge.learning.graph.DiscriminatorSpec;
import org.scanbridge.learning.graph.GeneratorObjective;
import org.scanbridge.learning.graph.OptimizerSpec;
import org.scanbridge.learning.graph.SegmentationLossSpec.DiceForm;

/**
 * Options of {@link AdversarialNormalization}. Start from {@link #defaults()}.
 *
 * @param segmentation options of the segmentation loss, sampling and S's optimizer; its steps are those of both stages
 *            together. Frozen blocks are not supported
 * @param output how the generator makes intensities
 * @param reconstructionSteps length of the first stage, in which G learns to copy by the mean squared error; ≥ 0, below
 *            the steps
 * @param reconstructionWeight weight of the mean squared error in the second stage; ≥ 0. 0 is eq. 1 of the paper
 * @param generatorFirst learning rate of G over that of S in the first stage; positive
 * @param generatorThen the same in the second stage; ≥ 0
 * @param adversary the discriminator; empty for the paper's experiment 6, G and S without constraint
 */
public record AdversarialNormalizationOptions(SegmentationOptions segmentation, NetworkOutput output,
    int reconstructionSteps, double reconstructionWeight, double generatorFirst, double generatorThen,
    Optional<Adversary> adversary) {

    /**
     * The discriminator and its part in the game.
     *
     * @param shape what it is made of
     * @param width channels of its first layer; 1 to 1024
     * @param blocks strided convolutions, for {@link DiscriminatorSpec.Shape#CONVOLUTIONS}; 1 to 6
     * @param learningRate at the start; positive. Follows the schedule of the segmentation options
     * @param optimizer how gradients change the weights
     * @param updates of the discriminator per step; at least 1
     * @param objective what the generator is asked for
     * @param lambda weight of the generator's adversarial loss; ≥ 0; at 0 the discriminator only watches
     * @param lambdaRamp part of the second stage in which the weight grows from 0 in a straight line, in [0, 1]
     * @param dropout probability with which the discriminator drops each channel after each convolution, for
     *            {@link DiscriminatorSpec.Shape#CONVOLUTIONS}; 0 to below 1
     * @param replay how many patches that the generator made in earlier steps are kept to be shown to the discriminator
     *            again; 0 to 10000, 0 for none
     */
    public record Adversary(DiscriminatorSpec.Shape shape, int width, int blocks, double learningRate,
        OptimizerSpec optimizer, int updates, GeneratorObjective objective, double lambda, double lambdaRamp,
        double dropout, int replay) {

        /** @throws IllegalArgumentException if a component is outside the range given above */
        public Adversary {
            Objects.requireNonNull(objective, "objective");
            check(width >= 1 && width <= 1024, "Discriminator width " + width + ": 1 to 1024.");
            check(blocks >= 1 && blocks <= 6, "Discriminator blocks " + blocks + ": 1 to 6.");
            check(learningRate > 0 && learningRate <= 1,
                "Discriminator learning rate " + learningRate + ": above 0, at most 1.");
            check(updates >= 1 && updates <= 100, "Discriminator updates " + updates + " per step: 1 to 100.");
            check(lambda >= 0 && lambda <= 1000, "Lambda " + lambda + ": 0 to 1000.");
            check(lambdaRamp >= 0 && lambdaRamp <= 1, "Lambda ramp " + lambdaRamp + ": 0 to 1.");
            check(dropout >= 0 && dropout < 1, "Discriminator dropout " + dropout + ": 0 to below 1.");
            check(replay >= 0 && replay <= 10_000, "Replayed patches " + replay + ": 0 to 10000.");
        }

        /**
         * λ = 1 as in the paper, reached after a quarter of the second stage; a small convolutional discriminator, and
         * the objective whose gradient does not vanish. Neither dropout nor replayed patches, as in the paper; the authors'
         * program of 2020 has 0.25 and 50.
         */
        public static Adversary defaults() {
            return new Adversary(DiscriminatorSpec.Shape.CONVOLUTIONS, 8, 3, 2e-4, OptimizerSpec.adam(0.5), 1,
                GeneratorObjective.NON_SATURATING, 1, 0.25, 0, 0);
        }

        /** The same with another objective. */
        public Adversary withObjective(final GeneratorObjective value) {
            return new Adversary(shape, width, blocks, learningRate, optimizer, updates, value, lambda, lambdaRamp,
                dropout, replay);
        }

        /** The same with another weight. */
        public Adversary withLambda(final double value) {
            return new Adversary(shape, width, blocks, learningRate, optimizer, updates, objective, value, lambdaRamp,
                dropout, replay);
        }

        /** The same with another learning rate. */
        public Adversary withLearningRate(final double value) {
            return new Adversary(shape, width, blocks, value, optimizer, updates, objective, lambda, lambdaRamp, dropout,
                replay);
        }

        /** The same with another kind of discriminator. */
        public Adversary withShape(final DiscriminatorSpec.Shape value, final int newWidth) {
            return new Adversary(value, newWidth, blocks, learningRate, optimizer, updates, objective, lambda, lambdaRamp,
                dropout, replay);
        }

        /** The same with another dropout. */
        public Adversary withDropout(final double value) {
            return new Adversary(shape, width, blocks, learningRate, optimizer, updates, objective, lambda, lambdaRamp,
                value, replay);
        }

        /** The same with another number of replayed patches. */
        public Adversary withReplay(final int value) {
            return new Adversary(shape, width, blocks, learningRate, optimizer, updates, objective, lambda, lambdaRamp,
                dropout, value);
        }
    }

    /** @throws IllegalArgumentException if a component is outside the range given above */
    public AdversarialNormalizationOptions {
        check(output.image(), "Output " + output + " makes no image.");
        check(reconstructionSteps >= 0 && reconstructionSteps < segmentation.steps(), "First stage of "
            + reconstructionSteps + " steps: 0 or more, and less than all " + segmentation.steps() + " steps.");
        check(reconstructionWeight >= 0 && reconstructionWeight <= 1e6,
            "Reconstruction weight " + reconstructionWeight + ": 0 to 1000000.");
        check(generatorFirst > 0 && generatorFirst <= 1000,
            "Learning rate factor of the first stage " + generatorFirst + ": above 0, at most 1000.");
        check(generatorThen >= 0 && generatorThen <= 1000,
            "Learning rate factor of the second stage " + generatorThen + ": 0 to 1000.");
        check(segmentation.frozenBlocks() == 0,
            "Frozen blocks " + segmentation.frozenBlocks() + ": 0, the segmenter must follow the generator.");
    }

    /**
     * 700 steps, 100 of them of the first stage, as fit for minutes on a laptop: Adam at 1e-3 for S, the same for G in the
     * first stage and a tenth of it afterwards (the paper's ratio), the Dice loss of eq. 2. The paper trains 50 epochs
     * with SGD at 1e-4 and 1e-5 and a weight decay of 0.1.
     */
    public static AdversarialNormalizationOptions defaults() {
        return new AdversarialNormalizationOptions(
            SegmentationOptions.defaults().withSteps(700).withLearningRate(1e-3).withValidationInterval(100)
                .withLoss(LossOptions.defaults().withDiceForm(DiceForm.POOLED).withWeights(1, 0)),
            NetworkOutput.SIGMOID_RESIDUAL, 100, 0, 1, 0.1, Optional.of(Adversary.defaults()));
    }

    /** The same with other segmentation options. */
    public AdversarialNormalizationOptions withSegmentation(final SegmentationOptions value) {
        return new AdversarialNormalizationOptions(value, output, reconstructionSteps, reconstructionWeight,
            generatorFirst, generatorThen, adversary);
    }

    /** The same with another output. */
    public AdversarialNormalizationOptions withOutput(final NetworkOutput value) {
        return new AdversarialNormalizationOptions(segmentation, value, reconstructionSteps, reconstructionWeight,
            generatorFirst, generatorThen, adversary);
    }

    /** The same with another first stage. */
    public AdversarialNormalizationOptions withReconstructionSteps(final int value) {
        return new AdversarialNormalizationOptions(segmentation, output, value, reconstructionWeight, generatorFirst,
            generatorThen, adversary);
    }

    /** The same with another reconstruction weight. */
    public AdversarialNormalizationOptions withReconstructionWeight(final double value) {
        return new AdversarialNormalizationOptions(segmentation, output, reconstructionSteps, value, generatorFirst,
            generatorThen, adversary);
    }

    /** The same with another learning rate of G in the second stage. */
    public AdversarialNormalizationOptions withGeneratorThen(final double value) {
        return new AdversarialNormalizationOptions(segmentation, output, reconstructionSteps, reconstructionWeight,
            generatorFirst, value, adversary);
    }

    /** The same with another adversary. */
    public AdversarialNormalizationOptions withAdversary(final Optional<Adversary> value) {
        return new AdversarialNormalizationOptions(segmentation, output, reconstructionSteps, reconstructionWeight,
            generatorFirst, generatorThen, value);
    }

    /**
     * λ of a step counted from 1: 0 in the first stage, then growing; NaN without adversary.
     */
    public double lambda(final int step) {
        if (adversary.isEmpty()) {
            return Double.NaN;
        }
        final double ramp = adversary.get().lambdaRamp() * (segmentation.steps() - reconstructionSteps);
        final int into = step - reconstructionSteps - 1;
        if (into < 0) {
            return 0;
        }
        return adversary.get().lambda() * (ramp == 0 ? 1 : Math.min(1, into / ramp));
    }

    /** All options by name, for the provenance. */
    public Map<String, String> asMap() {
        final Map<String, String> map = new TreeMap<>(segmentation.asMap());
        map.put("output", output.name());
        map.put("reconstructionSteps", "" + reconstructionSteps);
        map.put("reconstructionWeight", "" + reconstructionWeight);
        map.put("generatorFirst", "" + generatorFirst);
        map.put("generatorThen", "" + generatorThen);
        map.put("adversary", adversary.map(Adversary::toString).orElse("none"));
        return map;
    }

    private static void check(final boolean ok, final String message) {
        if (!ok) {
            throw new IllegalArgumentException(message);
        }
    }
}

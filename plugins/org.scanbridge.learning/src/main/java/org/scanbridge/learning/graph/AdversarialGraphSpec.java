package org.scanbridge.learning.graph;

import java.util.Objects;
import java.util.Optional;

import org.scanbridge.learning.architecture.NetworkSpec;
import org.scanbridge.tensorflow.DeviceChoice;

/**
 * What a graph with a generator G, a segmenter S and a discriminator D is built from.
 *
 * @param generator architecture of G; its output is an image
 * @param segmenter architecture of S; same patch size
 * @param batch patches per step, all with labels
 * @param loss the segmentation loss
 * @param discriminator D; empty to train G and S alone
 * @param replay how many patches that G made in earlier steps are kept and shown to D now and then, see
 *            {@link ReplayPool}; 0 for none
 * @param objective what G is asked for by D; unused without D
 * @param schedule what happens in which step
 * @param seed of D's initial weights and of everything random in its training
 * @param optimizer of G and S
 * @param discriminatorOptimizer of D
 * @param device where to compute
 */
public record AdversarialGraphSpec(NetworkSpec generator, NetworkSpec segmenter, int batch, SegmentationLossSpec loss,
    Optional<DiscriminatorSpec> discriminator, int replay, GeneratorObjective objective, Schedule schedule, long seed,
    OptimizerSpec optimizer, OptimizerSpec discriminatorOptimizer, DeviceChoice device) {

    /**
     * What happens in which step.
     *
     * @param reconstructionSteps length of the first stage, in which G learns to copy and S gives G no gradient
     * @param reconstructionWeight weight of the mean squared error after the first stage; 1 in it
     * @param generatorFirst learning rate of G over that of S in the first stage
     * @param generatorThen the same after it
     * @param discriminatorSteps updates of D per step
     */
    public record Schedule(int reconstructionSteps, double reconstructionWeight, double generatorFirst,
        double generatorThen, int discriminatorSteps) {
    }

    /** @throws IllegalArgumentException if the networks do not fit */
    public AdversarialGraphSpec {
        Objects.requireNonNull(objective, "objective");
        if (!generator.output().image() || segmenter.output().image()
            || !generator.patchSize().equals(segmenter.patchSize())) {
            throw new IllegalArgumentException(
                "A generator of images and a segmenter of one patch size are needed: " + generator + "; " + segmenter);
        }
    }
}

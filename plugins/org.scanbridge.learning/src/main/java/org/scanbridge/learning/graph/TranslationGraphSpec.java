package org.scanbridge.learning.graph;

import org.scanbridge.learning.architecture.NetworkSpec;
import org.scanbridge.learning.architecture.Norm;
import org.scanbridge.tensorflow.DeviceChoice;

/**
 * What a graph with two generators and two discriminators is built from.
 *
 * @param generator architecture of both generators; images in, images out, normalized per patch: the statistics of a batch
 *            would mix real and generated patches
 * @param batch patches of each side per step
 * @param discriminator architecture of both discriminators
 * @param cycleWeight λ; at least 0
 * @param identityWeight μ; 0 to leave the identity terms out
 * @param pool how many generated patches of the past each discriminator may see again
 * @param seed of the discriminators' initial weights and of the pools
 * @param optimizer of all players; each has its own state
 * @param device where to compute
 */
public record TranslationGraphSpec(NetworkSpec generator, int batch, PatchDiscriminatorSpec discriminator,
    double cycleWeight, double identityWeight, int pool, long seed, OptimizerSpec optimizer, DeviceChoice device) {

    /** @throws IllegalArgumentException if the networks do not fit */
    public TranslationGraphSpec {
        if (!generator.output().image() || !generator.kind().isUNet() || generator.norm() == Norm.BATCH) {
            throw new IllegalArgumentException("A generator must be a U-Net that makes images, with group or instance "
                + "normalization, not " + generator + " with " + generator.output());
        }
        final int smallest = Math.min(generator.patchSize().i(), Math.min(generator.patchSize().j(),
            generator.kind().flat() ? Integer.MAX_VALUE : generator.patchSize().k()));
        if (smallest < discriminator.minPatch()) {
            throw new IllegalArgumentException("Patch size " + generator.patchSize() + ": a discriminator with "
                + discriminator.strided() + " strided convolutions needs " + discriminator.minPatch()
                + " voxels or more along each axis.");
        }
    }
}

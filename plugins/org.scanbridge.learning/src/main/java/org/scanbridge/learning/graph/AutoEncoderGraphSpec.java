package org.scanbridge.learning.graph;

import java.util.Objects;

import org.scanbridge.learning.architecture.AutoEncoderSpec;
import org.scanbridge.tensorflow.DeviceChoice;

/**
 * What an {@link AutoEncoderGraph} consists of.
 *
 * @param network the auto-encoder
 * @param batch patches per step; at least 1
 * @param distance of an image and its reconstruction
 * @param beta weight β of the divergence (Higgins et al., ICLR 2017); 0 to 1000; not looked at by a plain auto-encoder
 * @param seed the noise of a step derives from it and the step's number
 * @param optimizer how gradients change the weights
 * @param device where to compute
 */
public record AutoEncoderGraphSpec(AutoEncoderSpec network, int batch, Distance distance, double beta, long seed,
    OptimizerSpec optimizer, DeviceChoice device) {

    /** How far a reconstruction is from the image, per voxel. */
    public enum Distance {
        /** |x - x̂|: intensities are Laplacian with scale 1. */
        L1,
        /** ½ (x - x̂)²: intensities are Gaussian with variance 1. */
        L2
    }

    /** @throws IllegalArgumentException if a component is outside the range given above */
    public AutoEncoderGraphSpec {
        Objects.requireNonNull(network, "network");
        Objects.requireNonNull(distance, "distance");
        Objects.requireNonNull(optimizer, "optimizer");
        Objects.requireNonNull(device, "device");
        if (batch < 1) {
            throw new IllegalArgumentException("Batch size " + batch + ": at least 1 patch.");
        }
        if (!(beta >= 0 && beta <= 1000)) {
            throw new IllegalArgumentException("Beta " + beta + ": 0 to 1000.");
        }
    }
}

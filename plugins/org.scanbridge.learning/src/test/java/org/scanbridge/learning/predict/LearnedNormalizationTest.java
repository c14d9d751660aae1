package org.scanbridge.learning.predict;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;

import org.junit.jupiter.api.Test;
import org.scanbridge.imaging.Progress;
import org.scanbridge.imaging.volume.Geometry;
import org.scanbridge.imaging.volume.Volume;
import org.scanbridge.imaging.volume.VolumeInfo;
import org.scanbridge.learning.LearningException;
import org.scanbridge.learning.architecture.NetworkOutput;
import org.scanbridge.learning.architecture.NetworkSpec;
import org.scanbridge.learning.architecture.NetworkSpec.Kind;
import org.scanbridge.learning.architecture.Norm;
import org.scanbridge.learning.architecture.PatchSize;
import org.scanbridge.learning.network.Network;

/** What a learned normalization refuses; what it computes is measured with the methods that learn one. */
class LearnedNormalizationTest {

    /** In the words of the Volume Normalizer's dialog. */
    @Test
    void voxelsThatAreNoNumbersAreToBeReplacedBefore() {
        final Network generator = Network.untrained(new NetworkSpec(Kind.UNET_3D, 1, 1, 2, 2, Norm.GROUP, PatchSize.cube(8),
            NetworkOutput.SIGMOID_RESIDUAL), 1);
        try (LearnedNormalization normalization = new LearnedNormalization(generator)) {
            for (final float bad : List.of(Float.NaN, Float.NEGATIVE_INFINITY)) {
                final float[] voxels = new float[512];
                voxels[511] = bad;
                final Volume volume = new Volume(voxels, Geometry.axial(new int[]{8, 8, 8}, 1, 1, 1), VolumeInfo.UNKNOWN);
                assertEquals("The image has voxels with the value " + bad + ". Replace them before, in the Volume Normalizer with"
                    + " \"Replace NaN and infinite voxels\".",
                    assertThrows(LearningException.class, () -> normalization.apply(volume, Progress.NONE)).getMessage());
            }
        }
    }
}

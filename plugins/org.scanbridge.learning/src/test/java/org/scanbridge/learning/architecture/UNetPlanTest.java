package org.scanbridge.learning.architecture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.util.List;

import org.junit.jupiter.api.Test;

class UNetPlanTest {

    /**
     * Width 8, three levels, one channel, four classes. Kernels of 27 weights: 1·8 + 8·8 + 8·16 + 16·16 + 16·32 + 32·32
     * in the encoder, 48·16 + 16·16 + 24·8 + 8·8 in the decoder; scale and shift for 8+8+16+16+32+32+16+16+8+8
     * channels; 8·4 + 4 in the head.
     */
    @Test
    void hasTheParametersCountedByHand() {
        final List<Parameter> parameters = new UNetPlan(NetworkSpec.unet3d(4, 8, 3, 24)).parameters();
        final int kernels = 27 * (8 + 64 + 128 + 256 + 512 + 1024 + 768 + 256 + 192 + 64);
        assertEquals(kernels + 2 * 160 + 36, parameters.stream().mapToInt(Parameter::size).sum());
    }

    @Test
    void batchNormAddsUntrainedStatistics() {
        final NetworkSpec spec = new NetworkSpec(NetworkSpec.Kind.UNET_3D, 1, 2, 4, 1, Norm.BATCH, PatchSize.cube(4));
        final List<Parameter> statistics =
            new UNetPlan(spec).parameters().stream()
                .filter(p -> p.name().endsWith("/mean") || p.name().endsWith("/variance")).toList();
        assertEquals(4, statistics.size());
        statistics.forEach(p -> assertFalse(p.trainable()));
    }

    @Test
    void listsBlocksFromShallowToDeep() {
        assertEquals(List.of("enc0.a", "enc0.b", "enc1.a", "enc1.b", "dec0.a", "dec0.b", "head"),
            new UNetPlan(NetworkSpec.unet3d(2, 4, 2, 8)).blocks());
    }
}

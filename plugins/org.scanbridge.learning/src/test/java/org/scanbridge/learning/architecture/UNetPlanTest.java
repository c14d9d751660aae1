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
    void deepSupervisionAddsHeadsAndDomainsAddNorms() {
        final NetworkSpec spec = new NetworkSpec(NetworkSpec.Kind.UNET_3D, 1, 2, 4, 3, Norm.BATCH, PatchSize.cube(4));
        final UNetPlan deep = new UNetPlan(spec.withDeepSupervision(true));
        assertEquals(List.of("dec1.b", "aux1", "dec0.a", "dec0.b", "head"), deep.blocks().subList(7, 12));
        final int plain = new UNetPlan(spec).parameters().stream().mapToInt(Parameter::size).sum();
        assertEquals(plain + 8 * 2 + 2, deep.parameters().stream().mapToInt(Parameter::size).sum());
        // 4+4+8+8+16+16+8+8+4+4 channels, each with scale, shift, mean, variance for two more domains
        assertEquals(plain + 2 * 4 * 80,
            new UNetPlan(spec.withDomains(3)).parameters().stream().mapToInt(Parameter::size).sum());
    }

    /** methods.md C: about 0.10 M weights in the convolutions and 0.56 M in the dense layers for 32 channels. */
    @Test
    void patchNetworkHasTheWeightsOfThePaper() {
        final List<Parameter> parameters = NetworkPlan.of(
            new NetworkSpec(NetworkSpec.Kind.PATCH_CNN, 2, 2, 32, 1, Norm.BATCH, new PatchSize(1, 1, 1))).parameters();
        assertEquals(9 * 32 * (2 + 11 * 32), sum(parameters, "conv"));
        assertEquals(8 * 8 * 32 * 256 + 256 * 128, sum(parameters, "dense"));
        assertEquals(128 * 2, sum(parameters, "head"));
    }

    private static int sum(final List<Parameter> parameters, final String blocks) {
        return parameters.stream().filter(p -> p.name().startsWith(blocks) && p.name().endsWith("/kernel"))
            .mapToInt(Parameter::size).sum();
    }

    /** DeepMedic's published widths: 30, 30, 40, 40, 40, 40, 50, 50 and 250. */
    @Test
    void deepMedicHasTheWidthsOfTheCode() {
        final DeepMedicPlan plan =
            new DeepMedicPlan(new NetworkSpec(NetworkSpec.Kind.DEEP_MEDIC, 1, 2, 30, 1, Norm.BATCH, PatchSize.cube(9)));
        assertEquals(27 * (30 + 900 + 1200 + 3 * 1600 + 2000 + 2500), sum(plan.parameters(), "fine"));
        assertEquals(100 * 250 + 250 * 250, sum(plan.parameters(), "join"));
        assertEquals(19, plan.blocks().size());
        assertEquals(plan.blocks().size(), plan.parameters().stream().map(Parameter::block).distinct().count());
    }

    @Test
    void listsBlocksFromShallowToDeep() {
        assertEquals(List.of("enc0.a", "enc0.b", "enc1.a", "enc1.b", "dec0.a", "dec0.b", "head"),
            new UNetPlan(NetworkSpec.unet3d(2, 4, 2, 8)).blocks());
    }
}

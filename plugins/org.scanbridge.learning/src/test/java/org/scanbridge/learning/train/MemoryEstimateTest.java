package org.scanbridge.learning.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.OptionalLong;

import org.junit.jupiter.api.Test;
import org.scanbridge.learning.LearningException;
import org.scanbridge.learning.architecture.NetworkSpec;
import org.scanbridge.learning.graph.SynergisticTerm;

class MemoryEstimateTest {

    private static void near(final double megabytes, final NetworkSpec spec, final int batch) {
        assertEquals(1, MemoryEstimate.bytes(spec, batch) / (megabytes * (1 << 20)), 0.3);
    }

    /** Resident sizes that were measured for these networks on 2 cores. */
    @Test
    void isNearWhatWasMeasured() {
        near(430, NetworkSpec.unet3d(4, 8, 3, 32), 4);
        near(530, NetworkSpec.unet3d(4, 16, 3, 32), 4);
        near(1100, NetworkSpec.unet3d(4, 16, 3, 64), 2);
        near(1600, NetworkSpec.unet3d(4, 16, 3, 96), 1);
    }

    /** Each further channel adds a 32-bit number per voxel of the blocks that the network is fed with. */
    @Test
    void countsFurtherChannels() {
        final NetworkSpec one = NetworkSpec.unet3d(4, 8, 3, 32);
        assertEquals(4L * 32 * 32 * 32 * 3 * 2,
            MemoryEstimate.bytes(one.withInputChannels(3), 3) - MemoryEstimate.bytes(one, 3));
    }

    @Test
    void refusesWithAdvice() {
        final NetworkSpec spec = NetworkSpec.unet3d(4, 16, 3, 96);
        final String message = assertThrows(LearningException.class,
            () -> MemoryEstimate.need(spec, 4).check(OptionalLong.of(1L << 30), 0)).getMessage();
        assertTrue(message.contains("1024 MB") && message.contains("fewer patches per step"), message);
        MemoryEstimate.need(spec, 4).check(OptionalLong.empty(), 0);
        MemoryEstimate.need(spec, 4).check(OptionalLong.of(1L << 40), 0);
    }

    /**
     * Kernels of 3³ voxels, counted by hand: 1024 to 1024 channels; to 2048, and those to 2048; both levels together to 1024, and
     * those to 1024. What is left out is less than a hundredth.
     */
    @Test
    void countsWhatIsTrainedBesideTheNetwork() {
        final NetworkSpec network = NetworkSpec.unet3d(4, 16, 3, 32);
        final SynergisticTerm term = SynergisticTerm.defaults().withGenerator(1024, 2);
        final MemoryEstimate.Need alone = MemoryEstimate.need(network, 4);
        final MemoryEstimate.Need need = alone.with(term.generator(network), 4, "generator");
        final double weights = 4.0 * 27 * 1024 * 1024 * (1 + 2 + 4 + 3 + 1);
        assertEquals(weights, need.heap(), 0.01 * weights);
        // a gradient and two averages for each, and four patches with some forty maps of 1024 channels
        assertTrue(need.bytes() - alone.bytes() > 4 * weights + 4.0 * 4 * 32 * 32 * 32 * 10 * 1024, need.toString());
        final String heap = assertThrows(LearningException.class, () -> need.check(OptionalLong.empty(), 700 << 20)).getMessage();
        assertTrue(heap.contains("a generator of 1024 channels and 2 levels") && heap.contains("700 MB are free")
            && heap.contains("Choose fewer channels or levels"), heap);
        assertThrows(LearningException.class, () -> need.check(OptionalLong.of(4L << 30), 2L << 30));
        alone.check(OptionalLong.of(4L << 30), 0);
    }
}

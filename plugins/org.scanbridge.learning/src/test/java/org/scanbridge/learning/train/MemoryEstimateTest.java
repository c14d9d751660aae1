package org.scanbridge.learning.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.OptionalLong;

import org.junit.jupiter.api.Test;
import org.scanbridge.learning.LearningException;
import org.scanbridge.learning.architecture.NetworkSpec;

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
            () -> MemoryEstimate.need(spec, 4).check(OptionalLong.of(1L << 30))).getMessage();
        assertTrue(message.contains("1024 MB") && message.contains("fewer patches per step"), message);
        MemoryEstimate.need(spec, 4).check(OptionalLong.empty());
        MemoryEstimate.need(spec, 4).check(OptionalLong.of(1L << 40));
    }
}

package org.scanbridge.learning.architecture;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.scanbridge.learning.architecture.Parameter.Init;

class WeightsTest {

    private static final List<Parameter> TWO = List.of(new Parameter("a/x", List.of(2), Init.ZEROS, true),
        new Parameter("b/x", List.of(1), Init.ONES, true));

    /** 1.0f is 0x3f800000, -2.0f 0xc0000000; little endian. */
    @Test
    void bytesAreLittleEndianFloatsInOrder() {
        final Weights weights = new Weights(TWO, Map.of("b/x", new float[]{1}, "a/x", new float[]{0, -2}));
        assertArrayEquals(new byte[]{0, 0, 0, 0, 0, 0, 0, (byte)0xc0, 0, 0, (byte)0x80, 0x3f}, weights.toBytes());
        assertArrayEquals(weights.toBytes(), Weights.fromBytes(TWO, weights.toBytes()).toBytes());
    }

    @Test
    void refusesMissingOrWrongArrays() {
        assertThrows(IllegalArgumentException.class, () -> new Weights(TWO, Map.of("a/x", new float[2])));
        assertThrows(IllegalArgumentException.class,
            () -> new Weights(TWO, Map.of("a/x", new float[3], "b/x", new float[1])));
        assertThrows(IllegalArgumentException.class, () -> Weights.fromBytes(TWO, new byte[11]));
    }

    /** He et al.: standard deviation sqrt(2 / fan in); 27·16 inputs here. */
    @Test
    void initialKernelsHaveTheDeviationOfHe() {
        final Parameter kernel = new Parameter("c/kernel", List.of(3, 3, 3, 16, 32), Init.HE_NORMAL, true);
        double sum = 0;
        double squares = 0;
        final float[] values = Weights.initial(List.of(kernel), 3).get("c/kernel");
        for (final float v : values) {
            sum += v;
            squares += v * v;
        }
        assertEquals(0, sum / values.length, 4 * Math.sqrt(2.0 / 432 / values.length));
        assertEquals(2.0 / 432, squares / values.length, 0.03 * 2.0 / 432);
    }

    @Test
    void initialValuesDependOnTheSeedAndNothingElse() {
        final List<Parameter> all = new UNetPlan(NetworkSpec.unet3d(4, 4, 2, 8)).parameters();
        assertEquals(Weights.initial(all, 1).hash(), Weights.initial(all, 1).hash());
        assertNotEquals(Weights.initial(all, 1).hash(), Weights.initial(all, 2).hash());
        assertArrayEquals(Weights.initial(all, 1).get("enc1.a/kernel"),
            Weights.initial(all.subList(3, all.size()), 1).get("enc1.a/kernel"));
    }
}

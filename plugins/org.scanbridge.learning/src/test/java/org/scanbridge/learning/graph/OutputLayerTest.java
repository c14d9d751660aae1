package org.scanbridge.learning.graph;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.scanbridge.learning.architecture.NetworkOutput;

/** Values by the formulas of {@link NetworkOutput}. */
class OutputLayerTest {

    private static final float[] IMAGE = {0, 0.25f, 0.5f, 1};

    private static float[] values(final NetworkOutput output, final float... values) throws Exception {
        return LayersTest.run(tf -> new OutputLayer(tf).values(output,
            LayersTest.constant(tf, IMAGE, 1, 1, 1, 4, 1), LayersTest.constant(tf, values, 1, 1, 1, 4, 1)));
    }

    @Test
    void residualsOfZeroCopyTheImage() throws Exception {
        assertArrayEquals(IMAGE, values(NetworkOutput.RESIDUAL, 0, 0, 0, 0), 0);
        assertArrayEquals(new float[]{0.001f, 0.25f, 0.5f, 0.999f}, values(NetworkOutput.SIGMOID_RESIDUAL, 0, 0, 0, 0),
            1e-6f);
    }

    /** The odds of 0.25 are 1/3 and of 0.5 are 1; e^ln3 triples them. */
    @Test
    void sigmoidResidualMultipliesTheOdds() throws Exception {
        final float ln3 = (float)Math.log(3);
        final float[] made = values(NetworkOutput.SIGMOID_RESIDUAL, 0, ln3, ln3, 0);
        assertArrayEquals(new float[]{0.001f, 0.5f, 0.75f, 0.999f}, made, 1e-6f);
    }

    @Test
    void withoutResidualTheImageDoesNotMatter() throws Exception {
        assertArrayEquals(new float[]{0.5f, 0.5f, 0.75f, 0.25f},
            values(NetworkOutput.SIGMOID, 0, 0, (float)Math.log(3), (float)-Math.log(3)), 1e-6f);
        assertArrayEquals(new float[]{0, 2, 0, 0.5f}, values(NetworkOutput.RELU, -1, 2, 0, 0.5f), 0);
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "PROBABILITIES")
    void gradient(final NetworkOutput output) throws Exception {
        new GradientCheck(1e-2).distinct(1, 2, 2, 2, 1).check((tf, in) -> new OutputLayer(tf).values(output,
            LayersTest.constant(tf, new float[]{0, 0.1f, 0.2f, 0.4f, 0.5f, 0.6f, 0.9f, 1}, 1, 2, 2, 2, 1), in.get(0)));
    }

    @Test
    void overlappingPoolGradient() throws Exception {
        new GradientCheck(1e-3).distinct(1, 4, 4, 4, 2).check((tf, in) -> new Layers(tf).overlappingPool(in.get(0)));
    }

    /** Along a line 0 … 5 the windows of three around every other voxel, padded at the end, have these maxima. */
    @Test
    void overlappingPoolTakesMaxima() throws Exception {
        assertArrayEquals(new float[]{5, 9, 9}, LayersTest.run(tf -> new Layers(tf)
            .overlappingPool(LayersTest.constant(tf, new float[]{5, 1, 2, 3, 9, 4}, 1, 1, 1, 6, 1))), 0);
    }
}

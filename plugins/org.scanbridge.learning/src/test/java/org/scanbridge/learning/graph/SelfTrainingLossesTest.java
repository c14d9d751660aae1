package org.scanbridge.learning.graph;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.function.BiFunction;

import org.junit.jupiter.api.Test;
import org.scanbridge.learning.graph.SelfTrainingTerm.Teacher;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

/** Values derived by hand from the definitions of {@link SelfTrainingTerm}, and gradients by differences. */
class SelfTrainingLossesTest {

    private static float[] run(final BiFunction<SelfTrainingLosses, Ops, Operand<TFloat32>> build) throws Exception {
        return LayersTest.run(tf -> build.apply(new SelfTrainingLosses(tf), tf));
    }

    private static Operand<TFloat32> rows(final Ops tf, final int classes, final double... values) {
        final float[] v = new float[values.length];
        for (int n = 0; n < v.length; n++) {
            v[n] = (float)values[n];
        }
        return LayersTest.constant(tf, v, v.length / classes, classes);
    }

    /** A voxel of a class, one of which nothing is known, and one of 0.2 and 0.8. */
    @Test
    void givenProbabilitiesAddUpToOneOrAreUnknown() throws Exception {
        assertArrayEquals(new float[]{1, 0, 0, 0, 0, 0, 0.2f, 0.8f, 0}, run((l, tf) -> l.probabilities(
            LayersTest.constant(tf, new float[]{255, 0, 0, 0, 0, 0, 51, 204, 0}, 1, 1, 1, 3, 3))), 1e-6f);
    }

    /** k = 1 for (1, 0) and ½ for (¼, ¾): at r = ½, (½ (1, 0) + ¼ (¼, ¾)) / ¾ = (¾, ¼); what is unknown has no part. */
    @Test
    void teachersCountByTheirCertainty() throws Exception {
        assertArrayEquals(new float[]{0.75f, 0.25f, 0.25f, 0.75f}, run((l, tf) -> l.together(
            rows(tf, 2, 1, 0, 0, 0), rows(tf, 2, 0.25, 0.75, 0.25, 0.75), tf.constant(0.5f))), 1e-6f);
        assertArrayEquals(new float[]{1, 0, 0, 0}, run((l, tf) -> l.together(
            rows(tf, 2, 1, 0, 0, 0), rows(tf, 2, 0.25, 0.75, 0.25, 0.75), tf.constant(0f))), 1e-6f);
    }

    /**
     * Means of certainty .8 and .7: thresholds .85 and .85 · .7 / .8 = .744. So .9 of the first and .8 of the second class are
     * enough, .7 and .6 are not; with one threshold for all, .8 would not be. What is unknown counts in neither mean.
     */
    @Test
    void everyClassHasAThresholdOfItsOwn() throws Exception {
        assertArrayEquals(new float[]{0.9f, 0, 0, 0.8f, 0}, run((l, tf) -> l.weights(
            rows(tf, 2, 0.9, 0.1, 0.7, 0.3, 0.4, 0.6, 0.2, 0.8, 0, 0), 0.85)), 1e-6f);
        assertArrayEquals(new float[]{0.9f, 0.7f, 0}, run((l, tf) -> l.weights(
            rows(tf, 2, 0.9, 0.1, 0.7, 0.3, 0, 0), 0)), 1e-6f);
    }

    /** s = (½, ½) against the foreground: Dice 2 · ½ / 1.5, cross-entropy ln 2; a weight of ½ halves the latter only. */
    @Test
    void lossIsDiceAndCrossEntropyOfWeightedVoxels() throws Exception {
        final double dice = 1 - 1 / 1.5;
        assertEquals(dice + Math.log(2), run((l, tf) -> l.loss(rows(tf, 2, 0, 0), rows(tf, 2, 0, 1),
            tf.constant(new float[]{1})))[0], 1e-5);
        assertEquals(dice + Math.log(2), run((l, tf) -> l.loss(rows(tf, 2, 0, 0, 7, -3), rows(tf, 2, 0, 1, 0.4, 0.6),
            tf.constant(new float[]{1, 0})))[0], 1e-5);
        assertEquals(dice + Math.log(2) / 2, run((l, tf) -> l.loss(rows(tf, 2, 0, 0), rows(tf, 2, 0, 1),
            tf.constant(new float[]{0.5f})))[0], 1e-4);
        // nothing is taught: nothing to learn
        assertEquals(0, run((l, tf) -> l.loss(rows(tf, 2, 3, 0), rows(tf, 2, 0, 0), tf.constant(new float[]{0})))[0], 0);
    }

    @Test
    void lossGradient() throws Exception {
        final double[] q = {0.7, 0.2, 0.1, 0.1, 0.1, 0.8, 0, 1, 0, 0.3, 0.4, 0.3, 0, 0, 0};
        new GradientCheck(1e-2).normal(5, 3).check((tf, in) -> new SelfTrainingLosses(tf).loss(in.get(0), rows(tf, 3, q),
            tf.constant(new float[]{0.7f, 0.8f, 1, 0, 0})));
    }

    /** Weight and share of the mean teacher at the start, in the middle of the ramp and after it: e^-5, e^-1.25, 1. */
    @Test
    void ramps() {
        final SelfTrainingTerm network = new SelfTrainingTerm(2, Teacher.NETWORK, 0.5, 0.99, 0.5, 1);
        assertEquals(2 * Math.exp(-5), network.weight(0), 1e-12);
        assertEquals(2 * Math.exp(-1.25), network.weight(0.25), 1e-12);
        assertEquals(2, network.weight(0.5));
        assertEquals(1, network.networkShare(0));
        final SelfTrainingTerm both = new SelfTrainingTerm(2, Teacher.BOTH, 0.5, 0.99, 0.5, 1);
        assertEquals(2, both.weight(0));
        assertEquals(0.5 * Math.exp(-5), both.networkShare(0), 1e-12);
        assertEquals(0.5, both.networkShare(0.7));
        final SelfTrainingTerm labels = SelfTrainingTerm.of(Teacher.LABELS);
        assertEquals(1, labels.weight(0));
        assertEquals(0, labels.networkShare(0.9));
        // Tarvainen and Valpola's program: 1 - 1/(step + 1) until that is the decay
        assertEquals(0.5, network.keep(1), 1e-12);
        assertEquals(0.9, network.keep(9), 1e-12);
        assertEquals(0.99, network.keep(1000), 1e-12);
    }

    @Test
    void refusesNumbersOutOfRange() {
        for (final double[] wrong : new double[][]{{-1, 0.5, 0.9, 0.2, 1}, {1, 1, 0.9, 0.2, 1}, {1, 0.5, 1, 0.2, 1},
            {1, 0.5, 0.9, 1.1, 1}, {1, 0.5, 0.9, 0.2, 11}, {Double.NaN, 0.5, 0.9, 0.2, 1}}) {
            final String message = assertThrows(IllegalArgumentException.class,
                () -> new SelfTrainingTerm(wrong[0], Teacher.BOTH, wrong[1], wrong[2], wrong[3], wrong[4])).getMessage();
            assertTrue(message.matches(".*: (0 to 1|0 to 10|0 to 1000|at least 0, below 1)\\."), message);
        }
        assertThrows(IllegalArgumentException.class, () -> new AnchorTerm(-1));
    }
}

package org.scanbridge.learning.graph;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;

import org.junit.jupiter.api.Test;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

/** Values derived by hand from the definitions, and gradients by differences. */
class AdaptationLossesTest {

    private static final int[] CLASSES = {0, 1, 2, 0, 1, 2};

    /** Builds a loss from logits or points. */
    private interface Loss {
        Operand<TFloat32> of(AdaptationLosses losses, Ops tf);
    }

    private static double value(final Loss loss) throws Exception {
        return LayersTest.run(tf -> loss.of(new AdaptationLosses(tf), tf))[0];
    }

    private static Operand<TFloat32> matrix(final Ops tf, final int columns, final double... values) {
        final float[] v = new float[values.length];
        for (int n = 0; n < v.length; n++) {
            v[n] = (float)values[n];
        }
        return LayersTest.constant(tf, v, v.length / columns, columns);
    }

    private static Operand<TFloat32> vector(final Ops tf, final float... values) {
        return tf.constant(values);
    }

    /** Logits whose softmax is p. */
    private static double[] logits(final double... p) {
        final double[] l = new double[p.length];
        for (int n = 0; n < l.length; n++) {
            l[n] = Math.log(p[n]);
        }
        return l;
    }

    private static double[] random(final Random random, final int n) {
        final double[] v = new double[n];
        for (int i = 0; i < n; i++) {
            v[i] = 3 * random.nextGaussian();
        }
        return v;
    }

    @Test
    void entropyIsThatOfThePredictions() throws Exception {
        assertEquals(Math.log(3), value((l, tf) -> l.entropy(matrix(tf, 3, 5, 5, 5, -1, -1, -1))), 1e-6);
        assertEquals(0, value((l, tf) -> l.entropy(matrix(tf, 2, 100, 0))), 1e-6);
        assertEquals((Math.log(2) + 1.5 * Math.log(2)) / 2,
            value((l, tf) -> l.entropy(matrix(tf, 3, 0, 0, -200, Math.log(2), 0, 0))), 1e-5);
    }

    /** KL((¾, ¼)‖(½, ½)) = ¾ ln 1.5 + ¼ ln ½. */
    @Test
    void divergenceIsKullbackAndLeiblers() throws Exception {
        assertEquals(0.75 * Math.log(1.5) + 0.25 * Math.log(0.5),
            value((l, tf) -> l.divergence(matrix(tf, 2, logits(0.75, 0.25)), matrix(tf, 2, 0, 0))), 1e-6);
    }

    /** Three voxels: background for both, foreground for both, foreground for one only; the first does not count. */
    @Test
    void consistencyLooksAtForegroundOnly() throws Exception {
        final double[] a = {9, 0, Math.log(0.25), Math.log(0.75), Math.log(0.25), Math.log(0.75)};
        final double[] b = {3, 0, Math.log(0.25), Math.log(0.75), Math.log(0.75), Math.log(0.25)};
        // of the third voxel both directions are ½ ln 3
        assertEquals(0.5 * Math.log(3) / 2, value((l, tf) -> l.consistency(matrix(tf, 2, a), matrix(tf, 2, b))), 1e-5);
        assertEquals(0, value((l, tf) -> l.consistency(matrix(tf, 2, 9, 0), matrix(tf, 2, 3, 0))), 0);
    }

    @Test
    void divergencesAreNotNegativeAndZeroOfTheSame() throws Exception {
        final Random random = new Random(1);
        for (int n = 0; n < 20; n++) {
            final double[] a = random(random, 12);
            final double[] b = random(random, 12);
            assertTrue(value((l, tf) -> l.average(l.divergence(matrix(tf, 3, a), matrix(tf, 3, b)))) >= 0);
            final double ab = value((l, tf) -> l.consistency(matrix(tf, 3, a), matrix(tf, 3, b)));
            assertEquals(ab, value((l, tf) -> l.consistency(matrix(tf, 3, b), matrix(tf, 3, a))), 1e-5);
            assertEquals(0, value((l, tf) -> l.consistency(matrix(tf, 3, a), matrix(tf, 3, a))), 1e-6);
            final double entropy = value((l, tf) -> l.entropy(matrix(tf, 3, a)));
            assertTrue(entropy >= 0 && entropy <= Math.log(3) + 1e-6);
        }
    }

    /** Patches of 2 voxels, 2 channels; the second patch has no voxel of class 1. */
    @Test
    void classMeansAreMeansOfTheVoxelsOfAClass() throws Exception {
        final float[] means = LayersTest.run(tf -> new AdaptationLosses(tf)
            .classMeans(LayersTest.constant(tf, new float[]{1, 2, 3, 4, 5, 6, 7, 8}, 2, 1, 1, 2, 2),
                LayersTest.constant(tf, new float[]{1, 0, 0, 1, 1, 0, 1, 0}, 2, 1, 1, 2, 2))
            .means());
        final float[] expected = {1, 2, 3, 4, 6, 7, 0, 0};
        for (int n = 0; n < expected.length; n++) {
            assertEquals(expected[n], means[n], 1e-4);
        }
    }

    /**
     * Two sites of one patch of two voxels, one of each class. At T = 2 the mean logits (2 ln 3, 0) become (¾, ¼), and (0,
     * 0) become (½, ½); class 0 differs, class 1 agrees.
     */
    @Test
    void classAlignmentComparesSitesClassByClass() throws Exception {
        final double expected = 0.5 * (0.75 * Math.log(1.5) + 0.25 * Math.log(0.5) + 0.5 * Math.log(0.5 / 0.75)
            + 0.5 * Math.log(0.5 / 0.25)) / 2;
        final float l = (float)(2 * Math.log(3));
        assertEquals(expected, alignment(new float[]{l, 0, 0, 4, 0, 0, 0, 4}, new float[]{1, 0, 0, 1, 1, 0, 0, 1}), 1e-5);
        // the second site has no class 0: only class 1 is compared
        assertEquals(0, alignment(new float[]{l, 0, 0, 4, 0, 4, 0, 4}, new float[]{1, 0, 0, 1, 0, 1, 0, 1}), 1e-5);
        // nothing in common
        assertEquals(0, alignment(new float[]{l, 0, l, 0, 0, 4, 0, 4}, new float[]{1, 0, 1, 0, 0, 1, 0, 1}), 0);
    }

    private static double alignment(final float[] logits, final float[] assignment) throws Exception {
        return value((l, tf) -> l.classAlignment(LayersTest.constant(tf, logits, 2, 1, 1, 2, 2),
            LayersTest.constant(tf, assignment, 2, 1, 1, 2, 2), matrix(tf, 2, 1, 0, 0, 1), 2));
    }

    /** Three sites of one voxel of class 0 each, (¾, ¼), (½, ½), (½, ½) at T = 2; the pair of the first two is left out. */
    @Test
    void classAlignmentWithLastComparesWithOneSiteOnly() throws Exception {
        final double each = 0.5 * (0.75 * Math.log(1.5) + 0.25 * Math.log(0.5) + 0.5 * Math.log(0.5 / 0.75)
            + 0.5 * Math.log(0.5 / 0.25));
        final float[] logits = {(float)(2 * Math.log(3)), 0, 0, 0, 0, 0};
        final float[] assignment = {1, 0, 1, 0, 1, 0};
        assertEquals(each / 2, value((l, tf) -> l.classAlignmentWithLast(LayersTest.constant(tf, logits, 3, 1, 1, 1, 2),
            LayersTest.constant(tf, assignment, 3, 1, 1, 1, 2), matrix(tf, 3, 1, 0, 0, 0, 1, 0, 0, 0, 1), 2)), 1e-5);
        assertEquals(2 * each / 3, value((l, tf) -> l.classAlignment(LayersTest.constant(tf, logits, 3, 1, 1, 1, 2),
            LayersTest.constant(tf, assignment, 3, 1, 1, 1, 2), matrix(tf, 3, 1, 0, 0, 0, 1, 0, 0, 0, 1), 2)), 1e-5);
    }

    /** Points 0, 1 of class 0 and 3 of class 1 on a line, ξ = 4: (1² + (4 - 3)² + (4 - 2)²) / 3. */
    @Test
    void contrastivePullsAClassTogetherAndOthersApart() throws Exception {
        final int[] classes = {0, 0, 1};
        assertEquals((1 + 1 + 4) / 3.0, value(
            (l, tf) -> l.contrastive(matrix(tf, 1, 0, 1, 3), classes, vector(tf, 1, 1, 1), 4)), 1e-4);
        assertEquals(1, value(
            (l, tf) -> l.contrastive(matrix(tf, 1, 0, 1, 3), classes, vector(tf, 1, 1, 0), 4)), 1e-4);
        assertEquals(0, value(
            (l, tf) -> l.contrastive(matrix(tf, 1, 0, 1, 3), classes, vector(tf, 0, 0, 1), 4)), 0);
    }

    /**
     * Points 0, 1 of class 0 and 3, 0.5 of class 1, ξ = 10. (a, p) = (0, 1): d² 1, farther than that is 3 with 9: 1 - 9 +
     * 10. (1, 0): nearest beyond 1 is 3 with 4: 1 - 4 + 10. (3, 0.5): d² 6.25, beyond is 0 with 9: 6.25 - 9 + 10. (0.5,
     * 3): nothing is beyond 6.25, the farthest is either with 0.25: 6.25 - 0.25 + 10.
     */
    @Test
    void tripletTakesSemiHardNegatives() throws Exception {
        final int[] classes = {0, 0, 1, 1};
        assertEquals((2 + 7 + 7.25 + 16) / 4, value(
            (l, tf) -> l.triplet(matrix(tf, 1, 0, 1, 3, 0.5), classes, vector(tf, 1, 1, 1, 1), 10)), 1e-4);
        // without the fourth: (0, 1) and (1, 0) only
        assertEquals((2 + 7) / 2.0, value(
            (l, tf) -> l.triplet(matrix(tf, 1, 0, 1, 3, 0.5), classes, vector(tf, 1, 1, 1, 0), 10)), 1e-4);
        // no negatives at all
        assertEquals(0, value(
            (l, tf) -> l.triplet(matrix(tf, 1, 0, 1, 3, 0.5), classes, vector(tf, 1, 1, 0, 0), 10)), 0);
    }

    @Test
    void leastSquaresIsHalfTheMeanSquare() throws Exception {
        assertEquals(0.5 * (0 + 1 + 4) / 3, value((l, tf) -> l.leastSquares(matrix(tf, 1, 1, 0, 3), 1)), 1e-6);
        assertEquals(0.5 * (1 + 0 + 9) / 3, value((l, tf) -> l.leastSquares(matrix(tf, 1, 1, 0, 3), 0)), 1e-6);
    }

    @Test
    void entropyGradient() throws Exception {
        new GradientCheck(1e-2).normal(6, 3).check((tf, in) -> new AdaptationLosses(tf).entropy(in.get(0)));
    }

    @Test
    void divergenceGradient() throws Exception {
        new GradientCheck(1e-2).normal(6, 3).normal(6, 3)
            .check((tf, in) -> new AdaptationLosses(tf).divergence(in.get(0), in.get(1)));
    }

    /** With one side constant the stopped gradients are right for the other; voxels are certain to count. */
    @Test
    void consistencyGradient() throws Exception {
        final float[] teacher = {-4, 1, 2, -4, 2, 1, -4, 0, 3, -4, 1, 1};
        // d/da ½ KL(a‖b) with b constant, and ½ KL(b‖sg a) has none
        new GradientCheck(1e-2).normal(4, 3).check((tf, in) -> {
            final AdaptationLosses l = new AdaptationLosses(tf);
            final Operand<TFloat32> b = LayersTest.constant(tf, teacher, 4, 3);
            final Operand<TFloat32> stopped = tf.math.mul(tf.constant(0.5f), l.average(l.divergence(b, tf.stopGradient(in.get(0)))));
            // the value that is differentiated numerically must not contain the stopped part
            final Operand<TFloat32> moving =
                tf.math.mul(tf.constant(0.5f), l.average(l.divergence(b, in.get(0))));
            return tf.math.add(tf.math.sub(l.consistency(in.get(0), b), moving), tf.math.sub(moving, stopped));
        });
    }

    @Test
    void classMeansGradient() throws Exception {
        new GradientCheck(1e-2).normal(2, 1, 2, 2, 3).given(shares(2 * 4 * 2), 2, 1, 2, 2, 2)
            .check((tf, in) -> new AdaptationLosses(tf).classMeans(in.get(0), in.get(1)).means());
    }

    @Test
    void classAlignmentGradient() throws Exception {
        final float[] onlySome = shares(3 * 4 * 2);
        new GradientCheck(1e-2).normal(3, 1, 2, 2, 2).check((tf, in) -> new AdaptationLosses(tf).classAlignment(in.get(0),
            LayersTest.constant(tf, onlySome, 3, 1, 2, 2, 2), matrix(tf, 3, 1, 0, 0, 0, 1, 0, 0, 0, 1), 2));
    }

    private static float[] shares(final int n) {
        final float[] v = new float[n];
        for (int i = 0; i < n; i++) {
            v[i] = 0.4f + 0.05f * (i % 7);
        }
        return v;
    }

    @Test
    void contrastiveGradient() throws Exception {
        new GradientCheck(1e-2).normal(6, 4).check(
            (tf, in) -> new AdaptationLosses(tf).contrastive(in.get(0), CLASSES, vector(tf, 1, 1, 1, 1, 0, 1), 5));
    }

    @Test
    void tripletGradient() throws Exception {
        new GradientCheck(1e-3).normal(6, 4).check(
            (tf, in) -> new AdaptationLosses(tf).triplet(in.get(0), CLASSES, vector(tf, 1, 1, 1, 1, 0, 1), 50));
    }

    @Test
    void leastSquaresGradient() throws Exception {
        new GradientCheck(1e-2).normal(3, 2).check((tf, in) -> new AdaptationLosses(tf).leastSquares(in.get(0), 1));
    }
}

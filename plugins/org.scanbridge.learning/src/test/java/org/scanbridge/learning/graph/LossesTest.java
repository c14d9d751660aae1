package org.scanbridge.learning.graph;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.function.BiFunction;

import org.junit.jupiter.api.Test;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

/** Values derived by hand from the definitions; methods.md H 1 and 4. */
class LossesTest {

    private static final List<Double> EQUAL = List.of(1.0, 1.0, 1.0);

    private static final List<Double> UNEQUAL = List.of(0.0, 3.0, 0.5);

    private static final int[] LABELS = {0, 1, 2, 1, 0, 2};

    /** Logits that are certain of the label plus an offset. */
    private static float[] certain(final int offset) {
        final float[] logits = new float[18];
        for (int v = 0; v < 6; v++) {
            logits[3 * v + (LABELS[v] + offset) % 3] = 100;
        }
        return logits;
    }

    private static double value(final float[] logits,
        final BiFunction<Losses, List<Operand<TFloat32>>, Operand<TFloat32>> loss) throws Exception {
        return LayersTest.run(tf -> {
            final Losses losses = new Losses(tf);
            return loss.apply(losses, List.of(LayersTest.constant(tf, logits, 1, 1, 2, 3, 3), labels(tf, losses)));
        })[0];
    }

    private static Operand<TFloat32> labels(final Ops tf, final Losses losses) {
        return losses.oneHot(tf.constant(LABELS), 3);
    }

    private static Truth truth(final List<Operand<TFloat32>> x) {
        return Truth.ofClasses(x.get(1));
    }

    @Test
    void perfectPredictionHasNoDiceLossWhateverTheWeights() throws Exception {
        for (final List<Double> weights : List.of(EQUAL, UNEQUAL)) {
            assertEquals(0, value(certain(0), (l, x) -> l.pooledDice(l.of(x.get(0), truth(x)), weights)), 1e-6);
            assertEquals(0, value(certain(0), (l, x) -> l.meanDice(l.of(x.get(0), truth(x)), weights)), 1e-6);
        }
    }

    @Test
    void allWrongPredictionHasDiceLossOne() throws Exception {
        for (final List<Double> weights : List.of(EQUAL, UNEQUAL)) {
            assertEquals(1, value(certain(1), (l, x) -> l.pooledDice(l.of(x.get(0), truth(x)), weights)), 1e-5);
            assertEquals(1, value(certain(1), (l, x) -> l.meanDice(l.of(x.get(0), truth(x)), weights)), 1e-5);
        }
    }

    /**
     * Certain of class 1 everywhere: overlaps 0, 2, 0 and volumes 2, 8, 2. Pooled with equal weights 1 - 2·2/12, with
     * weights 0, 3, ½ 1 - 2·6/(24 + 1); mean over classes 1 - (0 + 4/8 + 0)/3, weighted 1 - 3·(4/8)/3.5.
     */
    @Test
    void diceLossOfAPartlyRightPrediction() throws Exception {
        final float[] logits = new float[18];
        for (int v = 0; v < 6; v++) {
            logits[3 * v + 1] = 100;
        }
        assertEquals(1 - 4.0 / 12, value(logits, (l, x) -> l.pooledDice(l.of(x.get(0), truth(x)), EQUAL)), 1e-5);
        assertEquals(1 - 12.0 / 25, value(logits, (l, x) -> l.pooledDice(l.of(x.get(0), truth(x)), UNEQUAL)), 1e-5);
        assertEquals(1 - 0.5 / 3, value(logits, (l, x) -> l.meanDice(l.of(x.get(0), truth(x)), EQUAL)), 1e-5);
        assertEquals(1 - 1.5 / 3.5, value(logits, (l, x) -> l.meanDice(l.of(x.get(0), truth(x)), UNEQUAL)), 1e-5);
    }

    @Test
    void crossEntropyOfUniformLogitsIsLnOfTheClasses() throws Exception {
        assertEquals(Math.log(3), value(new float[18], (l, x) -> l.crossEntropy(l.of(x.get(0), truth(x)), EQUAL)), 1e-6);
        assertEquals(Math.log(3), value(new float[18], (l, x) -> l.crossEntropy(l.of(x.get(0), truth(x)), UNEQUAL)), 1e-5);
    }

    /** Logits (ln 2, 0, 0) everywhere: p = ½, ¼, ¼, so labels 0 cost ln 2 and the others ln 4. */
    @Test
    void crossEntropyWeighsClasses() throws Exception {
        final float[] logits = new float[18];
        for (int v = 0; v < 6; v++) {
            logits[3 * v] = (float)Math.log(2);
        }
        assertEquals((2 * Math.log(2) + 4 * Math.log(4)) / 6,
            value(logits, (l, x) -> l.crossEntropy(l.of(x.get(0), truth(x)), EQUAL)), 1e-6);
        assertEquals((2 * 5 * Math.log(2) + 4 * Math.log(4)) / (10 + 4),
            value(logits, (l, x) -> l.crossEntropy(l.of(x.get(0), truth(x)), List.of(5.0, 1.0, 1.0))), 1e-5);
    }

    /**
     * Certain of class 1 everywhere: TP 0, 2, 0; FP 0, 4, 0; FN 2, 0, 2. With α = ¼ the indices are 0, 2 / (2 + 1) and 0.
     */
    @Test
    void tverskyOfAPartlyRightPrediction() throws Exception {
        final float[] logits = new float[18];
        for (int v = 0; v < 6; v++) {
            logits[3 * v + 1] = 100;
        }
        assertEquals(1 - 2.0 / 9, value(logits, (l, x) -> l.tversky(l.of(x.get(0), truth(x)), EQUAL, 0.25)), 1e-5);
        assertEquals(1 - 2.0 / 3 * 3 / 3.5, value(logits, (l, x) -> l.tversky(l.of(x.get(0), truth(x)), UNEQUAL, 0.25)), 1e-5);
        assertEquals(0, value(certain(0), (l, x) -> l.tversky(l.of(x.get(0), truth(x)), UNEQUAL, 0.25)), 1e-6);
    }

    @Test
    void tverskyWithEqualWeightsIsDice() throws Exception {
        final float[] logits = new float[18];
        for (int v = 0; v < 18; v++) {
            logits[v] = v * 7 % 5 - 2;
        }
        assertEquals(value(logits, (l, x) -> l.meanDice(l.of(x.get(0), truth(x)), UNEQUAL)),
            value(logits, (l, x) -> l.tversky(l.of(x.get(0), truth(x)), UNEQUAL, 0.5)), 1e-6);
    }

    /** Uniform over 3 classes: (2/3)^γ ln 3; weights have no effect where all voxels are alike. */
    @Test
    void focalLossOfUniformLogits() throws Exception {
        assertEquals(4.0 / 9 * Math.log(3), value(new float[18], (l, x) -> l.focal(l.of(x.get(0), truth(x)), EQUAL, 2)), 1e-5);
        assertEquals(4.0 / 9 * Math.log(3), value(new float[18], (l, x) -> l.focal(l.of(x.get(0), truth(x)), UNEQUAL, 2)), 1e-5);
        assertEquals(0, value(certain(0), (l, x) -> l.focal(l.of(x.get(0), truth(x)), EQUAL, 2)), 1e-6);
    }

    /** Log-loss by hand: ln 2 at x = 0; ln(1 + e^2) - 2·1 at x = 2, z = 1; ln(1 + e^2) at x = 2, z = 0. */
    @Test
    void binaryCrossEntropyValues() throws Exception {
        final double large = Math.log(1 + Math.exp(2));
        assertEquals((Math.log(2) + large - 2 + large + 200) / 4, LayersTest.run(tf -> new Losses(tf).binaryCrossEntropy(
            tf.constant(new float[]{0, 2, 2, 200}), tf.constant(new float[]{0.5f, 1, 0, 0})))[0], 1e-4);
    }

    @Test
    void differences() throws Exception {
        assertEquals(2, LayersTest.run(tf -> new Losses(tf).l1(tf.constant(new float[]{1, 2, 3}),
            tf.constant(new float[]{2, 0, 6})))[0], 1e-6);
        assertEquals(14.0 / 3, LayersTest.run(tf -> new Losses(tf).l2(tf.constant(new float[]{1, 2, 3}),
            tf.constant(new float[]{2, 0, 6})))[0], 1e-5);
    }

    @Test
    void tverskyGradient() throws Exception {
        gradient((l, x) -> l.tversky(l.of(x.get(0), truth(x)), UNEQUAL, 0.3));
    }

    @Test
    void focalGradient() throws Exception {
        gradient((l, x) -> l.focal(l.of(x.get(0), truth(x)), UNEQUAL, 2));
        gradient((l, x) -> l.focal(l.of(x.get(0), truth(x)), EQUAL, 0.5));
    }

    @Test
    void binaryCrossEntropyGradient() throws Exception {
        new GradientCheck(1e-2).normal(2, 3, 4).normal(2, 3, 4)
            .check((tf, in) -> new Losses(tf).binaryCrossEntropy(in.get(0), in.get(1)));
    }

    @Test
    void differenceGradients() throws Exception {
        new GradientCheck(1e-2).normal(2, 3, 4).normal(2, 3, 4).check((tf, in) -> new Losses(tf).l2(in.get(0), in.get(1)));
        new GradientCheck(2e-2).distinct(2, 3, 4)
            .check((tf, in) -> new Losses(tf).l1(in.get(0), tf.zerosLike(in.get(0))));
    }

    @Test
    void pooledDiceGradient() throws Exception {
        gradient((l, x) -> l.pooledDice(l.of(x.get(0), truth(x)), UNEQUAL));
        gradient((l, x) -> l.pooledDice(l.of(x.get(0), truth(x)), EQUAL));
    }

    @Test
    void meanDiceGradient() throws Exception {
        gradient((l, x) -> l.meanDice(l.of(x.get(0), truth(x)), UNEQUAL));
        gradient((l, x) -> l.meanDice(l.of(x.get(0), truth(x)), EQUAL));
    }

    @Test
    void crossEntropyGradient() throws Exception {
        gradient((l, x) -> l.crossEntropy(l.of(x.get(0), truth(x)), EQUAL));
        gradient((l, x) -> l.crossEntropy(l.of(x.get(0), truth(x)), UNEQUAL));
    }

    @Test
    void crossEntropyPerRowGradient() throws Exception {
        gradient((l, x) -> l.crossEntropyPerRow(x.get(0), x.get(1)));
    }

    private static void gradient(final BiFunction<Losses, List<Operand<TFloat32>>, Operand<TFloat32>> loss)
        throws Exception {
        new GradientCheck(1e-2).normal(1, 1, 2, 3, 3).check((tf, in) -> {
            final Losses losses = new Losses(tf);
            return loss.apply(losses, List.of(in.get(0), labels(tf, losses)));
        });
    }
}

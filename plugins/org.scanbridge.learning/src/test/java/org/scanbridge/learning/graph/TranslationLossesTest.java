package org.scanbridge.learning.graph;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.function.BiFunction;

import org.junit.jupiter.api.Test;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

/** Values worked out by hand from the equations in {@code ImageTranslation}. */
class TranslationLossesTest {

    private static final float[] SCORES = {1, 0, 0.5f, 2};

    private static final float[] OTHERS = {0, 1, -1, 2};

    private static double value(final BiFunction<TranslationLosses, Ops, Operand<TFloat32>> loss) throws Exception {
        return LayersTest.run(tf -> loss.apply(new TranslationLosses(tf), tf))[0];
    }

    private static Operand<TFloat32> scores(final Ops tf, final float... values) {
        return LayersTest.constant(tf, values, 2, 1, 2, 1, 1);
    }

    @Test
    void discriminator() throws Exception {
        // ½ (0 + 1 + 0.25 + 1) / 4 + ½ (0 + 1 + 1 + 4) / 4
        assertEquals(0.28125 + 0.75,
            value((losses, tf) -> losses.discriminator(scores(tf, SCORES), scores(tf, OTHERS))), 1e-6);
        // one that knows nothing and says ½ costs ¼
        assertEquals(0.25, value((losses, tf) -> losses.discriminator(scores(tf, 0.5f, 0.5f, 0.5f, 0.5f),
            scores(tf, 0.5f, 0.5f, 0.5f, 0.5f))), 1e-6);
    }

    @Test
    void generator() throws Exception {
        // (1 + 0 + 4 + 1) / 4
        assertEquals(1.5, value((losses, tf) -> losses.generator(scores(tf, OTHERS))), 1e-6);
    }

    @Test
    void distance() throws Exception {
        // (1 + 1 + 1.5 + 0) / 4
        assertEquals(0.875, value((losses, tf) -> losses.distance(scores(tf, SCORES), scores(tf, OTHERS))), 1e-6);
    }

    @Test
    void gradients() throws Exception {
        new GradientCheck(1e-2).normal(2, 3, 2, 2, 1).normal(2, 3, 2, 2, 1)
            .check((tf, in) -> new TranslationLosses(tf).discriminator(in.get(0), in.get(1)));
        new GradientCheck(1e-2).normal(2, 3, 2, 2, 1).check((tf, in) -> new TranslationLosses(tf).generator(in.get(0)));
    }

    /** Differences of at least 0.05: |·| has no derivative at 0. */
    @Test
    void distanceGradient() throws Exception {
        new GradientCheck(1e-2).distinct(2, 3, 2, 2, 1)
            .check((tf, in) -> new TranslationLosses(tf).distance(in.get(0), tf.constant(0f)));
        new GradientCheck(1e-2).distinct(2, 3, 2, 2, 1)
            .check((tf, in) -> new TranslationLosses(tf).distance(tf.constant(0f), in.get(0)));
    }
}

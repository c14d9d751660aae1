package org.scanbridge.learning.graph;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

/** Values derived by hand from the definitions, and those of methods.md B4; methods.md H 4. */
class AdversarialLossesTest {

    private static final int SITES = 2;

    private static Operand<TFloat32> sites(final Ops tf, final int... sites) {
        return tf.oneHot(tf.constant(sites), tf.constant(SITES + 1), tf.constant(1f), tf.constant(0f));
    }

    private static double generator(final GeneratorObjective objective, final float... logits) throws Exception {
        return LayersTest.run(tf -> new AdversarialLosses(tf, SITES).generator(objective,
            LayersTest.constant(tf, logits, 1, SITES + 1), sites(tf, 0)))[0];
    }

    @Test
    void discriminatorThatKnowsNothingHasLnOfTheClasses() throws Exception {
        final double loss = LayersTest.run(tf -> new AdversarialLosses(tf, SITES).discriminator(
            LayersTest.constant(tf, new float[6], 2, 3), sites(tf, 0, 1), LayersTest.constant(tf, new float[6], 2, 3)))[0];
        assertEquals(Math.log(3), loss, 1e-6);
    }

    /** Real patches told with p = ½ (logits ln 2, 0, 0), generated ones with p = 4/6: ½ (ln 2 + ln 1.5). */
    @Test
    void discriminatorLossIsTheMeanOfRealAndGenerated() throws Exception {
        final float ln2 = (float)Math.log(2);
        final float ln4 = (float)Math.log(4);
        final double loss = LayersTest.run(tf -> new AdversarialLosses(tf, SITES).discriminator(
            LayersTest.constant(tf, new float[]{ln2, 0, 0}, 1, 3), sites(tf, 0),
            LayersTest.constant(tf, new float[]{0, 0, ln4}, 1, 3)))[0];
        assertEquals((Math.log(2) + Math.log(1.5)) / 2, loss, 1e-6);
    }

    @Test
    void uniformLogits() throws Exception {
        assertEquals(-Math.log(3), generator(GeneratorObjective.MINIMAX, 0, 0, 0), 1e-6);
        assertEquals(-Math.log(2.0 / 3), generator(GeneratorObjective.NON_SATURATING, 0, 0, 0), 1e-6);
        assertEquals(Math.log(3), generator(GeneratorObjective.SOFTMAX_OF_COMPLEMENT, 0, 0, 0), 1e-6);
        assertEquals(Math.log(3), generator(GeneratorObjective.NOT_OWN_SITE, 0, 0, 0), 1e-6);
        assertEquals(Math.log(3), generator(GeneratorObjective.CONFUSION, 0, 0, 0), 1e-6);
    }

    /** p = (1, 2, 5) / 8, the patch is of the first site. */
    @Test
    void unequalLogits() throws Exception {
        final float[] logits = {0, (float)Math.log(2), (float)Math.log(5)};
        assertEquals(Math.log(5.0 / 8), generator(GeneratorObjective.MINIMAX, logits), 1e-6);
        assertEquals(-Math.log(3.0 / 8), generator(GeneratorObjective.NON_SATURATING, logits), 1e-6);
        assertEquals(-Math.log(2.0 / 8), generator(GeneratorObjective.NOT_OWN_SITE, logits), 1e-6);
        assertEquals(-(Math.log(1.0 / 8) + Math.log(2.0 / 8)) / 2, generator(GeneratorObjective.CONFUSION, logits), 1e-6);
    }

    /** methods.md B4: 0.794 for p = (½, ½, 0), 1.862 for a discriminator that is sure of "generated". */
    @Test
    void theProgramOf2019IsBounded() throws Exception {
        assertEquals(0.794, generator(GeneratorObjective.SOFTMAX_OF_COMPLEMENT, 60, 60, 0), 1e-3);
        assertEquals(1.862, generator(GeneratorObjective.SOFTMAX_OF_COMPLEMENT, 0, 0, 60), 1e-3);
    }

    /** Where the discriminator is sure, the saturating loss is 0 and the other grows with its certainty. */
    @Test
    void staysFiniteWhenTheDiscriminatorIsSure() throws Exception {
        assertEquals(0, generator(GeneratorObjective.MINIMAX, 0, 0, 200), 1e-6);
        assertEquals(200 - Math.log(2), generator(GeneratorObjective.NON_SATURATING, 0, 0, 200), 1e-3);
        assertEquals(200, generator(GeneratorObjective.NOT_OWN_SITE, 0, 0, 200), 1e-3);
    }

    @ParameterizedTest
    @EnumSource
    void generatorGradient(final GeneratorObjective objective) throws Exception {
        new GradientCheck(1e-2).normal(3, SITES + 1).check(
            (tf, in) -> new AdversarialLosses(tf, SITES).generator(objective, in.get(0), sites(tf, 0, 1, 0)));
    }

    @Test
    void discriminatorGradient() throws Exception {
        new GradientCheck(1e-2).normal(3, SITES + 1).normal(3, SITES + 1).check(
            (tf, in) -> new AdversarialLosses(tf, SITES).discriminator(in.get(0), sites(tf, 0, 1, 0), in.get(1)));
    }
}

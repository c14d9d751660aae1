package org.scanbridge.learning.graph;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Optional;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.scanbridge.learning.graph.DiscriminatorSpec.Shape;

/** Gradients of assembled discriminators, with respect to the image and to every variable. */
class DiscriminatorTest {

    /** @param variables how many there are: kernels, biases, scales and shifts of all layers */
    @ParameterizedTest
    @CsvSource({"CONVOLUTIONS, 4, 0, 7", "CONVOLUTIONS, 4, 0.25, 7", "RESNET_18, 8, 0, 62"})
    void gradient(final Shape shape, final int width, final double dropout, final int variables) throws Exception {
        final DiscriminatorSpec spec = new DiscriminatorSpec(shape, 2, width, 2, dropout);
        new GradientCheck(2e-3).normal(1, 8, 8, 8, 1).checkNetwork((tf, inputs, store) -> {
            final Discriminator d =
                new Discriminator(tf, spec, store, 3, Optional.of(tf.constant(new int[]{4, 5})));
            final var logits = d.logits(inputs.get(0));
            assertEquals(variables, store.entries().size());
            assertEquals(3, Layers.size(logits, 1));
            return logits;
        });
    }
}

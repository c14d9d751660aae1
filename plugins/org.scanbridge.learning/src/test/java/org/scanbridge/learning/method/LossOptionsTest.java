package org.scanbridge.learning.method;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LossOptionsTest {

    private static final LossOptions DEFAULTS = LossOptions.defaults();

    /** With an infinite weight the first loss is infinite, which looks like a learning rate that is too high. */
    @ParameterizedTest
    @ValueSource(doubles = {-1, Double.NaN, Double.POSITIVE_INFINITY})
    void weightsAreFiniteAndNotNegative(final double weight) {
        for (final Runnable use : List.<Runnable> of(() -> DEFAULTS.withWeights(weight, 1), () -> DEFAULTS.withWeights(1, weight),
            () -> DEFAULTS.withClassWeights(List.of(1.0, weight)))) {
            final String message = assertThrows(IllegalArgumentException.class, use::run).getMessage();
            assertTrue(message.contains("" + weight) && message.contains("finite, not negative"), message);
        }
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, 1e9})
    void oneWeightAboveZeroIsEnough(final double weight) {
        assertEquals(weight, DEFAULTS.withWeights(weight, 1).diceWeight());
        assertThrows(IllegalArgumentException.class, () -> DEFAULTS.withWeights(0, 0));
    }
}

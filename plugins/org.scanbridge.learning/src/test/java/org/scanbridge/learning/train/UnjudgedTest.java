package org.scanbridge.learning.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.Optional;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.scanbridge.learning.train.Stopping.Measure;

class UnjudgedTest {

    private static StepMetrics validation(final int step, final double dice, final Map<String, Double> others) {
        return new StepMetrics(step, 1, 0, 1, Double.NaN, Double.NaN, Double.NaN, dice, others);
    }

    private static String notice(final Measure measure, final StepMetrics... validations) {
        return Unjudged.notice(List.of(validations), measure).orElse("");
    }

    @Test
    void aDiceOfNothingIsTold() {
        final String notice = notice(Measure.DICE, validation(50, 0, Map.of()), validation(100, 0, Map.of()));
        assertTrue(notice.contains("Dice is 0 at each of the 2 validations") && notice.contains("last one are kept"), notice);
        // where the reference has no voxel, no network can have another Dice
        assertTrue(notice.contains("segmentations are empty") && notice.contains("have any class"), notice);
        assertEquals("", notice(Measure.DICE, validation(50, 0, Map.of()), validation(100, 0.01, Map.of())));
        assertEquals("", notice(Measure.AUC, validation(50, 0, Map.of(StepMetrics.VALIDATION_AUC, 0.6))), "judged by another number");
        final String both = notice(Measure.BOTH, validation(50, 0, Map.of(StepMetrics.LABEL_FREE_SCORE, 0.6)));
        assertTrue(both.contains("Dice is 0"), both);
        assertFalse(both.contains("last one"), "the score without labels chooses");
    }

    @ParameterizedTest
    @EnumSource(Measure.class)
    void whatNoValidationCouldMeasureIsTold(final Measure measure) {
        final StepMetrics nothing = validation(50, Double.NaN, Map.of(StepMetrics.VALIDATION_LOSS, Double.NaN,
            StepMetrics.VALIDATION_AUC, Double.NaN, StepMetrics.LABEL_FREE_SCORE, Double.NaN));
        final String notice = notice(measure, nothing, nothing);
        assertTrue(notice.startsWith("None of the 2 validations gave ") && notice.contains("the last one are kept"), notice);
        assertEquals(Optional.empty(), Unjudged.notice(List.of(), measure), "without validations there is nothing to say");
    }
}

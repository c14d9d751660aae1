package org.scanbridge.learning.method;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;
import org.scanbridge.learning.method.SegmentationOptions.Schedule;

class SegmentationOptionsTest {

    /** Values computed outside Java: 0.5^0.9 = 0.5358867, 11^-0.75 = 0.1655600. */
    @Test
    void schedulesFollowTheirFormulas() {
        for (final Schedule schedule : Schedule.values()) {
            assertEquals(1, schedule.factor(0));
        }
        assertEquals(1, Schedule.CONSTANT.factor(0.7));
        assertEquals(1, Schedule.HALF_LINEAR.factor(0.5));
        assertEquals(0.52, Schedule.HALF_LINEAR.factor(0.75), 1e-12);
        assertEquals(0.02, Schedule.HALF_LINEAR.factor(1), 1e-12);
        assertEquals(0.5358867, Schedule.POLYNOMIAL.factor(0.5), 1e-7);
        assertEquals(0, Schedule.POLYNOMIAL.factor(1));
        assertEquals(0.1655600, Schedule.DANN.factor(1), 1e-7);
    }

    @Test
    void everyOptionIsNamedInTheProvenance() {
        assertEquals(SegmentationOptions.class.getRecordComponents().length,
            SegmentationOptions.defaults().asMap().size());
        assertEquals(SegmentationOptions.class.getRecordComponents().length
            + DomainAdversarialOptions.class.getRecordComponents().length - 1,
            DomainAdversarialOptions.defaults().asMap().size());
    }
}

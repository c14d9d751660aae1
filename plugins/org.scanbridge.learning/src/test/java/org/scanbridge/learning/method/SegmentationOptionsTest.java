package org.scanbridge.learning.method;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class SegmentationOptionsTest {

    @Test
    void everyOptionIsNamedInTheProvenance() {
        final int options = SegmentationOptions.class.getRecordComponents().length - 1
            + LossOptions.class.getRecordComponents().length;
        assertEquals(options, SegmentationOptions.defaults().asMap().size());
        assertEquals(options + DomainAdversarialOptions.class.getRecordComponents().length - 1,
            DomainAdversarialOptions.defaults().asMap().size());
    }
}

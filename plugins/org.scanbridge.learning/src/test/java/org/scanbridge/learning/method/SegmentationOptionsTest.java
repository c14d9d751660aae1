package org.scanbridge.learning.method;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Map;

import org.junit.jupiter.api.Test;

class SegmentationOptionsTest {

    @Test
    void everyOptionIsNamedInTheProvenance() {
        final int options = SegmentationOptions.class.getRecordComponents().length - 1
            + LossOptions.class.getRecordComponents().length;
        assertEquals(options, SegmentationOptions.defaults().asMap().size());
        // either what the step is chosen by or how much is averaged, never both
        final int all = options + DomainAdversarialOptions.class.getRecordComponents().length - 2;
        for (final KeptStep kept : KeptStep.values()) {
            final Map<String, String> named = DomainAdversarialOptions.defaults().withKept(kept).asMap();
            assertEquals(all, named.size());
            assertEquals(kept == KeptStep.AVERAGE, named.containsKey("averagedFraction"));
            assertEquals(kept != KeptStep.AVERAGE, named.containsKey("keptStepChosenBy"));
        }
    }
}

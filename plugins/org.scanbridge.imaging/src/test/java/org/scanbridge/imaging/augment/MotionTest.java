package org.scanbridge.imaging.augment;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;
import org.scanbridge.imaging.random.SeededRandom;

class MotionTest {

    @Test
    void withoutMovementNothingHappens() {
        final LabeledVolume brain = Images.brain();
        final Motion still = new Motion(1, new Range(2, 2), new Range(0, 0), new Range(0, 0));
        assertArrayEquals(brain.image().voxels(),
            still.draw(new SeededRandom(3)).apply(brain).image().voxels(), 1e-2f);
    }

    @Test
    void labelsStayAndTheDrawIsReported() {
        final LabeledVolume brain = Images.brain();
        final Transformation t = Motion.DEFAULT.draw(new SeededRandom(5));
        assertEquals(brain.labels(), t.apply(brain).labels());
        assertEquals(3, t.parameters().size());
    }

    @Test
    void refusesBadSettings() {
        final Range none = new Range(0, 0);
        assertThrows(IllegalArgumentException.class, () -> new Motion(3, new Range(1, 1), none, none));
        assertThrows(IllegalArgumentException.class, () -> new Motion(1, new Range(0, 1), none, none));
    }
}

package org.scanbridge.learning.method;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;

import org.junit.jupiter.api.Test;

class StudyNoticesTest {

    @Test
    void eachThingIsSaidOnceWithItsTrainings() {
        final StudyNotices notices = new StudyNotices();
        assertEquals(List.of(), notices.texts());
        for (final String training : List.of("on site A", "on site B", "on site B", "on site C", "on site D", "on all sites")) {
            notices.of(training).notice("No liver.");
        }
        notices.of("on site B").notice("No validation.");
        assertEquals(List.of("Training on site A; on site B; on site C; and 2 more: No liver.",
            "Training on site B: No validation."), notices.texts());
    }
}

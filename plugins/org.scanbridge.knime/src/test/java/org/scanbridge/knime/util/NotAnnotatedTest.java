package org.scanbridge.knime.util;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.Set;

import org.junit.jupiter.api.Test;
import org.knime.core.node.InvalidSettingsException;
import org.scanbridge.imaging.volume.LabelSet;

class NotAnnotatedTest {

    private static final LabelSet LABELS =
        LabelSet.of(Map.of(1, "liver", 2, "Unknown", 3, "liver + unknown", 7, "unknown side"));

    @Test
    void namesAndNumbersMeanValues() throws Exception {
        assertEquals(Set.of(), NotAnnotated.of(" ").values(LABELS));
        assertTrue(NotAnnotated.of(null).isEmpty());
        assertEquals(Set.of(2, 3), NotAnnotated.of("unknown").values(LABELS));
        assertEquals(Set.of(2, 3, 255), NotAnnotated.of("UNKNOWN, 255").values(LABELS));
        assertEquals(Set.of(255), NotAnnotated.of("255,side").values(LABELS));
        NotAnnotated.of("unknown side, 2").check(List.of(LabelSet.of("a"), LABELS));
    }

    /** Where a mark overlaps a structure, its number means their combination as its name does. */
    @Test
    void theNumberOfAClassMeansWhatItsNameMeans() throws Exception {
        assertEquals(Set.of(2, 3), NotAnnotated.of("2").values(LABELS));
        assertEquals(Set.of(3), NotAnnotated.of("3").values(LABELS));
        final LabelSet unnamed = LabelSet.of(Map.of(1, "liver", 4, "liver + class 9"));
        for (final String mark : List.of("9", "class 9", "Class 9")) {
            assertEquals(Set.of(4, 9), NotAnnotated.of(mark).values(unnamed), mark);
            NotAnnotated.of(mark).check(List.of(LABELS, LabelSet.of(Map.of(9, "class 9"))));
        }
        assertEquals(Set.of(), NotAnnotated.of("class 1").values(unnamed));
    }

    @Test
    void numbersThatNoSegmentationHasAreRefused() throws Exception {
        final NotAnnotated number = NotAnnotated.of("2, 200");
        final String message =
            assertThrows(InvalidSettingsException.class, () -> number.check(List.of(LABELS))).getMessage();
        assertTrue(message.contains("\"Not annotated\" is \"200\"") && message.contains("this number")
            && message.contains("1 = liver, 2 = Unknown, 3 = liver + unknown, 7 = unknown side"), message);
        final NotAnnotated placeholder = NotAnnotated.of("class 200");
        assertThrows(InvalidSettingsException.class, () -> placeholder.check(List.of(LABELS)));
    }

    @Test
    void whatCannotBeMeantIsRefused() throws Exception {
        for (final String text : List.of("0", "256", "-3", "unknown, 99999999999")) {
            assertThrows(InvalidSettingsException.class, () -> NotAnnotated.of(text), text);
        }
        final NotAnnotated side = NotAnnotated.of("side");
        final String message =
            assertThrows(InvalidSettingsException.class, () -> side.check(List.of(LABELS, LabelSet.of("x")))).getMessage();
        assertTrue(message.contains("\"side\"") && message.contains("1 = liver, 1 = x, 2 = Unknown, 3 = liver + unknown, 7 = unknown side"),
            message);
        assertTrue(assertThrows(InvalidSettingsException.class, () -> side.check(List.of())).getMessage()
            .contains("are: none"));
    }
}

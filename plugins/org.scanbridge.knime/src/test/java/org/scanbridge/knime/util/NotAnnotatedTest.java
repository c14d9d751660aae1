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
        NotAnnotated.of("unknown side, 200").check(List.of(LabelSet.of("a"), LABELS));
    }

    @Test
    void whatCannotBeMeantIsRefused() throws Exception {
        for (final String text : List.of("0", "256", "-3", "unknown, 99999999999")) {
            assertThrows(InvalidSettingsException.class, () -> NotAnnotated.of(text), text);
        }
        final NotAnnotated side = NotAnnotated.of("side");
        final String message =
            assertThrows(InvalidSettingsException.class, () -> side.check(List.of(LABELS, LabelSet.of("x")))).getMessage();
        assertTrue(message.contains("\"side\"") && message.contains("Unknown, liver, liver + unknown, unknown side, x"),
            message);
        assertTrue(assertThrows(InvalidSettingsException.class, () -> side.check(List.of())).getMessage()
            .contains("not named"));
    }
}

package org.scanbridge.knime.util;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;

import org.junit.jupiter.api.Test;
import org.knime.core.node.InvalidSettingsException;

class SourceSiteTest {

    @Test
    void blankIsTheFirstInAlphabeticalOrder() throws Exception {
        assertEquals("A", SourceSite.of(" ", List.of("C", "", "A", "B")));
    }

    @Test
    void aChosenSiteMustBeThere() throws Exception {
        assertEquals("C", SourceSite.of("C", List.of("C", "A")));
        final String message = assertThrows(InvalidSettingsException.class,
            () -> SourceSite.of("D", List.of("C", "A"))).getMessage();
        assertTrue(message.contains("\"D\"") && message.contains("A, C"), message);
    }

    @Test
    void aTableWithoutSitesIsRefused() {
        assertThrows(InvalidSettingsException.class, () -> SourceSite.of("", List.of("")));
    }

    @Test
    void allOthersAreTargets() {
        assertEquals("source", SourceSite.domain("A", "A"));
        assertEquals("target", SourceSite.domain("B", "A"));
    }
}

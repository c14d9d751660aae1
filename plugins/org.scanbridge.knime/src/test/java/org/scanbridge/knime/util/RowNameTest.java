package org.scanbridge.knime.util;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;
import org.knime.core.data.MissingCell;

class RowNameTest {

    @Test
    void keysThatSayThatTheyAreRowsAreNotDoubled() {
        for (final String key : new String[]{"Row0", "row 7", "Row12_copy1"}) {
            assertEquals(key, RowName.of(key));
            assertEquals(key, RowName.first(key));
        }
        for (final String key : new String[]{"17", "S-1", "rowan"}) {
            assertEquals("row " + key, RowName.of(key));
            assertEquals("Row " + key, RowName.first(key));
        }
    }

    @Test
    void problemsOfRowsNameThemOnce() {
        final RowProblems problems = new RowProblems("scored");
        assertEquals("Row0: It is empty.", ((MissingCell)problems.add("Row0", "It is empty.")).getError());
        assertEquals("Row0 could not be scored, and there is no other. It is empty.", problems.failure());
        assertEquals("Row b: It is full.", ((MissingCell)problems.add("b", "It is full.")).getError());
        assertEquals("None of 2 rows could be scored. The first, Row0: It is empty.", problems.failure());
    }
}

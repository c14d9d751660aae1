package org.scanbridge.learning.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;

import org.junit.jupiter.api.Test;
import org.scanbridge.learning.report.ReportModel.ModelRoles;

class GapClosureTest {

    private static final ModelRoles ROLES = new ModelRoles("source-only", "adapted", "oracle");

    private final List<ScoreRow> m_rows = new ArrayList<>();

    private void score(final String subject, final String site, final String domain, final String model, final double... dice) {
        for (int c = 0; c < dice.length; c++) {
            m_rows.add(new ScoreRow(subject, site, "test", domain, model, "class " + c,
                Double.isNaN(dice[c]) ? OptionalDouble.empty() : OptionalDouble.of(dice[c])));
        }
    }

    @Test
    void isTheShareOfTheGap() {
        score("s1", "B", "target", "source-only", 0.4, 0.6);
        score("s1", "B", "target", "adapted", 0.7, 0.7);
        score("s1", "B", "target", "oracle", 0.9, 0.9);
        final GapClosure c = GapClosure.of(m_rows, ROLES).get(0);
        assertEquals(0.5, c.sourceOnly(), 1e-12);
        assertEquals(0.5, c.closure().getAsDouble(), 1e-12);
        assertTrue(c.low().isEmpty(), "too few subjects for an interval");
    }

    @Test
    void isNegativeWhereAdaptingHarms() {
        score("s1", "B", "target", "source-only", 0.5);
        score("s1", "B", "target", "adapted", 0.4);
        score("s1", "B", "target", "oracle", 0.9);
        assertEquals(-0.25, GapClosure.of(m_rows, ROLES).get(0).closure().getAsDouble(), 1e-12);
    }

    @Test
    void isMissingWithoutAGap() {
        score("s1", "B", "target", "source-only", 0.9);
        score("s1", "B", "target", "adapted", 0.9);
        score("s1", "B", "target", "oracle", 0.9);
        assertTrue(GapClosure.of(m_rows, ROLES).get(0).closure().isEmpty());
    }

    @Test
    void leavesOutSourceSitesMissingDiceAndSubjectsThatOneModelLacks() {
        score("a", "A", "source", "source-only", 0.9);
        score("a", "A", "source", "adapted", 0.9);
        score("a", "A", "source", "oracle", 0.9);
        score("s1", "B", "target", "source-only", 0.2, Double.NaN);
        score("s1", "B", "target", "adapted", 0.4, Double.NaN);
        score("s1", "B", "target", "oracle", 0.6, Double.NaN);
        score("s2", "B", "target", "adapted", 1.0);
        final List<GapClosure> closures = GapClosure.of(m_rows, ROLES);
        assertEquals(1, closures.size());
        assertEquals(1, closures.get(0).subjects());
        assertEquals(0.5, closures.get(0).closure().getAsDouble(), 1e-12);
    }

    @Test
    void intervalOfEqualSubjectsIsAPointAndOfDifferentOnesContainsTheMean() {
        for (int s = 0; s < 6; s++) {
            score("s" + s, "B", "target", "source-only", 0.5);
            score("s" + s, "B", "target", "adapted", 0.6 + 0.02 * s);
            score("s" + s, "B", "target", "oracle", 0.9);
        }
        final GapClosure c = GapClosure.of(m_rows, ROLES).get(0);
        assertEquals(0.375, c.closure().getAsDouble(), 1e-9);
        assertTrue(c.low().getAsDouble() < 0.375 && c.high().getAsDouble() > 0.375);
        // Adapted lies in [0.6, 0.7], so no resample can leave [0.25, 0.5].
        assertFalse(c.low().getAsDouble() < 0.25 - 1e-9 || c.high().getAsDouble() > 0.5 + 1e-9);
    }
}

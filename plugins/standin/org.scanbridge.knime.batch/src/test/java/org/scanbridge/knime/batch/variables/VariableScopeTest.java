package org.scanbridge.knime.batch.variables;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;

import org.junit.jupiter.api.Test;
import org.scanbridge.knime.batch.TestVariables;

class VariableScopeTest {

    @Test
    void theUpperPortWins() {
        final VariableScope upper = VariableScope.of(List.of(TestVariables.integer("a", 1)));
        final VariableScope lower =
            VariableScope.of(List.of(TestVariables.integer("a", 2), TestVariables.integer("b", 3)));
        final VariableScope merged = VariableScope.merge(List.of(upper, lower));
        assertEquals(List.of(TestVariables.integer("a", 1), TestVariables.integer("b", 3)), merged.variables());
    }

    @Test
    void laterDefinitionsReplaceEarlierOnes() {
        final VariableScope scope = VariableScope.of(List.of(TestVariables.integer("a", 1)));
        assertEquals(List.of(TestVariables.string("a", "x")),
            scope.with(List.of(TestVariables.string("a", "x"))).variables());
        assertEquals(List.of(TestVariables.integer("a", 1)), scope.variables(), "scopes are immutable");
    }
}

package org.scanbridge.knime.batch.variables;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import java.util.Optional;

import org.junit.jupiter.api.Test;

class VariableScopeTest {

    @Test
    void theUpperPortWins() {
        final VariableScope upper = VariableScope.of(List.of(Variable.ofInt("a", 1)));
        final VariableScope lower = VariableScope.of(List.of(Variable.ofInt("a", 2), Variable.ofInt("b", 3)));
        final VariableScope merged = VariableScope.merge(List.of(upper, lower));
        assertEquals(List.of(Variable.ofInt("a", 1), Variable.ofInt("b", 3)), merged.variables());
    }

    @Test
    void laterDefinitionsReplaceEarlierOnes() {
        final VariableScope scope = VariableScope.of(List.of(Variable.ofInt("a", 1)));
        assertEquals(Optional.of(Variable.ofString("a", "x")),
            scope.with(List.of(Variable.ofString("a", "x"))).find("a"));
        assertEquals(Optional.of(Variable.ofInt("a", 1)), scope.find("a"), "scopes are immutable");
        assertEquals(Optional.empty(), scope.find("b"));
    }

    @Test
    void valuesMustBeOfTheirType() {
        assertThrows(IllegalArgumentException.class, () -> new Variable("a", VariableClass.INTEGER, 1L));
        assertThrows(IllegalArgumentException.class, () -> new Variable("a", VariableClass.INTEGER, null));
        assertThrows(IllegalArgumentException.class, () -> Variable.ofInt(" ", 1));
        assertEquals(null, Variable.ofString("a", null).text());
    }
}

package org.scanbridge.knime.batch.variables;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The flow variables visible at one place of a workflow, by name. Immutable. */
public final class VariableScope {

    /** No variables. */
    public static final VariableScope EMPTY = new VariableScope(Map.of());

    private final Map<String, Variable> m_variables;

    private VariableScope(final Map<String, Variable> variables) {
        m_variables = variables;
    }

    /**
     * @param variables the variables; of several with one name the last counts
     * @return their scope
     */
    public static VariableScope of(final Collection<Variable> variables) {
        return EMPTY.with(variables);
    }

    /**
     * What a node sees of the variables of its predecessors. Where two of them define the same name, the connection at
     * the upper port (the lower index; the flow variable port 0 comes first) wins, as in KNIME.
     *
     * @param byPort the predecessors' scopes in the order of the node's input ports
     * @return the merged scope
     */
    public static VariableScope merge(final List<VariableScope> byPort) {
        final Map<String, Variable> merged = new LinkedHashMap<>();
        for (VariableScope scope : byPort) {
            scope.m_variables.forEach(merged::putIfAbsent);
        }
        return new VariableScope(merged);
    }

    /**
     * @param variables further variables, which replace those of the same name
     * @return the larger scope
     */
    public VariableScope with(final Collection<Variable> variables) {
        final Map<String, Variable> all = new LinkedHashMap<>(m_variables);
        variables.forEach(v -> all.put(v.name(), v));
        return new VariableScope(all);
    }

    /**
     * @param name a variable's name
     * @return the variable, empty if it is not visible here
     */
    public Optional<Variable> find(final String name) {
        return Optional.ofNullable(m_variables.get(name));
    }

    /** @return the variables, in the order of their definition */
    public List<Variable> variables() {
        return List.copyOf(m_variables.values());
    }
}

package org.scanbridge.knime.batch.variables;

import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.knime.core.node.workflow.FlowVariable;

/** The flow variables visible at one place of a workflow, by name. Immutable. */
public final class VariableScope {

    /** No variables. */
    public static final VariableScope EMPTY = new VariableScope(Map.of());

    private final Map<String, FlowVariable> m_variables;

    private VariableScope(final Map<String, FlowVariable> variables) {
        m_variables = variables;
    }

    /**
     * @param variables the variables; of several with one name the last counts
     * @return their scope
     */
    public static VariableScope of(final Collection<FlowVariable> variables) {
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
        final Map<String, FlowVariable> merged = new LinkedHashMap<>();
        for (VariableScope scope : byPort) {
            scope.m_variables.forEach(merged::putIfAbsent);
        }
        return new VariableScope(merged);
    }

    /**
     * @param variables further variables, which replace those of the same name
     * @return the larger scope
     */
    public VariableScope with(final Collection<FlowVariable> variables) {
        final Map<String, FlowVariable> all = new LinkedHashMap<>(m_variables);
        variables.forEach(v -> all.put(v.getName(), v));
        return new VariableScope(all);
    }

    /** @return the variables by name, in the order of their definition */
    public Map<String, FlowVariable> byName() {
        return Collections.unmodifiableMap(m_variables);
    }

    /** @return the variables, in the order of their definition */
    public List<FlowVariable> variables() {
        return List.copyOf(m_variables.values());
    }
}

package org.scanbridge.knime.batch;

import org.knime.core.node.workflow.FlowVariable;
import org.knime.core.node.workflow.VariableType.DoubleType;
import org.knime.core.node.workflow.VariableType.IntType;
import org.knime.core.node.workflow.VariableType.StringType;

/** Short ways to make flow variables. */
public final class TestVariables {

    private TestVariables() {
    }

    /** @return a STRING variable */
    public static FlowVariable string(final String name, final String value) {
        return new FlowVariable(name, StringType.INSTANCE, value);
    }

    /** @return an INTEGER variable */
    public static FlowVariable integer(final String name, final int value) {
        return new FlowVariable(name, IntType.INSTANCE, value);
    }

    /** @return a DOUBLE variable */
    public static FlowVariable real(final String name, final double value) {
        return new FlowVariable(name, DoubleType.INSTANCE, value);
    }
}

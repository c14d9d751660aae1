package org.knime.node;

import java.util.Arrays;
import java.util.function.Consumer;

import org.knime.core.data.DataTableSpec;
import org.knime.core.node.port.PortObjectSpec;
import org.knime.core.node.port.PortType;
import org.knime.node.DefaultModel.ConfigureInput;
import org.knime.node.DefaultModel.ConfigureOutput;
import org.knime.node.parameters.NodeParameters;

/** One call of configure: what the node reads and where it writes. */
final class Configuration implements ConfigureInput, ConfigureOutput {

    private final NodeParameters m_parameters;

    private final PortObjectSpec[] m_inSpecs;

    private final PortType[] m_outTypes;

    private final PortObjectSpec[] m_outSpecs;

    private final Consumer<String> m_warning;

    Configuration(final NodeParameters parameters, final PortObjectSpec[] inSpecs, final PortType[] outTypes,
        final Consumer<String> warning) {
        m_parameters = parameters;
        m_inSpecs = inSpecs;
        m_outTypes = outTypes;
        m_outSpecs = new PortObjectSpec[outTypes.length];
        m_warning = warning;
    }

    PortObjectSpec[] result() {
        return m_outSpecs;
    }

    @Override
    @SuppressWarnings("unchecked")
    public <S extends NodeParameters> S getParameters() {
        return (S)m_parameters;
    }

    @Override
    public PortObjectSpec[] getInPortSpecs() {
        return m_inSpecs.clone();
    }

    @Override
    @SuppressWarnings("unchecked")
    public <S extends PortObjectSpec> S getInPortSpec(final int portIndex) {
        return (S)m_inSpecs[portIndex];
    }

    @Override
    public DataTableSpec[] getInTableSpecs() {
        return Arrays.stream(m_inSpecs).map(DataTableSpec.class::cast).toArray(DataTableSpec[]::new);
    }

    @Override
    public DataTableSpec getInTableSpec(final int portIndex) {
        return (DataTableSpec)m_inSpecs[portIndex];
    }

    @Override
    public PortType[] getOutPortTypes() {
        return m_outTypes.clone();
    }

    @Override
    public <S extends PortObjectSpec> void setOutSpec(final int portIndex, final S spec) {
        m_outSpecs[portIndex] = spec;
    }

    @Override
    @SafeVarargs
    @SuppressWarnings("varargs")
    public final <S extends PortObjectSpec> void setOutSpecs(final S... specs) {
        if (specs.length != m_outSpecs.length) {
            throw new IllegalArgumentException(
                specs.length + " output specs are set, but the node has " + m_outSpecs.length + " output ports.");
        }
        System.arraycopy(specs, 0, m_outSpecs, 0, specs.length);
    }

    @Override
    public void setWarningMessage(final String message) {
        m_warning.accept(message);
    }
}

package org.knime.node;

import java.io.File;
import java.util.Optional;

import org.knime.core.data.DataTableSpec;
import org.knime.core.data.container.ColumnRearranger;
import org.knime.core.node.BufferedDataTable;
import org.knime.core.node.ExecutionContext;
import org.knime.core.node.ExecutionMonitor;
import org.knime.core.node.InvalidSettingsException;
import org.knime.core.node.NodeModel;
import org.knime.core.node.NodeSettingsRO;
import org.knime.core.node.NodeSettingsWO;
import org.knime.core.node.port.PortObject;
import org.knime.core.node.port.PortObjectHolder;
import org.knime.core.node.port.PortObjectSpec;
import org.knime.core.node.port.PortType;
import org.knime.node.DefaultModel.Rearranging;
import org.knime.node.DefaultModel.RearrangeColumnsInput;
import org.knime.node.DefaultModel.Standard;
import org.knime.node.parameters.NodeParameters;
import org.knime.node.standin.persistence.NodeParametersPersistence;

/**
 * Runs a {@link DefaultModel} as a node model. Parameters that were never loaded are made at the first configure and
 * kept; saving before that writes the defaults without keeping them.
 */
final class DefaultNodeModel extends NodeModel implements PortObjectHolder {

    private final DefaultModel m_model;

    private final PortType[] m_inTypes;

    private final PortType[] m_outTypes;

    private NodeParameters m_parameters;

    private PortObject[] m_internal;

    /** @throws IllegalStateException if columns are to be rearranged but the ports are not one table each */
    DefaultNodeModel(final DefaultNode node) {
        super(node.ports().inputTypes(), node.ports().outputTypes());
        m_model = node.model();
        m_inTypes = node.ports().inputTypes();
        m_outTypes = node.ports().outputTypes();
        if (m_model instanceof Rearranging && !(isOneTable(m_inTypes) && isOneTable(m_outTypes))) {
            throw new IllegalStateException("The node \"" + node.name()
                + "\" rearranges columns and therefore needs exactly one input table and one output table.");
        }
    }

    private static boolean isOneTable(final PortType[] types) {
        return types.length == 1 && BufferedDataTable.class.isAssignableFrom(types[0].getPortObjectClass());
    }

    @Override
    protected PortObjectSpec[] configure(final PortObjectSpec[] inSpecs) throws InvalidSettingsException {
        final Optional<Class<? extends NodeParameters>> type = m_model.parametersClass();
        if (m_parameters == null && type.isPresent()) {
            m_parameters = NodeParametersPersistence.createDefaults(type.get(),
                new KnownInput(m_inTypes, m_outTypes, inSpecs));
        }
        if (m_parameters != null) {
            m_parameters.validate();
        }
        if (m_model instanceof Standard standard) {
            final Configuration call = new Configuration(m_parameters, inSpecs, m_outTypes, this::setWarningMessage);
            standard.configure(call, call);
            return call.result();
        }
        return new PortObjectSpec[]{rearranger((DataTableSpec)inSpecs[0]).createSpec()};
    }

    @Override
    protected PortObject[] execute(final PortObject[] inObjects, final ExecutionContext exec) throws Exception {
        if (m_model instanceof Standard standard) {
            final Execution call = new Execution(m_parameters, inObjects, m_outTypes, exec, this::setWarningMessage);
            standard.execute(call, call);
            m_internal = call.internal();
            return call.result();
        }
        final BufferedDataTable table = (BufferedDataTable)inObjects[0];
        return new PortObject[]{
            exec.createColumnRearrangeTable(table, rearranger(table.getDataTableSpec()), exec)};
    }

    private ColumnRearranger rearranger(final DataTableSpec spec) throws InvalidSettingsException {
        final ColumnRearranger[] result = new ColumnRearranger[1];
        ((Rearranging)m_model).rearrange(new RearrangeColumnsInput() {
            @Override
            @SuppressWarnings("unchecked")
            public <S extends NodeParameters> S getParameters() {
                return (S)m_parameters;
            }

            @Override
            public DataTableSpec getDataTableSpec() {
                return spec;
            }
        }, rearranger -> result[0] = rearranger);
        if (result[0] == null) {
            throw new IllegalStateException("The node set no column rearranger.");
        }
        return result[0];
    }

    @Override
    protected void saveSettingsTo(final NodeSettingsWO settings) {
        if (m_parameters != null) {
            NodeParametersPersistence.save(m_parameters, settings);
        } else {
            m_model.parametersClass().map(NodeParametersPersistence::createDefaults)
                .ifPresent(defaults -> NodeParametersPersistence.save(defaults, settings));
        }
    }

    @Override
    protected void validateSettings(final NodeSettingsRO settings) throws InvalidSettingsException {
        final Optional<Class<? extends NodeParameters>> type = m_model.parametersClass();
        if (type.isPresent()) {
            NodeParametersPersistence.load(type.get(), settings).validate();
        }
    }

    @Override
    protected void loadValidatedSettingsFrom(final NodeSettingsRO settings) throws InvalidSettingsException {
        final Optional<Class<? extends NodeParameters>> type = m_model.parametersClass();
        if (type.isPresent()) {
            m_parameters = NodeParametersPersistence.load(type.get(), settings);
        }
    }

    @Override
    protected void reset() {
        m_internal = null;
    }

    @Override
    protected void saveInternals(final File directory, final ExecutionMonitor exec) {
        // The internal data are saved by the framework.
    }

    @Override
    protected void loadInternals(final File directory, final ExecutionMonitor exec) {
        // The internal data are loaded by the framework.
    }

    @Override
    public PortObject[] getInternalPortObjects() {
        return m_internal;
    }

    @Override
    public void setInternalPortObjects(final PortObject[] portObjects) {
        m_internal = portObjects;
    }
}

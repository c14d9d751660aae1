package org.scanbridge.knime.batch.nodes;

import java.io.IOException;
import java.util.Arrays;
import java.util.NoSuchElementException;
import java.util.Optional;

import org.knime.core.data.DataTableSpec;
import org.knime.core.node.CanceledExecutionException;
import org.knime.core.node.ExecutionContext;
import org.knime.core.node.ExecutionMonitor;
import org.knime.core.node.InvalidSettingsException;
import org.knime.core.node.NodeDescription;
import org.knime.core.node.NodeFactory;
import org.knime.core.node.NodeModel;
import org.knime.core.node.NodeModelAccess;
import org.knime.core.node.NodeProgressMonitor;
import org.knime.core.node.NodeSettings;
import org.knime.core.node.port.PortObject;
import org.knime.core.node.port.PortObjectSpec;
import org.knime.core.node.port.PortType;
import org.knime.core.standin.run.NodeRun;
import org.scanbridge.knime.batch.workflow.NodeRecord;

/** A node behind which stands a {@link NodeModel}, checked in the way and with the words of KNIME. */
final class ModelNode implements HostedNode {

    private final NodeRecord m_record;

    private final NodeDescription m_description;

    private final NodeModelAccess m_model;

    private final RunStorage m_storage;

    private final EdgeCopier m_copier;

    private PortObjectSpec[] m_configured;

    private String m_mismatch;

    ModelNode(final NodeRecord record, final NodeFactory<?> factory, final RunStorage storage,
        final EdgeCopier copier) {
        m_record = record;
        m_description = factory.getNodeDescription();
        m_model = new NodeModelAccess(factory.createNodeModel());
        m_storage = storage;
        m_copier = copier;
    }

    @Override
    public int inputCount() {
        return m_model.inputs().length;
    }

    @Override
    public int outputCount() {
        return m_model.outputs().length;
    }

    @Override
    public String inputName(final int port) {
        return m_description.getInportName(port);
    }

    @Override
    public boolean isInputOptional(final int port) {
        return m_model.inputs()[port].isOptional();
    }

    @Override
    public Optional<String> refuses(final int port, final HostedNode source, final int sourcePort) {
        if (!(source instanceof ModelNode other)) {
            return Optional.empty();
        }
        final PortType in = m_model.inputs()[port];
        final PortType out = other.m_model.outputs()[sourcePort];
        // A generic output may turn out to be what the input needs; execution checks the object.
        return in.isSuperTypeOf(out) || out.isSuperTypeOf(in) ? Optional.empty()
            : Optional.of("port types do not fit: " + out.getName() + " into " + in.getName());
    }

    @Override
    public NodeSettings saveModelSettings() {
        final NodeSettings model = new NodeSettings("model");
        m_model.save(model);
        return model;
    }

    @Override
    public void loadModelSettings(final NodeSettings model) throws InvalidSettingsException {
        m_model.validate(model);
        m_model.load(model);
    }

    @Override
    public PortObjectSpec[] configure(final PortObjectSpec[] inputs) throws InvalidSettingsException {
        m_model.setWarning(null);
        for (int i = 0; i < inputs.length; i++) {
            final PortType type = m_model.inputs()[i];
            if (inputs[i] != null && !type.acceptsPortObjectSpec(inputs[i])) {
                throw new InvalidSettingsException("Invalid incoming spec at port " + (i + 1) + ", expected: \""
                    + type.getPortObjectSpecClass().getSimpleName() + "\", got: \""
                    + inputs[i].getClass().getSimpleName() + "\"");
            }
        }
        final PortObjectSpec[] specs = m_model.configure(inputs.clone());
        m_configured = specs == null ? new PortObjectSpec[outputCount()] : specs.clone();
        if (m_configured.length != outputCount()) {
            throw new InvalidSettingsException("Invalid configuration: the node has " + outputCount()
                + " outputs but gave " + m_configured.length + " specs");
        }
        return m_configured.clone();
    }

    @Override
    public PortObject[] execute(final PortObject[] inputs, final NodeProgressMonitor monitor) throws Exception {
        m_model.setWarning(null);
        final NodeRun run = m_storage.begin(m_record);
        final ExecutionContext context = new ExecutionContext(monitor, run);
        final PortObject[] result;
        try {
            result = m_model.execute(copy(inputs, context), context);
        } finally {
            run.fileStores().close();
        }
        check(result);
        return result.clone();
    }

    private PortObject[] copy(final PortObject[] inputs, final ExecutionMonitor monitor)
        throws CanceledExecutionException {
        final PortObject[] copies = new PortObject[inputs.length];
        for (int i = 0; i < inputs.length; i++) {
            if (inputs[i] != null) {
                copies[i] = copy(inputs[i], i, monitor);
            }
        }
        return copies;
    }

    private PortObject copy(final PortObject input, final int port, final ExecutionMonitor monitor)
        throws CanceledExecutionException {
        final PortType type = m_model.inputs()[port];
        if (!type.acceptsPortObject(input)) {
            throw new IllegalArgumentException("Connected input object at port " + (port + 1) + " is not of type "
                + type.getName() + " but " + input.getClass().getSimpleName());
        }
        try {
            return m_copier.copy(input, monitor);
        } catch (IOException | NoSuchElementException ex) {
            throw new IllegalStateException("Unable to clone input data at port " + (port + 1) + " (" + inputName(port)
                + "): " + ex.getMessage(), ex);
        }
    }

    private void check(final PortObject[] result) {
        if (result == null) {
            throw new IllegalStateException("Invalid result. Execution failed, reason: data is null.");
        }
        if (result.length != outputCount()) {
            throw new IllegalStateException("Invalid result. Execution failed, reason: the node has " + outputCount()
                + " outputs but gave " + result.length);
        }
        m_mismatch = null;
        for (int i = 0; i < result.length; i++) {
            if (result[i] == null) {
                throw new IllegalStateException(
                    "Invalid result. Execution failed, reason: data at output " + i + " is null.");
            }
            final PortType type = m_model.outputs()[i];
            if (!type.acceptsPortObject(result[i])) {
                throw new IllegalStateException("Invalid result. Execution failed, reason: data at output " + i
                    + " is " + result[i].getClass().getSimpleName() + ", not " + type.getName());
            }
            if (m_configured[i] instanceof DataTableSpec before && result[i].getSpec() instanceof DataTableSpec after
                && !sameColumns(before, after)) {
                m_mismatch = "DataSpec generated by configure does not match spec after execution.";
            }
        }
    }

    /** Domains are known only after execution and may differ. */
    private static boolean sameColumns(final DataTableSpec a, final DataTableSpec b) {
        return Arrays.equals(a.getColumnNames(), b.getColumnNames()) && a.getNumColumns() == b.getNumColumns()
            && a.stream().map(c -> c.getType()).toList().equals(b.stream().map(c -> c.getType()).toList());
    }

    @Override
    public Optional<String> takeWarning() {
        final String warning = m_model.warning();
        m_model.setWarning(null);
        final String mismatch = m_mismatch;
        m_mismatch = null;
        return Optional.ofNullable(warning == null ? mismatch : warning);
    }
}

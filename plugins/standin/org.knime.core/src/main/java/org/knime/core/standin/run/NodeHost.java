package org.knime.core.standin.run;

import java.io.IOException;
import java.util.Arrays;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;

import org.knime.core.data.DataTableSpec;
import org.knime.core.node.CanceledExecutionException;
import org.knime.core.node.ExecutionContext;
import org.knime.core.node.ExecutionMonitor;
import org.knime.core.node.InvalidSettingsException;
import org.knime.core.node.NodeFactory;
import org.knime.core.node.NodeModel;
import org.knime.core.node.NodeModelAccess;
import org.knime.core.node.NodeProgressMonitor;
import org.knime.core.node.NodeSettings;
import org.knime.core.node.NodeSettingsRO;
import org.knime.core.node.port.PortObject;
import org.knime.core.node.port.PortObjectHolder;
import org.knime.core.node.port.PortObjectSpec;
import org.knime.core.node.port.PortType;
import org.knime.core.node.port.PortTypeRegistry;
import org.knime.core.node.workflow.FlowVariable;

/**
 * One node of a running workflow: settings, configuration, execution. Ports are counted from 0 and without the flow
 * variable port. Methods must not be called from two threads at once; different nodes may run at the same time.
 */
public final class NodeHost {

    private final String m_name;

    private final NodeFactory<?> m_factory;

    private final RunDirectory m_run;

    private final Consumer<String> m_warnings;

    private final NodeModel m_model;

    private final NodeModelAccess m_access;

    private final PortObjectTransfer m_transfer;

    private PortObjectSpec[] m_outSpecs;

    private NodeRun m_execution;

    /**
     * @param name the node's name, for messages and folder names
     * @param factory makes the model
     * @param run where tables and file stores are kept
     * @param warnings gets what KNIME only logs as a warning
     */
    public NodeHost(final String name, final NodeFactory<?> factory, final RunDirectory run,
        final Consumer<String> warnings) {
        m_name = Objects.requireNonNull(name, "name");
        m_factory = Objects.requireNonNull(factory, "factory");
        m_run = Objects.requireNonNull(run, "run");
        m_warnings = Objects.requireNonNull(warnings, "warnings");
        m_model = factory.createNodeModel();
        m_access = new NodeModelAccess(m_model);
        m_transfer = new PortObjectTransfer(PortTypeRegistry.getInstance(), run.fileStores());
        m_outSpecs = new PortObjectSpec[m_access.outputs().length];
    }

    /** @return the node's name */
    public String name() {
        return m_name;
    }

    /** @return the factory */
    public NodeFactory<?> factory() {
        return m_factory;
    }

    /** @return the model */
    public NodeModel model() {
        return m_model;
    }

    /** @return the types of the inputs */
    public PortType[] inPortTypes() {
        return m_access.inputs();
    }

    /** @return the types of the outputs */
    public PortType[] outPortTypes() {
        return m_access.outputs();
    }

    /**
     * Checks settings and takes them over.
     *
     * @param settings the sub-tree {@code model} of the node's settings.xml
     * @throws InvalidSettingsException if they are not valid; the node then keeps those it has
     */
    public void loadSettings(final NodeSettingsRO settings) throws InvalidSettingsException {
        m_access.validate(settings);
        m_access.load(settings);
    }

    /** @return the settings in use, a tree named {@code model} */
    public NodeSettings saveSettings() {
        final NodeSettings settings = new NodeSettings("model");
        m_access.save(settings);
        return settings;
    }

    /** Hands over the flow variables that arrive at the node. */
    public void setFlowVariables(final Map<String, FlowVariable> variables) {
        m_access.setFlowVariables(Map.copyOf(variables));
    }

    /** @return the flow variables the model itself offers to the nodes after it */
    public Map<String, FlowVariable> pushedFlowVariables() {
        return m_access.pushedFlowVariables();
    }

    /**
     * Puts the node on the canvas, where nothing is connected yet. As in KNIME, a node that needs no input is configured
     * at once, and the parameters that it makes then are those it keeps, whatever is connected later.
     *
     * @return whether the node is configured
     */
    public boolean add() {
        if (!Arrays.stream(m_access.inputs()).allMatch(PortType::isOptional)) {
            return false;
        }
        try {
            configure(new PortObjectSpec[m_access.inputs().length]);
            return true;
        } catch (InvalidSettingsException e) {
            return false;
        }
    }

    /**
     * Configures the node. May only be called when the spec of every connected input is known.
     *
     * @param inSpecs one spec per input; null only for an optional input without connection
     * @return one spec per output; null where unknown before execution
     * @throws InvalidSettingsException with the node's message, or KNIME's for a failure that is not the user's
     */
    public PortObjectSpec[] configure(final PortObjectSpec[] inSpecs) throws InvalidSettingsException {
        checkInputs(inSpecs, "spec");
        m_access.setWarning(null);
        final PortType[] types = m_access.outputs();
        PortObjectSpec[] specs;
        try {
            specs = m_access.configure(inSpecs.clone());
        } catch (RuntimeException | Error e) {
            throw new InvalidSettingsException(
                "Configure failed (" + e.getClass().getSimpleName() + "): " + e.getMessage(), e);
        }
        specs = specs == null ? new PortObjectSpec[types.length]
            : Arrays.copyOf(specs, specs.length, PortObjectSpec[].class);
        if (specs.length != types.length) {
            throw new InvalidSettingsException("Configure failed (IllegalStateException): node " + m_name + " returned "
                + specs.length + " output specs, it has " + types.length + " outputs");
        }
        for (int i = 0; i < specs.length; i++) {
            if (specs[i] != null && !types[i].acceptsPortObjectSpec(specs[i])) {
                throw new InvalidSettingsException("Configure failed (IllegalStateException): spec at output " + i
                    + " is " + specs[i].getClass().getName() + ", the port needs "
                    + types[i].getPortObjectSpecClass().getName());
            }
        }
        m_outSpecs = specs;
        return specs.clone();
    }

    private void checkInputs(final Object[] inputs, final String what) {
        final PortType[] types = m_access.inputs();
        if (inputs.length != types.length) {
            throw new IllegalArgumentException(
                "Node " + m_name + " has " + types.length + " inputs, got " + inputs.length + " " + what + "s");
        }
        for (int i = 0; i < types.length; i++) {
            if (inputs[i] == null && !types[i].isOptional()) {
                throw new IllegalArgumentException("Node " + m_name + ": " + what + " at input " + i + " is null");
            }
        }
    }

    /**
     * Executes the node. Inputs are written and read again first, as on every edge. After a failure the model is reset.
     *
     * @param inObjects one object per input; null only for an optional input without connection
     * @param progress where the node reports, and learns that it was canceled
     * @return one object per output, not null
     * @throws NodeExecutionException if it fails, with the message KNIME shows
     * @throws CanceledExecutionException if it was canceled, also if the node did not care
     */
    public PortObject[] execute(final PortObject[] inObjects, final NodeProgressMonitor progress)
        throws NodeExecutionException, CanceledExecutionException {
        checkInputs(inObjects, "object");
        m_access.setWarning(null);
        final NodeRun execution = m_run.newNodeRun(m_name);
        try {
            final PortObject[] inputs = transfer(inObjects, progress);
            final PortObject[] outputs = checkOutputs(run(inputs, new ExecutionContext(progress, execution)));
            progress.checkCanceled();
            m_execution = execution;
            warnOnOtherSpecs(outputs);
            return outputs;
        } catch (NodeExecutionException | CanceledExecutionException e) {
            m_access.reset();
            throw e;
        } finally {
            execution.fileStores().close();
        }
    }

    private PortObject[] transfer(final PortObject[] objects, final NodeProgressMonitor progress)
        throws NodeExecutionException, CanceledExecutionException {
        final PortType[] types = m_access.inputs();
        final PortObject[] copies = new PortObject[objects.length];
        for (int i = 0; i < objects.length; i++) {
            if (objects[i] == null) {
                continue;
            }
            try {
                copies[i] = m_transfer.copy(objects[i], new ExecutionMonitor(new CancelOnly(progress)));
            } catch (IOException | RuntimeException | Error e) {
                throw new NodeExecutionException(
                    "Unable to clone input data at port " + (i + 1) + " (" + portName(i) + "): " + e.getMessage(), e);
            }
            if (!types[i].acceptsPortObject(copies[i])) {
                throw new NodeExecutionException("Mismatch of input port types at port " + (i + 1) + " (" + portName(i)
                    + "): got " + copies[i].getClass().getName() + ", the port needs "
                    + types[i].getPortObjectClass().getName(), null);
            }
        }
        return copies;
    }

    private String portName(final int index) {
        final String name = m_factory.getNodeDescription().getInportName(index);
        return name == null ? m_access.inputs()[index].getName() : name;
    }

    private PortObject[] run(final PortObject[] inputs, final ExecutionContext exec)
        throws NodeExecutionException, CanceledExecutionException {
        try {
            return m_access.execute(inputs, exec);
        } catch (CanceledExecutionException e) {
            throw e;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            final CanceledExecutionException canceled = new CanceledExecutionException();
            canceled.initCause(e);
            throw canceled;
        } catch (Exception | Error e) {
            exec.checkCanceled(); // what a canceled node throws is a consequence of being canceled
            throw new NodeExecutionException(FailureMessage.of(e), e);
        }
    }

    private PortObject[] checkOutputs(final PortObject[] outputs) throws NodeExecutionException {
        final PortType[] types = m_access.outputs();
        final PortObject[] objects = outputs == null ? new PortObject[types.length]
            : Arrays.copyOf(outputs, outputs.length, PortObject[].class);
        if (objects.length != types.length) {
            throw invalidResult("node has " + types.length + " outputs, execute returned " + objects.length + ".");
        }
        for (int i = 0; i < types.length; i++) {
            if (objects[i] == null) {
                throw invalidResult("data at output " + i + " is null.");
            }
            if (!types[i].acceptsPortObject(objects[i])) {
                throw invalidResult("data at output " + i + " is " + objects[i].getClass().getName()
                    + ", the port needs " + types[i].getPortObjectClass().getName() + ".");
            }
        }
        return objects;
    }

    private static NodeExecutionException invalidResult(final String reason) {
        return new NodeExecutionException(
            "Execute failed: Invalid result. Execution failed, reason: " + reason, null);
    }

    private void warnOnOtherSpecs(final PortObject[] outputs) {
        for (int i = 0; i < outputs.length; i++) {
            if (m_outSpecs[i] instanceof DataTableSpec before && outputs[i].getSpec() instanceof DataTableSpec after
                && !before.equalStructure(after)) {
                m_warnings.accept("DataSpec generated by configure does not match spec after execution.");
            }
        }
    }

    /** @return the message the node has set for its user in the last configure or execute, or null */
    public String warningMessage() {
        return m_access.warning();
    }

    /** @return what the node keeps for its view, or null */
    public PortObject[] internalPortObjects() {
        return m_model instanceof PortObjectHolder h ? h.getInternalPortObjects() : null;
    }

    /** Forgets the results of an execution; its file stores are no longer found. */
    public void reset() {
        m_access.reset();
        m_access.setWarning(null);
        if (m_execution != null) {
            m_run.fileStores().remove(m_execution.fileStores().id());
            m_execution = null;
        }
    }

    /** Passes on cancellation but not the progress of copying inputs, which is not the node's. */
    private record CancelOnly(NodeProgressMonitor parent) implements NodeProgressMonitor {

        @Override
        public void checkCanceled() throws CanceledExecutionException {
            parent.checkCanceled();
        }

        @Override
        public void setExecuteCanceled() {
            parent.setExecuteCanceled();
        }

        @Override
        public void setProgress(final double progress) {
            // not shown
        }

        @Override
        public void setProgress(final double progress, final String message) {
            // not shown
        }

        @Override
        public Double getProgress() {
            return null;
        }

        @Override
        public void setMessage(final String message) {
            // not shown
        }

        @Override
        public String getMessage() {
            return null;
        }
    }
}

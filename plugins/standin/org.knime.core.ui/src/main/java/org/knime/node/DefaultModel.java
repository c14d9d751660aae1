package org.knime.node;

import java.util.Optional;

import org.knime.core.data.DataTableSpec;
import org.knime.core.data.container.ColumnRearranger;
import org.knime.core.node.BufferedDataTable;
import org.knime.core.node.CanceledExecutionException;
import org.knime.core.node.ExecutionContext;
import org.knime.core.node.InvalidSettingsException;
import org.knime.core.node.KNIMEException;
import org.knime.core.node.port.PortObject;
import org.knime.core.node.port.PortObjectSpec;
import org.knime.core.node.port.PortType;
import org.knime.node.parameters.NodeParameters;

/**
 * What a node does: the class of its parameters, and either {@code configure} and {@code execute}, or how it
 * rearranges the columns of its one table.
 */
public abstract sealed class DefaultModel {

    private final Class<? extends NodeParameters> m_parametersClass;

    private DefaultModel(final Class<? extends NodeParameters> parametersClass) {
        m_parametersClass = parametersClass;
    }

    static RequireModelParameters create() {
        return parametersClass -> new RequireConfigureOrRearrangeColumns() {
            @Override
            public RequireExecute
                configure(final ConfigureOrRearrangerConsumer<ConfigureInput, ConfigureOutput> configure) {
                return execute -> new Standard(parametersClass, configure, execute);
            }

            @Override
            public DefaultModel rearrangeColumns(
                final ConfigureOrRearrangerConsumer<RearrangeColumnsInput, RearrangeColumnsOutput> rearrange) {
                return new Rearranging(parametersClass, rearrange);
            }
        };
    }

    Optional<Class<? extends NodeParameters>> parametersClass() {
        return Optional.ofNullable(m_parametersClass);
    }

    /** A model with configure and execute of its own. */
    static final class Standard extends DefaultModel {

        private final ConfigureOrRearrangerConsumer<ConfigureInput, ConfigureOutput> m_configure;

        private final ExecuteConsumer m_execute;

        Standard(final Class<? extends NodeParameters> parametersClass,
            final ConfigureOrRearrangerConsumer<ConfigureInput, ConfigureOutput> configure,
            final ExecuteConsumer execute) {
            super(parametersClass);
            m_configure = configure;
            m_execute = execute;
        }

        void configure(final ConfigureInput input, final ConfigureOutput output) throws InvalidSettingsException {
            m_configure.accept(input, output);
        }

        void execute(final ExecuteInput input, final ExecuteOutput output)
            throws CanceledExecutionException, KNIMEException {
            m_execute.accept(input, output);
        }
    }

    /** A model that adds, replaces or removes columns of one table. */
    static final class Rearranging extends DefaultModel {

        private final ConfigureOrRearrangerConsumer<RearrangeColumnsInput, RearrangeColumnsOutput> m_rearrange;

        Rearranging(final Class<? extends NodeParameters> parametersClass,
            final ConfigureOrRearrangerConsumer<RearrangeColumnsInput, RearrangeColumnsOutput> rearrange) {
            super(parametersClass);
            m_rearrange = rearrange;
        }

        void rearrange(final RearrangeColumnsInput input, final RearrangeColumnsOutput output)
            throws InvalidSettingsException {
            m_rearrange.accept(input, output);
        }
    }

    /** Asks for the class of the parameters. */
    @FunctionalInterface
    public interface RequireModelParameters {

        /** @param parametersClass a class with a constructor without arguments */
        RequireConfigureOrRearrangeColumns parametersClass(Class<? extends NodeParameters> parametersClass);

        /** For a node without settings. */
        default RequireConfigureOrRearrangeColumns withoutParameters() {
            return parametersClass(null);
        }
    }

    /** Asks for what is done before execution, or for the whole work on the columns of a table. */
    public interface RequireConfigureOrRearrangeColumns {

        /** @param configure checks the input specs and sets the output specs */
        RequireExecute configure(ConfigureOrRearrangerConsumer<ConfigureInput, ConfigureOutput> configure);

        /**
         * For nodes with exactly one input and one output table.
         *
         * @param rearrange sets the rearranger for an input spec
         */
        DefaultModel
            rearrangeColumns(ConfigureOrRearrangerConsumer<RearrangeColumnsInput, RearrangeColumnsOutput> rearrange);
    }

    /**
     * Work that may find the settings invalid.
     *
     * @param <I> input
     * @param <O> output
     */
    @FunctionalInterface
    public interface ConfigureOrRearrangerConsumer<I, O> {

        /** @throws InvalidSettingsException if the node cannot be executed with these settings and inputs */
        void accept(I input, O output) throws InvalidSettingsException;
    }

    /** Asks for the execution. */
    @FunctionalInterface
    public interface RequireExecute {

        /** @param execute computes the outputs */
        DefaultModel execute(ExecuteConsumer execute);
    }

    /** The execution of a node. */
    @FunctionalInterface
    public interface ExecuteConsumer {

        /**
         * @throws CanceledExecutionException if the user canceled
         * @throws KNIMEException if the node failed, with a message for the user
         */
        void accept(ExecuteInput input, ExecuteOutput output) throws CanceledExecutionException, KNIMEException;
    }

    /** What is known before execution. Indices count ports from 0, without the flow-variable port. */
    public interface ConfigureInput {

        /** @return the parameters */
        <S extends NodeParameters> S getParameters();

        /** @return the specs at the input ports; null elements at unconnected optional ports */
        PortObjectSpec[] getInPortSpecs();

        /** @return the spec at an input port */
        <S extends PortObjectSpec> S getInPortSpec(int portIndex);

        /** @return the specs at the input ports, all being tables */
        DataTableSpec[] getInTableSpecs();

        /** @return the spec of the table at an input port */
        DataTableSpec getInTableSpec(int portIndex);

        /** @return the types of the output ports */
        PortType[] getOutPortTypes();
    }

    /** What is set before execution. */
    public interface ConfigureOutput {

        /** Sets the spec at an output port; null if not known before execution. */
        <S extends PortObjectSpec> void setOutSpec(int portIndex, S spec);

        /** Sets the specs at all output ports. */
        @SuppressWarnings("unchecked")
        <S extends PortObjectSpec> void setOutSpecs(S... specs);

        /** Shows a warning at the node. */
        void setWarningMessage(String message);
    }

    /** What is given to the execution. Indices count ports from 0, without the flow-variable port. */
    public interface ExecuteInput {

        /** @return the parameters, the same instance as in configure */
        <S extends NodeParameters> S getParameters();

        /** @return where progress goes to and tables and file stores come from */
        ExecutionContext getExecutionContext();

        /** @return the objects at the input ports; null elements at unconnected optional ports */
        PortObject[] getInPortObjects();

        /** @return the object at an input port */
        <D extends PortObject> D getInPortObject(int portIndex);

        /** @return the tables at the input ports, all being tables */
        BufferedDataTable[] getInTables();

        /** @return the table at an input port */
        BufferedDataTable getInTable(int portIndex);

        /** @return the types of the output ports */
        PortType[] getOutPortTypes();
    }

    /** What the execution sets. */
    public interface ExecuteOutput {

        /** Sets the object at an output port. */
        <D extends PortObject> void setOutData(int portIndex, D data);

        /** Sets the objects at all output ports. */
        @SuppressWarnings("unchecked")
        <D extends PortObject> void setOutData(D... data);

        /** Sets the objects the view works on. They are kept with the node. */
        @SuppressWarnings("unchecked")
        <D extends PortObject> void setInternalData(D... data);

        /** Shows a warning at the node. */
        void setWarningMessage(String message);
    }

    /** What a rearranger is made from. */
    public interface RearrangeColumnsInput {

        /** @return the parameters */
        <S extends NodeParameters> S getParameters();

        /** @return the spec of the input table */
        DataTableSpec getDataTableSpec();
    }

    /** Takes the rearranger. */
    public interface RearrangeColumnsOutput {

        /** @param rearranger made for the input spec */
        void setColumnRearranger(ColumnRearranger rearranger);
    }
}

package org.knime.core.node;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

import org.knime.core.node.context.NodeCreationConfiguration;
import org.knime.core.node.context.ports.PortsConfiguration;
import org.knime.core.node.port.PortType;
import org.knime.core.node.port.PortTypeRegistry;
import org.knime.core.standin.HostOnly;

/**
 * A factory whose nodes have named groups of ports: fixed ones, and optional ones, which here stay empty.
 *
 * @param <T> the class of the model
 */
public abstract class ConfigurableNodeFactory<T extends NodeModel> extends NodeFactory<T> {

    /** Reads the description at once. */
    protected ConfigurableNodeFactory() {
    }

    /** @param lazyInitialization whether the description is read by {@link #init()} only */
    protected ConfigurableNodeFactory(final boolean lazyInitialization) {
        super(lazyInitialization);
    }

    /** @return the groups of ports; empty if the model knows its ports itself */
    protected abstract Optional<PortsConfigurationBuilder> createPortsConfigBuilder();

    /** @return a new model with the given ports */
    protected abstract T createNodeModel(NodeCreationConfiguration creationConfig);

    /** @return a new Swing dialog; never called by the stand-in */
    protected abstract NodeDialogPane createNodeDialogPane(NodeCreationConfiguration creationConfig);

    private NodeCreationConfiguration defaultConfiguration() {
        return new NodeCreationConfiguration(createPortsConfigBuilder().map(PortsConfigurationBuilder::build));
    }

    @Override
    public final T createNodeModel() {
        return createNodeModel(defaultConfiguration());
    }

    @Override
    protected final NodeDialogPane createNodeDialogPane() {
        return createNodeDialogPane(defaultConfiguration());
    }

    /** Collects the groups of ports. */
    public static final class PortsConfigurationBuilder {

        private final Set<String> m_ids = new LinkedHashSet<>();

        private final List<PortType> m_inputs = new ArrayList<>();

        private final List<PortType> m_outputs = new ArrayList<>();

        private void addId(final String id) {
            if (!m_ids.add(id)) {
                throw new IllegalArgumentException("Port group \"" + id + "\" exists already: names must be unique");
            }
        }

        /** Adds input ports that are always there. */
        public PortsConfigurationBuilder addFixedInputPortGroup(final String pGrpId, final PortType... types) {
            addId(pGrpId);
            m_inputs.addAll(List.of(types));
            return this;
        }

        /** Adds output ports that are always there. */
        public PortsConfigurationBuilder addFixedOutputPortGroup(final String pGrpId, final PortType... types) {
            addId(pGrpId);
            m_outputs.addAll(List.of(types));
            return this;
        }

        /** Adds an input port that may stay without connection. */
        public PortsConfigurationBuilder addOptionalInputPortGroup(final String pGrpId, final PortType... types) {
            addId(pGrpId);
            m_inputs.add(PortTypeRegistry.getInstance().getPortType(types[0].getPortObjectClass(), true));
            return this;
        }

        /** @return the ports of a node that is created anew */
        @HostOnly
        public PortsConfiguration build() {
            return new PortsConfiguration(m_inputs, m_outputs);
        }
    }
}

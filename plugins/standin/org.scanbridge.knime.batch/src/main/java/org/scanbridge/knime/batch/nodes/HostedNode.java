package org.scanbridge.knime.batch.nodes;

import java.util.Optional;

import org.knime.core.node.InvalidSettingsException;
import org.knime.core.node.NodeProgressMonitor;
import org.knime.core.node.NodeSettings;
import org.knime.core.node.port.PortObject;
import org.knime.core.node.port.PortObjectSpec;

/** One node as a run needs it: settings, configure, execute. Ports are data ports only, counted from 0. */
public interface HostedNode {

    /** @return number of data input ports */
    int inputCount();

    /** @return number of data output ports */
    int outputCount();

    /**
     * @param port an input port
     * @return its name
     */
    String inputName(int port);

    /**
     * @param port an input port
     * @return whether the node runs without it being connected
     */
    boolean isInputOptional(int port);

    /**
     * Tells why data of an output port cannot go into an input port.
     *
     * @param port an input port of this node
     * @param source the node the data comes from
     * @param sourcePort its output port
     * @return what does not fit, empty if it fits
     */
    Optional<String> refuses(int port, HostedNode source, int sourcePort);

    /** @return the model settings as the node would save them now */
    NodeSettings saveModelSettings();

    /**
     * Validates and takes over model settings.
     *
     * @param model the settings
     * @throws InvalidSettingsException if the node refuses them; it keeps the ones it had
     */
    void loadModelSettings(NodeSettings model) throws InvalidSettingsException;

    /**
     * @param inputs specs at the input ports, {@code null} at unconnected optional ones
     * @return specs at the output ports, {@code null} where they are known only after execution
     * @throws InvalidSettingsException if the node cannot run on these inputs
     */
    PortObjectSpec[] configure(PortObjectSpec[] inputs) throws InvalidSettingsException;

    /**
     * Executes on the calling thread.
     *
     * @param inputs objects at the input ports, {@code null} at unconnected optional ones; the node gets copies of them
     * @param monitor where it reports progress and is canceled
     * @return objects at the output ports, all there
     * @throws Exception why it failed
     */
    PortObject[] execute(PortObject[] inputs, NodeProgressMonitor monitor) throws Exception;

    /** @return the warning that the last configure or execute left, which is forgotten then */
    Optional<String> takeWarning();
}

package org.scanbridge.knime.batch.workflow;

/**
 * A connection of two nodes.
 *
 * @param source id of the node that data comes from
 * @param sourcePort its output port; 0 is the flow variable port, data ports start at 1
 * @param destination id of the node that data goes to
 * @param destinationPort its input port, counted in the same way
 */
public record Connection(int source, int sourcePort, int destination, int destinationPort) {

    /** @return whether only flow variables go this way */
    public boolean isVariableOnly() {
        return sourcePort == 0 || destinationPort == 0;
    }
}

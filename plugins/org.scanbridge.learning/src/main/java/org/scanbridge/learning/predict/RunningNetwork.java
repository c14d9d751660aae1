package org.scanbridge.learning.predict;

import java.io.IOException;
import java.nio.file.Path;

import org.scanbridge.learning.graph.BlockNetwork;
import org.scanbridge.learning.graph.SavedModelWriter;
import org.scanbridge.learning.network.Network;

/** A network that is ready to predict, of ours or of other software. */
interface RunningNetwork extends BlockNetwork, AutoCloseable {

    /**
     * Makes a network ready.
     *
     * @param directory empty; takes what has to be written for it, and stays until the network is closed
     * @throws IOException if it cannot be loaded
     */
    static RunningNetwork of(final Network network, final Path directory) throws IOException {
        if (network.foreign().isPresent()) {
            return new ForeignNetwork(network.spec(), network.foreign().get());
        }
        SavedModelWriter.write(network.spec(), network.weights(), directory);
        return new SavedModelNetwork(network.spec(), directory);
    }

    @Override
    void close();
}

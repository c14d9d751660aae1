package org.scanbridge.knime.learn;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

import org.knime.node.DefaultModel.ExecuteOutput;
import org.scanbridge.learning.network.Network;
import org.scanbridge.learning.network.Provenance;
import org.scanbridge.tensorflow.TensorFlowRuntime;

/**
 * Tells the user that a network was trained under another setting of the engine than the one it is used with now: the
 * numbers stay comparable, their last bits are not those of the other setting.
 */
public final class EngineNotice {

    private EngineNotice() {
    }

    /** Sets the warning of a node that trains on from a network, if there is something to tell. */
    public static void set(final ExecuteOutput output, final Network network) {
        set(output, network, List.of());
    }

    /** As {@link #set(ExecuteOutput, Network)}, after other things to tell. */
    public static void set(final ExecuteOutput output, final Network network, final List<String> others) {
        final List<String> all = new ArrayList<>(others);
        of(List.of(network)).ifPresent(all::add);
        if (!all.isEmpty()) {
            output.setWarningMessage(String.join(" ", all));
        }
    }

    /**
     * What to tell of the networks that a node uses; starts the engine if needed.
     *
     * @return empty if all were trained as this engine would, or are not trained
     */
    public static Optional<String> of(final Collection<Network> networks) {
        return networks.stream().map(Network::provenance).map(EngineNotice::of).flatMap(Optional::stream).findFirst();
    }

    private static Optional<String> of(final Provenance provenance) {
        return provenance.differenceFrom(TensorFlowRuntime.info())
            .map(difference -> "The network was trained under another setting of the engine (" + provenance.device()
                + "); this one has " + difference + ". Scores can be compared, but the same seed does not give the same bits"
                + " under both. The manifest of the Adaptation Report tells the settings.");
    }
}

package org.scanbridge.knime.port;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

import javax.swing.JComponent;

import org.knime.core.data.filestore.FileStore;
import org.knime.core.data.filestore.FileStorePortObject;
import org.knime.core.node.ExecutionContext;
import org.knime.core.node.ExecutionMonitor;
import org.knime.core.node.port.PortObjectSpec;
import org.knime.core.node.port.PortObjectZipInputStream;
import org.knime.core.node.port.PortObjectZipOutputStream;
import org.knime.core.node.port.PortType;
import org.knime.core.node.port.PortTypeRegistry;
import org.scanbridge.learning.LearningException;
import org.scanbridge.learning.architecture.Parameter;
import org.scanbridge.learning.data.ChannelNames;
import org.scanbridge.learning.network.Ensemble;
import org.scanbridge.learning.network.Network;
import org.scanbridge.learning.network.Provenance;

/**
 * A {@link Network}, or an {@link Ensemble} of some, between nodes: a directory in a file store, and a spec. KNIME copies port objects on every edge and
 * loads those of a saved workflow whether needed or not, so weights are read only by {@link #network()} and {@link #networks()}.
 */
public final class NetworkPortObject extends FileStorePortObject {

    /** The type of a network port. */
    public static final PortType TYPE = PortTypeRegistry.getInstance().getPortType(NetworkPortObject.class);

    private static final String STORE = "network";

    private final NetworkPortObjectSpec m_spec;

    private NetworkPortObject(final NetworkPortObjectSpec spec, final FileStore store) {
        super(List.of(store));
        m_spec = spec;
    }

    /** For the serializer; KNIME attaches the file store afterwards. */
    private NetworkPortObject(final NetworkPortObjectSpec spec) {
        m_spec = spec;
    }

    /**
     * Writes a network into the executing node's file store. At most one per execution of a node.
     *
     * @param context the execution the network belongs to
     * @param network the network
     * @throws IOException if it cannot be written
     */
    public static NetworkPortObject create(final ExecutionContext context, final Network network) throws IOException {
        return create(context, STORE, network);
    }

    /**
     * As {@link #create(ExecutionContext, Network)} for nodes with several networks.
     *
     * @param name name of the file store: letters and digits, unique within the execution
     */
    public static NetworkPortObject create(final ExecutionContext context, final String name, final Network network)
        throws IOException {
        final FileStore store = context.createFileStore(name);
        network.save(store.getFile().toPath());
        return new NetworkPortObject(specOf(network), store);
    }

    /**
     * Writes an ensemble into the executing node's file store. At most one per execution of a node.
     *
     * @throws IOException if it cannot be written
     */
    public static NetworkPortObject create(final ExecutionContext context, final Ensemble ensemble) throws IOException {
        final FileStore store = context.createFileStore(STORE);
        ensemble.save(store.getFile().toPath());
        return new NetworkPortObject(specOf(ensemble.networks().get(0)).withMembers(ensemble.members().size()), store);
    }

    /** The spec of a network. */
    public static NetworkPortObjectSpec specOf(final Network network) {
        final Provenance provenance = network.provenance();
        long count = 0;
        for (final Parameter parameter : network.weights().parameters()) {
            count += parameter.trainable() ? parameter.size() : 0;
        }
        return new NetworkPortObjectSpec(network.spec(), network.labels(), count,
            provenance.trained() || network.spec().isForeign(),
            provenance.method(), provenance.dataHash()).withChannels(ChannelNames.of(provenance.options()));
    }

    /**
     * Reads the network.
     *
     * @throws UncheckedIOException if its files are missing or damaged; the message is meant for the user
     * @throws LearningException if the port has an ensemble
     */
    public Network network() {
        if (m_spec.members() > 1) {
            throw new LearningException(NetworkPortObjectSpec.notSingle(m_spec.members()));
        }
        return read(() -> Network.load(directory()));
    }

    /**
     * Reads the networks: one, or the members of an ensemble.
     *
     * @throws UncheckedIOException if files are missing or damaged; the message is meant for the user
     */
    public List<Network> networks() {
        return ensemble().map(Ensemble::networks).orElseGet(() -> List.of(network()));
    }

    /**
     * Reads the ensemble; empty if the port has a single network.
     *
     * @throws UncheckedIOException if files are missing or damaged; the message is meant for the user
     */
    public Optional<Ensemble> ensemble() {
        return m_spec.members() > 1 ? Optional.of(read(() -> Ensemble.load(directory()))) : Optional.empty();
    }

    @FunctionalInterface
    private interface Reader<T> {
        T read() throws IOException;
    }

    private static <T> T read(final Reader<T> reader) {
        try {
            return reader.read();
        } catch (final IOException e) {
            throw new UncheckedIOException(
                e.getMessage() + " Reset and execute the node that made the network again.", e);
        }
    }

    /** The network's directory; what a node wants to keep beside the network lies there too. */
    public Path directory() {
        return getFileStore(0).getFile().toPath();
    }

    @Override
    public NetworkPortObjectSpec getSpec() {
        return m_spec;
    }

    @Override
    public String getSummary() {
        return m_spec.toString();
    }

    @Override
    public JComponent[] getViews() {
        return new JComponent[0];
    }

    /** Writes nothing of its own: KNIME keeps the spec and the key of the file store. */
    public static final class Serializer extends PortObjectSerializer<NetworkPortObject> {

        @Override
        public void savePortObject(final NetworkPortObject portObject, final PortObjectZipOutputStream out,
            final ExecutionMonitor exec) throws IOException {
            FormatEntry.write(out);
        }

        @Override
        public NetworkPortObject loadPortObject(final PortObjectZipInputStream in, final PortObjectSpec spec,
            final ExecutionMonitor exec) throws IOException {
            return new NetworkPortObject(FormatEntry.read(in, spec, NetworkPortObjectSpec.class, "network"));
        }
    }
}

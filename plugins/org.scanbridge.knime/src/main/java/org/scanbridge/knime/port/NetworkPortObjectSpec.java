package org.scanbridge.knime.port;

import java.util.List;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;

import org.knime.core.node.InvalidSettingsException;
import org.knime.core.node.ModelContentRO;
import org.knime.core.node.ModelContentWO;
import org.knime.core.node.port.AbstractSimplePortObjectSpec;
import org.scanbridge.imaging.volume.LabelSet;
import org.scanbridge.learning.architecture.NetworkSpec;

/**
 * What is known about a network before it is there: architecture, classes, size, and what it was trained on.
 * Downstream nodes check it when they are configured.
 */
public final class NetworkPortObjectSpec extends AbstractSimplePortObjectSpec {

    private static final String ARCHITECTURE = "architecture";

    private static final String LABEL_VALUES = "label_values";

    private static final String LABEL_NAMES = "label_names";

    private static final String PARAMETER_COUNT = "parameter_count";

    private static final String METHOD = "method";

    private static final String TRAINED = "trained";

    private static final String DATA_HASH = "training_data_hash";

    private static final String CHANNELS = "channels";

    private static final String MEMBERS = "members";

    private NetworkSpec m_architecture;

    private LabelSet m_labels;

    private long m_parameterCount;

    private boolean m_trained;

    private String m_method;

    private String m_dataHash;

    private List<String> m_channels = List.of();

    private int m_members = 1;

    /** For KNIME, which then fills it. */
    public NetworkPortObjectSpec() {
        // everything comes from load
    }

    /**
     * @param architecture the architecture
     * @param labels names of the classes; may be empty
     * @param parameterCount number of trainable weights
     * @param trained whether the weights come from a training
     * @param method how they were trained, such as {@code supervised}; {@code untrained} for fresh weights
     * @param dataHash SHA-256 over the training data; empty if untrained or not known before execution
     */
    public NetworkPortObjectSpec(final NetworkSpec architecture, final LabelSet labels, final long parameterCount,
        final boolean trained, final String method, final String dataHash) {
        m_architecture = Objects.requireNonNull(architecture, "architecture");
        m_labels = Objects.requireNonNull(labels, "labels");
        m_parameterCount = parameterCount;
        m_trained = trained;
        m_method = Objects.requireNonNull(method, "method");
        m_dataHash = Objects.requireNonNull(dataHash, "dataHash");
    }

    /**
     * The same with the names of its input channels.
     *
     * @param names of the image columns it was trained on, in their order; that of a single one is not kept, since any
     *            column serves as well
     */
    public NetworkPortObjectSpec withChannels(final List<String> names) {
        final NetworkPortObjectSpec named =
            new NetworkPortObjectSpec(m_architecture, m_labels, m_parameterCount, m_trained, m_method, m_dataHash);
        named.m_channels = names.size() > 1 ? List.copyOf(names) : List.of();
        named.m_members = m_members;
        return named;
    }

    /** The same for an ensemble of so many networks; 1 for a single one. */
    public NetworkPortObjectSpec withMembers(final int members) {
        final NetworkPortObjectSpec many = withChannels(m_channels);
        many.m_members = members;
        return many;
    }

    /** Number of networks: 1, or those of an ensemble. */
    public int members() {
        return m_members;
    }

    /**
     * For nodes that work with one network.
     *
     * @throws InvalidSettingsException if it is an ensemble
     */
    public void requireSingle() throws InvalidSettingsException {
        if (m_members > 1) {
            throw new InvalidSettingsException(notSingle(m_members));
        }
    }

    /** Why an ensemble is refused, and the way out. */
    static String notSingle(final int members) {
        return "The network port has an ensemble of " + members + " networks; this node works with a single one. Write the"
            + " ensemble as a folder with the Network Writer and read one of its folders member-1 to member-" + members
            + " with the Network Reader, or train without \"Folds column\".";
    }

    /** The architecture: kind, input channels, number of classes, patch size. */
    public NetworkSpec architecture() {
        return m_architecture;
    }

    /** Names of the classes; empty if they are not known. */
    public LabelSet labels() {
        return m_labels;
    }

    /** Number of trainable weights. */
    public long parameterCount() {
        return m_parameterCount;
    }

    /** Whether the weights come from a training. */
    public boolean trained() {
        return m_trained;
    }

    /** How the weights were trained; {@code untrained} for fresh ones. */
    public String method() {
        return m_method;
    }

    /** SHA-256 over the training data, 64 hexadecimal digits; empty if untrained or not known before execution. */
    public String dataHash() {
        return m_dataHash;
    }

    /**
     * Names of the image columns that the network was trained on, in the order in which it gets the images; empty if it was
     * not trained, or takes one image.
     */
    public List<String> channels() {
        return m_channels;
    }

    /** What a training with this method turns the network into, as far as it is known before the training. */
    public NetworkPortObjectSpec trainedBy(final String method, final LabelSet labels) {
        return new NetworkPortObjectSpec(m_architecture, labels, m_parameterCount, true, method, "")
            .withChannels(m_channels);
    }

    @Override
    protected void save(final ModelContentWO model) {
        model.addString(ARCHITECTURE, m_architecture.toJson());
        model.addIntArray(LABEL_VALUES, m_labels.names().keySet().stream().mapToInt(Integer::intValue).toArray());
        model.addStringArray(LABEL_NAMES, m_labels.names().values().toArray(String[]::new));
        model.addLong(PARAMETER_COUNT, m_parameterCount);
        model.addBoolean(TRAINED, m_trained);
        model.addString(METHOD, m_method);
        model.addString(DATA_HASH, m_dataHash);
        model.addStringArray(CHANNELS, m_channels.toArray(String[]::new));
        model.addInt(MEMBERS, m_members);
    }

    @Override
    protected void load(final ModelContentRO model) throws InvalidSettingsException {
        final int[] values = model.getIntArray(LABEL_VALUES);
        final String[] names = model.getStringArray(LABEL_NAMES);
        if (values.length != names.length) {
            throw new InvalidSettingsException("The network has " + values.length + " label values and " + names.length
                + " label names. Execute the node that made it again.");
        }
        final SortedMap<Integer, String> labels = new TreeMap<>();
        for (int n = 0; n < values.length; n++) {
            labels.put(values[n], names[n]);
        }
        try {
            m_architecture = NetworkSpec.fromJson(model.getString(ARCHITECTURE));
            m_labels = new LabelSet(labels);
        } catch (final IllegalArgumentException e) {
            throw new InvalidSettingsException(e.getMessage(), e);
        }
        m_parameterCount = model.getLong(PARAMETER_COUNT);
        m_trained = model.getBoolean(TRAINED);
        m_method = model.getString(METHOD);
        m_dataHash = model.getString(DATA_HASH);
        // networks that were stored before there were channels have one
        m_channels = List.of(model.getStringArray(CHANNELS, new String[0]));
        // before there were ensembles, all were single
        m_members = model.getInt(MEMBERS, 1);
    }

    @Override
    public boolean equals(final Object o) {
        return o instanceof NetworkPortObjectSpec s && m_architecture.equals(s.m_architecture)
            && m_labels.equals(s.m_labels) && m_parameterCount == s.m_parameterCount && m_trained == s.m_trained
            && m_method.equals(s.m_method) && m_dataHash.equals(s.m_dataHash) && m_channels.equals(s.m_channels)
            && m_members == s.m_members;
    }

    @Override
    public int hashCode() {
        return Objects.hash(m_architecture, m_labels, m_parameterCount, m_trained, m_method, m_dataHash, m_channels, m_members);
    }

    /** For messages: {@code UNET_3D, 4 classes, …; channels FLAIR, T1; CSF, GM, WM; 90212 weights; supervised}. */
    @Override
    public String toString() {
        return (m_members > 1 ? "ensemble of " + m_members + ": " : "") + m_architecture + (m_channels.isEmpty() ? "" : "; channels " + String.join(", ", m_channels))
            + (m_labels.names().isEmpty() ? "" : "; " + String.join(", ", m_labels.names().values()))
            + (m_architecture.isForeign() ? "; " : "; " + m_parameterCount + " weights; ") + m_method;
    }

    /** Writes and reads the spec. */
    public static final class Serializer extends AbstractSimplePortObjectSpecSerializer<NetworkPortObjectSpec> {
    }
}

package org.scanbridge.knime.port;

import java.util.Objects;

import org.knime.core.node.InvalidSettingsException;
import org.knime.core.node.ModelContentRO;
import org.knime.core.node.ModelContentWO;
import org.knime.core.node.port.AbstractSimplePortObjectSpec;
import org.scanbridge.learning.anomaly.AnomalyModel;

/** What is known of an anomaly model without opening it: its network, and on how many images it was calibrated. */
public final class AnomalyPortObjectSpec extends AbstractSimplePortObjectSpec {

    private static final String NETWORK = "network";

    private static final String IMAGES = "images";

    private String m_network = "";

    private int m_images;

    /** For KNIME, which then fills it. */
    public AnomalyPortObjectSpec() {
        // everything comes from load
    }

    /**
     * @param network the network in words
     * @param images number of healthy images it was calibrated on; 0 if not known before execution
     */
    public AnomalyPortObjectSpec(final String network, final int images) {
        m_network = Objects.requireNonNull(network, "network");
        m_images = images;
    }

    /** Of a model. */
    static AnomalyPortObjectSpec of(final AnomalyModel model) {
        return new AnomalyPortObjectSpec(model.spec().toString(), model.healthy().images());
    }

    @Override
    protected void save(final ModelContentWO model) {
        model.addString(NETWORK, m_network);
        model.addInt(IMAGES, m_images);
    }

    @Override
    protected void load(final ModelContentRO model) throws InvalidSettingsException {
        m_network = model.getString(NETWORK);
        m_images = model.getInt(IMAGES);
    }

    @Override
    public boolean equals(final Object o) {
        return o instanceof AnomalyPortObjectSpec s && m_network.equals(s.m_network) && m_images == s.m_images;
    }

    @Override
    public int hashCode() {
        return Objects.hash(m_network, m_images);
    }

    /** For messages: {@code auto-encoder, …; calibrated on 3 healthy images}. */
    @Override
    public String toString() {
        return m_network + (m_images == 0 ? "" : "; calibrated on " + m_images + " healthy image" + (m_images == 1 ? "" : "s"));
    }

    /** Writes and reads the spec. */
    public static final class Serializer extends AbstractSimplePortObjectSpecSerializer<AnomalyPortObjectSpec> {
    }
}

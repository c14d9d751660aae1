package org.scanbridge.knime.port;

import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;

import org.knime.core.node.InvalidSettingsException;
import org.knime.core.node.ModelContentRO;
import org.knime.core.node.ModelContentWO;
import org.knime.core.node.port.AbstractSimplePortObjectSpec;
import org.scanbridge.imaging.volume.LabelSet;

/** What is known of an atlas without opening it: its labels, and of how many images it was made. */
public final class AtlasPortObjectSpec extends AbstractSimplePortObjectSpec {

    private static final String LABEL_VALUES = "label_values";

    private static final String LABEL_NAMES = "label_names";

    private static final String SUBJECTS = "subjects";

    private LabelSet m_labels;

    private int m_subjects;

    /** For KNIME, which then fills it. */
    public AtlasPortObjectSpec() {
        // everything comes from load
    }

    /**
     * @param labels values and names of the labels; empty if not known before execution
     * @param subjects number of images it was made of; 0 if not known before execution
     */
    public AtlasPortObjectSpec(final LabelSet labels, final int subjects) {
        m_labels = Objects.requireNonNull(labels, "labels");
        m_subjects = subjects;
    }

    /** Values and names of the labels; empty if not known yet. */
    public LabelSet labels() {
        return m_labels;
    }

    /** Number of images it was made of; 0 if not known yet. */
    public int subjects() {
        return m_subjects;
    }

    @Override
    protected void save(final ModelContentWO model) {
        model.addIntArray(LABEL_VALUES, m_labels.names().keySet().stream().mapToInt(Integer::intValue).toArray());
        model.addStringArray(LABEL_NAMES, m_labels.names().values().toArray(String[]::new));
        model.addInt(SUBJECTS, m_subjects);
    }

    @Override
    protected void load(final ModelContentRO model) throws InvalidSettingsException {
        final int[] values = model.getIntArray(LABEL_VALUES);
        final String[] names = model.getStringArray(LABEL_NAMES);
        if (values.length != names.length) {
            throw new InvalidSettingsException("The atlas has " + values.length + " label values and " + names.length
                + " label names. Execute the node that made it again.");
        }
        final SortedMap<Integer, String> labels = new TreeMap<>();
        for (int n = 0; n < values.length; n++) {
            labels.put(values[n], names[n]);
        }
        try {
            m_labels = new LabelSet(labels);
        } catch (final IllegalArgumentException e) {
            throw new InvalidSettingsException(e.getMessage(), e);
        }
        m_subjects = model.getInt(SUBJECTS);
    }

    @Override
    public boolean equals(final Object o) {
        return o instanceof AtlasPortObjectSpec s && m_labels.equals(s.m_labels) && m_subjects == s.m_subjects;
    }

    @Override
    public int hashCode() {
        return Objects.hash(m_labels, m_subjects);
    }

    /** For messages: {@code atlas of 7 images; CSF, GM, WM}. */
    @Override
    public String toString() {
        return "atlas of " + m_subjects + " images; " + String.join(", ", m_labels.names().values());
    }

    /** Writes and reads the spec. */
    public static final class Serializer extends AbstractSimplePortObjectSpecSerializer<AtlasPortObjectSpec> {
    }
}

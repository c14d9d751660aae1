package org.scanbridge.knime.util;

import java.util.SortedMap;
import java.util.TreeMap;

import org.knime.core.node.KNIMEException;
import org.scanbridge.imaging.volume.LabelSet;

/**
 * Collects the classes of many segmentations. Sites that number their segments differently are found here: scores and
 * trainings that took the same value for different tissues would look plausible and mean nothing.
 */
public final class ClassNames {

    private final SortedMap<Integer, String> m_names = new TreeMap<>();

    private final SortedMap<Integer, String> m_firstSeen = new TreeMap<>();

    /**
     * Adds the named classes of a segmentation.
     *
     * @param labels its classes
     * @param where names the segmentation in messages
     * @throws KNIMEException if a label value has had another name before
     */
    public void add(final LabelSet labels, final String where) throws KNIMEException {
        for (final var label : labels.names().entrySet()) {
            final String known = m_names.putIfAbsent(label.getKey(), label.getValue());
            m_firstSeen.putIfAbsent(label.getKey(), where);
            if (known != null && !known.equals(label.getValue())) {
                throw new KNIMEException("Label value " + label.getKey() + " is \"" + known + "\" in "
                    + m_firstSeen.get(label.getKey()) + " and \"" + label.getValue() + "\" in " + where
                    + ". Give the segmentations the same numbering and names.");
            }
        }
    }

    /** The classes so far. */
    public LabelSet labels() {
        return new LabelSet(m_names);
    }
}

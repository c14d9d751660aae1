package org.scanbridge.knime.util;

import java.util.SortedMap;
import java.util.TreeMap;

import org.scanbridge.imaging.ImagingException;
import org.scanbridge.imaging.volume.LabelSet;

/**
 * Collects the classes of many segmentations. Sites that number their segments differently are found here: scores and
 * trainings that took the same value for different tissues would look plausible and mean nothing.
 */
public final class ClassNames {

    private final SortedMap<Integer, String> m_names = new TreeMap<>();

    private final SortedMap<Integer, String> m_firstSeen = new TreeMap<>();

    /**
     * Adds the named classes of a segmentation. A placeholder such as {@code class 2} is no name and agrees with any.
     *
     * @param labels its classes
     * @param where names the segmentation in messages
     * @throws ImagingException if a label value has had another name before
     */
    public void add(final LabelSet labels, final String where) {
        labels.names().forEach((value, name) -> {
            if (isPlaceholder(value, name)) {
                return;
            }
            final String known = m_names.putIfAbsent(value, name);
            m_firstSeen.putIfAbsent(value, where);
            if (known != null && !known.equals(name)) {
                throw new ImagingException("Label value " + value + " is \"" + known + "\" in "
                    + m_firstSeen.get(value) + " and \"" + name + "\" in " + where
                    + ". Give the segmentations the same numbering and names.");
            }
        });
    }

    private static boolean isPlaceholder(final int value, final String name) {
        return name.equals(LabelSet.of().name(value));
    }

    /** The named classes so far. */
    public LabelSet labels() {
        return new LabelSet(m_names);
    }
}

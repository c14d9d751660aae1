package org.scanbridge.knime.nodes.segmentationpredictor;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

import org.knime.core.node.InvalidSettingsException;
import org.scanbridge.imaging.components.Connectivity;
import org.scanbridge.imaging.components.LargestComponent;
import org.scanbridge.imaging.volume.LabelSet;
import org.scanbridge.imaging.volume.LabelVolume;
import org.scanbridge.learning.data.ClassValues;
import org.scanbridge.knime.nodes.segmentationpredictor.SegmentationPredictorParameters.Parts;

/** Removes small parts of a segmentation. */
final class CleanUp {

    private final Parts m_parts;

    private final List<Integer> m_classes;

    /**
     * @param parts what is kept
     * @param names which classes, separated by commas; blank for all
     * @param labels the network's classes; may be without names
     * @param values the label values of the network's classes
     * @param count number of the network's classes, background included
     * @throws InvalidSettingsException if a name is none of the network's
     */
    CleanUp(final Parts parts, final String names, final LabelSet labels,
        final ClassValues values, final int count)
        throws InvalidSettingsException {
        m_parts = parts;
        final Map<String, Integer> known = new TreeMap<>();
        for (int label = 1; label < count; label++) {
            known.put(labels.name(values.value(label)), values.value(label));
        }
        m_classes = new ArrayList<>();
        if (parts == Parts.LARGEST_OF_EACH_CLASS && names != null && !names.isBlank()) {
            for (final String name : names.split(",")) {
                m_classes.add(Optional.ofNullable(known.get(name.strip()))
                    .orElseThrow(() -> new InvalidSettingsException("\"Classes in one piece\" names \"" + name.strip()
                        + "\", which is no class of the network. Choose from: " + String.join(", ", known.keySet())
                        + "; or leave it blank for all.")));
            }
        } else {
            m_classes.addAll(known.values());
        }
    }

    /** Whether anything is removed. */
    boolean isNeeded() {
        return m_parts != Parts.ALL;
    }

    LabelVolume apply(final LabelVolume labels) {
        return switch (m_parts) {
            case ALL -> labels;
            case LARGEST_OF_EACH_CLASS -> LargestComponent.ofEachClass(labels, m_classes, Connectivity.CORNERS);
            case LARGEST_OF_FOREGROUND -> LargestComponent.ofForeground(labels, Connectivity.CORNERS);
        };
    }
}

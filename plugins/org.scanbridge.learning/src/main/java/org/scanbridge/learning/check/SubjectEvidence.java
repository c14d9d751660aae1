package org.scanbridge.learning.check;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

import org.scanbridge.imaging.volume.LabelVolume;

/**
 * What was found out about one image without labels.
 *
 * @param labels the segmentation that is judged, with classes of the network
 * @param evidence what speaks for it, per structure
 */
public record SubjectEvidence(LabelVolume labels, List<Map<Evidence, Double>> evidence) {

    /** Copies the lists. */
    public SubjectEvidence {
        final List<Map<Evidence, Double>> copy = new ArrayList<>();
        evidence.forEach(e -> copy.add(e.isEmpty() ? Map.of() : Map.copyOf(new EnumMap<>(e))));
        evidence = List.copyOf(copy);
    }

    /** The same with one more kind of evidence. */
    SubjectEvidence with(final Evidence kind, final double[] values) {
        final List<Map<Evidence, Double>> all = new ArrayList<>();
        for (int s = 0; s < evidence.size(); s++) {
            final Map<Evidence, Double> more = new EnumMap<>(Evidence.class);
            more.putAll(evidence.get(s));
            more.put(kind, values[s]);
            all.add(more);
        }
        return new SubjectEvidence(labels, all);
    }
}

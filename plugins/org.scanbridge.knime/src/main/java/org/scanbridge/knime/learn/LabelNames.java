package org.scanbridge.knime.learn;

import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

import org.scanbridge.imaging.volume.LabelSet;
import org.scanbridge.knime.util.ClassNames;
import org.scanbridge.knime.util.StudyRow;

/** The classes of a study: what the label values of all its segmentations mean. */
public final class LabelNames {

    private LabelNames() {
    }

    /**
     * @param rows of a study; those without segmentation do not count
     * @return a name for every value that any segmentation has or names; values may jump
     * @throws org.scanbridge.imaging.ImagingException if two segmentations give one value different names
     */
    public static LabelSet of(final List<StudyRow> rows) {
        final ClassNames names = new ClassNames();
        int max = 0;
        for (final StudyRow row : rows) {
            if (row.segmentation().isPresent()) {
                names.add(row.segmentation().get().labels(), "the segmentation of " + row.name());
                max = Math.max(max, row.segmentation().get().maxLabel());
            }
        }
        final SortedMap<Integer, String> all = new TreeMap<>(names.labels().names());
        rows.stream().flatMap(r -> r.segmentation().stream()).forEach(s -> all.putAll(missing(s.labels(), all)));
        // Voxels are looked at only while a value up to the largest one is neither named nor seen.
        for (final StudyRow row : rows) {
            if (all.headMap(max + 1).size() >= max) {
                break;
            }
            if (row.segmentation().isPresent()) {
                row.segmentation().get().labelVolume().values()
                    .forEach(value -> all.putIfAbsent(value, LabelSet.of().name(value)));
            }
        }
        return new LabelSet(all);
    }

    /** Placeholders for names, which {@link ClassNames} does not keep. */
    private static SortedMap<Integer, String> missing(final LabelSet labels, final SortedMap<Integer, String> known) {
        final SortedMap<Integer, String> missing = new TreeMap<>(labels.names());
        missing.keySet().removeAll(known.keySet());
        return missing;
    }
}

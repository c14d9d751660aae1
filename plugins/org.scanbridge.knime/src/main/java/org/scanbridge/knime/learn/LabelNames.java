package org.scanbridge.knime.learn;

import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

import org.scanbridge.imaging.volume.LabelSet;
import org.scanbridge.knime.data.LabelVolumeValue;
import org.scanbridge.knime.util.StudyRow;
import org.scanbridge.learning.LearningException;

/** The classes of a study: what the label values of all its segmentations mean. */
public final class LabelNames {

    private LabelNames() {
    }

    /**
     * @param rows of a study; those without segmentation do not count
     * @return a name for every value from 1 to the largest that any segmentation has or names
     * @throws LearningException if two segmentations give one value different names
     */
    public static LabelSet of(final List<StudyRow> rows) {
        final SortedMap<Integer, String> names = new TreeMap<>();
        int max = 0;
        for (final StudyRow row : rows) {
            if (row.segmentation().isPresent()) {
                final LabelVolumeValue segmentation = row.segmentation().get();
                max = Math.max(max, segmentation.maxLabel());
                segmentation.labels().names().forEach((value, name) -> {
                    final String before = names.putIfAbsent(value, name);
                    if (before != null && !before.equals(name)) {
                        throw new LearningException("Label value " + value + " is \"" + name + "\" in the segmentation of "
                            + row.name() + " but \"" + before + "\" in an earlier row. Give every segmentation the same "
                            + "values before training.");
                    }
                });
            }
        }
        for (int value = 1; value <= max; value++) {
            names.putIfAbsent(value, "class " + value);
        }
        return new LabelSet(names);
    }
}

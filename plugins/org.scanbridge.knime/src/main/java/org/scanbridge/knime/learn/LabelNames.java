package org.scanbridge.knime.learn;

import java.util.List;

import org.scanbridge.imaging.volume.LabelSet;
import org.scanbridge.knime.data.LabelVolumeValue;
import org.scanbridge.knime.util.ClassNames;
import org.scanbridge.knime.util.StudyRow;

/** The classes of a study: what the label values of all its segmentations mean. */
public final class LabelNames {

    private LabelNames() {
    }

    /**
     * @param rows of a study; those without segmentation do not count
     * @return a name for every value from 1 to the largest that any segmentation has or names
     * @throws org.scanbridge.imaging.ImagingException if two segmentations give one value different names
     */
    public static LabelSet of(final List<StudyRow> rows) {
        final ClassNames names = new ClassNames();
        int max = 0;
        for (final StudyRow row : rows) {
            if (row.segmentation().isPresent()) {
                final LabelVolumeValue segmentation = row.segmentation().get();
                names.add(segmentation.labels(), "the segmentation of " + row.name());
                for (final int value : segmentation.labels().names().keySet()) {
                    max = Math.max(max, value);
                }
                max = Math.max(max, segmentation.maxLabel());
            }
        }
        return names.labelsUpTo(max);
    }
}

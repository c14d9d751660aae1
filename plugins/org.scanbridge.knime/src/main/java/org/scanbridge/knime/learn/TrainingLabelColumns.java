package org.scanbridge.knime.learn;

import org.scanbridge.knime.data.LabelVolumeValue;
import org.scanbridge.knime.util.PortColumns;

/** Offers the segmentation columns of the second input, the first one being a network. */
public final class TrainingLabelColumns extends PortColumns {

    /** For KNIME. */
    public TrainingLabelColumns() {
        super(1, LabelVolumeValue.class);
    }
}

package org.scanbridge.knime.learn;

import org.scanbridge.knime.data.VolumeValue;
import org.scanbridge.knime.util.PortColumns;

/** Offers the image columns of the second input, the first one being a network. */
public final class TrainingImageColumns extends PortColumns {

    /** For KNIME. */
    public TrainingImageColumns() {
        super(1, VolumeValue.class);
    }
}

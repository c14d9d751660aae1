package org.scanbridge.knime.nodes.atlassegmenter;

import org.scanbridge.knime.data.VolumeValue;
import org.scanbridge.knime.util.PortColumns;

/** Offers the image columns of the second input, the first one being an atlas. */
public final class AtlasImageColumns extends PortColumns {

    /** For KNIME. */
    public AtlasImageColumns() {
        super(1, VolumeValue.class);
    }
}

package org.scanbridge.knime.util;

import org.knime.node.parameters.widget.choices.util.CompatibleColumnsProvider;
import org.scanbridge.knime.data.VolumeValue;

/** Offers the image columns of the first input table in a dialog. */
public final class VolumeColumns extends CompatibleColumnsProvider {

    /** For KNIME. */
    public VolumeColumns() {
        super(VolumeValue.class);
    }
}

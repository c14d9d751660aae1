package org.scanbridge.knime.util;

import org.knime.node.parameters.widget.choices.util.CompatibleColumnsProvider;
import org.scanbridge.knime.data.LabelVolumeValue;

/** Offers the segmentation columns of the first input table in a dialog. */
public final class LabelColumns extends CompatibleColumnsProvider {

    /** For KNIME. */
    public LabelColumns() {
        super(LabelVolumeValue.class);
    }
}

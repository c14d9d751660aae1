package org.scanbridge.knime.nodes.segmentationrefiner;

import org.knime.node.parameters.NodeParameters;
import org.knime.node.parameters.Widget;
import org.knime.node.parameters.migration.LoadDefaultsForAbsentFields;
import org.knime.node.parameters.widget.choices.ChoicesProvider;
import org.scanbridge.knime.util.VolumeColumns;

/** One more image column that the appearance kernel looks at. */
@LoadDefaultsForAbsentFields
final class RefinerImage implements NodeParameters {

    @Widget(title = "Column", description = "Images of the same subjects on the same grid, normalized like the first ones.")
    @ChoicesProvider(VolumeColumns.class)
    String m_column = "";
}

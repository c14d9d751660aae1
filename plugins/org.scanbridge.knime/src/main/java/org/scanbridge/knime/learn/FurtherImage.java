package org.scanbridge.knime.learn;

import org.knime.node.parameters.NodeParameters;
import org.knime.node.parameters.Widget;
import org.knime.node.parameters.migration.LoadDefaultsForAbsentFields;
import org.knime.node.parameters.widget.choices.ChoicesProvider;

/** One more image column, whose images are a further channel of the network's input. */
@LoadDefaultsForAbsentFields
public final class FurtherImage implements NodeParameters {

    @Widget(title = "Column", description = "Images of the same subjects on the same grid, normalized like the first ones.")
    @ChoicesProvider(TrainingImageColumns.class)
    String m_column = "";
}

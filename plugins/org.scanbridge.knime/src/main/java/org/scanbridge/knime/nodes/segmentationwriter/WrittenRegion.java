package org.scanbridge.knime.nodes.segmentationwriter;

import org.knime.node.parameters.NodeParameters;
import org.knime.node.parameters.Widget;
import org.knime.node.parameters.migration.LoadDefaultsForAbsentFields;
import org.knime.node.parameters.widget.choices.SuggestionsProvider;
import org.knime.node.parameters.widget.text.TextInputWidget;
import org.scanbridge.knime.util.ClassUnions;

/** A region to write: several classes as one structure. */
@LoadDefaultsForAbsentFields
final class WrittenRegion implements NodeParameters {

    @Widget(title = "Region", description = "What the segment or structure is called.")
    @TextInputWidget(placeholder = "whole tumor")
    String m_name = "";

    @Widget(title = "Classes", description = "The classes it consists of, by name or number, separated by commas. A class also"
        + " stands for all combinations of overlapping structures that it is part of.")
    @TextInputWidget(placeholder = "edema, core")
    @SuggestionsProvider(ClassUnions.class)
    String m_classes = "";
}

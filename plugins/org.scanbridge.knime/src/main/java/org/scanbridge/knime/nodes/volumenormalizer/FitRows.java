package org.scanbridge.knime.nodes.volumenormalizer;

import org.knime.node.parameters.widget.choices.Label;

/** Which rows of a table are fitted to. */
enum FitRows {
        @Label(value = "All rows", description = "Every row with an image.")
        ALL,

        @Label(value = "Marked rows", description = "The rows that have a certain text in a column, such as training"
            + " in the Subject Splitter's column Role.")
        MARKED
}

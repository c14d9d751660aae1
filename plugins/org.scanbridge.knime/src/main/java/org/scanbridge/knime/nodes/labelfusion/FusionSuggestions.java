package org.scanbridge.knime.nodes.labelfusion;

import org.knime.node.parameters.updates.ParameterReference;
import org.scanbridge.knime.util.ClassListSuggestions;
import org.scanbridge.knime.util.FurtherLabelColumns;

/** What the dialog of Label Fusion offers beside typing. */
final class FusionSuggestions {

    private FusionSuggestions() {
    }

    /** Bound to the first column. */
    static final class First implements ParameterReference<String> {
    }

    /** Bound to the further columns. */
    static final class Further implements ParameterReference<String> {
    }

    /** Bound to the classes whose probabilities are appended. */
    static final class Probabilities implements ParameterReference<String> {
    }

    /** The segmentation columns but the first. */
    static final class FurtherColumns extends FurtherLabelColumns {

        FurtherColumns() {
            super(Further.class, First.class);
        }
    }

    /** The classes. */
    static final class Classes extends ClassListSuggestions {

        Classes() {
            super(Probabilities.class);
        }
    }
}

package org.scanbridge.knime.nodes.labeleditor;

import java.util.List;
import java.util.Map;

import org.knime.node.parameters.NodeParametersInput;
import org.knime.node.parameters.updates.ParameterReference;
import org.scanbridge.knime.util.ClassListSuggestions;
import org.scanbridge.knime.util.FurtherLabelColumns;
import org.scanbridge.knime.util.KnownNames;
import org.scanbridge.knime.util.NameListSuggestions;

/** What the Label Editor's dialog offers beside typing. */
final class LabelSuggestions {

    private LabelSuggestions() {
    }

    /** Bound to the first segmentation column. */
    static final class Column implements ParameterReference<String> {
    }

    /** Bound to the further columns. */
    static final class Further implements ParameterReference<String> {
    }

    /** Bound to the rules. */
    static final class Rules implements ParameterReference<String> {
    }

    /** Bound to the classes to split off. */
    static final class Split implements ParameterReference<String> {
    }

    /** The segmentation columns but the first. */
    static final class FurtherColumns extends FurtherLabelColumns {

        FurtherColumns() {
            super(Further.class, Column.class);
        }
    }

    /** For each class a rule that leaves it as it is, whose number is then changed. */
    static final class ClassRules extends NameListSuggestions {

        ClassRules() {
            super(Rules.class, ';');
        }

        @Override
        protected List<String> names(final NodeParametersInput context) {
            return KnownNames.classes(context).entrySet().stream().sorted(Map.Entry.comparingByKey())
                .flatMap(e -> e.getValue().stream().filter(name -> !name.matches(".*[=*?].*"))
                    .map(name -> name + " = " + e.getKey()))
                .toList();
        }
    }

    /** The classes. */
    static final class SplitClasses extends ClassListSuggestions {

        SplitClasses() {
            super(Split.class);
        }
    }
}

package org.scanbridge.knime.util;

import java.util.List;

import org.knime.node.parameters.NodeParametersInput;
import org.knime.node.parameters.updates.ParameterReference;

/** Offers the classes of the tables' segmentations for a setting that names some, once the nodes in front were executed. */
public abstract class ClassListSuggestions extends NameListSuggestions {

    /** @param setting bound to the setting itself */
    protected ClassListSuggestions(final Class<? extends ParameterReference<String>> setting) {
        super(setting);
    }

    @Override
    protected final List<String> names(final NodeParametersInput context) {
        return KnownNames.classNames(context);
    }

    /** For the setting "Not annotated". */
    public static final class OfNotAnnotated extends ClassListSuggestions {

        /** For KNIME. */
        public OfNotAnnotated() {
            super(Setting.class);
        }

        /** Bound to the setting. */
        public static final class Setting implements ParameterReference<String> {
        }
    }

    /** For a setting "Classes in one piece". */
    public static final class OfOnePiece extends ClassListSuggestions {

        /** For KNIME. */
        public OfOnePiece() {
            super(Setting.class);
        }

        /** Bound to the setting. */
        public static final class Setting implements ParameterReference<String> {
        }
    }
}

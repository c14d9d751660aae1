package org.knime.node.parameters.widget.text;

import org.knime.node.parameters.validation.BuiltinValidation;

/** A check of a string. */
public sealed interface TextInputWidgetValidation extends BuiltinValidation {

    /** A regular expression that the whole string must match. */
    abstract non-sealed class PatternValidation implements TextInputWidgetValidation {

        /** @return the regular expression */
        protected abstract String getPattern();

        @Override
        public String getErrorMessage() {
            return "The string must match the pattern: " + getPattern();
        }

        /** At least one character that is not white space. */
        public static final class IsNotBlankValidation extends PatternValidation {

            @Override
            public String getPattern() {
                return ".*\\S.*";
            }

            @Override
            public String getErrorMessage() {
                return "The field must contain at least one character that is not white space.";
            }
        }
    }
}

package org.knime.node.parameters.widget.text;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

import org.knime.node.parameters.widget.text.TextInputWidgetValidation.PatternValidation;

/**
 * How a string is edited in one line.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.FIELD)
public @interface TextInputWidget {

    /** @return the text shown in an empty field */
    String placeholder() default "";

    /** @return the pattern the dialog checks; the type itself means none. Never checked headless. */
    Class<? extends PatternValidation> patternValidation() default PatternValidation.class;
}

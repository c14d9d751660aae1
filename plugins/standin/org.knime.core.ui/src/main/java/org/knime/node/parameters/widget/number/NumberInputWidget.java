package org.knime.node.parameters.widget.number;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

import org.knime.node.parameters.widget.number.NumberInputWidgetValidation.MaxValidation;
import org.knime.node.parameters.widget.number.NumberInputWidgetValidation.MinValidation;

/**
 * The bounds the dialog checks for a number. They are never checked headless: repeat them in validate().
 */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.FIELD)
public @interface NumberInputWidget {

    /** @return the lower bound; the type itself means none */
    Class<? extends MinValidation> minValidation() default MinValidation.class;

    /** @return the upper bound; the type itself means none */
    Class<? extends MaxValidation> maxValidation() default MaxValidation.class;
}

package org.knime.node.parameters.widget.number;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

import org.knime.core.standin.SinceKnime;
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

    /** @return how far the step buttons go; without it 1 for whole numbers and 0.1 for others */
    @SinceKnime("5.12")
    double stepSize() default Double.NaN;
}

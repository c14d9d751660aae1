package org.knime.node.parameters.widget.choices;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

import org.knime.core.standin.SinceKnime;

/**
 * Gives values that a field of type String can be chosen from, beside which any other can be typed.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.FIELD)
@SinceKnime("5.12")
public @interface SuggestionsProvider {

    /** @return what computes them */
    @SuppressWarnings("rawtypes")
    Class<? extends ChoicesStateProvider> value();
}

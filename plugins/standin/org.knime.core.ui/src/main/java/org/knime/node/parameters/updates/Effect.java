package org.knime.node.parameters.updates;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Shows, hides, enables or disables a field of the dialog by the values of others. It has no meaning headless.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.FIELD, ElementType.TYPE})
public @interface Effect {

    /** @return the condition */
    Class<? extends EffectPredicateProvider> predicate();

    /** @return what happens when the condition holds */
    EffectType type();

    /** What an effect does when its condition holds; it does the opposite when not. */
    enum EffectType {
        /** The field is shown. */
        SHOW,
        /** The field is hidden. */
        HIDE,
        /** The field can be edited. */
        ENABLE,
        /** The field cannot be edited. */
        DISABLE
    }
}

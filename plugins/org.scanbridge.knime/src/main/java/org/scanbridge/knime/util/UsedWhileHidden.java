package org.scanbridge.knime.util;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * On a setting that may have an effect although the dialog hides it, so that {@link UnusedSettings} must not say that it has
 * none.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.FIELD)
public @interface UsedWhileHidden {

    /** @return where it is used */
    String value();
}

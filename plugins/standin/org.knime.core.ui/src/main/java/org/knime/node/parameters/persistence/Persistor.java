package org.knime.node.parameters.persistence;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Gives a field, or all fields of a class, a form of storage of its own.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.FIELD, ElementType.TYPE})
public @interface Persistor {

    /** @return the class that loads and saves; it needs a constructor without arguments */
    Class<? extends NodeParametersPersistor<?>> value();
}

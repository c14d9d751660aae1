package org.knime.core.standin;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Marks what KNIME does not have, or not like this, and what is public here only because the host lies in other
 * packages. Nodes that used it would compile against the stand-in and fail on KNIME; a test of the nodes' byte code
 * forbids it.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.TYPE, ElementType.METHOD, ElementType.CONSTRUCTOR})
public @interface HostOnly {
}

package org.knime.core.standin;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Marks what KNIME has only from a version on that is later than 5.8. Nodes may use it in annotations of fields alone: the
 * Java virtual machine leaves out annotations whose class it does not find, and members that the annotation's class does not
 * have ({@code java.lang.reflect.AnnotatedElement}), so that the same class files load on KNIME 5.8, whose dialog is then
 * plainer. A test of the nodes' byte code forbids every other use, and another loads the nodes without what is marked.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.TYPE, ElementType.METHOD})
public @interface SinceKnime {

    /** @return the first version of KNIME known to have it, such as 5.11 */
    String value();
}

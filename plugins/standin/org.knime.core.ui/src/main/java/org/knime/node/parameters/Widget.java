package org.knime.node.parameters;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Puts a field into the dialog and into the node description. Fields without it are stored all the same.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.FIELD)
public @interface Widget {

    /** @return the label of the field */
    String title();

    /** @return what the field means; markup of the node description is allowed */
    String description();

    /** @return whether the field is shown only on demand */
    boolean advanced() default false;
}

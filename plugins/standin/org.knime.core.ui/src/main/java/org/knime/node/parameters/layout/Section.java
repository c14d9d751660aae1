package org.knime.node.parameters.layout;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Makes a marker interface a titled section of the dialog.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE)
public @interface Section {

    /** @return the heading */
    String title();

    /** @return text under the heading; empty for none */
    String description() default "";

    /** @return whether the section opens beside the dialog instead of within it */
    boolean sideDrawer() default false;
}

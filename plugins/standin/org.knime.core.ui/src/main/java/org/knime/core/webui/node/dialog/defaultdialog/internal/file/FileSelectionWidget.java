package org.knime.core.webui.node.dialog.defaultdialog.internal.file;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

import org.knime.core.standin.SinceKnime;

/**
 * Lets a path be browsed. On a String it needs exactly one file system, given by {@link WithFileSystem}.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.FIELD)
@SinceKnime("5.11")
public @interface FileSelectionWidget {

    /** @return what can be chosen */
    SingleFileSelectionMode value();

    /** @return the text shown in an empty field */
    @SinceKnime("5.12")
    String placeholder() default "";
}

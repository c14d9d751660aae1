package org.knime.core.webui.node.dialog.defaultdialog.internal.file;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

import org.knime.core.standin.SinceKnime;

/**
 * Where files and folders are chosen from. On a String exactly one file system.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.FIELD)
@SinceKnime("5.11")
public @interface WithFileSystem {

    /** @return the file systems */
    FileSystemOption[] value();
}

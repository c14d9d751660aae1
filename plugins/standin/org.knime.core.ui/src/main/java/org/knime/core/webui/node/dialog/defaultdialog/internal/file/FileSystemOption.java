package org.knime.core.webui.node.dialog.defaultdialog.internal.file;

import org.knime.core.standin.SinceKnime;

/** A file system that files are chosen from. */
@SinceKnime("5.11")
public enum FileSystemOption {
    /** Of the machine. */
    LOCAL,
    /** Of a KNIME Hub or the local space. */
    SPACE,
    /** Inside the workflow. */
    EMBEDDED,
    /** By URL. */
    CUSTOM_URL,
    /** At an input port. */
    CONNECTED
}

package org.knime.core.webui.node.dialog.defaultdialog.internal.file;

import org.knime.core.standin.SinceKnime;

/** What a {@link FileSelectionWidget} lets be chosen. */
@SinceKnime("5.11")
public enum SingleFileSelectionMode {
    /** A file. */
    FILE,
    /** A folder. */
    FOLDER,
    /** A file or a folder. */
    FILE_OR_FOLDER,
    /** A workflow. */
    WORKFLOW
}

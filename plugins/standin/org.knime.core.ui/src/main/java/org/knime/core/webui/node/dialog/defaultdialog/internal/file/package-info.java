/** Choosing files and folders in dialogs: exported by KNIME, but not as public API. */
package org.knime.core.webui.node.dialog.defaultdialog.internal.file;

package org.scanbridge.knime.nodes.networkreader;

import java.nio.file.Path;
import java.util.Locale;

import org.knime.core.node.InvalidSettingsException;
import org.knime.core.webui.node.dialog.defaultdialog.internal.file.FileSelectionWidget;
import org.knime.core.webui.node.dialog.defaultdialog.internal.file.FileSystemOption;
import org.knime.core.webui.node.dialog.defaultdialog.internal.file.SingleFileSelectionMode;
import org.knime.core.webui.node.dialog.defaultdialog.internal.file.WithFileSystem;
import org.knime.node.parameters.NodeParameters;
import org.knime.node.parameters.Widget;
import org.knime.node.parameters.migration.LoadDefaultsForAbsentFields;
import org.knime.node.parameters.widget.text.TextInputWidget;
import org.scanbridge.knime.util.PathSetting;

/** Settings of {@link NetworkReaderNodeFactory}. */
@LoadDefaultsForAbsentFields
final class NetworkReaderParameters implements NodeParameters {

    @Widget(title = "File or folder", description = "The zip file or the folder that the Network Writer wrote.")
    @TextInputWidget(placeholder = "/path/to/network.zip")
    @FileSelectionWidget(value = SingleFileSelectionMode.FILE_OR_FOLDER, placeholder = "/path/to/network.zip")
    @WithFileSystem(FileSystemOption.LOCAL)
    String m_path = "";

    @Widget(title = "Expected SHA-256", description = "Fails unless the weights have this hash, which the Network Writer"
        + " puts into its table: for a study that must use exactly this network. Blank: any network. Whether the weights"
        + " are undamaged is checked in any case.", advanced = true)
    @TextInputWidget(placeholder = "(any)")
    String m_expectedHash = "";

    /** What to read. */
    Path path() throws InvalidSettingsException {
        if (PathSetting.text(m_path).isEmpty()) {
            throw new InvalidSettingsException("No network is chosen. Enter the zip file or the folder that the Network"
                + " Writer wrote.");
        }
        return PathSetting.path(m_path, "a file");
    }

    /** The expected hash in lower case; empty for any. */
    String expectedHash() {
        return m_expectedHash == null ? "" : m_expectedHash.strip().toLowerCase(Locale.ROOT);
    }

    @Override
    public void validate() throws InvalidSettingsException {
        if (!expectedHash().matches("([0-9a-f]{64})?")) {
            throw new InvalidSettingsException("\"Expected SHA-256\" is \"" + m_expectedHash
                + "\"; give 64 hexadecimal digits, or leave it blank.");
        }
    }
}

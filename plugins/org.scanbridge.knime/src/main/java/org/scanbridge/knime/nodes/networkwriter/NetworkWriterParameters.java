package org.scanbridge.knime.nodes.networkwriter;

import org.knime.core.node.InvalidSettingsException;
import org.knime.core.webui.node.dialog.defaultdialog.internal.file.FileSelectionWidget;
import org.knime.core.webui.node.dialog.defaultdialog.internal.file.FileSystemOption;
import org.knime.core.webui.node.dialog.defaultdialog.internal.file.SingleFileSelectionMode;
import org.knime.core.webui.node.dialog.defaultdialog.internal.file.WithFileSystem;
import org.knime.node.parameters.NodeParameters;
import org.knime.node.parameters.Widget;
import org.knime.node.parameters.migration.LoadDefaultsForAbsentFields;
import org.knime.node.parameters.widget.choices.Label;
import org.knime.node.parameters.widget.choices.ValueSwitchWidget;
import org.knime.node.parameters.widget.text.TextInputWidget;

/** Settings of {@link NetworkWriterNodeFactory}. */
@LoadDefaultsForAbsentFields
final class NetworkWriterParameters implements NodeParameters {

    /** How the network lies on disk. */
    enum Form {
            @Label(value = "Zip file", description = "One file to mail or archive.")
            ZIP,

            @Label(value = "Folder", description = "With the SavedModel as TensorFlow and TensorFlow Serving load it.")
            FOLDER
    }

    @Widget(title = "Output folder", description = "Folder in which the network appears; made if it does not exist. A"
        + " relative one lies in the folder ScanBridge of your home folder.")
    @TextInputWidget(placeholder = "/path/to/folder")
    @FileSelectionWidget(value = SingleFileSelectionMode.FOLDER, placeholder = "/path/to/folder")
    @WithFileSystem(FileSystemOption.LOCAL)
    String m_folder = "";

    @Widget(title = "Name", description = "Name of the file or folder, without extension: letters, digits, blanks, dots,"
        + " hyphens and underscores.")
    @TextInputWidget
    String m_name = "network";

    @Widget(title = "Write as", description = "What is written. The Network Reader reads both; the default is the one"
        + " that cannot lose a part on its way.")
    @ValueSwitchWidget
    Form m_form = Form.ZIP;

    @Widget(title = "Replace what is there", description = "Off by default: the node fails if something of this name is"
        + " there already. A folder that holds no network is never replaced.")
    boolean m_replace;

    @Override
    public void validate() throws InvalidSettingsException {
        if (m_name == null || !m_name.matches("[A-Za-z0-9_](?:[A-Za-z0-9 ._-]{0,98}[A-Za-z0-9_-])?")) {
            throw new InvalidSettingsException("\"Name\" is \"" + m_name + "\"; give up to 100 letters, digits, blanks,"
                + " dots, hyphens and underscores, beginning and ending with a letter, a digit or an underscore.");
        }
    }
}

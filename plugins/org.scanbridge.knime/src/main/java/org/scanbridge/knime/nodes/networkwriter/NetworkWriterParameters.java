package org.scanbridge.knime.nodes.networkwriter;

import org.knime.core.node.InvalidSettingsException;
import org.knime.core.webui.node.dialog.defaultdialog.internal.file.FileSelectionWidget;
import org.knime.core.webui.node.dialog.defaultdialog.internal.file.FileSystemOption;
import org.knime.core.webui.node.dialog.defaultdialog.internal.file.SingleFileSelectionMode;
import org.knime.core.webui.node.dialog.defaultdialog.internal.file.WithFileSystem;
import org.knime.node.parameters.NodeParameters;
import org.knime.node.parameters.Widget;
import org.knime.node.parameters.migration.LoadDefaultsForAbsentFields;
import org.knime.node.parameters.updates.Effect;
import org.knime.node.parameters.updates.Effect.EffectType;
import org.knime.node.parameters.updates.EffectPredicate;
import org.knime.node.parameters.updates.EffectPredicateProvider;
import org.knime.node.parameters.updates.ParameterReference;
import org.knime.node.parameters.updates.ValueReference;
import org.knime.node.parameters.widget.choices.Label;
import org.knime.node.parameters.widget.choices.ValueSwitchWidget;
import org.knime.node.parameters.widget.text.TextInputWidget;
import org.scanbridge.learning.onnx.NetworkCard;

/** Settings of {@link NetworkWriterNodeFactory}. */
@LoadDefaultsForAbsentFields
final class NetworkWriterParameters implements NodeParameters {

    /** How the network lies on disk. */
    enum Form {
            @Label(value = "Zip file", description = "One file to mail or archive.")
            ZIP,

            @Label(value = "Folder", description = "With the SavedModel as TensorFlow and TensorFlow Serving load it.")
            FOLDER,

            @Label(value = "ONNX", description = "A folder with an ONNX file, which most software for deep learning runs, and"
                + " <tt>metadata.json</tt>, which says what goes in and comes out. It can be used, not trained on.")
            ONNX
    }

    private static final class FormReference implements ParameterReference<Form> {
    }

    private static final class IsOnnx implements EffectPredicateProvider {
        @Override
        public EffectPredicate init(final PredicateInitializer i) {
            return i.getEnum(FormReference.class).isOneOf(Form.ONNX);
        }
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

    @Widget(title = "Write as", description = "What is written. The Network Reader reads all; the default is the one"
        + " that cannot lose a part on its way.")
    @ValueSwitchWidget
    @ValueReference(FormReference.class)
    Form m_form = Form.ZIP;

    @Widget(title = "Freeze the SavedModel", description = "Off by default: the SavedModel keeps its weights as variables,"
        + " which can be trained on. On: the weights become constants of its graph, so that <tt>saved_model.pb</tt> is all of"
        + " it; some converters and devices want that.", advanced = true)
    @Effect(predicate = IsOnnx.class, type = EffectType.HIDE)
    boolean m_frozen;

    @Widget(title = "Intended use", description = "What the network is for, and what not: for whoever gets it. It goes into"
        + " the metadata of ONNX and into <tt>README.txt</tt>, as do the two texts below.")
    @TextInputWidget(placeholder = "(not stated)")
    String m_intendedUse = "";

    @Widget(title = "Normalization of the images", description = "How images were normalized before the training, and so must"
        + " be before they are segmented, such as <tt>z-score of each image, foreground Otsu</tt>: the network does not know"
        + " it.")
    @TextInputWidget(placeholder = "(not stated)")
    String m_normalization = "";

    @Widget(title = "Voxel spacing of the images", description = "Size of the voxels that the network was trained on in mm"
        + " along i, j and k, such as <tt>1 × 1 × 3</tt>.")
    @TextInputWidget(placeholder = "(not stated)")
    String m_spacing = "";

    @Widget(title = "Replace what is there", description = "Off by default: the node fails if something of this name is"
        + " there already. A folder that holds no network is never replaced.")
    boolean m_replace;

    /** What is said about the network. */
    NetworkCard card() {
        return new NetworkCard(text(m_intendedUse), text(m_normalization), text(m_spacing));
    }

    private static String text(final String value) {
        return value == null ? "" : value;
    }

    @Override
    public void validate() throws InvalidSettingsException {
        if (m_name == null || !m_name.matches("[A-Za-z0-9_](?:[A-Za-z0-9 ._-]{0,98}[A-Za-z0-9_-])?")) {
            throw new InvalidSettingsException("\"Name\" is \"" + m_name + "\"; give up to 100 letters, digits, blanks,"
                + " dots, hyphens and underscores, beginning and ending with a letter, a digit or an underscore.");
        }
    }
}

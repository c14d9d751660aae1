package org.scanbridge.knime.nodes.volumewriter;

import org.knime.core.data.DataColumnSpec;
import org.knime.core.data.StringValue;
import org.knime.core.node.InvalidSettingsException;
import org.knime.core.webui.node.dialog.defaultdialog.internal.file.FileSelectionWidget;
import org.knime.core.webui.node.dialog.defaultdialog.internal.file.FileSystemOption;
import org.knime.core.webui.node.dialog.defaultdialog.internal.file.SingleFileSelectionMode;
import org.knime.core.webui.node.dialog.defaultdialog.internal.file.WithFileSystem;
import org.knime.node.parameters.NodeParameters;
import org.knime.node.parameters.NodeParametersInput;
import org.knime.node.parameters.Widget;
import org.knime.node.parameters.layout.After;
import org.knime.node.parameters.layout.Layout;
import org.knime.node.parameters.layout.Section;
import org.knime.node.parameters.migration.LoadDefaultsForAbsentFields;
import org.knime.node.parameters.updates.Effect;
import org.knime.node.parameters.updates.Effect.EffectType;
import org.knime.node.parameters.updates.EffectPredicate;
import org.knime.node.parameters.updates.EffectPredicateProvider;
import org.knime.node.parameters.updates.ParameterReference;
import org.knime.node.parameters.updates.ValueReference;
import org.knime.node.parameters.widget.choices.ChoicesProvider;
import org.knime.node.parameters.widget.choices.Label;
import org.knime.node.parameters.widget.choices.SuggestionsProvider;
import org.knime.node.parameters.widget.choices.ValueSwitchWidget;
import org.knime.node.parameters.widget.message.TextMessage;
import org.knime.node.parameters.widget.text.TextInputWidget;
import org.scanbridge.knime.data.VolumeValue;
import org.scanbridge.knime.util.ColumnGuess.Otherwise;
import org.scanbridge.knime.util.ColumnGuess;
import org.scanbridge.knime.util.ColumnGuesses;
import org.scanbridge.knime.util.FolderNote;
import org.scanbridge.knime.util.GuessedColumns;
import org.scanbridge.knime.util.PseudonymKey;
import org.scanbridge.knime.util.SourceTextColumns;
import org.scanbridge.knime.util.StudyFolder;
import org.scanbridge.knime.util.StudyTable;
import org.scanbridge.knime.util.TextColumns;
import org.scanbridge.knime.util.VolumeColumns;

/** Settings of {@link VolumeWriterNodeFactory}. */
@LoadDefaultsForAbsentFields
final class VolumeWriterParameters implements NodeParameters, GuessedColumns {

    /** Longest Series Description (PS3.5 6.2, LO) and Derivation Description (ST). */
    private static final int MAX_DESCRIPTION = 64;

    private static final int MAX_DERIVATION = 1024;

    /** What kind of files is written. */
    enum Form {
            @Label(value = "DICOM series", description = "A derived series of the study that the images come from.")
            DICOM,

            @Label(value = "NIfTI", description = "One compressed file (.nii.gz). Holds nothing of the patient and needs no"
                + " source images.")
            NIFTI
    }

    @Section(title = "Images")
    interface Images {
    }

    @Section(title = "Source images", description = "A derived DICOM series belongs to the patient and the study of the"
        + " images it was made from, so their files are needed again.")
    @Effect(predicate = IsDicom.class, type = EffectType.SHOW)
    @After(Images.class)
    interface SourceImages {
    }

    @Section(title = "Output")
    @After(SourceImages.class)
    interface Output {
    }

    static final class FormReference implements ParameterReference<Form> {
    }

    static final class IsDicom implements EffectPredicateProvider {
        @Override
        public EffectPredicate init(final PredicateInitializer i) {
            return i.getEnum(FormReference.class).isOneOf(Form.DICOM);
        }
    }

    @Layout(Images.class)
    @Widget(title = "Image column", description = "The images to write. The default is the last image column, usually that"
        + " of the last processing step. Rows without one are left out."
        + " Blank: the last image column.")
    @ChoicesProvider(VolumeColumns.class)
    @ColumnGuess(type = VolumeValue.class, otherwise = Otherwise.LAST)
    String m_imageColumn = "";

    @Layout(Images.class)
    @Widget(title = "Series column", description = "The series ids that the reader gave; they name the files and tell which"
        + " series an image was made from."
        + " Blank: \"Series\".")
    @ChoicesProvider(TextColumns.class)
    @ColumnGuess(type = StringValue.class, names = StudyTable.SERIES, otherwise = Otherwise.NONE)
    String m_seriesColumn = StudyTable.SERIES;

    @Layout(Images.class)
    @Widget(title = "Write as", description = "What kind of files is written. The default can go back to the archive.")
    @ValueReference(FormReference.class)
    @ValueSwitchWidget
    Form m_form = Form.DICOM;

    @Layout(Images.class)
    @Effect(predicate = IsDicom.class, type = EffectType.SHOW)
    @Widget(title = "Series description", description = "How viewers name the series, up to 64 characters. Blank: the name"
        + " of the column.")
    @TextInputWidget(placeholder = "(name of the column)")
    String m_description = "";

    @Layout(Images.class)
    @Effect(predicate = IsDicom.class, type = EffectType.SHOW)
    @Widget(title = "Derivation", description = "How the images were made (Derivation Description), up to 1024 characters,"
        + " so that nobody takes them for originals. Blank: how the column was normalized, as the Volume Normalizer"
        + " recorded it, else that ScanBridge processed it.")
    @TextInputWidget(placeholder = "(from the column)")
    String m_derivation = "";

    @Layout(SourceImages.class)
    @Effect(predicate = IsDicom.class, type = EffectType.SHOW)
    @Widget(title = "Study folder", description = "The folder that the DICOM Reader read. Blank: the folder named in"
        + " the second input.")
    @TextInputWidget(placeholder = "(from the second input)")
    @FileSelectionWidget(value = SingleFileSelectionMode.FILE_OR_FOLDER, placeholder = "(from the second input)")
    @WithFileSystem(FileSystemOption.LOCAL)
    @ValueReference(FolderNote.Folder.class)
    String m_studyFolder = "";

    @Layout(SourceImages.class)
    @Effect(predicate = IsDicom.class, type = EffectType.SHOW)
    @Widget(title = "Folder column", description = "Name of the text column of the second input that names the study's"
        + " folder. Used only if \"Study folder\" is blank."
        + " Blank: \"Folder\", else the only text column.")
    @TextInputWidget
    @ColumnGuess(port = 1, type = StringValue.class, names = StudyTable.FOLDER, otherwise = Otherwise.ONLY)
    @SuggestionsProvider(SourceTextColumns.class)
    String m_folderColumn = StudyTable.FOLDER;

    @Layout(SourceImages.class)
    @TextMessage(FolderNote.class)
    @Effect(predicate = IsDicom.class, type = EffectType.SHOW)
    Void m_folderNote;

    @Layout(SourceImages.class)
    @Effect(predicate = IsDicom.class, type = EffectType.SHOW)
    @Widget(title = "Pseudonym key", description = "The key that the DICOM Reader used; with another key no series is"
        + " found.")
    @TextInputWidget
    String m_pseudonymKey = "ScanBridge";

    @Layout(SourceImages.class)
    @Effect(predicate = IsDicom.class, type = EffectType.SHOW)
    @Widget(title = "Pseudonym key file", description = "Text file that holds the key, if the DICOM Reader took it from"
        + " one. Blank: the key above.")
    @TextInputWidget(placeholder = "(the key above)")
    @FileSelectionWidget(value = SingleFileSelectionMode.FILE, placeholder = "(the key above)")
    @WithFileSystem(FileSystemOption.LOCAL)
    String m_pseudonymKeyFile = "";

    @Layout(Output.class)
    @Widget(title = "Output folder", description = "Folder for the files; made if it does not exist. A relative one lies in"
        + " the folder ScanBridge of your home folder. Names consist of the series id and the column's name; a DICOM series"
        + " is a folder with a file per slice.")
    @TextInputWidget(placeholder = "/path/to/folder")
    @FileSelectionWidget(value = SingleFileSelectionMode.FOLDER, placeholder = "/path/to/folder")
    @WithFileSystem(FileSystemOption.LOCAL)
    String m_outputFolder = "";

    @Layout(Output.class)
    @Widget(title = "Replace existing files", description = "Off by default: what is already there is left as it is and"
        + " reported.")
    boolean m_replace;

    /** Defaults for a node without input. */
    VolumeWriterParameters() {
        // the initial values
    }

    /** Defaults that fit the input table. */
    VolumeWriterParameters(final NodeParametersInput input) {
        ColumnGuesses.defaults(this, input);
    }

    @Override
    public boolean reads(final String setting) {
        return switch (setting) {
            case "Folder column" -> m_form == Form.DICOM && studyFolder().setting().isEmpty();
            default -> true;
        };
    }

    /** Where the source images lie. */
    StudyFolder studyFolder() {
        return new StudyFolder(m_studyFolder, m_folderColumn);
    }

    /** The key of the series ids. */
    PseudonymKey key() {
        return new PseudonymKey(m_pseudonymKey, m_pseudonymKeyFile);
    }

    /** How viewers name the series. */
    String description() {
        final String text = m_description == null || m_description.isBlank() ? m_imageColumn : m_description.strip();
        return text.substring(0, Math.min(MAX_DESCRIPTION, text.length())).replace('\\', '/');
    }

    /** How the images of a column were made. */
    String derivation(final DataColumnSpec column) {
        final String text;
        if (m_derivation != null && !m_derivation.isBlank()) {
            text = m_derivation.strip();
        } else if (column.getProperties().containsProperty(StudyTable.NORMALIZATION_PROPERTY)) {
            text = "Normalized by ScanBridge: " + column.getProperties().getProperty(StudyTable.NORMALIZATION_PROPERTY);
        } else {
            text = "Processed by ScanBridge (" + column.getName() + ")";
        }
        return text.substring(0, Math.min(MAX_DERIVATION, text.length()));
    }

    @Override
    public void validate() throws InvalidSettingsException {
        if (m_form != Form.DICOM) {
            return;
        }
        if (m_description != null && (m_description.strip().length() > MAX_DESCRIPTION || m_description.contains("\\"))) {
            throw new InvalidSettingsException("\"Series description\" is longer than " + MAX_DESCRIPTION
                + " characters or contains a backslash; DICOM allows neither.");
        }
        if (m_derivation != null && m_derivation.strip().length() > MAX_DERIVATION) {
            throw new InvalidSettingsException("\"Derivation\" is longer than " + MAX_DERIVATION
                + " characters; DICOM allows no more.");
        }
        key().validate();
    }
}

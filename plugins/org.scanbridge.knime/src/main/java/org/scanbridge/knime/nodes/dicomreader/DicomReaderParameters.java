package org.scanbridge.knime.nodes.dicomreader;

import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;

import org.knime.core.data.StringValue;
import org.knime.core.node.InvalidSettingsException;
import org.knime.core.webui.node.dialog.defaultdialog.internal.file.FileSelectionWidget;
import org.knime.core.webui.node.dialog.defaultdialog.internal.file.FileSystemOption;
import org.knime.core.webui.node.dialog.defaultdialog.internal.file.SingleFileSelectionMode;
import org.knime.core.webui.node.dialog.defaultdialog.internal.file.WithFileSystem;
import org.knime.node.parameters.NodeParametersInput;
import org.knime.node.parameters.Widget;
import org.knime.node.parameters.layout.Before;
import org.knime.node.parameters.layout.Layout;
import org.knime.node.parameters.layout.Section;
import org.knime.node.parameters.migration.LoadDefaultsForAbsentFields;
import org.knime.node.parameters.updates.Effect;
import org.knime.node.parameters.updates.Effect.EffectType;
import org.knime.node.parameters.updates.EffectPredicate;
import org.knime.node.parameters.updates.EffectPredicateProvider;
import org.knime.node.parameters.updates.ParameterReference;
import org.knime.node.parameters.updates.ValueReference;
import org.knime.node.parameters.updates.util.BooleanReference;
import org.knime.node.parameters.widget.choices.ChoicesProvider;
import org.knime.node.parameters.widget.choices.Label;
import org.knime.node.parameters.widget.message.TextMessage;
import org.knime.node.parameters.widget.number.NumberInputWidget;
import org.knime.node.parameters.widget.number.NumberInputWidgetValidation.MinValidation;
import org.knime.node.parameters.widget.text.TextInputWidget;
import org.scanbridge.dicom.privacy.DateRule;
import org.scanbridge.dicom.privacy.DeidentifyOptions;
import org.scanbridge.dicom.series.SiteFolder;
import org.scanbridge.dicom.series.SiteRule;
import org.scanbridge.dicom.series.SubjectRule;
import org.scanbridge.dicom.study.DicomStudyOptions;
import org.scanbridge.knime.dicom.AttributeParameters;
import org.scanbridge.knime.dicom.SeriesParameters;
import org.scanbridge.knime.util.ColumnGuess;
import org.scanbridge.knime.util.ColumnGuess.Otherwise;
import org.scanbridge.knime.util.ColumnGuesses;
import org.scanbridge.knime.util.FolderNote;
import org.scanbridge.knime.util.GuessedColumns;
import org.scanbridge.knime.util.OutputFolder;
import org.scanbridge.knime.util.StudyFolder;
import org.scanbridge.knime.util.StudyTable;
import org.scanbridge.knime.util.TextColumns;

/** Settings of {@link DicomReaderNodeFactory}. */
@LoadDefaultsForAbsentFields
final class DicomReaderParameters extends SeriesParameters implements GuessedColumns {

    /** {@link SiteRule} as users see it. */
    enum SiteSource {
            @Label(value = "Sub-folder", description = "The sub-folders of the study folder are the sites; of which level, is"
                + " set below. A zip archive counts as a folder. The folders beside a DICOMDIR, and those"
                + " that are called like the patient of their images, are no sites.")
            FOLDER(SiteRule.FOLDER),

            @Label(value = "Institution", description = "Institution Name (0008,0080).")
            INSTITUTION(SiteRule.INSTITUTION),

            @Label(value = "Manufacturer", description = "Manufacturer (0008,0070).")
            MANUFACTURER(SiteRule.MANUFACTURER),

            @Label(value = "Scanner model", description = "Manufacturer's Model Name (0008,1090).")
            MODEL(SiteRule.MODEL),

            @Label(value = "Station", description = "Station Name (0008,1010), usually one per scanner.")
            STATION(SiteRule.STATION),

            @Label(value = "Field strength", description = "Magnetic Field Strength (0018,0087), as 1.5 T.")
            FIELD_STRENGTH(SiteRule.FIELD_STRENGTH);

        private final SiteRule m_rule;

        SiteSource(final SiteRule rule) {
            m_rule = rule;
        }
    }

    /** {@link SubjectRule} as users see it. */
    enum SubjectSource {
            @Label(value = "Patient ID", description = "Patient ID (0010,0020); where a header lacks it, the sub-folder.")
            PATIENT(SubjectRule.PATIENT),

            @Label(value = "Study", description = "Study Instance UID (0020,000D): every examination is a subject of its own."
                + " For exports in which all patients have the same Patient ID. A patient who was examined twice counts as"
                + " two, and may then be used for training and for testing.")
            STUDY(SubjectRule.STUDY),

            @Label(value = "Sub-folder", description = "The folder inside the one that names the site, or directly in the"
                + " study folder if folders name no sites.")
            FOLDER(SubjectRule.FOLDER);

        private final SubjectRule m_rule;

        SubjectSource(final SubjectRule rule) {
            m_rule = rule;
        }
    }

    /** {@link DateRule} as users see it. */
    enum Dates {
            @Label(value = "Remove", description = "As the Basic Profile demands.")
            REMOVE(DateRule.REMOVE),

            @Label(value = "Shift", description = "By a number of days that differs between patients, so that the time"
                + " between examinations of a patient stays.")
            SHIFT(DateRule.SHIFT);

        private final DateRule m_rule;

        Dates(final DateRule rule) {
            m_rule = rule;
        }
    }

    @Section(title = "Study")
    @Before(SeriesParameters.Series.class)
    interface Study {
    }

    static final class SiteReference implements ParameterReference<SiteSource> {
    }

    static final class CopyReference implements BooleanReference {
    }

    static final class IsFolderSite implements EffectPredicateProvider {
        @Override
        public EffectPredicate init(final PredicateInitializer i) {
            return i.getEnum(SiteReference.class).isOneOf(SiteSource.FOLDER);
        }
    }

    @Layout(Study.class)
    @Widget(title = "Folder", description = "Folder of the study; all files below it are looked at. A DICOMDIR or a zip"
        + " archive may be given instead; the files it lists or holds are read. Blank: the folder named in the input table.")
    @TextInputWidget(placeholder = "(from the input table)")
    @FileSelectionWidget(value = SingleFileSelectionMode.FILE_OR_FOLDER, placeholder = "(from the input table)")
    @WithFileSystem(FileSystemOption.LOCAL)
    @ValueReference(FolderNote.Folder.class)
    String m_folder = "";

    @Layout(Study.class)
    @Widget(title = "Folder column", description = "Text column of the input table that names the study's folder. Used"
        + " only if \"Folder\" is blank; all rows must name the same folder."
        + " Blank: \"Folder\", else the only text column.")
    @ChoicesProvider(TextColumns.class)
    @ColumnGuess(type = StringValue.class, names = StudyTable.FOLDER, otherwise = Otherwise.ONLY)
    String m_folderColumn = StudyTable.FOLDER;

    @Layout(Study.class)
    @TextMessage(FolderNote.class)
    Void m_folderNote;

    @Layout(Study.class)
    @Widget(title = "Site", description = "What tells the site of a series. The default is the sub-folder,"
        + " because exports are usually sorted that way and anonymization often empties the header fields.")
    @ValueReference(SiteReference.class)
    SiteSource m_site = SiteSource.FOLDER;

    @Layout(Study.class)
    @Widget(title = "Folder level", description = "Which sub-folders are the sites: 1, the default, for those directly in the"
        + " study folder, 2 for those in them, and so on; 2 reads <tt>train/A</tt> and <tt>test/A</tt> as the same site A."
        + " Beyond level 1, a series that lies above the level has no site: it is left out and listed as a problem. The"
        + " sites become the first level of a de-identified copy.")
    @NumberInputWidget(minValidation = MinValidation.IsPositiveIntegerValidation.class)
    @Effect(predicate = IsFolderSite.class, type = EffectType.SHOW)
    int m_folderLevel = 1;

    @Layout(Study.class)
    @Widget(title = "Subject", description = "What tells whom a series shows. All images of a subject stay together when"
        + " subjects are split into training and test, so different people must not share a subject, nor one person have"
        + " two. Patient IDs that look the same for everybody, or occur at several sites, are listed as a problem.")
    SubjectSource m_subject = SubjectSource.PATIENT;

    @Layout(SeriesParameters.Segmentations.class)
    @Widget(title = "Label maps in NIfTI files", description = "A NIfTI file below the folder becomes the segmentation of"
        + " the series whose voxels it has, also if their order differs. Off by default: the folder may hold NIfTI copies"
        + " of the images, and each of them would be listed as a problem.")
    boolean m_nifti;

    @Layout(AttributeParameters.Privacy.class)
    @Widget(title = "Write a de-identified copy", description = "Also copies the files without what identifies the"
        + " patients, by the Basic Profile of DICOM PS3.15, with pseudonyms as names of files and folders, before the"
        + " study is read. Files that may show a name in the picture are left out of the copy and listed as problems. The"
        + " table is made from the original files.")
    @ValueReference(CopyReference.class)
    boolean m_copy;

    @Layout(AttributeParameters.Privacy.class)
    @Widget(title = "Folder of the copy", description = "A new or empty folder outside the study.")
    @TextInputWidget(placeholder = "/path/to/folder")
    @FileSelectionWidget(value = SingleFileSelectionMode.FOLDER, placeholder = "/path/to/folder")
    @WithFileSystem(FileSystemOption.LOCAL)
    @Effect(predicate = CopyReference.class, type = EffectType.SHOW)
    String m_copyFolder = "";

    @Layout(AttributeParameters.Privacy.class)
    @Widget(title = "Dates in the copy", description = "What becomes of dates in the copied files.")
    @Effect(predicate = CopyReference.class, type = EffectType.SHOW)
    Dates m_copyDates = Dates.REMOVE;

    /** Defaults for a node without input. */
    DicomReaderParameters() {
        // the initial values
    }

    /** Defaults that fit the input table. */
    DicomReaderParameters(final NodeParametersInput input) {
        ColumnGuesses.defaults(this, input);
    }

    @Override
    public boolean reads(final String setting) {
        return folder().setting().isEmpty();
    }

    /** Where the study lies. */
    StudyFolder folder() {
        return new StudyFolder(m_folder, m_folderColumn);
    }

    /** The settings in the reader's own terms. */
    DicomStudyOptions options() throws InvalidSettingsException {
        return seriesOptions().withSiteRule(m_site.m_rule).withSiteFolder(new SiteFolder(m_folderLevel))
            .withSubjectRule(m_subject.m_rule).withNifti(m_nifti);
    }

    /** Where the de-identified copy goes; empty if none is wanted. */
    Optional<Path> copyFolder() throws InvalidSettingsException {
        if (!m_copy) {
            return Optional.empty();
        }
        return Optional.of(OutputFolder.of(m_copyFolder).orElseThrow(() -> new InvalidSettingsException(
            "\"Folder of the copy\" is blank; enter a new folder, or switch off \"Write a de-identified copy\".")));
    }

    /** How the copy is de-identified. */
    DeidentifyOptions copyOptions() throws InvalidSettingsException {
        return new DeidentifyOptions(key().text(), m_site.m_rule, m_copyDates.m_rule, false, Set.of(),
            new SiteFolder(m_folderLevel));
    }

    @Override
    public void validate() throws InvalidSettingsException {
        validateSeries();
        if (m_folderLevel < 1 || m_folderLevel > SiteFolder.MAX_LEVEL) {
            throw new InvalidSettingsException("\"Folder level\" is " + m_folderLevel + "; choose 1 to "
                + SiteFolder.MAX_LEVEL + ".");
        }
        copyFolder();
    }
}

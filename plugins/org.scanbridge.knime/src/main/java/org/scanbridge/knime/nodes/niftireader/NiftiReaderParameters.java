package org.scanbridge.knime.nodes.niftireader;

import java.util.Locale;
import java.util.SortedMap;
import java.util.TreeMap;

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
import org.knime.node.parameters.widget.message.TextMessage;
import org.knime.node.parameters.widget.number.NumberInputWidget;
import org.knime.node.parameters.widget.number.NumberInputWidgetValidation.MinValidation;
import org.knime.node.parameters.widget.text.TextInputWidget;
import org.scanbridge.dicom.nifti.study.NiftiLayout;
import org.scanbridge.dicom.nifti.study.NiftiStudyOptions;
import org.scanbridge.dicom.nifti.study.VolumeChoice;
import org.scanbridge.dicom.series.Raters;
import org.scanbridge.dicom.series.SiteFolder;
import org.scanbridge.imaging.volume.LabelSet;
import org.scanbridge.knime.io.OnProblem;
import org.scanbridge.knime.io.RaterColumns;
import org.scanbridge.knime.io.RaterSettings;
import org.scanbridge.knime.util.ColumnGuess.Otherwise;
import org.scanbridge.knime.util.ColumnGuess;
import org.scanbridge.knime.util.ColumnGuesses;
import org.scanbridge.knime.util.FolderNote;
import org.scanbridge.knime.util.GuessedColumns;
import org.scanbridge.knime.util.Modalities;
import org.scanbridge.knime.util.OverlapChoice;
import org.scanbridge.knime.util.PseudonymKey;
import org.scanbridge.knime.util.PseudonymKeyNote;
import org.scanbridge.knime.util.StudyFolder;
import org.scanbridge.knime.util.StudyTable;
import org.scanbridge.knime.util.TextColumns;

/** Settings of {@link NiftiReaderNodeFactory}. */
@LoadDefaultsForAbsentFields
final class NiftiReaderParameters implements NodeParameters, GuessedColumns {

    /** {@link NiftiLayout} as users see it. */
    enum FileLayout {
            @Label(value = "Find out", description = "For each data set in the folder by itself: folders of images and labels"
                + " if there are such (Medical Segmentation Decathlon, nnU-Net), BIDS if names begin with sub-, FreeSurfer"
                + " if files are called such as aparc+aseg, else name endings.")
            AUTOMATIC(NiftiLayout.AUTOMATIC),

            @Label(value = "Folders of images and labels", description = "Files of the same name in folders such as"
                + " imagesTr and labelsTr, as in the Medical Segmentation Decathlon and in nnU-Net, whose images end"
                + " with a channel such as _0000.")
            FOLDERS(NiftiLayout.FOLDERS),

            @Label(value = "BIDS", description = "Brain Imaging Data Structure: sub-01_T1w beside or below derivatives"
                + " sub-01_dseg or sub-01_mask.")
            BIDS(NiftiLayout.BIDS),

            @Label(value = "Name endings", description = "Label maps lie beside their images and end with _seg, _label,"
                + " _mask, _gt or the like: case_flair and case_seg (BraTS), imaging and segmentation (KiTS), volume-1 and"
                + " segmentation-1 (LiTS). A folder such as segmentations beside images holds label maps too: those named"
                + " after an image, else one file per class, as TotalSegmentator writes them.")
            ENDINGS(NiftiLayout.ENDINGS),

            @Label(value = "Patterns", description = "Two patterns of your own.")
            PATTERNS(NiftiLayout.PATTERNS);

        private final NiftiLayout m_layout;

        FileLayout(final NiftiLayout layout) {
            m_layout = layout;
        }
    }

    /** What tells the site. */
    enum SiteSource {
            @Label(value = "Sub-folder", description = "The sub-folders of the study folder are the sites; of which level, is"
                + " set below. Folders that belong to the layout, such as imagesTr or sub-01, are none.")
            FOLDER,

            @Label(value = "One site", description = "Everything comes from the same site.")
            ONE
    }

    /** {@link VolumeChoice.Rule} as users see it. */
    enum Volumes {
            @Label(value = "One row per volume", description = "Each volume is an image of its own, of the same subject and"
                + " with the same label map. The series ids end with the volume's number: _v1, _v2, ...")
            EACH(VolumeChoice.Rule.EACH),

            @Label(value = "One volume", description = "Only the volume with the number below, such as one channel.")
            ONE(VolumeChoice.Rule.ONE),

            @Label(value = "Leave out", description = "The file is listed as a problem.")
            NONE(VolumeChoice.Rule.NONE);

        private final VolumeChoice.Rule m_rule;

        Volumes(final VolumeChoice.Rule rule) {
            m_rule = rule;
        }
    }

    /** What tells the subject. */
    enum SubjectSource {
            @Label(value = "File name", description = "What the layout says: sub-01 in BIDS, else the name without its"
                + " ending or channel. Files of one name in several folders are of several subjects, named by the folder.")
            NAME,

            @Label(value = "Folder", description = "All images of one folder are of one subject.")
            FOLDER
    }

    /** {@link Raters.Rule} as users see it. */
    enum RaterSource {
            @Label(value = "Order of the files", description = "The first file is the first rater's, the next one of the same"
                + " classes the second one's. Only right if every rater segmented every image: a file that is missing moves"
                + " the others up.")
            ORDER(Raters.Rule.ORDER),

            @Label(value = "Folder", description = "The folder of the rater, such as rater1 and rater2;"
                + " in BIDS the one in derivatives. Folders of raters may lie beside the images or their folder, or in that of"
                + " the label maps; what they are called is set below.")
            FOLDER(Raters.Rule.FOLDER),

            @Label(value = "File name", description = "What the name of a file has beyond that of its image, such"
                + " as rater1_seg in case_rater1_seg beside case, and desc-rater1_dseg in sub-01_desc-rater1_dseg for"
                + " sub-01_T1w.")
            NAME(Raters.Rule.NAME);

        private final Raters.Rule m_rule;

        RaterSource(final Raters.Rule rule) {
            m_rule = rule;
        }
    }

    /** What ids look like. */
    enum Ids {
            @Label(value = "Pseudonyms", description = "File names often hold patient names.")
            PSEUDONYMS,

            @Label(value = "Names of the files", description = "For public data sets, whose names identify nobody.")
            NAMES
    }

    @Section(title = "Study")
    interface Study {
    }

    @Section(title = "Files")
    @After(Study.class)
    interface FilesSection {
    }

    @Section(title = "Contents", description = "NIfTI files do not say what they show.")
    @After(FilesSection.class)
    interface Contents {
    }

    @Section(title = "Privacy")
    @After(Contents.class)
    interface Privacy {
    }

    static final class RaterSourceReference implements ParameterReference<RaterSource> {
    }

    static final class IsRaterFolders implements EffectPredicateProvider {
        @Override
        public EffectPredicate init(final PredicateInitializer i) {
            return i.getEnum(RaterSettings.ColumnsReference.class).isOneOf(RaterColumns.COLUMNS)
                .and(i.getEnum(RaterSourceReference.class).isOneOf(RaterSource.FOLDER));
        }
    }

    static final class SiteReference implements ParameterReference<SiteSource> {
    }

    static final class VolumesReference implements ParameterReference<Volumes> {
    }

    static final class LayoutReference implements ParameterReference<FileLayout> {
    }

    static final class IsOneSite implements EffectPredicateProvider {
        @Override
        public EffectPredicate init(final PredicateInitializer i) {
            return i.getEnum(SiteReference.class).isOneOf(SiteSource.ONE);
        }
    }

    static final class IsFolderSite implements EffectPredicateProvider {
        @Override
        public EffectPredicate init(final PredicateInitializer i) {
            return i.getEnum(SiteReference.class).isOneOf(SiteSource.FOLDER);
        }
    }

    static final class IsOneVolume implements EffectPredicateProvider {
        @Override
        public EffectPredicate init(final PredicateInitializer i) {
            return i.getEnum(VolumesReference.class).isOneOf(Volumes.ONE);
        }
    }

    static final class IsPatterns implements EffectPredicateProvider {
        @Override
        public EffectPredicate init(final PredicateInitializer i) {
            return i.getEnum(LayoutReference.class).isOneOf(FileLayout.PATTERNS);
        }
    }

    @Layout(Study.class)
    @Widget(title = "Folder", description = "Folder of the study; all files below it that end with .nii, .nii.gz or .hdr"
        + " are looked at. Blank: the folder named in the input table.")
    @TextInputWidget(placeholder = "(from the input table)")
    @FileSelectionWidget(value = SingleFileSelectionMode.FOLDER, placeholder = "(from the input table)")
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
    @Widget(title = "Site", description = "What tells the site of an image. The default is the sub-folder: put the data"
        + " of each scanner into a folder of its own.")
    @ValueReference(SiteReference.class)
    SiteSource m_site = SiteSource.FOLDER;

    @Layout(Study.class)
    @Widget(title = "Folder level", description = "Which sub-folders are the sites: 1, the default, for those directly in the"
        + " study folder, 2 for those in them, and so on; 2 reads <tt>train/A</tt> and <tt>test/A</tt> as the same site A."
        + " Beyond level 1, an image that lies above the level has no site: it is left out and listed as a problem.")
    @NumberInputWidget(minValidation = MinValidation.IsPositiveIntegerValidation.class)
    @Effect(predicate = IsFolderSite.class, type = EffectType.SHOW)
    int m_folderLevel = 1;

    @Layout(Study.class)
    @Widget(title = "Site name", description = "Name of the one site that everything comes from.")
    @TextInputWidget
    @Effect(predicate = IsOneSite.class, type = EffectType.SHOW)
    String m_siteName = "A";

    @Layout(FilesSection.class)
    @Widget(title = "Layout", description = "How images and label maps lie in the folder. In every layout, a label map is"
        + " given to all images that it belongs to by name and whose voxels it has; images without one stay unlabeled.")
    @ValueReference(LayoutReference.class)
    FileLayout m_layout = FileLayout.AUTOMATIC;

    @Layout(FilesSection.class)
    @Widget(title = "Images", description = "Which images to read, by name without extension: <tt>*</tt> stands for any"
        + " characters, <tt>?</tt> for one, so <tt>*_T1w</tt> reads T1-weighted images only. With a slash the pattern"
        + " describes the path below the study folder, where <tt>**</tt> stands for any number of folders. The default"
        + " reads all.")
    @TextInputWidget
    String m_images = "*";

    @Layout(FilesSection.class)
    @Widget(title = "Label maps", description = "Pattern of the label maps. A label map belongs to the images for which the"
        + " wildcards of both patterns stand for the same: with images <tt>*/t1/*</tt> and label maps"
        + " <tt>*/truth/*_lesions</tt>, the label map of <tt>A/t1/7</tt> is <tt>A/truth/7_lesions</tt>.")
    @TextInputWidget
    @Effect(predicate = IsPatterns.class, type = EffectType.SHOW)
    String m_labels = "*_seg";

    @Layout(FilesSection.class)
    @Widget(title = "Subject", description = "What tells which images are of the same subject. It matters for splitting:"
        + " a subject must not be in the training and in the test set.")
    SubjectSource m_subject = SubjectSource.NAME;

    @Layout(FilesSection.class)
    @Widget(title = "Volumes of 4-D files", description = "Some files hold several volumes on the same grid, such as the"
        + " channels of a patient (brain tumors of the Medical Segmentation Decathlon) or points in time. The default"
        + " reads all of them. Files of three dimensions are read in any case.")
    @ValueReference(VolumesReference.class)
    Volumes m_volumes = Volumes.EACH;

    @Layout(FilesSection.class)
    @Widget(title = "Volume", description = "Number of the volume to read, from 1. Files of several volumes, but fewer than"
        + " this, are listed as problems. The default is the first one.")
    @NumberInputWidget(minValidation = MinValidation.IsPositiveIntegerValidation.class)
    @Effect(predicate = IsOneVolume.class, type = EffectType.SHOW)
    int m_volume = 1;

    @Layout(FilesSection.class)
    @Widget(title = "If something cannot be used", description = "What happens when an image or a label map is damaged or"
        + " fits nothing and has to be left out.")
    OnProblem m_onProblem = OnProblem.LEAVE_OUT;

    @Layout(Contents.class)
    @Widget(title = "Modality", description = "DICOM's code for the modality of all images, such as <b>MR</b> or"
        + " <b>CT</b>. Blank: guessed from names such as T1w, flair or ct, else missing.")
    @TextInputWidget(placeholder = "(from the names)")
    @SuggestionsProvider(Modalities.class)
    String m_modality = "";

    @Layout(FilesSection.class)
    @Widget(title = "Where classes overlap", description = "Which class has a voxel that several files of one class each"
        + " claim. Every overlap is listed as a problem.")
    OverlapChoice m_overlap = OverlapChoice.SMALLER;

    @Layout(FilesSection.class)
    @Widget(title = "Several segmentations of an image", description = "What happens where several label maps belong to one"
        + " image.")
    @ValueReference(RaterSettings.ColumnsReference.class)
    RaterColumns m_raterColumns = RaterColumns.JOIN;

    @Layout(FilesSection.class)
    @Widget(title = "Raters", description = RaterSettings.COUNT)
    @NumberInputWidget(minValidation = MinValidation.IsPositiveIntegerValidation.class)
    @Effect(predicate = RaterSettings.IsColumns.class, type = EffectType.SHOW)
    int m_raters = 2;

    @Layout(FilesSection.class)
    @Widget(title = "Raters differ by", description = RaterSettings.DIFFER)
    @ValueReference(RaterSourceReference.class)
    @Effect(predicate = RaterSettings.IsColumns.class, type = EffectType.SHOW)
    RaterSource m_ratersBy = RaterSource.ORDER;

    @Layout(FilesSection.class)
    @Widget(title = "Folders of raters", description = RaterSettings.FOLDERS,
        advanced = true)
    @TextInputWidget(placeholder = "(rater1, reader-B, r2)")
    @Effect(predicate = IsRaterFolders.class, type = EffectType.SHOW)
    String m_raterFolders = "";

    @Layout(Contents.class)
    @Widget(title = "Classes", description = "What the label values mean, such as <b>1 = liver, 2 = tumor</b>. Blank: from"
        + " dataset.json (Medical Segmentation Decathlon, nnU-Net) or dseg.tsv (BIDS) if there is one, else FreeSurfer's"
        + " table for its label maps. Where values exceed 255, those named here count in the numbering, so that naming all of"
        + " them gives every study the same numbers. Where each class has a file of its own, the names of the files are those"
        + " of the classes, and this setting gives them their values.")
    @TextInputWidget(placeholder = "(from the data set)")
    String m_classes = "";

    @Layout(Privacy.class)
    @Widget(title = "Subject and series ids", description = "What the columns Subject and Series hold. The default gives"
        + " nothing away.")
    Ids m_ids = Ids.PSEUDONYMS;

    @Layout(Privacy.class)
    @Widget(title = "Pseudonym key", description = "Ids are a keyed hash of the file's path: the same key gives the same"
        + " ids. Choose a key of your own, and keep it secret, where results leave the hospital.")
    @TextInputWidget
    @ValueReference(PseudonymKeyNote.Key.class)
    String m_pseudonymKey = PseudonymKeyNote.DEFAULT_KEY;

    @Layout(Privacy.class)
    @Widget(title = "Pseudonym key file", description = "Text file that holds the key, so that it is not stored in the"
        + " workflow. Blank: the key above.", advanced = true)
    @TextInputWidget(placeholder = "(the key above)")
    @FileSelectionWidget(value = SingleFileSelectionMode.FILE, placeholder = "(the key above)")
    @WithFileSystem(FileSystemOption.LOCAL)
    @ValueReference(PseudonymKeyNote.KeyFile.class)
    String m_pseudonymKeyFile = "";

    @Layout(Privacy.class)
    @TextMessage(PseudonymKeyNote.class)
    Void m_keyNote;

    /** Defaults for a node without input. */
    NiftiReaderParameters() {
        // the initial values
    }

    /** Defaults that fit the input table. */
    NiftiReaderParameters(final NodeParametersInput input) {
        ColumnGuesses.defaults(this, input);
    }

    @Override
    public boolean reads(final String setting) {
        return folder().setting().isEmpty();
    }

    /** Whether several segmentations of an image are joined. */
    Raters raters() {
        return RaterSettings.raters(m_raterColumns, m_ratersBy.m_rule, m_raters, m_raterFolders);
    }

    /** Where the study lies. */
    StudyFolder folder() {
        return new StudyFolder(m_folder, m_folderColumn);
    }

    /** The settings in the reader's own terms. */
    NiftiStudyOptions options() throws InvalidSettingsException {
        return new NiftiStudyOptions(m_layout.m_layout, m_images.strip(), m_labels.strip(),
            m_site == SiteSource.ONE ? m_siteName.strip() : "", m_subject == SubjectSource.FOLDER, m_ids == Ids.NAMES,
            new PseudonymKey(m_pseudonymKey, m_pseudonymKeyFile).text(), modality(), LabelSet.of(),
            new SiteFolder(m_folderLevel), new VolumeChoice(m_volumes.m_rule, m_volume), new TreeMap<>(), m_overlap.rule(),
            raters())
                .withClasses(classes());
    }

    private String modality() {
        return m_modality == null ? "" : m_modality.strip().toUpperCase(Locale.ROOT);
    }

    private SortedMap<Integer, String> classes() throws InvalidSettingsException {
        final SortedMap<Integer, String> names = new TreeMap<>();
        for (final String part : (m_classes == null ? "" : m_classes).split(",")) {
            if (part.isBlank()) {
                continue;
            }
            final int equals = part.indexOf('=');
            final String value = part.substring(0, Math.max(0, equals)).strip();
            if (!value.matches("0*[1-9]\\d{0,5}") || part.substring(equals + 1).isBlank()) {
                throw new InvalidSettingsException("\"" + part.strip() + "\" (setting \"Classes\") is no label value from 1 on"
                    + " with its name; give such as: 1 = liver, 2 = tumor.");
            }
            names.put(Integer.parseInt(value), part.substring(equals + 1).strip());
        }
        return names;
    }

    @Override
    public void validate() throws InvalidSettingsException {
        if (m_images == null || m_images.isBlank() || m_labels == null || m_labels.isBlank()) {
            throw new InvalidSettingsException("A pattern of files is blank; * stands for all.");
        }
        if (m_site == SiteSource.ONE && (m_siteName == null || m_siteName.isBlank())) {
            throw new InvalidSettingsException("\"Site name\" is blank; give the name of the site.");
        }
        if (m_folderLevel < 1 || m_folderLevel > SiteFolder.MAX_LEVEL) {
            throw new InvalidSettingsException("\"Folder level\" is " + m_folderLevel + "; choose 1 to "
                + SiteFolder.MAX_LEVEL + ".");
        }
        if (m_volume < 1) {
            throw new InvalidSettingsException("\"Volume\" is " + m_volume + "; volumes are counted from 1.");
        }
        // PS3.5 6.2: a code string has at most 16 of these characters.
        if (!modality().matches("[A-Z0-9_ ]{0,16}")) {
            throw new InvalidSettingsException("\"" + m_modality + "\" (setting \"Modality\") is no DICOM modality; give"
                + " a code such as MR or CT.");
        }
        RaterSettings.validate(m_raterColumns, m_raters);
        classes();
        new PseudonymKey(m_pseudonymKey, m_pseudonymKeyFile).validate();
    }
}

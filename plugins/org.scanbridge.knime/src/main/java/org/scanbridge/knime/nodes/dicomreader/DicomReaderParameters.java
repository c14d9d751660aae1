package org.scanbridge.knime.nodes.dicomreader;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

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
import org.knime.node.parameters.updates.util.BooleanReference;
import org.knime.node.parameters.widget.choices.ChoicesProvider;
import org.knime.node.parameters.widget.choices.Label;
import org.knime.node.parameters.widget.choices.StringChoicesProvider;
import org.knime.node.parameters.widget.message.TextMessage;
import org.knime.node.parameters.widget.number.NumberInputWidget;
import org.knime.node.parameters.widget.number.NumberInputWidgetValidation.MinValidation;
import org.knime.node.parameters.widget.text.TextInputWidget;
import org.scanbridge.dicom.privacy.DateRule;
import org.scanbridge.dicom.privacy.DeidentifyOptions;
import org.scanbridge.dicom.privacy.Identifying;
import org.scanbridge.dicom.seg.StructureChoice;
import org.scanbridge.dicom.series.GapRule;
import org.scanbridge.dicom.series.HeaderAttribute;
import org.scanbridge.dicom.series.ImageRules;
import org.scanbridge.dicom.series.PaddingRule;
import org.scanbridge.dicom.series.Raters;
import org.scanbridge.dicom.series.SiteFolder;
import org.scanbridge.dicom.series.SiteRule;
import org.scanbridge.dicom.series.SubjectRule;
import org.scanbridge.dicom.series.TiltRule;
import org.scanbridge.dicom.series.ValueRule;
import org.scanbridge.dicom.study.DicomStudyOptions;
import org.scanbridge.knime.io.RaterColumns;
import org.scanbridge.knime.util.ColumnGuess.Otherwise;
import org.scanbridge.knime.util.ColumnGuess;
import org.scanbridge.knime.util.ColumnGuesses;
import org.scanbridge.knime.util.FolderNote;
import org.scanbridge.knime.util.GuessedColumns;
import org.scanbridge.knime.util.OutputFolder;
import org.scanbridge.knime.util.OverlapChoice;
import org.scanbridge.knime.util.PseudonymKey;
import org.scanbridge.knime.util.PseudonymKeyNote;
import org.scanbridge.knime.util.StudyFolder;
import org.scanbridge.knime.util.StudyTable;
import org.scanbridge.knime.util.TextColumns;

/** Settings of {@link DicomReaderNodeFactory}. */
@LoadDefaultsForAbsentFields
final class DicomReaderParameters implements NodeParameters, GuessedColumns {

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

    /** {@link GapRule} as users see it. */
    enum MissingSlices {
            @Label(value = "Leave the series out", description = "Safe: nothing is invented.")
            SKIP(GapRule.SKIP),

            @Label(value = "Fill gaps", description = "Interpolates linearly between the neighboring slices;"
                + " segmentations take the nearest slice.")
            FILL(GapRule.FILL),

            @Label(value = "Accept", description = "Stacks the slices as if they were evenly spaced. Positions inside"
                + " the image are then off by up to the size of the gaps.")
            ACCEPT(GapRule.ACCEPT);

        private final GapRule m_rule;

        MissingSlices(final GapRule rule) {
            m_rule = rule;
        }
    }

    /** {@link TiltRule} as users see it. */
    enum TiltedSlices {
            @Label(value = "Leave the series out", description = "Safe: the values stay as they were measured.")
            SKIP(TiltRule.SKIP),

            @Label(value = "Straighten", description = "Shifts the slices within their planes by linear interpolation until"
                + " they lie behind each other.")
            RESAMPLE(TiltRule.RESAMPLE);

        private final TiltRule m_rule;

        TiltedSlices(final TiltRule rule) {
            m_rule = rule;
        }
    }

    /** {@link ValueRule} as users see it. */
    enum Values {
            @Label(value = "Modality values", description = "As viewers show them, such as Hounsfield units in CT.")
            MODALITY(ValueRule.MODALITY),

            @Label(value = "Real-world values", description = "What the header maps to physical units, such as SUV or ADC,"
                + " where it does; else modality values.")
            REAL_WORLD(ValueRule.REAL_WORLD);

        private final ValueRule m_rule;

        Values(final ValueRule rule) {
            m_rule = rule;
        }
    }

    /** {@link PaddingRule} as users see it. */
    enum Padding {
            @Label(value = "Keep as stored", description = "As if it had been measured, often -2000 around a round CT"
                + " image.")
            KEEP(PaddingRule.KEEP),

            @Label(value = "Lowest value", description = "The smallest value of the other voxels: it then disturbs neither"
                + " pictures nor normalization.")
            LOWEST(PaddingRule.LOWEST),

            @Label(value = "A value", description = "The value below.")
            VALUE(PaddingRule.VALUE);

        private final PaddingRule m_rule;

        Padding(final PaddingRule rule) {
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

    /** {@link Raters.Rule} as users see it. */
    enum RaterSource {
            @Label(value = "Order of the files", description = "The first file is the first rater's, the next one of the same"
                + " classes the second one's. Only right if every rater segmented every image: a file that is missing moves"
                + " the others up.")
            ORDER(Raters.Rule.ORDER),

            @Label(value = "Folder", description = "The folder of the rater, such as rater1 and rater2; what such"
                + " folders are called is set below.")
            FOLDER(Raters.Rule.FOLDER),

            @Label(value = "File name", description = "The name of the file without its ending, such as rater1.dcm."
                + " For names that are the same in all series.")
            NAME(Raters.Rule.NAME),

            @Label(value = "Series description", description = "Series Description (0008,103E) of the segmentation.")
            DESCRIPTION(Raters.Rule.DESCRIPTION),

            @Label(value = "Content creator", description = "Content Creator's Name (0070,0084) of the segmentation, else"
                + " Operators' Name (0008,1070). The names are not shown.")
            CREATOR(Raters.Rule.CREATOR);

        private final Raters.Rule m_rule;

        RaterSource(final Raters.Rule rule) {
            m_rule = rule;
        }
    }

    /** What a problem does to the node. */
    enum OnProblem {
            @Label(value = "Go on without it", description = "The rest is read, and the node shows a warning.")
            LEAVE_OUT,

            @Label(value = "Stop", description = "The node fails and names what is wrong: for a run that nobody watches,"
                + " whose result must not silently be that of fewer subjects.")
            FAIL;
    }

    @Section(title = "Study")
    interface Study {
    }

    @Section(title = "Series", description = "Which series are read.")
    @After(Study.class)
    interface Series {
    }

    @Section(title = "Images", description = "How the slices of a series become an image.")
    @After(Series.class)
    interface Images {
    }

    @Section(title = "Segmentations", description = "DICOM Segmentation objects and RT Structure Sets always join the"
        + " images they refer to.")
    @After(Images.class)
    interface Segmentations {
    }

    @Section(title = "Header Attributes", description = "Attributes of the headers as further columns. Results often leave"
        + " the hospital with their tables: show only what is needed.")
    @After(Segmentations.class)
    interface Attributes {
    }

    @Section(title = "Privacy")
    @After(Attributes.class)
    interface Privacy {
    }

    static final class RaterColumnsReference implements ParameterReference<RaterColumns> {
    }

    static final class RaterSourceReference implements ParameterReference<RaterSource> {
    }

    static final class IsRaterFolders implements EffectPredicateProvider {
        @Override
        public EffectPredicate init(final PredicateInitializer i) {
            return i.getEnum(RaterColumnsReference.class).isOneOf(RaterColumns.COLUMNS)
                .and(i.getEnum(RaterSourceReference.class).isOneOf(RaterSource.FOLDER));
        }
    }

    static final class IsRaterColumns implements EffectPredicateProvider {
        @Override
        public EffectPredicate init(final PredicateInitializer i) {
            return i.getEnum(RaterColumnsReference.class).isOneOf(RaterColumns.COLUMNS);
        }
    }

    static final class SiteReference implements ParameterReference<SiteSource> {
    }

    static final class PaddingReference implements ParameterReference<Padding> {
    }

    static final class CopyReference implements BooleanReference {
    }

    static final class IsFolderSite implements EffectPredicateProvider {
        @Override
        public EffectPredicate init(final PredicateInitializer i) {
            return i.getEnum(SiteReference.class).isOneOf(SiteSource.FOLDER);
        }
    }

    static final class IsPaddingValue implements EffectPredicateProvider {
        @Override
        public EffectPredicate init(final PredicateInitializer i) {
            return i.getEnum(PaddingReference.class).isOneOf(Padding.VALUE);
        }
    }

    /** Offers the attributes that are known by name. */
    static final class AttributeChoices implements StringChoicesProvider {
        @Override
        public List<String> choices(final NodeParametersInput context) {
            return HeaderAttribute.known().stream().map(HeaderAttribute::title).toList();
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

    @Layout(Study.class)
    @Widget(title = "If something cannot be used", description = "What happens when an image file, a series or a"
        + " segmentation is damaged or incomplete and has to be left out. Files that are no images, such as notes or"
        + " tables, never matter.")
    OnProblem m_onProblem = OnProblem.LEAVE_OUT;

    @Layout(Series.class)
    @Widget(title = "Modalities", description = "Modalities to read, separated by commas, such as <b>MR</b> or"
        + " <b>CT, PT</b>. Blank: all.")
    @TextInputWidget(placeholder = "(all)")
    String m_modalities = "";

    @Layout(Series.class)
    @Widget(title = "Series description", description = "Only series whose description matches are read: <tt>*</tt> stands"
        + " for any characters, <tt>?</tt> for one, upper and lower case are the same. <tt>*t1*</tt> reads all whose"
        + " description contains T1. The others are listed as problems, without their descriptions, which are free text."
        + " Blank: all.")
    @TextInputWidget(placeholder = "(all)")
    String m_descriptionPattern = "";

    @Layout(Series.class)
    @Widget(title = "Minimum number of slices", description = "Series with fewer slices, such as localizers, are left"
        + " out and listed as problems. The default of 1 keeps radiographs.", advanced = true)
    @NumberInputWidget(minValidation = MinValidation.IsPositiveIntegerValidation.class)
    int m_minimumSlices = 1;

    @Layout(Images.class)
    @Widget(title = "Missing slices", description = "What to do with a series in which slices are missing. It is listed"
        + " as a problem in any case.")
    MissingSlices m_missingSlices = MissingSlices.SKIP;

    @Layout(Images.class)
    @Widget(title = "Tilted slices", description = "What to do with a series whose slices do not lie behind each other, as"
        + " in CT with a tilted gantry. It is listed as a problem in any case.", advanced = true)
    TiltedSlices m_tiltedSlices = TiltedSlices.SKIP;

    @Layout(Images.class)
    @Widget(title = "Values", description = "Which of a header's value mappings makes the values of the voxels. The default"
        + " is what viewers show.", advanced = true)
    Values m_values = Values.MODALITY;

    @Layout(Images.class)
    @Widget(title = "Padding", description = "What becomes of pixels that the header declares to be no part of the image."
        + " The default changes nothing.", advanced = true)
    @ValueReference(PaddingReference.class)
    Padding m_padding = Padding.KEEP;

    @Layout(Images.class)
    @Widget(title = "Padding value", description = "The value that padding gets.", advanced = true)
    @NumberInputWidget
    @Effect(predicate = IsPaddingValue.class, type = EffectType.SHOW)
    double m_paddingValue;

    @Layout(Segmentations.class)
    @Widget(title = "Label maps in NIfTI files", description = "A NIfTI file below the folder becomes the segmentation of"
        + " the series whose voxels it has, also if their order differs. Off by default: the folder may hold NIfTI copies"
        + " of the images, and each of them would be listed as a problem.")
    boolean m_nifti;

    @Layout(Segmentations.class)
    @Widget(title = "Structures", description = "Which contours of RT Structure Sets become labels 1, 2, …, by name and"
        + " separated by commas; <tt>*</tt> and <tt>?</tt> stand for any characters. Give them, such as <b>liver, gtv*</b>,"
        + " where the same label must mean the same in all subjects. Blank: all structures, by their numbers, which mean"
        + " nothing across patients.", advanced = true)
    @TextInputWidget(placeholder = "(all, by number)")
    String m_structures = "";

    @Layout(Segmentations.class)
    @Widget(title = "Interpolate between contours", description = "Structures that were drawn on some slices only, such as"
        + " every second one, also get the slices in between: the shape half way between two outlines. Gaps of more than three"
        + " times the usual step stay. Off by default, because nobody drew there; slices without a contour are listed as a"
        + " problem.", advanced = true)
    boolean m_interpolateContours;

    @Layout(Segmentations.class)
    @Widget(title = "Where segments overlap", description = "Which class has a voxel that several segments of a DICOM"
        + " Segmentation, several structures, or several segmentations of a series claim. Every overlap is listed as a"
        + " problem.", advanced = true)
    OverlapChoice m_overlap = OverlapChoice.SMALLER;

    @Layout(Segmentations.class)
    @Widget(title = "Several segmentations of an image", description = "What happens where several DICOM Segmentations, structure"
        + " sets or label maps belong to one series.", advanced = true)
    @ValueReference(RaterColumnsReference.class)
    RaterColumns m_raterColumns = RaterColumns.JOIN;

    @Layout(Segmentations.class)
    @Widget(title = "Raters", description = "The number of segmentation columns, 2 to 20.", advanced = true)
    @NumberInputWidget(minValidation = MinValidation.IsPositiveIntegerValidation.class)
    @Effect(predicate = IsRaterColumns.class, type = EffectType.SHOW)
    int m_raters = 2;

    @Layout(Segmentations.class)
    @Widget(title = "Raters differ by", description = "What tells whose a segmentation is. Except for the order, the columns"
        + " are in the order of the alphabet and mean the same rater in all rows.", advanced = true)
    @ValueReference(RaterSourceReference.class)
    @Effect(predicate = IsRaterColumns.class, type = EffectType.SHOW)
    RaterSource m_ratersBy = RaterSource.ORDER;

    @Layout(Segmentations.class)
    @Widget(title = "Folders of raters", description = "What the folders of the raters are called, such as <tt>smith, jones</tt>"
        + " or <tt>reading *</tt>: names separated by commas, in which * stands for any characters and ? for one. On the way to"
        + " a file the deepest folder that is called so counts. * alone: each sub-folder is a rater, that is, the folder that a"
        + " segmentation lies in. Blank: folders called rater, reader, observer, annotator, reviewer, expert or radiologist with"
        + " a number, letter or name, or r1; else the folder that the file lies in.", advanced = true)
    @TextInputWidget(placeholder = "(rater1, reader-B, r2)")
    @Effect(predicate = IsRaterFolders.class, type = EffectType.SHOW)
    String m_raterFolders = "";

    @Layout(Attributes.class)
    @Widget(title = "Attributes", description = "Attributes that become text columns; missing where a header lacks them."
        + " Institution, Station, Series Description, Protocol Name, Sex and Age may identify a patient, alone or with"
        + " others, and need \"Allow identifying attributes\".")
    @ChoicesProvider(AttributeChoices.class)
    String[] m_attributes = {};

    @Layout(Attributes.class)
    @Widget(title = "Further attributes", description = "More attributes by their tags, separated by semicolons, such as"
        + " <b>(0018,0088); (0018,1312)</b>. The columns are named by the tags.", advanced = true)
    @TextInputWidget(placeholder = "(none)")
    String m_furtherAttributes = "";

    @Layout(Attributes.class)
    @Widget(title = "Allow identifying attributes", description = "<b>Careful:</b> without this, an attribute is refused"
        + " that the Basic Profile of DICOM PS3.15 does not keep, that is private, or that the standard does not know: any"
        + " of them may tell who the patient is, in this table and in everything made of it.")
    boolean m_allowIdentifying;

    @Layout(Privacy.class)
    @Widget(title = "Pseudonym key", description = "Subjects and series are named by a keyed hash of their DICOM"
        + " identifiers: the same key gives the same name in every study. Choose a key of your own, and keep it secret,"
        + " where results leave the hospital. A flow variable can give it, or a file.")
    @TextInputWidget
    @ValueReference(PseudonymKeyNote.Key.class)
    String m_pseudonymKey = PseudonymKeyNote.DEFAULT_KEY;

    @Layout(Privacy.class)
    @Widget(title = "Pseudonym key file", description = "Text file that holds the key, so that it is not stored in the"
        + " workflow, which is passed on more easily than a file at home. Blank: the key above.")
    @TextInputWidget(placeholder = "(the key above)")
    @FileSelectionWidget(value = SingleFileSelectionMode.FILE, placeholder = "(the key above)")
    @WithFileSystem(FileSystemOption.LOCAL)
    @ValueReference(PseudonymKeyNote.KeyFile.class)
    String m_pseudonymKeyFile = "";

    @Layout(Privacy.class)
    @TextMessage(PseudonymKeyNote.class)
    Void m_keyNote;

    @Layout(Privacy.class)
    @Widget(title = "Write a de-identified copy", description = "Also copies the files without what identifies the"
        + " patients, by the Basic Profile of DICOM PS3.15, with pseudonyms as names of files and folders, before the"
        + " study is read. Files that may show a name in the picture are left out of the copy and listed as problems. The"
        + " table is made from the original files.")
    @ValueReference(CopyReference.class)
    boolean m_copy;

    @Layout(Privacy.class)
    @Widget(title = "Folder of the copy", description = "A new or empty folder outside the study.")
    @TextInputWidget(placeholder = "/path/to/folder")
    @FileSelectionWidget(value = SingleFileSelectionMode.FOLDER, placeholder = "/path/to/folder")
    @WithFileSystem(FileSystemOption.LOCAL)
    @Effect(predicate = CopyReference.class, type = EffectType.SHOW)
    String m_copyFolder = "";

    @Layout(Privacy.class)
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

    /** Whether several segmentations of an image are joined. */
    Raters raters() {
        return m_raterColumns == RaterColumns.JOIN ? Raters.ONE : new Raters(m_ratersBy.m_rule, m_raters,
            m_raterFolders == null ? "" : m_raterFolders);
    }

    /** Where the study lies. */
    StudyFolder folder() {
        return new StudyFolder(m_folder, m_folderColumn);
    }

    /** The settings in the reader's own terms. */
    DicomStudyOptions options() throws InvalidSettingsException {
        return DicomStudyOptions.defaults().withSiteRule(m_site.m_rule).withSiteFolder(new SiteFolder(m_folderLevel))
            .withSubjectRule(m_subject.m_rule)
            .withImages(new ImageRules(m_missingSlices.m_rule, m_tiltedSlices.m_rule, m_values.m_rule, m_padding.m_rule,
                m_paddingValue))
            .withPseudonymKey(key().text()).withModalities(modalities()).withMinimumSlices(m_minimumSlices)
            .withDescriptionPattern(m_descriptionPattern == null ? "" : m_descriptionPattern.strip())
            .withAttributes(new LinkedHashSet<>(attributes())).withNifti(m_nifti).withStructures(structures())
            .withRaters(raters());
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

    private PseudonymKey key() {
        return new PseudonymKey(m_pseudonymKey, m_pseudonymKeyFile);
    }

    /** The attributes that become columns, in the order of the settings. */
    List<HeaderAttribute> attributes() throws InvalidSettingsException {
        final Set<HeaderAttribute> attributes = new LinkedHashSet<>();
        for (final String title : m_attributes == null ? new String[0] : m_attributes) {
            attributes.add(attribute(title, "Attributes"));
        }
        for (final String tag : (m_furtherAttributes == null ? "" : m_furtherAttributes).split(";")) {
            if (!tag.isBlank()) {
                attributes.add(attribute(tag, "Further attributes"));
            }
        }
        for (final HeaderAttribute attribute : attributes) {
            if (!m_allowIdentifying && Identifying.mayIdentify(attribute.tag())) {
                throw new InvalidSettingsException("The attribute " + attribute.title() + " may tell who the patient is."
                    + " Leave it out, or switch on \"Allow identifying attributes\".");
            }
        }
        return List.copyOf(attributes);
    }

    private static HeaderAttribute attribute(final String text, final String setting) throws InvalidSettingsException {
        try {
            return HeaderAttribute.parse(text == null ? "" : text)
                .orElseThrow(() -> new InvalidSettingsException("\"" + text + "\" (setting \"" + setting
                    + "\") is no header attribute; give a tag such as (0018,0088), or one of: "
                    + String.join(", ", HeaderAttribute.known().stream().map(HeaderAttribute::title).toList()) + "."));
        } catch (final IllegalArgumentException e) {
            throw new InvalidSettingsException(e.getMessage() + " Choose another one.", e);
        }
    }

    private StructureChoice structures() throws InvalidSettingsException {
        final List<String> names = new ArrayList<>();
        for (final String name : (m_structures == null ? "" : m_structures).split(",")) {
            if (!name.isBlank()) {
                names.add(name.strip());
            }
        }
        try {
            return new StructureChoice(names, m_interpolateContours, m_overlap.rule());
        } catch (final IllegalArgumentException e) {
            throw new InvalidSettingsException("\"Structures\": " + e.getMessage(), e);
        }
    }

    private Set<String> modalities() {
        final Set<String> modalities = new TreeSet<>();
        for (final String modality : (m_modalities == null ? "" : m_modalities).split(",")) {
            if (!modality.isBlank()) {
                modalities.add(modality.strip());
            }
        }
        return modalities;
    }

    @Override
    public void validate() throws InvalidSettingsException {
        if (m_minimumSlices < 1) {
            throw new InvalidSettingsException(
                "\"Minimum number of slices\" is " + m_minimumSlices + "; choose 1 or more.");
        }
        if (m_folderLevel < 1 || m_folderLevel > SiteFolder.MAX_LEVEL) {
            throw new InvalidSettingsException("\"Folder level\" is " + m_folderLevel + "; choose 1 to "
                + SiteFolder.MAX_LEVEL + ".");
        }
        if (!Double.isFinite(m_paddingValue)) {
            throw new InvalidSettingsException("\"Padding value\" is " + m_paddingValue + "; give a finite number.");
        }
        if (m_raterColumns == RaterColumns.COLUMNS && (m_raters < 2 || m_raters > Raters.MAX)) {
            throw new InvalidSettingsException("\"Raters\" is " + m_raters + "; choose 2 to " + Raters.MAX + ".");
        }
        key().validate();
        attributes();
        structures();
        copyFolder();
        for (final String modality : modalities()) {
            // PS3.5 6.2: a code string has at most 16 of these characters.
            if (!modality.matches("[A-Z0-9_ ]{1,16}")) {
                throw new InvalidSettingsException("\"" + modality + "\" (setting \"Modalities\") is no DICOM modality;"
                    + " give codes such as MR or CT, separated by commas.");
            }
        }
    }
}

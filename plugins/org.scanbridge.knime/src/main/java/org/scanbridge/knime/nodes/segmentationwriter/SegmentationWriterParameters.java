package org.scanbridge.knime.nodes.segmentationwriter;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.knime.core.data.StringValue;
import org.knime.core.node.InvalidSettingsException;
import org.knime.core.webui.node.dialog.defaultdialog.internal.file.FileSelectionWidget;
import org.knime.core.webui.node.dialog.defaultdialog.internal.file.FileSystemOption;
import org.knime.core.webui.node.dialog.defaultdialog.internal.file.SingleFileSelectionMode;
import org.knime.core.webui.node.dialog.defaultdialog.internal.file.WithFileSystem;
import org.knime.node.parameters.NodeParameters;
import org.knime.node.parameters.NodeParametersInput;
import org.knime.node.parameters.Widget;
import org.knime.node.parameters.array.ArrayWidget;
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
import org.knime.node.parameters.widget.text.TextInputWidget;
import org.scanbridge.dicom.seg.SegmentCode;
import org.scanbridge.dicom.seg.SegmentProperty;
import org.scanbridge.dicom.seg.SegmentationStyle;
import org.scanbridge.imaging.labels.CombinedLabels;
import org.scanbridge.imaging.labels.Region;
import org.scanbridge.imaging.volume.LabelSet;
import org.scanbridge.imaging.volume.LabelVolume;
import org.scanbridge.knime.data.LabelVolumeValue;
import org.scanbridge.knime.util.ColumnGuess.Otherwise;
import org.scanbridge.knime.util.ColumnGuess;
import org.scanbridge.knime.util.ColumnGuesses;
import org.scanbridge.knime.util.FolderNote;
import org.scanbridge.knime.util.GuessedColumns;
import org.scanbridge.knime.util.KnownClassesNote;
import org.scanbridge.knime.util.LabelColumns;
import org.scanbridge.knime.util.PseudonymKey;
import org.scanbridge.knime.util.SourceTextColumns;
import org.scanbridge.knime.util.StudyFolder;
import org.scanbridge.knime.util.StudyTable;
import org.scanbridge.knime.util.TextColumns;

/** Settings of {@link SegmentationWriterNodeFactory}. */
@LoadDefaultsForAbsentFields
final class SegmentationWriterParameters implements NodeParameters, GuessedColumns {

    private static final int MAX_LABEL = 255;

    /** Longest Segment Algorithm Name (PS3.5 6.2, LO). */
    private static final int MAX_NAME = 64;

    /** Class, SNOMED CT identifier (6 to 16 digits fit a Code Value), meaning. */
    private static final Pattern CODE = Pattern.compile("\\s*([^=]*\\S)\\s*=\\s*(\\d{6,16})(.*)");

    /** What kind of files is written. */
    enum Form {
            @Label(value = "DICOM Segmentation", description = "One binary frame per class and slice: what viewers and"
                + " archives have known for long.")
            DICOM_SEG,

            @Label(value = "DICOM label map", description = "One frame per slice (Label Map Segmentation, in the standard"
                + " since 2024): smaller, but not every viewer knows it yet.")
            DICOM_LABEL_MAP,

            @Label(value = "NIfTI", description = "A compressed label map (.nii.gz) with a table of the class names (.tsv)"
                + " beside it. Holds nothing of the patient and needs no source images.")
            NIFTI,

            @Label(value = "RT Structure Set", description = "Closed contours of each class in each slice, half way between the"
                + " voxels inside and outside: what treatment planning reads. A hole is reached through a channel of no width,"
                + " as the standard has it. Structures are numbered by the label values.")
            RTSTRUCT;

        boolean isDicom() {
            return this != NIFTI;
        }

        /** Whether a voxel may belong to several structures. */
        boolean overlaps() {
            return this == DICOM_SEG || this == RTSTRUCT;
        }
    }

    static final class FormReference implements ParameterReference<Form> {
    }

    static final class IsDicom implements EffectPredicateProvider {
        @Override
        public EffectPredicate init(final PredicateInitializer i) {
            return i.getEnum(FormReference.class).isOneOf(Form.DICOM_SEG, Form.DICOM_LABEL_MAP, Form.RTSTRUCT);
        }
    }

    static final class IsCoded implements EffectPredicateProvider {
        @Override
        public EffectPredicate init(final PredicateInitializer i) {
            return i.getEnum(FormReference.class).isOneOf(Form.DICOM_SEG, Form.DICOM_LABEL_MAP);
        }
    }

    @Section(title = "Segmentations")
    interface Segmentations {
    }

    @Section(title = "Source images", description = "A DICOM Segmentation refers to the images it was made from, so"
        + " their files are needed again.")
    @Effect(predicate = IsDicom.class, type = EffectType.SHOW)
    @After(Segmentations.class)
    interface SourceImages {
    }

    @Section(title = "Output")
    @After(SourceImages.class)
    interface Output {
    }

    @Layout(Segmentations.class)
    @Widget(title = "Segmentation column", description = "The segmentations to write. The default is the last"
        + " segmentation column, usually that of a model. Rows without one are left out."
        + " Blank: the last segmentation column.")
    @ChoicesProvider(LabelColumns.class)
    @ColumnGuess(type = LabelVolumeValue.class, otherwise = Otherwise.LAST)
    String m_segmentationColumn = "";

    @Layout(Segmentations.class)
    @TextMessage(KnownClassesNote.class)
    Void m_knownClasses;

    @Layout(Segmentations.class)
    @Widget(title = "Series column", description = "The series ids that the DICOM Reader gave; they tell which images a"
        + " segmentation belongs to."
        + " Blank: \"Series\".")
    @ChoicesProvider(TextColumns.class)
    @ColumnGuess(type = StringValue.class, names = StudyTable.SERIES, otherwise = Otherwise.NONE)
    String m_seriesColumn = StudyTable.SERIES;

    @Layout(Segmentations.class)
    @Widget(title = "Write as", description = "What kind of files is written. The default is what most software reads.")
    @ValueReference(FormReference.class)
    Form m_form = Form.DICOM_SEG;

    @Layout(Segmentations.class)
    @Effect(predicate = IsDicom.class, type = EffectType.SHOW)
    @Widget(title = "Algorithm name", description = "What the files name as the algorithm that made the segmentations,"
        + " up to 64 characters. Blank: the name of the column.")
    @TextInputWidget(placeholder = "(name of the column)")
    String m_algorithm = "";

    @Layout(Segmentations.class)
    @Effect(predicate = IsCoded.class, type = EffectType.SHOW)
    @Widget(title = "Codes", description = "What the classes are, as SNOMED CT codes that software understands in every"
        + " language, separated by semicolons: <b>liver = 10200004; cyst = 367643001 Cyst</b>. Common anatomical names and"
        + " tissues such as liver, CSF or tumor are known; other classes are coded as tissue.")
    @TextInputWidget(placeholder = "(by the names of the classes)")
    String m_codes = "";

    @Layout(Segmentations.class)
    @Widget(title = "Regions", description = "Writes these in place of the classes: one segment or structure for each, numbered"
        + " from 1. Regions may contain one another or overlap, such as the whole tumor and its core. None: each class as it"
        + " is; one that stands for overlapping structures, such as \"liver + lesion\", goes into each of them.")
    @ArrayWidget(addButtonText = "Add region", elementLayout = ArrayWidget.ElementLayout.HORIZONTAL_SINGLE_LINE,
        showSortButtons = true)
    WrittenRegion[] m_regions = {};

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
    @Widget(title = "Output folder", description = "Folder for the files; made if it does not exist. A relative"
        + " one lies in the folder ScanBridge of your home folder. File names consist of the series id and the column's"
        + " name.")
    @TextInputWidget(placeholder = "/path/to/folder")
    @FileSelectionWidget(value = SingleFileSelectionMode.FOLDER, placeholder = "/path/to/folder")
    @WithFileSystem(FileSystemOption.LOCAL)
    String m_outputFolder = "";

    @Layout(Output.class)
    @Widget(title = "Replace existing files", description = "Off by default: a file that is already there is left as it"
        + " is and reported.")
    boolean m_replace;

    @Layout(Output.class)
    @Widget(title = "Hand on existing files", description = "A file that is there already is neither replaced nor a problem, but"
        + " listed as if it had been written now: for runs that are repeated after they broke off, so that nothing is stored"
        + " twice in an archive. Segment with another network into another folder.", advanced = true)
    boolean m_keep;

    /** Defaults for a node without input. */
    SegmentationWriterParameters() {
        // the initial values
    }

    /** Defaults that fit the input table. */
    SegmentationWriterParameters(final NodeParametersInput input) {
        ColumnGuesses.defaults(this, input);
    }

    @Override
    public boolean reads(final String setting) {
        return switch (setting) {
            case "Folder column" -> m_form.isDicom() && studyFolder().setting().isEmpty();
            default -> true;
        };
    }

    /** Where the source images lie. */
    StudyFolder studyFolder() {
        return new StudyFolder(m_studyFolder, m_folderColumn);
    }

    /** What the files name as the algorithm. */
    String algorithm() {
        return m_algorithm == null || m_algorithm.isBlank() ? m_segmentationColumn : m_algorithm.strip();
    }

    /** The key of the series ids. */
    PseudonymKey key() {
        return new PseudonymKey(m_pseudonymKey, m_pseudonymKeyFile);
    }

    /**
     * The segmentation with the regions in place of its classes; as it is if there are no regions.
     *
     * @throws org.scanbridge.imaging.ImagingException if a region names a class that there is not
     */
    LabelVolume regions(final LabelVolume labels) {
        final WrittenRegion[] regions = m_regions == null ? new WrittenRegion[0] : m_regions;
        if (regions.length == 0) {
            return labels;
        }
        final boolean[][] contains = new boolean[regions.length][];
        final SortedMap<Integer, String> names = new TreeMap<>();
        for (int r = 0; r < regions.length; r++) {
            final Region region = Region.of(regions[r].m_name, regions[r].m_classes, labels.labels());
            contains[r] = new boolean[MAX_LABEL + 1];
            for (final int value : region.values()) {
                contains[r][value] = true;
            }
            names.put(r + 1, region.name());
        }
        final CombinedLabels combined = new CombinedLabels(labels.voxels().length);
        for (int v = 0; v < labels.voxels().length; v++) {
            for (int r = 0; r < regions.length; r++) {
                if (contains[r][labels.voxels()[v] & 0xff]) {
                    combined.add(v, r + 1);
                }
            }
        }
        final CombinedLabels.Result result = combined.finish(names, Set.of());
        return new LabelVolume(result.voxels(), labels.geometry(), labels.info(), result.labels());
    }

    /** What is wrong with the regions of a segmentation: values that no class has, and classes in no region; in sentences. */
    List<String> doubts(final LabelVolume labels) {
        final WrittenRegion[] regions = m_regions == null ? new WrittenRegion[0] : m_regions;
        final List<String> doubts = new ArrayList<>();
        final SortedSet<Integer> classes = labels.values();
        final Set<Integer> left = new TreeSet<>(classes);
        classes.addAll(labels.labels().names().keySet());
        for (final WrittenRegion each : regions) {
            final Region region = Region.of(each.m_name, each.m_classes, labels.labels());
            left.removeAll(region.values());
            region.values().stream().filter(v -> !classes.contains(v)).forEach(v -> doubts.add("No class has the number " + v
                + " of the region \"" + region.name() + "\". The classes are " + words(classes, labels) + "."));
        }
        if (regions.length > 0 && !left.isEmpty()) {
            doubts.add((left.size() == 1 ? "1 class is" : left.size() + " classes are") + " in no region and not written: "
                + words(left, labels) + ". Add them to \"Regions\" if they are wanted.");
        }
        return doubts;
    }

    private static String words(final Set<Integer> values, final LabelVolume labels) {
        return values.isEmpty() ? "none" : String.join(", ",
            values.stream().map(v -> v + " \"" + labels.labels().name(v) + "\"").toList());
    }

    private void validateRegions() throws InvalidSettingsException {
        final WrittenRegion[] regions = m_regions == null ? new WrittenRegion[0] : m_regions;
        final Set<String> names = new HashSet<>();
        for (final WrittenRegion region : regions) {
            if (region.m_name == null || region.m_name.isBlank() || region.m_classes == null || region.m_classes.isBlank()) {
                throw new InvalidSettingsException("A region (setting \"Regions\") has no name or no classes; give both, or"
                    + " remove it.");
            }
            if (!names.add(region.m_name.strip().toLowerCase(Locale.ROOT))) {
                throw new InvalidSettingsException("Two regions (setting \"Regions\") are called \"" + region.m_name.strip()
                    + "\"; give each a name of its own.");
            }
        }
        if (regions.length > MAX_LABEL) {
            throw new InvalidSettingsException("\"Regions\" has " + regions.length + " entries; there are 255 numbers.");
        }
    }

    /** How a segmentation with these classes is written. */
    SegmentationStyle style(final LabelSet classes) throws InvalidSettingsException {
        final Map<String, SegmentCode> codes = codes();
        final Map<Integer, SegmentProperty> properties = new HashMap<>();
        classes.names().forEach((value, name) -> {
            final SegmentCode code = codes.get(name.strip().toLowerCase(Locale.ROOT));
            if (code != null) {
                properties.put(value, new SegmentProperty(SegmentProperty.of(name).category(), code));
            }
        });
        return new SegmentationStyle(m_form == Form.DICOM_LABEL_MAP, properties);
    }

    /** SNOMED CT codes by class name in lower case. */
    private Map<String, SegmentCode> codes() throws InvalidSettingsException {
        final Map<String, SegmentCode> codes = new HashMap<>();
        for (final String part : (m_codes == null ? "" : m_codes).split(";")) {
            if (part.isBlank()) {
                continue;
            }
            final Matcher matcher = CODE.matcher(part);
            if (!matcher.matches()) {
                throw new InvalidSettingsException("\"" + part.strip() + "\" (setting \"Codes\") is no class with a code;"
                    + " give such as: liver = 10200004; cyst = 367643001 Cyst.");
            }
            final String name = matcher.group(1).strip();
            final String meaning = matcher.group(3).isBlank() ? name : matcher.group(3).strip();
            if (meaning.length() > MAX_NAME || meaning.contains("\\")) {
                throw new InvalidSettingsException("The meaning \"" + meaning + "\" (setting \"Codes\") is longer than "
                    + MAX_NAME + " characters or contains a backslash; DICOM allows neither.");
            }
            codes.put(name.toLowerCase(Locale.ROOT), new SegmentCode(matcher.group(2), "SCT", meaning));
        }
        return codes;
    }

    @Override
    public void validate() throws InvalidSettingsException {
        validateRegions();
        if (m_algorithm != null && (m_algorithm.strip().length() > MAX_NAME || m_algorithm.contains("\\"))) {
            throw new InvalidSettingsException("\"Algorithm name\" is longer than " + MAX_NAME
                + " characters or contains a backslash; DICOM allows neither.");
        }
        if (m_form.isDicom()) {
            key().validate();
            codes();
        }
    }
}

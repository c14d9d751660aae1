package org.scanbridge.knime.dicom;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

import org.knime.core.node.InvalidSettingsException;
import org.knime.node.parameters.Widget;
import org.knime.node.parameters.layout.After;
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
import org.knime.node.parameters.widget.choices.Label;
import org.knime.node.parameters.widget.choices.SuggestionsProvider;
import org.knime.node.parameters.widget.number.NumberInputWidget;
import org.knime.node.parameters.widget.number.NumberInputWidgetValidation.MinValidation;
import org.knime.node.parameters.widget.text.TextInputWidget;
import org.scanbridge.dicom.seg.StructureChoice;
import org.scanbridge.dicom.series.GapRule;
import org.scanbridge.dicom.series.ImageRules;
import org.scanbridge.dicom.series.PaddingRule;
import org.scanbridge.dicom.series.Raters;
import org.scanbridge.dicom.series.TiltRule;
import org.scanbridge.dicom.series.ValueRule;
import org.scanbridge.dicom.study.DicomStudyOptions;
import org.scanbridge.knime.io.OnProblem;
import org.scanbridge.knime.io.RaterColumns;
import org.scanbridge.knime.io.RaterSettings;
import org.scanbridge.knime.util.Modalities;
import org.scanbridge.knime.util.OverlapChoice;

/** How series become images and segmentations: what all readers of DICOM have in common, wherever the files come from. */
@LoadDefaultsForAbsentFields
public abstract class SeriesParameters extends AttributeParameters {

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

    @Section(title = "Series", description = "Which series are read.")
    public interface Series {
    }

    @Section(title = "Images", description = "How the slices of a series become an image.")
    @After(Series.class)
    public interface Images {
    }

    @Section(title = "Segmentations", description = "DICOM Segmentation objects and RT Structure Sets always join the"
        + " images they refer to.")
    @After(Images.class)
    @Before(AttributeParameters.Attributes.class)
    public interface Segmentations {
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

    static final class PaddingReference implements ParameterReference<Padding> {
    }

    static final class IsPaddingValue implements EffectPredicateProvider {
        @Override
        public EffectPredicate init(final PredicateInitializer i) {
            return i.getEnum(PaddingReference.class).isOneOf(Padding.VALUE);
        }
    }

    @Layout(Series.class)
    @Widget(title = "If something cannot be used", description = "What happens when an image file, a series or a"
        + " segmentation is damaged or incomplete and has to be left out. Files that are no images, such as notes or"
        + " tables, never matter.")
    OnProblem m_onProblem = OnProblem.LEAVE_OUT;

    @Layout(Series.class)
    @Widget(title = "Modalities", description = "Modalities to read, separated by commas, such as <b>MR</b> or"
        + " <b>CT, PT</b>. Blank: all.")
    @TextInputWidget(placeholder = "(all)")
    @SuggestionsProvider(Modalities.OfImages.class)
    @ValueReference(Modalities.Setting.class)
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
    @ValueReference(RaterSettings.ColumnsReference.class)
    RaterColumns m_raterColumns = RaterColumns.JOIN;

    @Layout(Segmentations.class)
    @Widget(title = "Raters", description = RaterSettings.COUNT, advanced = true)
    @NumberInputWidget(minValidation = MinValidation.IsPositiveIntegerValidation.class)
    @Effect(predicate = RaterSettings.IsColumns.class, type = EffectType.SHOW)
    int m_raters = 2;

    @Layout(Segmentations.class)
    @Widget(title = "Raters differ by", description = RaterSettings.DIFFER, advanced = true)
    @ValueReference(RaterSourceReference.class)
    @Effect(predicate = RaterSettings.IsColumns.class, type = EffectType.SHOW)
    RaterSource m_ratersBy = RaterSource.ORDER;

    @Layout(Segmentations.class)
    @Widget(title = "Folders of raters", description = RaterSettings.FOLDERS, advanced = true)
    @TextInputWidget(placeholder = "(rater1, reader-B, r2)")
    @Effect(predicate = IsRaterFolders.class, type = EffectType.SHOW)
    String m_raterFolders = "";

    /** Whether several segmentations of an image are joined. */
    public final Raters raters() {
        return RaterSettings.raters(m_raterColumns, m_ratersBy.m_rule, m_raters, m_raterFolders);
    }

    /** Whether the node stops where something is lost. */
    public final boolean stopsOnLoss() {
        return m_onProblem == OnProblem.FAIL;
    }

    /** The settings in the reader's own terms; site and subject are up to the node. */
    public final DicomStudyOptions seriesOptions() throws InvalidSettingsException {
        return DicomStudyOptions.defaults()
            .withImages(new ImageRules(m_missingSlices.m_rule, m_tiltedSlices.m_rule, m_values.m_rule, m_padding.m_rule,
                m_paddingValue))
            .withPseudonymKey(key().text()).withModalities(modalities()).withMinimumSlices(m_minimumSlices)
            .withDescriptionPattern(m_descriptionPattern == null ? "" : m_descriptionPattern.strip())
            .withAttributes(new LinkedHashSet<>(attributes())).withStructures(structures()).withRaters(raters());
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

    /** Checks these settings. */
    protected final void validateSeries() throws InvalidSettingsException {
        if (m_minimumSlices < 1) {
            throw new InvalidSettingsException(
                "\"Minimum number of slices\" is " + m_minimumSlices + "; choose 1 or more.");
        }
        if (!Double.isFinite(m_paddingValue)) {
            throw new InvalidSettingsException("\"Padding value\" is " + m_paddingValue + "; give a finite number.");
        }
        RaterSettings.validate(m_raterColumns, m_raters);
        validateAttributes();
        structures();
        for (final String modality : modalities()) {
            // PS3.5 6.2: a code string has at most 16 of these characters.
            if (!modality.matches("[A-Z0-9_ ]{1,16}")) {
                throw new InvalidSettingsException("\"" + modality + "\" (setting \"Modalities\") is no DICOM modality;"
                    + " give codes such as MR or CT, separated by commas.");
            }
        }
    }
}

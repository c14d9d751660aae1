package org.scanbridge.knime.nodes.segmentationscorer;

import java.util.Optional;

import org.knime.core.data.StringValue;
import org.knime.core.node.InvalidSettingsException;
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
import org.knime.node.parameters.updates.util.BooleanReference;
import org.knime.node.parameters.widget.choices.ChoicesProvider;
import org.knime.node.parameters.widget.choices.Label;
import org.knime.node.parameters.widget.choices.SuggestionsProvider;
import org.knime.node.parameters.widget.message.TextMessage;
import org.knime.node.parameters.widget.number.NumberInputWidget;
import org.knime.node.parameters.widget.number.NumberInputWidgetValidation.MaxValidation;
import org.knime.node.parameters.widget.number.NumberInputWidgetValidation.MinValidation;
import org.knime.node.parameters.widget.text.TextInputWidget;
import org.scanbridge.imaging.metrics.GeneralizedDice;
import org.scanbridge.imaging.metrics.LesionDetection;
import org.scanbridge.knime.data.LabelVolumeValue;
import org.scanbridge.knime.util.ClassListSuggestions;
import org.scanbridge.knime.util.ColumnGuess.Otherwise;
import org.scanbridge.knime.util.ColumnGuess;
import org.scanbridge.knime.util.ColumnGuesses;
import org.scanbridge.knime.util.KnownClassesNote;
import org.scanbridge.knime.util.KnownSites;
import org.scanbridge.knime.util.KnownSitesNote;
import org.scanbridge.knime.util.LabelColumns;
import org.scanbridge.knime.util.Neighbors;
import org.scanbridge.knime.util.NotAnnotated;
import org.scanbridge.knime.util.RegionParameters;
import org.scanbridge.knime.util.SegmentationColumns;
import org.scanbridge.knime.util.SiteColumn;
import org.scanbridge.knime.util.StudyTable;
import org.scanbridge.knime.util.TextColumns;
import org.scanbridge.learning.report.ReportModel.ModelRoles;

/** Settings of {@link SegmentationScorerNodeFactory}. */
@LoadDefaultsForAbsentFields
final class SegmentationScorerParameters implements NodeParameters {

    /** Title of the setting. */
    static final String AREAS = "Areas under curves (AUC)";

    /** What overlap scores are where there is nothing to overlap. */
    enum AbsentClass {
            @Label(value = "Missing", description = "Means leave it out.")
            MISSING,

            @Label(value = "1", description = "Counts as a perfect segmentation; means then rise with the number of"
                + " classes that an image lacks.")
            ONE
    }

    /** How classes are weighted. */
    enum ClassWeight {
            @Label(value = "1 / volume²", description = "Small classes prevail, as in the generalized Dice loss (Sudre et"
                + " al., 2017).")
            INVERSE_SQUARED_VOLUME(GeneralizedDice.Weight.INVERSE_SQUARED_VOLUME),

            @Label(value = "1 / volume", description = "Every class counts the same (Crum et al., 2006).")
            INVERSE_VOLUME(GeneralizedDice.Weight.INVERSE_VOLUME),

            @Label(value = "None", description = "Every voxel counts the same, so large classes prevail.")
            VOXEL(GeneralizedDice.Weight.VOXEL);

        private final GeneralizedDice.Weight m_weight;

        ClassWeight(final GeneralizedDice.Weight weight) {
            m_weight = weight;
        }
    }

    /** Definitions of HD95. */
    enum Hausdorff95 {
            @Label(value = "Larger of both directions", description = "The 95th percentile from the model's surface to"
                + " the reference's and the one back, the larger of both, as in MONAI.")
            LARGER_OF_DIRECTED,

            @Label(value = "Both directions pooled", description = "The 95th percentile of all distances together, as in"
                + " MedPy. It may not see a fault that is small against both surfaces.")
            POOLED
    }

    /** What a distance to nothing is. */
    enum EmptyMask {
            @Label(value = "Missing", description = "Means leave it out; look at Dice and sensitivity for the fault.")
            MISSING,

            @Label(value = "The image's diagonal", description = "The worst possible distance, so that a model does not"
                + " profit from finding nothing. The surface Dice is then 0.")
            IMAGE_DIAGONAL
    }

    /** When a lesion counts as found. */
    enum LesionRule {
            @Label(value = "One voxel is shared", description = "With any lesion of the other side.")
            OVERLAP(LesionDetection.Rule.OVERLAP),

            @Label(value = "MS-SEG challenge", description = "More than 10 % of it are covered, and the lesions that"
                + " cover it do not mostly lie elsewhere (Commowick et al., 2018).")
            MS_SEG(LesionDetection.Rule.MS_SEG),

            @Label(value = "Boxes overlap", description = "The box around it and one around a lesion of the other side overlap"
                + " enough, as in object detection; each box counts for one box of the other side.")
            BOXES(LesionDetection.Rule.BOXES);

        private final LesionDetection.Rule m_rule;

        LesionRule(final LesionDetection.Rule rule) {
            m_rule = rule;
        }
    }

    static final class SurfaceReference implements BooleanReference {
    }

    static final class LesionsReference implements BooleanReference {
    }

    static final class RuleReference implements ParameterReference<LesionRule> {
    }

    static final class IsBoxes implements EffectPredicateProvider {
        @Override
        public EffectPredicate init(final PredicateInitializer i) {
            return i.getBoolean(LesionsReference.class).isTrue().and(i.getEnum(RuleReference.class).isOneOf(LesionRule.BOXES));
        }
    }

    static final class MostOverlap extends MaxValidation {
        @Override
        protected double getMax() {
            return 1;
        }
    }

    @Section(title = "Columns")
    interface InputColumns {
    }

    @Section(title = "Scores")
    @After(InputColumns.class)
    interface Scores {
    }

    @Section(title = "Lesions", description = "Counts connected regions instead of voxels.")
    @After(Scores.class)
    interface Lesions {
    }

    @Section(title = "Sites")
    @After(Lesions.class)
    interface Sites {
    }

    @Section(title = "Gap closure", description = "How much of what the source-only model loses on a target site the"
        + " adapted model wins back: (adapted - source-only) / (oracle - source-only). Computed if all three columns"
        + " are in the table.")
    @After(Sites.class)
    interface Gap {
    }

    @Layout(InputColumns.class)
    @Widget(title = "Reference column", description = "The segmentations that count as the truth. Every other"
        + " segmentation column is scored against it and is named after its model. Rows without a reference are left"
        + " out."
        + " Blank: \"Segmentation\", else the first segmentation column.")
    @ChoicesProvider(LabelColumns.class)
    @ColumnGuess(type = LabelVolumeValue.class, names = StudyTable.SEGMENTATION)
    String m_referenceColumn = StudyTable.SEGMENTATION;

    @Layout(InputColumns.class)
    @Widget(title = "Subject column", description = "The subject of each row."
        + " Blank: \"Subject\".")
    @ChoicesProvider(TextColumns.class)
    @ColumnGuess(type = StringValue.class, names = StudyTable.SUBJECT, otherwise = Otherwise.NONE)
    String m_subjectColumn = StudyTable.SUBJECT;

    @Layout(InputColumns.class)
    @Widget(title = "Site column", description = "The site of each row."
        + " Blank: \"Site\".")
    @ChoicesProvider(TextColumns.class)
    @ColumnGuess(type = StringValue.class, names = StudyTable.SITE, otherwise = Otherwise.NONE)
    @ValueReference(SiteColumn.class)
    String m_siteColumn = StudyTable.SITE;

    @Layout(InputColumns.class)
    @Widget(title = "Role column", description = "Whether a row was used for training, validation or test. Scores of"
        + " different roles are never averaged together. Blank: \"Role\"; without"
        + " such a column, all rows count as test.")
    @ChoicesProvider(TextColumns.class)
    @ColumnGuess(type = StringValue.class, names = StudyTable.ROLE, otherwise = Otherwise.NONE)
    String m_roleColumn = "";

    @Layout(InputColumns.class)
    @Widget(title = NotAnnotated.TITLE, description = "For references that are complete in part: names or label values,"
        + " separated by commas, of classes that only say that nobody looked there. Such voxels count in no score, whatever"
        + " a model finds there: they are taken out of both masks before anything is measured. Where such a class overlaps"
        + " another, as in <tt>liver + unknown</tt>, the voxels are not annotated either. Blank, the default:"
        + " everything is annotated, and what has no label is background.", advanced = true)
    @TextInputWidget(placeholder = "(everything is annotated)")
    @SuggestionsProvider(ClassListSuggestions.OfNotAnnotated.class)
    @ValueReference(ClassListSuggestions.OfNotAnnotated.Setting.class)
    String m_notAnnotated = "";

    @Layout(InputColumns.class)
    @TextMessage(KnownClassesNote.class)
    Void m_knownClasses;

    @Layout(Scores.class)
    @Widget(title = "Regions", description = "Unions of classes that get scores of their own beside the classes: the whole"
        + " tumor, or an organ with the lesions in it. The scores then have a column \"Kind\". A region with the name of a"
        + " class, such as <tt>liver</tt>, is called <tt>liver (region)</tt> in all tables. Means of classes, gap"
        + " closure, generalized Dice and confusion matrix stay those of the classes. None by default.")
    @ArrayWidget(addButtonText = "Add region", elementLayout = ArrayWidget.ElementLayout.HORIZONTAL_SINGLE_LINE,
        showSortButtons = true)
    RegionParameters[] m_regions = {};

    @Layout(Scores.class)
    @Widget(title = "A class that neither has", description = "The Dice, Jaccard and generalized Dice of a class that"
        + " is neither in the reference nor in the model's segmentation. The default leaves the cell empty, because"
        + " nothing was found and nothing missed.")
    AbsentClass m_absentClass = AbsentClass.MISSING;

    @Layout(Scores.class)
    @Widget(title = "Weights of the generalized Dice", description = "How much each class counts in the generalized"
        + " Dice, the score of all classes together.", advanced = true)
    ClassWeight m_classWeight = ClassWeight.INVERSE_SQUARED_VOLUME;

    @Layout(Scores.class)
    @Widget(title = "Surface distances", description = "Computes the Hausdorff distance (HD), its 95th percentile"
        + " (HD95), the average symmetric surface distance (ASSD) and the surface Dice. Switch it off to save time with"
        + " large images; HD95 and ASSD are then missing, the other two columns are not there.")
    @ValueReference(SurfaceReference.class)
    boolean m_surfaceDistances = true;

    @Layout(Scores.class)
    @Widget(title = "HD95", description = "What the 95th percentile is taken of. Results computed in different ways"
        + " cannot be compared.", advanced = true)
    @Effect(predicate = SurfaceReference.class, type = EffectType.SHOW)
    Hausdorff95 m_hausdorff95 = Hausdorff95.LARGER_OF_DIRECTED;

    @Layout(Scores.class)
    @Widget(title = "Tolerance of the surface Dice (mm)", description = "Surface voxels within this distance of the"
        + " other surface count as right. The default of 1 mm is about one voxel of a usual MR scan; take what two"
        + " experts differ by.")
    @Effect(predicate = SurfaceReference.class, type = EffectType.SHOW)
    @NumberInputWidget(minValidation = MinValidation.IsNonNegativeValidation.class)
    double m_tolerance = 1;

    @Layout(Scores.class)
    @Widget(title = "Surface Dice by area", description = "Adds the surface Dice of Nikolov et al., which weighs pieces of"
        + " surface by their area instead of counting voxels; equal to DeepMind's surface-distance. On for new nodes;"
        + " workflows saved before this setting was there keep their columns.", advanced = true)
    @Effect(predicate = SurfaceReference.class, type = EffectType.SHOW)
    boolean m_surfaceArea;

    @Layout(Scores.class)
    @Widget(title = "Distance to an empty mask", description = "The distances where the reference has the class and"
        + " the model does not, or the other way round. Where neither has it, they are always missing.", advanced = true)
    @Effect(predicate = SurfaceReference.class, type = EffectType.SHOW)
    EmptyMask m_emptyMask = EmptyMask.MISSING;

    @Layout(Scores.class)
    @Widget(title = AREAS, description = "Adds the area under the ROC curve (AUC) and the average precision, the area under the"
        + " curve of precision over recall, of the probability of each class and region: both take every voxel that is"
        + " annotated, are exact, and need no threshold. The AUC is the chance that a voxel of the class has a higher"
        + " probability than one of the rest; where the class is small, it is close to 1 even for poor networks, and the"
        + " average precision tells more. They need columns such as <tt>prediction p(lesion)</tt> (\"Probabilities\" of the"
        + " Segmentation Predictor); without a column of a region, those of its classes are added up. Missing"
        + " where the reference lacks the class, or the model the probabilities. Off by default.", advanced = true)
    boolean m_areas;

    @Layout(Scores.class)
    @Widget(title = "Seed", description = "Of the bootstrap that the confidence intervals come from. The same seed"
        + " gives the same intervals.", advanced = true)
    long m_seed = 1;

    @Layout(Lesions.class)
    @Widget(title = "Count lesions", description = "Adds the numbers of lesions, of those found and of those confirmed,"
        + " and the sensitivity, positive predictive value (PPV) and F1 score that follow. Each class is taken for a"
        + " class of lesions. Off by default, as it means nothing for organs and tissues.")
    @ValueReference(LesionsReference.class)
    boolean m_lesions;

    @Layout(Lesions.class)
    @Widget(title = "A lesion is detected if", description = "The default is simple and generous.")
    @Effect(predicate = LesionsReference.class, type = EffectType.SHOW)
    @ValueReference(RuleReference.class)
    LesionRule m_lesionRule = LesionRule.OVERLAP;

    @Layout(Lesions.class)
    @Widget(title = "Least overlap of boxes (IoU)", description = "The least intersection over union of two boxes, above 0, at most"
        + " 1. The default of 0.5 is usual for objects; for lesions of a few voxels it is strict.")
    @Effect(predicate = IsBoxes.class, type = EffectType.SHOW)
    @NumberInputWidget(minValidation = MinValidation.IsPositiveDoubleValidation.class, maxValidation = MostOverlap.class)
    double m_leastIou = LesionDetection.HALF;

    @Layout(Lesions.class)
    @Widget(title = "Voxels of one lesion share", description = "What hangs together.", advanced = true)
    @Effect(predicate = LesionsReference.class, type = EffectType.SHOW)
    Neighbors m_neighbors = Neighbors.CORNERS;

    @Layout(Lesions.class)
    @Widget(title = "Ignore lesions up to (mm³)", description = "Smaller regions are left out on both sides. The"
        + " default of 3 mm³ is that of the MS-SEG challenge; 0 keeps every voxel.", advanced = true)
    @Effect(predicate = LesionsReference.class, type = EffectType.SHOW)
    @NumberInputWidget(minValidation = MinValidation.IsNonNegativeValidation.class)
    double m_ignoredVolume = LesionDetection.DEFAULT.ignoredMm3();

    @Layout(Sites.class)
    @Widget(title = "Source site", description = "The site whose labels models were trained on; all other sites are"
        + " targets. Blank: the first in alphabetical order.")
    @TextInputWidget(placeholder = "(first in alphabetical order)")
    @SuggestionsProvider(KnownSites.class)
    String m_sourceSite = "";

    @Layout(Sites.class)
    @TextMessage(KnownSitesNote.class)
    Void m_knownSites;

    @Layout(Gap.class)
    @Widget(title = "Source-only model", description = "Column of the model trained on the source site only.")
    @TextInputWidget
    @SuggestionsProvider(SegmentationColumns.class)
    String m_sourceOnlyModel = "source-only";

    @Layout(Gap.class)
    @Widget(title = "Adapted model", description = "Column of the model adapted to the target sites.")
    @TextInputWidget
    @SuggestionsProvider(SegmentationColumns.class)
    String m_adaptedModel = "adapted";

    @Layout(Gap.class)
    @Widget(title = "Oracle model", description = "Column of the model trained with the target site's labels: what"
        + " adapting could reach at best.")
    @TextInputWidget
    @SuggestionsProvider(SegmentationColumns.class)
    String m_oracleModel = "oracle";

    /** Defaults for a node without input. */
    SegmentationScorerParameters() {
        // the initial values
    }

    /** Defaults that fit the input table. */
    SegmentationScorerParameters(final NodeParametersInput input) {
        m_surfaceArea = true;
        ColumnGuesses.defaults(this, input);
    }

    /** Whether unions of classes are scored. */
    boolean hasRegions() {
        return m_regions != null && m_regions.length > 0;
    }

    /** What is scored, in the algorithms' terms. */
    ScoreOptions options() {
        return new ScoreOptions(m_surfaceDistances, m_surfaceDistances && m_surfaceArea,
            m_hausdorff95 == Hausdorff95.POOLED, m_tolerance, m_emptyMask == EmptyMask.IMAGE_DIAGONAL, m_absentClass == AbsentClass.ONE,
            new GeneralizedDice(m_classWeight.m_weight),
            m_lesions ? Optional.of(
                new LesionDetection(m_neighbors.connectivity(), m_ignoredVolume, m_lesionRule.m_rule, m_leastIou))
                : Optional.empty(), m_areas);
    }

    /** The three models that gap closure compares. */
    ModelRoles models() {
        return new ModelRoles(m_sourceOnlyModel, m_adaptedModel, m_oracleModel);
    }

    @Override
    public void validate() throws InvalidSettingsException {
        if (isBlank(m_sourceOnlyModel) || isBlank(m_adaptedModel) || isBlank(m_oracleModel)) {
            throw new InvalidSettingsException("A model of \"Gap closure\" has no name. Give the names of the columns,"
                + " even if the table does not have them.");
        }
        NotAnnotated.of(m_notAnnotated);
        RegionParameters.validate(m_regions);
        requireNotNegative("Tolerance of the surface Dice (mm)", m_tolerance);
        requireNotNegative("Ignore lesions up to (mm³)", m_ignoredVolume);
        if (!(m_leastIou > 0 && m_leastIou <= 1)) {
            throw new InvalidSettingsException("\"Least overlap of boxes (IoU)\" is " + m_leastIou
                + "; choose a number above 0, at most 1.");
        }
    }

    private static void requireNotNegative(final String title, final double value) throws InvalidSettingsException {
        // NaN fails too.
        if (!(value >= 0 && Double.isFinite(value))) {
            throw new InvalidSettingsException(
                "\"" + title + "\" is " + value + "; choose 0 or a positive number.");
        }
    }

    private static boolean isBlank(final String name) {
        return name == null || name.isBlank();
    }
}

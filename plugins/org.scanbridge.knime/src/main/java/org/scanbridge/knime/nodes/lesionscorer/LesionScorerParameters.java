package org.scanbridge.knime.nodes.lesionscorer;

import org.knime.core.data.StringValue;
import org.knime.core.node.InvalidSettingsException;
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
import org.knime.node.parameters.widget.number.NumberInputWidget;
import org.knime.node.parameters.widget.number.NumberInputWidgetValidation.MaxValidation;
import org.knime.node.parameters.widget.number.NumberInputWidgetValidation.MinValidation;
import org.scanbridge.imaging.metrics.LesionDetection;
import org.scanbridge.knime.data.LabelVolumeValue;
import org.scanbridge.knime.util.ColumnGuess;
import org.scanbridge.knime.util.ColumnGuess.Otherwise;
import org.scanbridge.knime.util.ColumnGuesses;
import org.scanbridge.knime.util.LabelColumns;
import org.scanbridge.knime.util.Neighbors;
import org.scanbridge.knime.util.StudyTable;
import org.scanbridge.knime.util.TextColumns;

/** Settings of {@link LesionScorerNodeFactory}. */
@LoadDefaultsForAbsentFields
final class LesionScorerParameters implements NodeParameters {

    /** When a lesion counts as found. */
    enum LesionRule {
            @Label(value = "One voxel is shared", description = "With any lesion of the other side.")
            OVERLAP(LesionDetection.Rule.OVERLAP),

            @Label(value = "MS-SEG challenge", description = "More than 10 % of it are covered, and the lesions that"
                + " cover it do not mostly lie elsewhere (Commowick et al., 2018). Candidates of the FROC need one shared voxel.")
            MS_SEG(LesionDetection.Rule.MS_SEG),

            @Label(value = "Boxes overlap", description = "The box around it and one around a lesion of the other side overlap"
                + " enough, as in object detection; each box counts for one box of the other side.")
            BOXES(LesionDetection.Rule.BOXES);

        private final LesionDetection.Rule m_rule;

        LesionRule(final LesionDetection.Rule rule) {
            m_rule = rule;
        }
    }

    @Section(title = "Columns")
    interface InputColumns {
    }

    @Section(title = "Lesions")
    @After(InputColumns.class)
    interface Lesions {
    }

    @Section(title = "FROC", description = "For models whose probabilities are in the table.")
    @After(Lesions.class)
    interface Curve {
    }

    static final class RuleReference implements ParameterReference<LesionRule> {
    }

    static final class IsBoxes implements EffectPredicateProvider {
        @Override
        public EffectPredicate init(final PredicateInitializer i) {
            return i.getEnum(RuleReference.class).isOneOf(LesionRule.BOXES);
        }
    }

    static final class MaxOne extends MaxValidation {
        @Override
        protected double getMax() {
            return 1;
        }
    }

    @Layout(InputColumns.class)
    @Widget(title = "Reference column", description = "The segmentations that count as the truth. Every other segmentation column"
        + " is scored against it and is named after its model. Rows without a reference are left out. Blank: \"Segmentation\","
        + " else the first segmentation column.")
    @ChoicesProvider(LabelColumns.class)
    @ColumnGuess(type = LabelVolumeValue.class, names = StudyTable.SEGMENTATION)
    String m_referenceColumn = "";

    @Layout(InputColumns.class)
    @Widget(title = "Subject column", description = "The subject of each row. Blank: \"Subject\"; without such a column, the row"
        + " itself.")
    @ChoicesProvider(TextColumns.class)
    @ColumnGuess(type = StringValue.class, names = StudyTable.SUBJECT, otherwise = Otherwise.NONE)
    String m_subjectColumn = "";

    @Layout(InputColumns.class)
    @Widget(title = "Site column", description = "The site of each row; sites are scored apart. Blank: \"Site\"; without such a"
        + " column, all rows together.")
    @ChoicesProvider(TextColumns.class)
    @ColumnGuess(type = StringValue.class, names = StudyTable.SITE, otherwise = Otherwise.NONE)
    String m_siteColumn = "";

    @Layout(InputColumns.class)
    @Widget(title = "Role column", description = "Whether a row was used for training, validation or test; roles are scored apart."
        + " Blank: \"Role\"; without such a column, all rows count as test.")
    @ChoicesProvider(TextColumns.class)
    @ColumnGuess(type = StringValue.class, names = StudyTable.ROLE, otherwise = Otherwise.NONE)
    String m_roleColumn = "";

    @Layout(Lesions.class)
    @Widget(title = "A lesion is detected if", description = "The default is simple and generous.")
    @ValueReference(RuleReference.class)
    LesionRule m_lesionRule = LesionRule.OVERLAP;

    @Layout(Lesions.class)
    @Widget(title = "Least overlap of boxes (IoU)", description = "The least intersection over union of two boxes, above 0, at most"
        + " 1. The default of 0.5 is usual for objects; for lesions of a few voxels it is strict.")
    @Effect(predicate = IsBoxes.class, type = EffectType.SHOW)
    @NumberInputWidget(minValidation = MinValidation.IsPositiveDoubleValidation.class, maxValidation = MaxOne.class)
    double m_leastIou = LesionDetection.HALF;

    @Layout(Lesions.class)
    @Widget(title = "Voxels of one lesion share", description = "What hangs together.", advanced = true)
    Neighbors m_neighbors = Neighbors.CORNERS;

    @Layout(Lesions.class)
    @Widget(title = "Ignore lesions up to (mm³)", description = "Smaller regions are left out on both sides. The default of 3 mm³ is"
        + " that of the MS-SEG challenge; 0 keeps every voxel.")
    @NumberInputWidget(minValidation = MinValidation.IsNonNegativeValidation.class)
    double m_ignoredVolume = LesionDetection.DEFAULT.ignoredMm3();

    @Layout(Curve.class)
    @Widget(title = "Candidates from probability", description = "Connected voxels of at least this probability of a class are one"
        + " candidate, whose score is its largest probability; above 0, at most 1. Low values find more and let neighbors grow"
        + " together.")
    @NumberInputWidget(minValidation = MinValidation.IsPositiveDoubleValidation.class, maxValidation = MaxOne.class,
        stepSize = 0.05)
    double m_candidates = 0.1;

    LesionScorerParameters() {
        // for KNIME
    }

    LesionScorerParameters(final NodeParametersInput input) {
        ColumnGuesses.defaults(this, input);
    }

    /** How lesions are found and compared. */
    LesionDetection detection() {
        return new LesionDetection(m_neighbors.connectivity(), m_ignoredVolume, m_lesionRule.m_rule, m_leastIou);
    }

    @Override
    public void validate() throws InvalidSettingsException {
        if (!(m_ignoredVolume >= 0 && Double.isFinite(m_ignoredVolume))) {
            throw new InvalidSettingsException("\"Ignore lesions up to (mm³)\" is " + m_ignoredVolume
                + "; choose 0 or a positive number.");
        }
        requireShare("Least overlap of boxes (IoU)", m_leastIou);
        requireShare("Candidates from probability", m_candidates);
    }

    private static void requireShare(final String title, final double value) throws InvalidSettingsException {
        // NaN fails too
        if (!(value > 0 && value <= 1)) {
            throw new InvalidSettingsException("\"" + title + "\" is " + value + "; choose a number above 0, at most 1.");
        }
    }
}

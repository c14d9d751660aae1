package org.scanbridge.knime.nodes.adaptationcheck;

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
import org.knime.node.parameters.widget.number.NumberInputWidget;
import org.knime.node.parameters.widget.number.NumberInputWidgetValidation.MinValidation.IsNonNegativeValidation;
import org.knime.node.parameters.widget.number.NumberInputWidgetValidation.MinValidation.IsPositiveIntegerValidation;
import org.scanbridge.knime.data.LabelVolumeValue;
import org.scanbridge.knime.learn.CaseColumns;
import org.scanbridge.knime.learn.TrainingLabelColumns;
import org.scanbridge.knime.util.ColumnGuess;
import org.scanbridge.knime.util.ColumnGuess.Otherwise;
import org.scanbridge.knime.util.ColumnGuesses;
import org.scanbridge.learning.check.CheckOptions;

/** Settings of {@link AdaptationCheckNodeFactory}. */
@LoadDefaultsForAbsentFields
public final class AdaptationCheckParameters implements NodeParameters {

    @Section(title = "Columns")
    interface InputColumns {
    }

    @Section(title = "Evidence")
    @After(InputColumns.class)
    interface EvidenceOptions {
    }

    @Section(title = "Verdict")
    @After(EvidenceOptions.class)
    interface VerdictOptions {
    }

    static final class SecondReference implements ParameterReference<Boolean> {
    }

    static final class HasSecond implements EffectPredicateProvider {
        @Override
        public EffectPredicate init(final PredicateInitializer i) {
            return i.getBoolean(SecondReference.class).isTrue();
        }
    }

    @Layout(InputColumns.class)
    CaseColumns m_columns = new CaseColumns();

    @Layout(InputColumns.class)
    @Widget(title = "Second opinion", description = """
            Uses a segmentation that was made in another way, such as that of the Atlas Segmenter, as evidence: where both \
            agree, they are probably right. Both tables must have it. It is the best evidence there is on a contrast that the \
            network has never seen; without it, the Dice there is overestimated.""")
    @ValueReference(SecondReference.class)
    boolean m_secondOpinion;

    @Layout(InputColumns.class)
    @Widget(title = "Second opinion column", description = """
            The other segmentation, with the label values of the network. On the labeled images it stands for their shifted \
            versions, too. Blank: "atlas".""")
    @ChoicesProvider(TrainingLabelColumns.class)
    @ColumnGuess(port = 1, type = LabelVolumeValue.class, names = "atlas", otherwise = Otherwise.NONE)
    @Effect(predicate = HasSecond.class, type = EffectType.SHOW)
    String m_secondOpinionColumn = "";

    @Layout(EvidenceOptions.class)
    @Widget(title = "Simulated shifts", description = """
            Under how many simulated shifts each labeled image is segmented to learn what evidence is worth, 1 to 100. The first \
            is the image as it is; then one that is painted from the segmentation in a contrast drawn at random, and one that is \
            changed (other contrast, bias field, blur, thick slices, noise), take turns. Time grows with it. Intervals \
            of 90 % need 18 labeled images times shifts; with fewer they are from 0 to 1.""")
    @NumberInputWidget(minValidation = IsPositiveIntegerValidation.class)
    int m_shifts = CheckOptions.DEFAULT.shifts();

    @Layout(EvidenceOptions.class)
    @Widget(title = "Labeled images at most", description = """
            How many rows of the labeled images are used, the first ones; time grows with them, and from some ten on little is \
            gained.""", advanced = true)
    @NumberInputWidget(minValidation = IsPositiveIntegerValidation.class)
    int m_mostLabeled = 10;

    @Layout(EvidenceOptions.class)
    @Widget(title = "Reversed images", description = """
            Reverse classification: each segmentation becomes an atlas of its own, which segments so many labeled images, 0 to \
            20; how well it does so tells how good the segmentation is. For anatomy of any contrast, not for lesions. It takes \
            many times longer; 0, the default, leaves it out.""")
    @NumberInputWidget(minValidation = IsNonNegativeValidation.class)
    int m_reversed;

    @Layout(EvidenceOptions.class)
    @Widget(title = "Seed", description = "Which shifts are simulated. The same inputs, settings and seed give the same"
        + " verdicts.", advanced = true)
    long m_seed = CheckOptions.DEFAULT.seed();

    @Layout(VerdictOptions.class)
    @Widget(title = "Coverage of the intervals", description = """
            How probable it shall be that the interval holds the true Dice, 0.5 to 0.99. It is made so wide for simulated shifts, \
            and then reaches 0.1 further on both sides, because sites differ by more.""")
    @NumberInputWidget(minValidation = IsNonNegativeValidation.class, stepSize = 0.01)
    double m_coverage = CheckOptions.DEFAULT.coverage();

    @Layout(VerdictOptions.class)
    @Widget(title = "Tolerated loss", description = """
            By how much the Dice may be less than on the labeled images of the source, 0 to 0.5, and still be called as good.""")
    @NumberInputWidget(minValidation = IsNonNegativeValidation.class, stepSize = 0.01)
    double m_tolerance = CheckOptions.DEFAULT.tolerance();

    /** For KNIME. */
    public AdaptationCheckParameters() {
        // the defaults need a table
    }

    AdaptationCheckParameters(final NodeParametersInput input) {
        m_columns = new CaseColumns(input);
        ColumnGuesses.defaults(this, input);
    }

    /** @throws InvalidSettingsException if a number is out of range */
    CheckOptions options() throws InvalidSettingsException {
        require(m_shifts, 1, 100, "Simulated shifts");
        require(m_mostLabeled, 1, Integer.MAX_VALUE, "Labeled images at most");
        require(m_reversed, 0, 20, "Reversed images");
        require(m_coverage, 0.5, 0.99, "Coverage of the intervals");
        require(m_tolerance, 0, 0.5, "Tolerated loss");
        return new CheckOptions(m_shifts, m_coverage, m_tolerance, m_reversed, m_seed);
    }

    private static void require(final double x, final double from, final double to, final String title)
        throws InvalidSettingsException {
        if (!(x >= from && x <= to)) {
            throw new InvalidSettingsException("\"" + title + "\" is " + text(x) + "; choose " + text(from)
                + (to == Integer.MAX_VALUE ? " or more." : " to " + text(to) + "."));
        }
    }

    private static String text(final double x) {
        return x == Math.rint(x) ? "" + (long)x : "" + x;
    }

    @Override
    public void validate() throws InvalidSettingsException {
        options();
    }
}

package org.scanbridge.knime.nodes.subjectsplitter;

import org.knime.core.data.StringValue;
import org.knime.core.node.InvalidSettingsException;
import org.knime.node.parameters.NodeParameters;
import org.knime.node.parameters.NodeParametersInput;
import org.knime.node.parameters.Widget;
import org.knime.node.parameters.layout.After;
import org.knime.node.parameters.layout.HorizontalLayout;
import org.knime.node.parameters.layout.Layout;
import org.knime.node.parameters.layout.Section;
import org.knime.node.parameters.migration.LoadDefaultsForAbsentFields;
import org.knime.node.parameters.widget.choices.ChoicesProvider;
import org.knime.node.parameters.widget.choices.Label;
import org.knime.node.parameters.widget.choices.ValueSwitchWidget;
import org.knime.node.parameters.widget.number.NumberInputWidget;
import org.knime.node.parameters.widget.number.NumberInputWidgetValidation.MinValidation;
import org.scanbridge.imaging.split.Proportions;
import org.scanbridge.knime.util.ColumnGuess.Otherwise;
import org.scanbridge.knime.util.ColumnGuess;
import org.scanbridge.knime.util.ColumnGuesses;
import org.scanbridge.knime.util.RefusedSetting;
import org.scanbridge.knime.util.StudyTable;
import org.scanbridge.knime.util.TextColumns;

/** Settings of {@link SubjectSplitterNodeFactory}. */
@LoadDefaultsForAbsentFields
final class SubjectSplitterParameters implements NodeParameters {

    /** What the three numbers are. */
    enum Unit {
            @Label(value = "Shares", description = "Shares of each site's subjects; they are scaled to add up to 1.")
            SHARES,

            @Label(value = "Subjects per site", description = "Numbers of subjects at each site; a site with more"
                + " subjects puts the rest into training.")
            SUBJECTS
    }

    /** What becomes of a subject that has images from several sites. */
    enum Travelers {
            @Label(value = "Keep together", description = "All its images go to one part, as they must if the same person"
                + " traveled. It is placed with the first of its sites; a warning counts such subjects, because an id that"
                + " two hospitals gave to two people looks the same.")
            KEEP_TOGETHER,

            @Label(value = "Stop", description = "For studies in which nobody traveled, so that it means two people with"
                + " one id.")
            STOP
    }

    @Section(title = "Columns")
    interface InputColumns {
    }

    @Section(title = "Split")
    @After(InputColumns.class)
    interface Split {

        @HorizontalLayout
        interface Sizes {
        }

        @After(Sizes.class)
        interface BelowSizes {
        }
    }

    @Layout(InputColumns.class)
    @Widget(title = "Subject column", description = "All rows of a subject go to the same part."
        + " Blank: \"Subject\".")
    @ChoicesProvider(TextColumns.class)
    @ColumnGuess(type = StringValue.class, names = StudyTable.SUBJECT, otherwise = Otherwise.NONE)
    String m_subjectColumn = StudyTable.SUBJECT;

    @Layout(InputColumns.class)
    @Widget(title = "Site column", description = "Each site is divided in the same proportions, so that no part lacks a"
        + " site."
        + " Blank: \"Site\".")
    @ChoicesProvider(TextColumns.class)
    @ColumnGuess(type = StringValue.class, names = StudyTable.SITE, otherwise = Otherwise.NONE)
    String m_siteColumn = StudyTable.SITE;

    @Layout(Split.class)
    @Widget(title = "Sizes are", description = "Whether the sizes below are shares or numbers of subjects.")
    @ValueSwitchWidget
    Unit m_unit = Unit.SHARES;

    @Layout(Split.Sizes.class)
    @Widget(title = "Training", description = "Size of the part that models are trained on. The default of 0.6 leaves"
        + " enough to choose between models and to test them.")
    @NumberInputWidget(minValidation = MinValidation.IsNonNegativeValidation.class)
    double m_training = 0.6;

    @Layout(Split.Sizes.class)
    @Widget(title = "Validation", description = "Size of the part that chooses between models and steps, and is never"
        + " trained on.")
    @NumberInputWidget(minValidation = MinValidation.IsNonNegativeValidation.class)
    double m_validation = 0.2;

    @Layout(Split.Sizes.class)
    @Widget(title = "Test", description = "Size of the part that is looked at once, at the end.")
    @NumberInputWidget(minValidation = MinValidation.IsNonNegativeValidation.class)
    double m_test = 0.2;

    @Layout(Split.BelowSizes.class)
    @Widget(title = "A subject at several sites", description = "What happens to a subject with images from more than one"
        + " site.")
    Travelers m_travelers = Travelers.KEEP_TOGETHER;

    @Layout(Split.BelowSizes.class)
    @Widget(title = "Folds", description = "For cross-validation: divides the training subjects into so many folds, each site"
        + " evenly, and appends the column \"Fold\" (1, 2, …; missing in validation and test). The Segmentation Learner trains"
        + " one network for each fold, without it. 0, the default: no folds; 5 is usual. With the sizes of validation and test"
        + " set to 0, every subject is in a fold.")
    @NumberInputWidget(minValidation = MinValidation.IsNonNegativeValidation.class)
    int m_folds;

    @Layout(Split.BelowSizes.class)
    @Widget(title = "Seed", description = "Which of the possible splits is taken. The same subjects and seed give the"
        + " same split, in whatever order the rows come.")
    long m_seed = 1;

    /** Defaults for a node without input. */
    SubjectSplitterParameters() {
        // the initial values
    }

    /** Defaults that fit the input table. */
    SubjectSplitterParameters(final NodeParametersInput input) {
        ColumnGuesses.defaults(this, input);
    }

    /** The sizes in the algorithm's terms. */
    Proportions proportions() {
        return new Proportions(m_training, m_validation, m_test, m_unit == Unit.SUBJECTS);
    }

    @Override
    public void validate() throws InvalidSettingsException {
        RefusedSetting.named(this, SubjectSplitterParameters::check);
    }

    private void check() throws InvalidSettingsException {
        if (m_folds < 0 || m_folds == 1) {
            throw new InvalidSettingsException(
                "\"Folds\" is " + m_folds + "; choose 2 or more, or 0 for no cross-validation.");
        }
        try {
            proportions();
        } catch (final IllegalArgumentException e) {
            throw new InvalidSettingsException("The sizes of the parts do not fit: " + e.getMessage() + ".", e);
        }
    }
}

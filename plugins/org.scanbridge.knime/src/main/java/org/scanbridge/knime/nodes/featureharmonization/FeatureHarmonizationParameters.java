package org.scanbridge.knime.nodes.featureharmonization;

import java.util.List;

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
import org.knime.node.parameters.widget.choices.SuggestionsProvider;
import org.knime.node.parameters.widget.message.TextMessage;
import org.knime.node.parameters.widget.number.NumberInputWidget;
import org.knime.node.parameters.widget.number.NumberInputWidgetValidation.MinValidation.IsNonNegativeValidation;
import org.knime.node.parameters.widget.number.NumberInputWidgetValidation.MinValidation.IsPositiveIntegerValidation;
import org.knime.node.parameters.widget.text.TextInputWidget;
import org.scanbridge.imaging.harmonize.Priors;
import org.scanbridge.knime.util.ColumnGuess;
import org.scanbridge.knime.util.ColumnGuess.Otherwise;
import org.scanbridge.knime.util.ColumnGuesses;
import org.scanbridge.knime.util.KnownSites;
import org.scanbridge.knime.util.KnownSitesNote;
import org.scanbridge.knime.util.NameLists;
import org.scanbridge.knime.util.SiteColumn;
import org.scanbridge.knime.util.StudyTable;
import org.scanbridge.knime.util.TextColumns;

/** Settings of {@link FeatureHarmonizationNodeFactory}. */
@LoadDefaultsForAbsentFields
final class FeatureHarmonizationParameters implements NodeParameters {

    private static final int MOST_FOLDS = 100;

    private static final int MOST_PERMUTATIONS = 100_000;

    /** What is assumed of the effects of a site. */
    enum PriorChoice {
            @Label(value = "Parametric", description = "Empirical Bayes: shifts of a site are normal, ratios of variances inverse gamma"
                + " distributed. The usual choice.")
            PARAMETRIC,

            @Label(value = "Non-parametric", description = "Empirical Bayes with the distributions as they are found in the other"
                + " features; for many features, 20 or more, whose effects are distributed otherwise. A feature gets what a site does to"
                + " the others only, as in the published method, so with few features differences between sites may even grow.")
            NON_PARAMETRIC,

            @Label(value = "None", description = "Each feature by itself, without empirical Bayes: for a single feature, or for"
                + " features that have nothing in common and many rows.")
            NONE
    }

    static final class HasTestReference implements ParameterReference<Boolean> {
    }

    static final class HasTest implements EffectPredicateProvider {
        @Override
        public EffectPredicate init(final PredicateInitializer i) {
            return i.getBoolean(HasTestReference.class).isTrue();
        }
    }

    @Section(title = "Columns")
    interface InputColumns {
    }

    @Section(title = "Harmonization")
    @After(InputColumns.class)
    interface Harmonization {
    }

    @Section(title = "Site test")
    @After(Harmonization.class)
    interface SiteTest {
    }

    @Section(title = "Output")
    @After(SiteTest.class)
    interface Output {
    }

    @Layout(InputColumns.class)
    @Widget(title = "Site column", description = "Says which scanner or hospital a row comes from. Blank: \"Site\".")
    @ChoicesProvider(TextColumns.class)
    @ColumnGuess(type = StringValue.class, names = StudyTable.SITE, otherwise = Otherwise.NONE)
    @ValueReference(SiteColumn.class)
    String m_siteColumn = "";

    @Layout(InputColumns.class)
    @TextMessage(KnownSitesNote.class)
    Void m_knownSites;

    @Layout(InputColumns.class)
    @Widget(title = "Features", description = "Names of the number columns that are harmonized, separated by commas; a column whose name has"
        + " a comma must be renamed first, with the Column Renamer. Blank: all number columns but the covariates. Not read where"
        + " a model is connected, which knows its features.")
    @TextInputWidget(placeholder = "(all number columns but the covariates)")
    @SuggestionsProvider(FeatureSuggestions.OfFeatures.class)
    @ValueReference(FeatureSuggestions.Features.class)
    String m_features = "";

    @Layout(InputColumns.class)
    @Widget(title = "Covariates", description = "Names of the columns whose effect on the features is kept, separated by commas; a column whose"
        + " name has a comma must be renamed first, with the Column Renamer. A number, such as an age, has a linear effect; a text, such as a sex or a diagnosis, has one for each value. Numbers that stand"
        + " for groups must be made texts first, with the Number to String node. Blank: none. Not read where a model is"
        + " connected.")
    @TextInputWidget(placeholder = "(none)")
    @SuggestionsProvider(FeatureSuggestions.OfCovariates.class)
    @ValueReference(FeatureSuggestions.Covariates.class)
    String m_covariates = "";

    @Layout(Harmonization.class)
    @Widget(title = "Priors", description = "What is assumed of the effects of a site, so that few rows say enough.")
    PriorChoice m_priors = PriorChoice.PARAMETRIC;

    @Layout(Harmonization.class)
    @Widget(title = "Reference site", description = "The site to whose scale all others are brought; its own rows stay as they are. Blank,"
        + " the default: the mean of all sites, weighted by their rows.")
    @TextInputWidget(placeholder = "(mean of all)")
    @SuggestionsProvider(KnownSites.class)
    String m_referenceSite = "";

    @Layout(SiteTest.class)
    @Widget(title = "Test whether sites can be told", description = "Fills the third output.")
    @ValueReference(HasTestReference.class)
    boolean m_siteTest = true;

    @Layout(SiteTest.class)
    @Widget(title = "Subject column", description = "Subjects are kept together in the folds. Blank: \"Subject\"; without such a"
        + " column, every row counts as a subject of its own.")
    @ChoicesProvider(TextColumns.class)
    @ColumnGuess(type = StringValue.class, names = StudyTable.SUBJECT, otherwise = Otherwise.NONE)
    @Effect(predicate = HasTest.class, type = EffectType.SHOW)
    String m_subjectColumn = "";

    @Layout(SiteTest.class)
    @Widget(title = "Folds", description = "Of the cross-validation, 2 to 100.")
    @NumberInputWidget(minValidation = IsPositiveIntegerValidation.class)
    @Effect(predicate = HasTest.class, type = EffectType.SHOW)
    int m_folds = 5;

    @Layout(SiteTest.class)
    @Widget(title = "Permutations", description = "How many times sites are dealt anew for the p-value, which is at least one over this"
        + " number plus one; 0 for none, at most 100000. Each trains a forest for every fold.")
    @NumberInputWidget(minValidation = IsNonNegativeValidation.class)
    @Effect(predicate = HasTest.class, type = EffectType.SHOW)
    int m_permutations = 199;

    @Layout(SiteTest.class)
    @Widget(title = "Seed", description = "Decides over folds, forests and permutations; the same seed gives the same results.")
    @Effect(predicate = HasTest.class, type = EffectType.SHOW)
    long m_seed = 1;

    @Layout(Output.class)
    @Widget(title = "Keep the original features", description = "Puts the harmonized features behind the original columns, with"
        + " \"harmonized\" behind their names, instead of in their place.")
    boolean m_keepOriginals;

    FeatureHarmonizationParameters() {
        // for KNIME
    }

    FeatureHarmonizationParameters(final NodeParametersInput input) {
        ColumnGuesses.defaults(this, input);
    }

    List<String> features() {
        return NameLists.names(m_features);
    }

    List<String> covariates() {
        return NameLists.names(m_covariates);
    }

    Priors priors() {
        return Priors.valueOf(m_priors.name());
    }

    /** Empty for none. */
    String reference() {
        return m_referenceSite == null ? "" : m_referenceSite.strip();
    }

    @Override
    public void validate() throws InvalidSettingsException {
        requireOnce("Features", features());
        requireOnce("Covariates", covariates());
        for (final String covariate : covariates()) {
            if (features().contains(covariate)) {
                throw new InvalidSettingsException("Column \"" + covariate + "\" is named in \"Features\" and in \"Covariates\". What is"
                    + " harmonized cannot be kept at the same time: name it in one of them.");
            }
        }
        if (m_folds < 2 || m_folds > MOST_FOLDS) {
            throw new InvalidSettingsException("\"Folds\" is " + m_folds + ". Give a number from 2 to 100, such as 5.");
        }
        if (m_permutations < 0 || m_permutations > MOST_PERMUTATIONS) {
            throw new InvalidSettingsException("\"Permutations\" is " + m_permutations + ". Give a number from 0 to 100000, such as"
                + " 199.");
        }
    }

    private static void requireOnce(final String setting, final List<String> names) throws InvalidSettingsException {
        if (names.stream().distinct().count() < names.size()) {
            throw new InvalidSettingsException("\"" + setting + "\" names a column twice: " + String.join(", ", names)
                + ". Name each once.");
        }
    }
}

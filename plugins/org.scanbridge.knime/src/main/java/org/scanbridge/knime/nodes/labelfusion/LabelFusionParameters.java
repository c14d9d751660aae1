package org.scanbridge.knime.nodes.labelfusion;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import org.knime.core.data.DataTableSpec;
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
import org.knime.node.parameters.widget.text.TextInputWidget;
import org.scanbridge.knime.data.LabelVolumeValue;
import org.scanbridge.knime.util.ClassListSuggestions;
import org.scanbridge.knime.util.ColumnGuess;
import org.scanbridge.knime.util.ColumnGuesses;
import org.scanbridge.knime.util.Columns;
import org.scanbridge.knime.util.KnownClassesNote;
import org.scanbridge.knime.util.LabelColumns;
import org.scanbridge.knime.util.NameLists;
import org.scanbridge.knime.util.NotAnnotated;
import org.scanbridge.knime.util.ProbabilityColumns;
import org.scanbridge.knime.util.StudyTable;

/** Settings of {@link LabelFusionNodeFactory}. */
@LoadDefaultsForAbsentFields
final class LabelFusionParameters implements NodeParameters {

    /** Stands for all classes. */
    private static final String ALL = "*";

    /** How columns are fused. */
    enum Method {
            @Label(value = "Majority vote", description = "The class that most columns have. Of classes with the same number of"
                + " votes the one wins that the earliest of the columns has, so put the column you trust most first.")
            MAJORITY,

            @Label(value = "STAPLE", description = "Finds out which rater is how good (Warfield et al., 2004).")
            STAPLE,

            @Label(value = "Mean of probabilities", description = "The class with the largest mean probability.")
            MEAN,

            @Label(value = "Product of probabilities", description = "The class with the largest weighted geometric mean of"
                + " probabilities; a probability below 0.001 counts as 0.001.")
            PRODUCT,

            @Label(value = "The column that agrees most with the first", description = "For each image one of the further columns as"
                + " it is: that with the largest mean Dice coefficient with the first column, which is the reference, for instance"
                + " an atlas's, over the classes that the first column has in the image.")
            BEST
    }

    static final class MethodReference implements ParameterReference<Method> {
    }

    static final class HasWeights implements EffectPredicateProvider {
        @Override
        public EffectPredicate init(final PredicateInitializer i) {
            return i.getEnum(MethodReference.class).isOneOf(Method.STAPLE, Method.BEST).negate();
        }
    }

    @Section(title = "Columns")
    interface InputColumns {
    }

    @Section(title = "Fusion")
    @After(InputColumns.class)
    interface Fusion {
    }

    @Section(title = "Output")
    @After(Fusion.class)
    interface Output {
    }

    @Layout(InputColumns.class)
    @Widget(title = "First column", description = "The first of the segmentations; it decides where votes are equal, and is the reference for"
        + " \"The column that agrees most with the first\". Blank:"
        + " \"Segmentation\", else the first segmentation column.")
    @ChoicesProvider(LabelColumns.class)
    @ColumnGuess(type = LabelVolumeValue.class, names = StudyTable.SEGMENTATION)
    @ValueReference(FusionSuggestions.First.class)
    String m_firstColumn = "";

    @Layout(InputColumns.class)
    @TextMessage(KnownClassesNote.class)
    Void m_knownClasses;

    @Layout(InputColumns.class)
    @Widget(title = "Further columns", description = "Names of the other segmentation columns, separated by commas; a column"
        + " whose name has a comma must be renamed first, with the Column Renamer. Blank: all other segmentation columns of"
        + " the table.")
    @TextInputWidget(placeholder = "(all others)")
    @SuggestionsProvider(FusionSuggestions.FurtherColumns.class)
    @ValueReference(FusionSuggestions.Further.class)
    String m_furtherColumns = "";

    @Layout(InputColumns.class)
    @Widget(title = NotAnnotated.TITLE, description = "Names or label values, separated by commas, of classes that only say that"
        + " nobody looked there: a column has no vote there. Give a class whose name has a comma by its label"
        + " value. Blank, the default: every class is one.")
    @TextInputWidget(placeholder = "(every class is one)")
    @SuggestionsProvider(ClassListSuggestions.OfNotAnnotated.class)
    @ValueReference(ClassListSuggestions.OfNotAnnotated.Setting.class)
    String m_notAnnotated = "";

    @Layout(Fusion.class)
    @Widget(title = "Method", description = "How one segmentation is made of several.")
    @ValueReference(MethodReference.class)
    Method m_method = Method.MAJORITY;

    @Layout(Fusion.class)
    @Widget(title = "Weights", description = "A number above 0 for each column, in their order, separated by commas, such as"
        + " <tt>2, 1, 1</tt>; where a column is missing, the others' weights count. Blank: all alike.")
    @TextInputWidget(placeholder = "(all alike)")
    @Effect(predicate = HasWeights.class, type = EffectType.SHOW)
    String m_weights = "";

    @Layout(Output.class)
    @Widget(title = "Name of the new column", description = "Name of the column with the fused segmentations.")
    @TextInputWidget(placeholder = "Consensus")
    String m_outputColumn = "Consensus";

    @Layout(Output.class)
    @Widget(title = "Append probabilities of", description = "Names or label values of classes, separated by commas; 0 is the"
        + " background. Name each once; give a class whose name has a comma by its label value."
        + " Each gets an image of its probability: the share of votes, STAPLE's estimate, the pooled probability, or that of"
        + " the column that was taken. An asterisk, <tt>*</tt>, stands for all classes of which one of the fused columns has"
        + " probabilities. Blank: none.")
    @TextInputWidget(placeholder = "(none)")
    @SuggestionsProvider(FusionSuggestions.Classes.class)
    @ValueReference(FusionSuggestions.Probabilities.class)
    String m_probabilities = "";

    LabelFusionParameters() {
        // for KNIME
    }

    LabelFusionParameters(final NodeParametersInput input) {
        ColumnGuesses.defaults(this, input);
    }

    /** All columns, the first one first. */
    List<String> columns(final DataTableSpec spec) {
        final List<String> columns = new ArrayList<>();
        columns.add(m_firstColumn);
        final List<String> named = NameLists.names(m_furtherColumns);
        for (final String column : named.isEmpty() ? Columns.names(spec, LabelVolumeValue.class) : named) {
            if (!named.isEmpty() || !column.equals(m_firstColumn)) {
                columns.add(column);
            }
        }
        return columns;
    }

    /**
     * The classes whose probabilities are appended, each once; the background as 0.
     *
     * @param columns the fused ones
     * @throws InvalidSettingsException if all are asked for, and no column has any
     */
    List<String> probabilities(final DataTableSpec spec, final List<String> columns) throws InvalidSettingsException {
        final List<String> named = NameLists.names(m_probabilities);
        final List<String> known = named.contains(ALL) ? withProbabilities(spec, columns) : List.of();
        if (named.contains(ALL) && known.isEmpty()) {
            throw new InvalidSettingsException("\"Append probabilities of\" asks for all (*), but the table has no probabilities of "
                + String.join(", ", columns) + ", in columns such as \""
                + ProbabilityColumns.name(columns.get(0), "liver") + "\". Switch on \"Probabilities\""
                + " in the node that appended them, or name the classes.");
        }
        final List<String> classes = new ArrayList<>();
        for (final String part : named) {
            for (final String wanted : part.equals(ALL) ? known : List.of(part)) {
                final String name = wanted.equalsIgnoreCase(ProbabilityColumns.BACKGROUND) || wanted.matches("0+") ? "0" : wanted;
                if (classes.stream().noneMatch(name::equalsIgnoreCase)) {
                    classes.add(name);
                }
            }
        }
        return classes;
    }

    /** The classes of which one of the columns has probabilities, in the order of the table. */
    private static List<String> withProbabilities(final DataTableSpec spec, final List<String> columns) {
        return columns.stream().flatMap(column -> ProbabilityColumns.of(spec, column).entrySet().stream())
            .sorted(Map.Entry.comparingByValue()).map(Map.Entry::getKey).toList();
    }

    private boolean hasWeights() {
        return m_method != Method.STAPLE && m_method != Method.BEST;
    }

    /**
     * @param columns how many columns there are
     * @throws InvalidSettingsException if there is not a number above 0 for each column
     */
    double[] weights(final int columns) throws InvalidSettingsException {
        final List<String> texts = hasWeights() ? NameLists.names(m_weights) : List.of();
        final double[] weights = new double[texts.isEmpty() ? columns : texts.size()];
        for (int w = 0; w < weights.length; w++) {
            weights[w] = texts.isEmpty() ? 1 : weight(texts.get(w));
        }
        if (weights.length != columns) {
            throw new InvalidSettingsException("\"Weights\" has " + weights.length + " numbers for " + columns
                + " columns. Give one for each column, in their order, or leave it blank.");
        }
        return weights;
    }

    private static double weight(final String text) throws InvalidSettingsException {
        try {
            final double weight = Double.parseDouble(text);
            if (weight > 0 && weight < Double.POSITIVE_INFINITY) {
                return weight;
            }
        } catch (final NumberFormatException e) {
            // said below
        }
        throw new InvalidSettingsException("The weight \"" + text + "\" is no number above 0. Give numbers separated by commas,"
            + " such as 2, 1, 1.");
    }

    @Override
    public void validate() throws InvalidSettingsException {
        NotAnnotated.of(m_notAnnotated);
        weights(!hasWeights() || NameLists.names(m_weights).isEmpty() ? 1 : NameLists.names(m_weights).size());
        if (m_outputColumn == null || m_outputColumn.isBlank()) {
            throw new InvalidSettingsException("\"Name of the new column\" is blank. Enter a name, such as Consensus.");
        }
        final List<String> named = new ArrayList<>(NameLists.names(m_furtherColumns));
        named.add(m_firstColumn);
        if (named.stream().distinct().count() < named.size()) {
            throw new InvalidSettingsException("\"Further columns\" names a column twice, or the first column: "
                + String.join(", ", NameLists.names(m_furtherColumns)) + ".");
        }
        final List<String> classes = NameLists.names(m_probabilities);
        if (classes.stream().distinct().count() < classes.size()) {
            throw new InvalidSettingsException("\"Append probabilities of\" names a class twice: "
                + String.join(", ", classes) + ". Name each once.");
        }
    }
}

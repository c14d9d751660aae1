package org.scanbridge.knime.nodes.networkaverage;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

import org.knime.core.node.InvalidSettingsException;
import org.knime.node.parameters.NodeParameters;
import org.knime.node.parameters.Widget;
import org.knime.node.parameters.migration.LoadDefaultsForAbsentFields;
import org.knime.node.parameters.updates.Effect;
import org.knime.node.parameters.updates.Effect.EffectType;
import org.knime.node.parameters.updates.EffectPredicate;
import org.knime.node.parameters.updates.EffectPredicateProvider;
import org.knime.node.parameters.updates.ParameterReference;
import org.knime.node.parameters.updates.ValueReference;
import org.knime.node.parameters.widget.choices.Label;
import org.knime.node.parameters.widget.number.NumberInputWidget;
import org.knime.node.parameters.widget.number.NumberInputWidgetValidation.MaxValidation;
import org.knime.node.parameters.widget.number.NumberInputWidgetValidation.MinValidation.IsNonNegativeValidation;
import org.knime.node.parameters.widget.number.NumberInputWidgetValidation.MinValidation.IsPositiveIntegerValidation;
import org.knime.node.parameters.widget.text.TextInputWidget;
import org.scanbridge.knime.util.NameLists;
import org.scanbridge.learning.architecture.Norm;
import org.scanbridge.learning.network.NormRule;

/** Settings of {@link NetworkAverageNodeFactory}. */
@LoadDefaultsForAbsentFields
final class NetworkAverageParameters implements NodeParameters {

    /** How much each network counts. */
    enum Weighting {
            @Label(value = "By training cases", description = "Each network counts as many times as it had training cases, which"
                + " its file says: federated averaging (McMahan et al., 2017).")
            CASES,

            @Label(value = "Equally", description = "All networks count alike, so that a small site has as much say as a large"
                + " one.")
            EQUAL,

            @Label(value = "Given weights", description = "Each network counts as \"Weights\" says.")
            GIVEN,

            @Label(value = "Interpolation", description = "Between two networks, the second of which was adapted from the first"
                + " (Wortsman et al., 2022): keeps more of what the first one can do.")
            INTERPOLATION
    }

    /** What becomes of the norms. */
    enum Norms {
            @Label(value = "Averaged", description = "Like all other weights, running statistics as well.")
            AVERAGED,

            @Label(value = "Statistics kept", description = "One network keeps its running means and variances; only batch"
                + " normalization has any (Andreux et al., 2020).")
            STATISTICS_KEPT,

            @Label(value = "Norms kept", description = "One network keeps scale, shift and statistics of its norms, so that the"
                + " result is for its site (FedBN: Li et al., 2021).")
            KEPT
    }

    private static final class WeightingReference implements ParameterReference<Weighting> {
    }

    private static final class NormsReference implements ParameterReference<Norms> {
    }

    private static final class IsGiven implements EffectPredicateProvider {
        @Override
        public EffectPredicate init(final PredicateInitializer i) {
            return i.getEnum(WeightingReference.class).isOneOf(Weighting.GIVEN);
        }
    }

    private static final class IsInterpolation implements EffectPredicateProvider {
        @Override
        public EffectPredicate init(final PredicateInitializer i) {
            return i.getEnum(WeightingReference.class).isOneOf(Weighting.INTERPOLATION);
        }
    }

    private static final class AreAveraged implements EffectPredicateProvider {
        @Override
        public EffectPredicate init(final PredicateInitializer i) {
            return i.getEnum(NormsReference.class).isOneOf(Norms.AVERAGED);
        }
    }

    static final class One extends MaxValidation {
        @Override
        public double getMax() {
            return 1;
        }
    }

    @Widget(title = "Weighting", description = "How much each network counts.")
    @ValueReference(WeightingReference.class)
    Weighting m_weighting = Weighting.CASES;

    @Widget(title = "Weights", description = "A number from 0 on for each network, in the order of the ports, separated by commas,"
        + " such as <tt>3, 1, 1</tt>; an ensemble takes one number for each of its networks. Only their ratios matter.")
    @TextInputWidget(placeholder = "3, 1, 1")
    @Effect(predicate = IsGiven.class, type = EffectType.SHOW)
    String m_weights = "";

    @Widget(title = "Share of the second network", description = "α of (1 − α) · first + α · second: 0 gives the first network,"
        + " 1 the second. One half is what its authors recommend where nothing can be tried.")
    @NumberInputWidget(minValidation = IsNonNegativeValidation.class, maxValidation = One.class)
    @Effect(predicate = IsInterpolation.class, type = EffectType.SHOW)
    double m_alpha = 0.5;

    @Widget(title = "Norms", description = "What becomes of the normalization of features.", advanced = true)
    @ValueReference(NormsReference.class)
    Norms m_norms = Norms.AVERAGED;

    @Widget(title = "Network that keeps its norms", description = "The number of the network, counted from 1 in the order of the"
        + " ports; an ensemble counts as many as it has networks.", advanced = true)
    @NumberInputWidget(minValidation = IsPositiveIntegerValidation.class)
    @Effect(predicate = AreAveraged.class, type = EffectType.HIDE)
    int m_keeper = 1;

    /** The rule of the algorithm. */
    NormRule norms() {
        return NormRule.valueOf(m_norms.name());
    }

    /**
     * Checks the networks against the settings.
     *
     * @param networks how many there are
     * @param norm how they normalize features
     * @throws InvalidSettingsException if they do not fit
     */
    void check(final int networks, final Norm norm) throws InvalidSettingsException {
        if (m_norms == Norms.STATISTICS_KEPT && norm != Norm.BATCH) {
            throw new InvalidSettingsException("\"Norms\" is \"Statistics kept\", but the networks have "
                + norm.name().toLowerCase(Locale.ROOT) + " normalization, which has no statistics. Choose \"Norms kept\" or"
                + " \"Averaged\".");
        }
        if (m_weighting == Weighting.INTERPOLATION && networks != 2) {
            throw new InvalidSettingsException("\"Interpolation\" is between two networks, but " + networks + " are connected."
                + " Connect the source network first and the adapted one second, or choose another \"Weighting\".");
        }
        if (m_weighting == Weighting.GIVEN && weights().size() != networks) {
            throw new InvalidSettingsException("\"Weights\" has " + weights().size() + " numbers (" + m_weights + "), but "
                + networks + " networks are connected. Give one number per network.");
        }
        if (m_norms != Norms.AVERAGED && m_keeper > networks) {
            throw new InvalidSettingsException("\"Network that keeps its norms\" is " + m_keeper + ", but " + networks
                + " networks are connected. Choose 1 to " + networks + '.');
        }
    }

    /** The numbers of "Weights". */
    List<Double> weights() throws InvalidSettingsException {
        final List<Double> weights = new ArrayList<>();
        for (final String text : NameLists.names(m_weights == null ? "" : m_weights)) {
            weights.add(weight(text));
        }
        return weights;
    }

    private static double weight(final String text) throws InvalidSettingsException {
        try {
            final double weight = Double.parseDouble(text);
            if (weight == 0 || weight >= 1e-9 && weight <= 1e9) {
                return weight;
            }
        } catch (final NumberFormatException e) {
            // said below
        }
        throw new InvalidSettingsException("\"Weights\" has \"" + text + "\"; give a number, 0 or from 1e-9 to 1e9, with a point"
            + " before decimals, for each network, separated by commas.");
    }

    @Override
    public void validate() throws InvalidSettingsException {
        if (!(m_alpha >= 0 && m_alpha <= 1)) {
            throw new InvalidSettingsException("\"Share of the second network\" is " + m_alpha + "; give a number from 0 to 1.");
        }
        if (m_keeper < 1) {
            throw new InvalidSettingsException("\"Network that keeps its norms\" is " + m_keeper + "; networks count from 1.");
        }
        if (m_weighting == Weighting.GIVEN) {
            final List<Double> weights = weights();
            if (!weights.isEmpty() && weights.stream().allMatch(w -> w == 0)) {
                throw new InvalidSettingsException("\"Weights\" are all 0 (" + m_weights + "). Give at least one more than 0.");
            }
        }
    }
}

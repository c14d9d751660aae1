package org.scanbridge.knime.nodes.volumenormalizer;

import org.knime.core.node.InvalidSettingsException;
import org.knime.node.parameters.NodeParameters;
import org.knime.node.parameters.Widget;
import org.knime.node.parameters.migration.LoadDefaultsForAbsentFields;
import org.knime.node.parameters.updates.Effect;
import org.knime.node.parameters.updates.Effect.EffectType;
import org.knime.node.parameters.widget.number.NumberInputWidget;
import org.knime.node.parameters.widget.number.NumberInputWidgetValidation.MaxValidation;
import org.knime.node.parameters.widget.number.NumberInputWidgetValidation.MinValidation;
import org.scanbridge.imaging.normalize.Foreground;
import org.scanbridge.imaging.normalize.PolynomialBiasCorrection;
import org.scanbridge.knime.nodes.volumenormalizer.VolumeNormalizerParameters.IsBiasField;

/** How a brightness field is estimated. */
@LoadDefaultsForAbsentFields
final class BiasFieldParameters implements NodeParameters {

    @Widget(title = "Order of the field", description = "Degree of the polynomial, 1 to 5. The default of 3 follows the"
        + " field of a head coil; a higher one begins to follow the anatomy.")
    @Effect(predicate = IsBiasField.class, type = EffectType.SHOW)
    @NumberInputWidget(minValidation = MinValidation.IsPositiveIntegerValidation.class,
        maxValidation = MostOrder.class)
    int m_order = PolynomialBiasCorrection.DEFAULT.order();

    @Widget(title = "Intensity classes", description = "Into how many classes intensities are sorted, 1 to 10. The"
        + " default of 3 fits the brain: fluid, gray and white matter.")
    @Effect(predicate = IsBiasField.class, type = EffectType.SHOW)
    @NumberInputWidget(minValidation = MinValidation.IsPositiveIntegerValidation.class,
        maxValidation = MostClasses.class)
    int m_classes = PolynomialBiasCorrection.DEFAULT.classes();

    @Widget(title = "Rounds", description = "How often classes and field are estimated in turn, 1 to 100. The default"
        + " is 10; the field hardly changes after that.", advanced = true)
    @Effect(predicate = IsBiasField.class, type = EffectType.SHOW)
    @NumberInputWidget(minValidation = MinValidation.IsPositiveIntegerValidation.class,
        maxValidation = MostRounds.class)
    int m_rounds = PolynomialBiasCorrection.DEFAULT.iterations();

    static final class MostOrder extends MaxValidation {
        @Override
        protected double getMax() {
            return 5;
        }
    }

    static final class MostClasses extends MaxValidation {
        @Override
        protected double getMax() {
            return 10;
        }
    }

    static final class MostRounds extends MaxValidation {
        @Override
        protected double getMax() {
            return 100;
        }
    }

    /** @throws IllegalArgumentException if a number is out of range */
    PolynomialBiasCorrection correction(final Foreground foreground) {
        return new PolynomialBiasCorrection(foreground, m_order, m_classes, m_rounds);
    }

    String description() {
        return "polynomial of order " + m_order + ", " + m_classes + " classes, " + m_rounds + " rounds";
    }

    @Override
    public void validate() throws InvalidSettingsException {
        try {
            correction(Foreground.ABOVE_ZERO);
        } catch (final IllegalArgumentException e) {
            throw new InvalidSettingsException(e.getMessage() + ".", e);
        }
    }
}

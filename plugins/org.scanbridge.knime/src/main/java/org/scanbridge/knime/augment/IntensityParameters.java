package org.scanbridge.knime.augment;

import java.util.List;

import org.knime.core.node.InvalidSettingsException;
import org.knime.node.parameters.NodeParameters;
import org.knime.node.parameters.Widget;
import org.knime.node.parameters.layout.After;
import org.knime.node.parameters.layout.HorizontalLayout;
import org.knime.node.parameters.layout.Layout;
import org.knime.node.parameters.migration.LoadDefaultsForAbsentFields;
import org.knime.node.parameters.updates.Effect;
import org.knime.node.parameters.updates.Effect.EffectType;
import org.knime.node.parameters.updates.EffectPredicate;
import org.knime.node.parameters.updates.EffectPredicateProvider;
import org.knime.node.parameters.updates.ValueReference;
import org.knime.node.parameters.updates.util.BooleanReference;
import org.knime.node.parameters.widget.number.NumberInputWidget;
import org.knime.node.parameters.widget.number.NumberInputWidgetValidation.MaxValidation;
import org.knime.node.parameters.widget.number.NumberInputWidgetValidation.MinValidation;
import org.scanbridge.imaging.augment.BiasField;
import org.scanbridge.imaging.augment.Brightness;
import org.scanbridge.imaging.augment.Contrast;
import org.scanbridge.imaging.augment.Gamma;
import org.scanbridge.imaging.augment.HistogramShift;
import org.scanbridge.imaging.augment.LinearBiasField;
import org.scanbridge.imaging.augment.Range;

/** What changes the scale of intensities. */
@LoadDefaultsForAbsentFields
public final class IntensityParameters implements NodeParameters {

    /** One block for each augmentation, in which the two ends of a range stand side by side. */
    interface Rows {

        interface Brightness {

            @HorizontalLayout
            interface Range {
            }
        }

        @After(Brightness.class)
        interface Contrast {

            @HorizontalLayout
            interface Range {
            }
        }

        @After(Contrast.class)
        interface Gamma {

            @HorizontalLayout
            interface Range {
            }
        }

        @After(Gamma.class)
        interface HistogramShift {
        }

        @After(HistogramShift.class)
        interface BiasField {
        }

        @After(BiasField.class)
        interface LinearBias {

            @HorizontalLayout
            interface Range {
            }
        }
    }

    static final class BrightnessOn implements BooleanReference {
    }

    static final class IsBrightness implements EffectPredicateProvider {
        @Override
        public EffectPredicate init(final PredicateInitializer i) {
            return Augmenting.and(i, BrightnessOn.class);
        }
    }

    @Layout(Rows.Brightness.class)
    @Widget(title = "Change brightness", description = "Multiplies intensities by a factor.")
    @Effect(predicate = Augmenting.class, type = EffectType.SHOW)
    @ValueReference(BrightnessOn.class)
    boolean m_brightness = true;

    @Layout(Rows.Brightness.class)
    @Widget(title = "Change brightness: how often", description = "Share of the images, 0 to 1.")
    @Effect(predicate = IsBrightness.class, type = EffectType.SHOW)
    @NumberInputWidget(minValidation = MinValidation.IsNonNegativeValidation.class, maxValidation = MostShare.class,
        stepSize = 0.05)
    double m_brightnessProbability = 0.15;

    @Layout(Rows.Brightness.Range.class)
    @Widget(title = "Brightness factor from", description = "Drawn evenly between this and the largest; above 0.")
    @Effect(predicate = IsBrightness.class, type = EffectType.SHOW)
    @NumberInputWidget(minValidation = MinValidation.IsPositiveDoubleValidation.class)
    double m_brightnessMin = 0.75;

    @Layout(Rows.Brightness.Range.class)
    @Widget(title = "Brightness factor to", description = "The upper end of what is drawn; at least the"
        + " smallest.")
    @Effect(predicate = IsBrightness.class, type = EffectType.SHOW)
    @NumberInputWidget(minValidation = MinValidation.IsPositiveDoubleValidation.class)
    double m_brightnessMax = 1.25;

    static final class ContrastOn implements BooleanReference {
    }

    static final class IsContrast implements EffectPredicateProvider {
        @Override
        public EffectPredicate init(final PredicateInitializer i) {
            return Augmenting.and(i, ContrastOn.class);
        }
    }

    @Layout(Rows.Contrast.class)
    @Widget(title = "Change contrast", description = "Spreads or squeezes intensities around their mean, within"
        + " their range.")
    @Effect(predicate = Augmenting.class, type = EffectType.SHOW)
    @ValueReference(ContrastOn.class)
    boolean m_contrast = true;

    @Layout(Rows.Contrast.class)
    @Widget(title = "Change contrast: how often", description = "Share of the images, 0 to 1.")
    @Effect(predicate = IsContrast.class, type = EffectType.SHOW)
    @NumberInputWidget(minValidation = MinValidation.IsNonNegativeValidation.class, maxValidation = MostShare.class,
        stepSize = 0.05)
    double m_contrastProbability = 0.15;

    @Layout(Rows.Contrast.Range.class)
    @Widget(title = "Contrast factor from", description = "Drawn evenly between this and the largest; above 0.")
    @Effect(predicate = IsContrast.class, type = EffectType.SHOW)
    @NumberInputWidget(minValidation = MinValidation.IsPositiveDoubleValidation.class)
    double m_contrastMin = 0.75;

    @Layout(Rows.Contrast.Range.class)
    @Widget(title = "Contrast factor to", description = "The upper end of what is drawn; at least the smallest.")
    @Effect(predicate = IsContrast.class, type = EffectType.SHOW)
    @NumberInputWidget(minValidation = MinValidation.IsPositiveDoubleValidation.class)
    double m_contrastMax = 1.25;

    static final class GammaOn implements BooleanReference {
    }

    static final class IsGamma implements EffectPredicateProvider {
        @Override
        public EffectPredicate init(final PredicateInitializer i) {
            return Augmenting.and(i, GammaOn.class);
        }
    }

    @Layout(Rows.Gamma.class)
    @Widget(title = "Bend the scale (gamma)", description = "Raises intensities to a power, mean and standard"
        + " deviation kept.")
    @Effect(predicate = Augmenting.class, type = EffectType.SHOW)
    @ValueReference(GammaOn.class)
    boolean m_gamma = true;

    @Layout(Rows.Gamma.class)
    @Widget(title = "Bend the scale (gamma): how often", description = "Share of the images, 0 to 1.")
    @Effect(predicate = IsGamma.class, type = EffectType.SHOW)
    @NumberInputWidget(minValidation = MinValidation.IsNonNegativeValidation.class, maxValidation = MostShare.class)
    double m_gammaProbability = 0.3;

    @Layout(Rows.Gamma.Range.class)
    @Widget(title = "Smallest gamma", description = "Exponents are drawn evenly between this and the largest; 0.01"
        + " to 100.")
    @Effect(predicate = IsGamma.class, type = EffectType.SHOW)
    @NumberInputWidget(minValidation = MinValidation.IsPositiveDoubleValidation.class)
    double m_gammaMin = 0.7;

    @Layout(Rows.Gamma.Range.class)
    @Widget(title = "Largest gamma", description = "The upper end of what is drawn; at least the smallest.")
    @Effect(predicate = IsGamma.class, type = EffectType.SHOW)
    @NumberInputWidget(minValidation = MinValidation.IsPositiveDoubleValidation.class)
    double m_gammaMax = 1.5;

    static final class HistogramShiftOn implements BooleanReference {
    }

    static final class IsHistogramShift implements EffectPredicateProvider {
        @Override
        public EffectPredicate init(final PredicateInitializer i) {
            return Augmenting.and(i, HistogramShiftOn.class);
        }
    }

    @Layout(Rows.HistogramShift.class)
    @Widget(title = "Bend the scale at random points", description = "Moves control points of the intensity scale"
        + " between their neighbors. Another protocol with the same order of tissues looks like that.")
    @Effect(predicate = Augmenting.class, type = EffectType.SHOW)
    @ValueReference(HistogramShiftOn.class)
    boolean m_histogramShift;

    @Layout(Rows.HistogramShift.class)
    @Widget(title = "Bend the scale at random points: how often", description = "Share of the images, 0 to 1.")
    @Effect(predicate = IsHistogramShift.class, type = EffectType.SHOW)
    @NumberInputWidget(minValidation = MinValidation.IsNonNegativeValidation.class, maxValidation = MostShare.class,
        stepSize = 0.05)
    double m_histogramShiftProbability = 0.1;

    @Layout(Rows.HistogramShift.class)
    @Widget(title = "Control points of the scale", description = "3 to 100; fewer points bend it more.")
    @Effect(predicate = IsHistogramShift.class, type = EffectType.SHOW)
    @NumberInputWidget(minValidation = LeastScalePoints.class, maxValidation = MostScalePoints.class)
    int m_histogramPoints = 10;

    static final class BiasFieldOn implements BooleanReference {
    }

    static final class IsBiasField implements EffectPredicateProvider {
        @Override
        public EffectPredicate init(final PredicateInitializer i) {
            return Augmenting.and(i, BiasFieldOn.class);
        }
    }

    @Layout(Rows.BiasField.class)
    @Widget(title = "Add a bias field", description = "Multiplies by a smooth field, as coils do: a polynomial of"
        + " order 3.")
    @Effect(predicate = Augmenting.class, type = EffectType.SHOW)
    @ValueReference(BiasFieldOn.class)
    boolean m_biasField = true;

    @Layout(Rows.BiasField.class)
    @Widget(title = "Add a bias field: how often", description = "Share of the images, 0 to 1.")
    @Effect(predicate = IsBiasField.class, type = EffectType.SHOW)
    @NumberInputWidget(minValidation = MinValidation.IsNonNegativeValidation.class, maxValidation = MostShare.class,
        stepSize = 0.05)
    double m_biasFieldProbability = 0.1;

    @Layout(Rows.BiasField.class)
    @Widget(title = "Largest coefficient", description = "Of each term of the polynomial, 0 or more.")
    @Effect(predicate = IsBiasField.class, type = EffectType.SHOW)
    @NumberInputWidget(minValidation = MinValidation.IsNonNegativeValidation.class)
    double m_biasCoefficient = 0.3;

    static final class LinearBiasOn implements BooleanReference {
    }

    static final class IsLinearBias implements EffectPredicateProvider {
        @Override
        public EffectPredicate init(final PredicateInitializer i) {
            return Augmenting.and(i, LinearBiasOn.class);
        }
    }

    @Layout(Rows.LinearBias.class)
    @Widget(title = "Add a linear bias field", description = "Multiplies by ramps along the first two axes, as in"
        + " Delisle et al.")
    @Effect(predicate = Augmenting.class, type = EffectType.SHOW)
    @ValueReference(LinearBiasOn.class)
    boolean m_linearBias;

    @Layout(Rows.LinearBias.class)
    @Widget(title = "Add a linear bias field: how often", description = "Share of the images, 0 to 1.")
    @Effect(predicate = IsLinearBias.class, type = EffectType.SHOW)
    @NumberInputWidget(minValidation = MinValidation.IsNonNegativeValidation.class, maxValidation = MostShare.class)
    double m_linearBiasProbability = 0.33;

    @Layout(Rows.LinearBias.Range.class)
    @Widget(title = "Weakest ramp", description = "Half the relative change over an axis, 0 to 0.99.")
    @Effect(predicate = IsLinearBias.class, type = EffectType.SHOW)
    @NumberInputWidget(minValidation = MinValidation.IsNonNegativeValidation.class, maxValidation = MostRamp.class,
        stepSize = 0.05)
    double m_linearBiasMin = 0.1;

    @Layout(Rows.LinearBias.Range.class)
    @Widget(title = "Strongest ramp", description = "At least the weakest, up to 0.99.")
    @Effect(predicate = IsLinearBias.class, type = EffectType.SHOW)
    @NumberInputWidget(minValidation = MinValidation.IsNonNegativeValidation.class, maxValidation = MostRamp.class)
    double m_linearBiasMax = 0.9;

    static final class LeastScalePoints extends MinValidation {
        @Override
        protected double getMin() {
            return 3;
        }
    }

    static final class MostRamp extends MaxValidation {
        @Override
        protected double getMax() {
            return 0.99;
        }
    }

    static final class MostScalePoints extends MaxValidation {
        @Override
        protected double getMax() {
            return 100;
        }
    }

    static final class MostShare extends MaxValidation {
        @Override
        protected double getMax() {
            return 1;
        }
    }

    /** The steps in the order in which they are applied. */
    List<Step> steps() {
        return List.of(Step.of("Change brightness", m_brightness, m_brightnessProbability, () -> new Brightness(new Range(m_brightnessMin, m_brightnessMax))),
            Step.of("Change contrast", m_contrast, m_contrastProbability, () -> new Contrast(new Range(m_contrastMin, m_contrastMax))),
            Step.of("Bend the scale (gamma)", m_gamma, m_gammaProbability, () -> new Gamma(new Range(m_gammaMin, m_gammaMax))),
            Step.of("Bend the scale at random points", m_histogramShift, m_histogramShiftProbability, () -> new HistogramShift(m_histogramPoints)),
            Step.of("Add a bias field", m_biasField, m_biasFieldProbability, () -> new BiasField(Range.symmetric(m_biasCoefficient))),
            Step.of("Add a linear bias field", m_linearBias, m_linearBiasProbability, () -> new LinearBiasField(new Range(m_linearBiasMin, m_linearBiasMax))));
    }

    /** Checks also what is switched off, so that switching it on later brings no surprise. */
    @Override
    public void validate() throws InvalidSettingsException {
        Augmenting.check(steps());
    }
}

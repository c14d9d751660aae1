package org.scanbridge.knime.augment;

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
import org.scanbridge.imaging.augment.Range;
import org.scanbridge.imaging.augment.SpatialAugmentation;

/** What moves: image and segmentation alike. */
@LoadDefaultsForAbsentFields
public final class SpatialParameters implements NodeParameters {

    /** One block for each augmentation, in which the two ends of a range stand side by side. */
    interface Rows {

        interface Affine {

            @HorizontalLayout
            interface Scale {
            }
        }

        @After(Affine.class)
        interface Elastic {
        }
    }

    static final class AffineOn implements BooleanReference {
    }

    static final class IsAffine implements EffectPredicateProvider {
        @Override
        public EffectPredicate init(final PredicateInitializer i) {
            return Augmenting.and(i, AffineOn.class);
        }
    }

    @Layout(Rows.Affine.class)
    @Widget(title = "Rotate, scale and shift", description = "Turns, zooms, shifts and shears image and segmentation"
        + " together.")
    @Effect(predicate = Augmenting.class, type = EffectType.SHOW)
    @ValueReference(AffineOn.class)
    boolean m_affine = true;

    @Layout(Rows.Affine.class)
    @Widget(title = "Rotate, scale and shift: how often", description = "Share of the images, 0 to 1.")
    @Effect(predicate = IsAffine.class, type = EffectType.SHOW)
    @NumberInputWidget(minValidation = MinValidation.IsNonNegativeValidation.class, maxValidation = MostShare.class)
    double m_affineProbability = 0.5;

    @Layout(Rows.Affine.class)
    @Widget(title = "Largest rotation in degrees", description = "About each axis, either way; 2-D images turn"
        + " within their plane only. 0 to 180.")
    @Effect(predicate = IsAffine.class, type = EffectType.SHOW)
    @NumberInputWidget(minValidation = MinValidation.IsNonNegativeValidation.class, maxValidation = MostDegrees.class)
    double m_rotation = 15;

    @Layout(Rows.Affine.Scale.class)
    @Widget(title = "Smallest scale", description = "Factor common to all axes, 0.1 to 10; below 1 the image"
        + " shrinks.")
    @Effect(predicate = IsAffine.class, type = EffectType.SHOW)
    @NumberInputWidget(minValidation = MinValidation.IsPositiveDoubleValidation.class,
        maxValidation = MostScale.class)
    double m_smallestScale = 0.85;

    @Layout(Rows.Affine.Scale.class)
    @Widget(title = "Largest scale", description = "Factor common to all axes, 0.1 to 10; above 1 the image grows.")
    @Effect(predicate = IsAffine.class, type = EffectType.SHOW)
    @NumberInputWidget(minValidation = MinValidation.IsPositiveDoubleValidation.class,
        maxValidation = MostScale.class)
    double m_largestScale = 1.2;

    @Layout(Rows.Affine.class)
    @Widget(title = "Largest shift", description = "Along each axis, as a share of its length, 0 to 1.")
    @Effect(predicate = IsAffine.class, type = EffectType.SHOW)
    @NumberInputWidget(minValidation = MinValidation.IsNonNegativeValidation.class, maxValidation = MostShare.class,
        stepSize = 0.02)
    double m_translation = 0.05;

    @Layout(Rows.Affine.class)
    @Widget(title = "Largest shear", description = "Tangent of the shear of each pair of axes, 0 to 1. 0, the"
        + " default, shears nothing: heads do not.")
    @Effect(predicate = IsAffine.class, type = EffectType.SHOW)
    @NumberInputWidget(minValidation = MinValidation.IsNonNegativeValidation.class, maxValidation = MostShare.class)
    double m_shear = 0;

    static final class ElasticOn implements BooleanReference {
    }

    static final class IsElastic implements EffectPredicateProvider {
        @Override
        public EffectPredicate init(final PredicateInitializer i) {
            return Augmenting.and(i, ElasticOn.class);
        }
    }

    @Layout(Rows.Elastic.class)
    @Widget(title = "Deform elastically", description = "Bends image and segmentation smoothly, in one resampling"
        + " with the other moves.")
    @Effect(predicate = Augmenting.class, type = EffectType.SHOW)
    @ValueReference(ElasticOn.class)
    boolean m_elastic = true;

    @Layout(Rows.Elastic.class)
    @Widget(title = "Deform elastically: how often", description = "Share of the images, 0 to 1.")
    @Effect(predicate = IsElastic.class, type = EffectType.SHOW)
    @NumberInputWidget(minValidation = MinValidation.IsNonNegativeValidation.class, maxValidation = MostShare.class)
    double m_elasticProbability = 0.2;

    @Layout(Rows.Elastic.class)
    @Widget(title = "Control points per axis", description = "5 to 50. More points bend smaller structures.")
    @Effect(predicate = IsElastic.class, type = EffectType.SHOW)
    @NumberInputWidget(minValidation = LeastPoints.class, maxValidation = MostPoints.class)
    int m_elasticPoints = 7;

    @Layout(Rows.Elastic.class)
    @Widget(title = "Largest displacement in mm", description = "Along each axis, 0 or more. More than half the"
        + " distance of control points may fold the image.")
    @Effect(predicate = IsElastic.class, type = EffectType.SHOW)
    @NumberInputWidget(minValidation = MinValidation.IsNonNegativeValidation.class)
    double m_elasticMax = 5;

    static final class LeastPoints extends MinValidation {
        @Override
        protected double getMin() {
            return 5;
        }
    }

    static final class MostDegrees extends MaxValidation {
        @Override
        protected double getMax() {
            return 180;
        }
    }

    static final class MostPoints extends MaxValidation {
        @Override
        protected double getMax() {
            return 50;
        }
    }

    static final class MostScale extends MaxValidation {
        @Override
        protected double getMax() {
            return 10;
        }
    }

    static final class MostShare extends MaxValidation {
        @Override
        protected double getMax() {
            return 1;
        }
    }

    /**
     * What is drawn how often.
     *
     * @param flipProbability how often left and right are exchanged
     * @throws IllegalArgumentException if a number is out of range
     */
    SpatialAugmentation.Settings settings(final double flipProbability) {
        return new SpatialAugmentation.Settings(Range.symmetric(m_rotation), new Range(m_smallestScale, m_largestScale),
            Range.symmetric(m_translation), Range.symmetric(m_shear), m_affine ? m_affineProbability : 0,
            flipProbability, m_elasticPoints, m_elasticMax, m_elastic ? m_elasticProbability : 0);
    }

    /** Checks also what is switched off, so that switching it on later brings no surprise. */
    @Override
    public void validate() throws InvalidSettingsException {
        Augmenting.check("Rotate, scale and shift", m_affineProbability);
        Augmenting.check("Deform elastically", m_elasticProbability);
        Augmenting.check("Spatial changes", () -> settings(0));
    }
}

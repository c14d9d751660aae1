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
import org.scanbridge.imaging.augment.Blur;
import org.scanbridge.imaging.augment.GaussianNoise;
import org.scanbridge.imaging.augment.Ghosting;
import org.scanbridge.imaging.augment.LowResolution;
import org.scanbridge.imaging.augment.Motion;
import org.scanbridge.imaging.augment.Range;
import org.scanbridge.imaging.augment.RicianNoise;
import org.scanbridge.imaging.augment.Spike;
import org.scanbridge.imaging.augment.ThickSlices;

/** What another scan would have done: resolution, noise, artifacts. */
@LoadDefaultsForAbsentFields
public final class AcquisitionParameters implements NodeParameters {

    /** One block for each augmentation, in which the two ends of a range stand side by side. */
    interface Rows {

        interface Blur {

            @HorizontalLayout
            interface Range {
            }
        }

        @After(Blur.class)
        interface LowResolution {

            @HorizontalLayout
            interface Range {
            }
        }

        @After(LowResolution.class)
        interface ThickSlices {

            @HorizontalLayout
            interface Range {
            }
        }

        @After(ThickSlices.class)
        interface Motion {
        }

        @After(Motion.class)
        interface Ghosting {

            @HorizontalLayout
            interface Ghosts {
            }

            @HorizontalLayout
            @After(Ghosts.class)
            interface Strength {
            }
        }

        @After(Ghosting.class)
        interface Spike {

            @HorizontalLayout
            interface Range {
            }
        }

        @After(Spike.class)
        interface GaussianNoise {
        }

        @After(GaussianNoise.class)
        interface RicianNoise {

            @HorizontalLayout
            interface Range {
            }
        }
    }

    static final class BlurOn implements BooleanReference {
    }

    static final class IsBlur implements EffectPredicateProvider {
        @Override
        public EffectPredicate init(final PredicateInitializer i) {
            return Augmenting.and(i, BlurOn.class);
        }
    }

    @Layout(Rows.Blur.class)
    @Widget(title = "Blur", description = "Smooths with a Gaussian.")
    @Effect(predicate = Augmenting.class, type = EffectType.SHOW)
    @ValueReference(BlurOn.class)
    boolean m_blur = true;

    @Layout(Rows.Blur.class)
    @Widget(title = "Blur: how often", description = "Share of the images, 0 to 1.")
    @Effect(predicate = IsBlur.class, type = EffectType.SHOW)
    @NumberInputWidget(minValidation = MinValidation.IsNonNegativeValidation.class, maxValidation = MostShare.class)
    double m_blurProbability = 0.2;

    @Layout(Rows.Blur.Range.class)
    @Widget(title = "Least blur in mm", description = "Standard deviation, 0 to 50.")
    @Effect(predicate = IsBlur.class, type = EffectType.SHOW)
    @NumberInputWidget(minValidation = MinValidation.IsNonNegativeValidation.class)
    double m_blurMin = 0.5;

    @Layout(Rows.Blur.Range.class)
    @Widget(title = "Strongest blur in mm", description = "The upper end of what is drawn; at least the least.")
    @Effect(predicate = IsBlur.class, type = EffectType.SHOW)
    @NumberInputWidget(minValidation = MinValidation.IsNonNegativeValidation.class)
    double m_blurMax = 1.2;

    static final class LowResolutionOn implements BooleanReference {
    }

    static final class IsLowResolution implements EffectPredicateProvider {
        @Override
        public EffectPredicate init(final PredicateInitializer i) {
            return Augmenting.and(i, LowResolutionOn.class);
        }
    }

    @Layout(Rows.LowResolution.class)
    @Widget(title = "Lower the resolution", description = "Resamples to larger voxels and back.")
    @Effect(predicate = Augmenting.class, type = EffectType.SHOW)
    @ValueReference(LowResolutionOn.class)
    boolean m_lowResolution = true;

    @Layout(Rows.LowResolution.class)
    @Widget(title = "Lower the resolution: how often", description = "Share of the images, 0 to 1.")
    @Effect(predicate = IsLowResolution.class, type = EffectType.SHOW)
    @NumberInputWidget(minValidation = MinValidation.IsNonNegativeValidation.class, maxValidation = MostShare.class)
    double m_lowResolutionProbability = 0.25;

    @Layout(Rows.LowResolution.Range.class)
    @Widget(title = "Lowest resolution", description = "As a share of the full one, 0.05 to 1.")
    @Effect(predicate = IsLowResolution.class, type = EffectType.SHOW)
    @NumberInputWidget(minValidation = MinValidation.IsPositiveDoubleValidation.class,
        maxValidation = MostShare.class)
    double m_lowResolutionMin = 0.5;

    @Layout(Rows.LowResolution.Range.class)
    @Widget(title = "Highest resolution", description = "At least the lowest, up to 1.")
    @Effect(predicate = IsLowResolution.class, type = EffectType.SHOW)
    @NumberInputWidget(minValidation = MinValidation.IsPositiveDoubleValidation.class,
        maxValidation = MostShare.class)
    double m_lowResolutionMax = 1;

    static final class ThickSlicesOn implements BooleanReference {
    }

    static final class IsThickSlices implements EffectPredicateProvider {
        @Override
        public EffectPredicate init(final PredicateInitializer i) {
            return Augmenting.and(i, ThickSlicesOn.class);
        }
    }

    @Layout(Rows.ThickSlices.class)
    @Widget(title = "Thicken slices", description = "Lowers the resolution along one axis only, as if acquired in"
        + " thick slices.")
    @Effect(predicate = Augmenting.class, type = EffectType.SHOW)
    @ValueReference(ThickSlicesOn.class)
    boolean m_thickSlices;

    @Layout(Rows.ThickSlices.class)
    @Widget(title = "Thicken slices: how often", description = "Share of the images, 0 to 1.")
    @Effect(predicate = IsThickSlices.class, type = EffectType.SHOW)
    @NumberInputWidget(minValidation = MinValidation.IsNonNegativeValidation.class, maxValidation = MostShare.class)
    double m_thickSlicesProbability = 0.25;

    @Layout(Rows.ThickSlices.Range.class)
    @Widget(title = "Thinnest slices in voxels", description = "Drawn evenly between this and the thickest; 1 to 20.")
    @Effect(predicate = IsThickSlices.class, type = EffectType.SHOW)
    @NumberInputWidget(minValidation = LeastThickness.class, maxValidation = MostThickness.class)
    double m_thickSlicesMin = 1.5;

    @Layout(Rows.ThickSlices.Range.class)
    @Widget(title = "Thickest slices in voxels", description = "At least the thinnest, up to 20.")
    @Effect(predicate = IsThickSlices.class, type = EffectType.SHOW)
    @NumberInputWidget(minValidation = LeastThickness.class, maxValidation = MostThickness.class)
    double m_thickSlicesMax = 5;

    static final class MotionOn implements BooleanReference {
    }

    static final class IsMotion implements EffectPredicateProvider {
        @Override
        public EffectPredicate init(final PredicateInitializer i) {
            return Augmenting.and(i, MotionOn.class);
        }
    }

    @Layout(Rows.Motion.class)
    @Widget(title = "Let the head move", description = "Replaces parts of k-space by those of a moved image, as when"
        + " a patient moves during an MR scan.")
    @Effect(predicate = Augmenting.class, type = EffectType.SHOW)
    @ValueReference(MotionOn.class)
    boolean m_motion;

    @Layout(Rows.Motion.class)
    @Widget(title = "Let the head move: how often", description = "Share of the images, 0 to 1.")
    @Effect(predicate = IsMotion.class, type = EffectType.SHOW)
    @NumberInputWidget(minValidation = MinValidation.IsNonNegativeValidation.class, maxValidation = MostShare.class,
        stepSize = 0.05)
    double m_motionProbability = 0.1;

    @Layout(Rows.Motion.class)
    @Widget(title = "Most moves", description = "One up to this many, at most 20.")
    @Effect(predicate = IsMotion.class, type = EffectType.SHOW)
    @NumberInputWidget(minValidation = MinValidation.IsPositiveIntegerValidation.class,
        maxValidation = MostMoves.class)
    int m_motionMoves = 2;

    @Layout(Rows.Motion.class)
    @Widget(title = "Largest turn in degrees", description = "About each axis, 0 to 180.")
    @Effect(predicate = IsMotion.class, type = EffectType.SHOW)
    @NumberInputWidget(minValidation = MinValidation.IsNonNegativeValidation.class, maxValidation = MostDegrees.class)
    double m_motionDegrees = 10;

    @Layout(Rows.Motion.class)
    @Widget(title = "Largest move in mm", description = "Along each axis, 0 or more.")
    @Effect(predicate = IsMotion.class, type = EffectType.SHOW)
    @NumberInputWidget(minValidation = MinValidation.IsNonNegativeValidation.class)
    double m_motionMillimeters = 10;

    static final class GhostingOn implements BooleanReference {
    }

    static final class IsGhosting implements EffectPredicateProvider {
        @Override
        public EffectPredicate init(final PredicateInitializer i) {
            return Augmenting.and(i, GhostingOn.class);
        }
    }

    @Layout(Rows.Ghosting.class)
    @Widget(title = "Add ghosts", description = "Adds faint shifted copies along the axis j, as periodic motion"
        + " does.")
    @Effect(predicate = Augmenting.class, type = EffectType.SHOW)
    @ValueReference(GhostingOn.class)
    boolean m_ghosting;

    @Layout(Rows.Ghosting.class)
    @Widget(title = "Add ghosts: how often", description = "Share of the images, 0 to 1.")
    @Effect(predicate = IsGhosting.class, type = EffectType.SHOW)
    @NumberInputWidget(minValidation = MinValidation.IsNonNegativeValidation.class, maxValidation = MostShare.class,
        stepSize = 0.05)
    double m_ghostingProbability = 0.1;

    @Layout(Rows.Ghosting.Ghosts.class)
    @Widget(title = "Fewest ghosts", description = "Drawn evenly between this and the most; 2 to 100.")
    @Effect(predicate = IsGhosting.class, type = EffectType.SHOW)
    @NumberInputWidget(minValidation = LeastGhosts.class, maxValidation = MostGhosts.class)
    int m_ghostsMin = 4;

    @Layout(Rows.Ghosting.Ghosts.class)
    @Widget(title = "Most ghosts", description = "The upper end of what is drawn; at least the fewest.")
    @Effect(predicate = IsGhosting.class, type = EffectType.SHOW)
    @NumberInputWidget(minValidation = LeastGhosts.class, maxValidation = MostGhosts.class)
    int m_ghostsMax = 10;

    @Layout(Rows.Ghosting.Strength.class)
    @Widget(title = "Weakest ghosts", description = "All together, relative to the image, 0 to 10.")
    @Effect(predicate = IsGhosting.class, type = EffectType.SHOW)
    @NumberInputWidget(minValidation = MinValidation.IsNonNegativeValidation.class, stepSize = 0.05)
    double m_ghostingMin = 0.1;

    @Layout(Rows.Ghosting.Strength.class)
    @Widget(title = "Strongest ghosts", description = "The upper end of what is drawn; at least the weakest.")
    @Effect(predicate = IsGhosting.class, type = EffectType.SHOW)
    @NumberInputWidget(minValidation = MinValidation.IsNonNegativeValidation.class)
    double m_ghostingMax = 0.5;

    static final class SpikeOn implements BooleanReference {
    }

    static final class IsSpike implements EffectPredicateProvider {
        @Override
        public EffectPredicate init(final PredicateInitializer i) {
            return Augmenting.and(i, SpikeOn.class);
        }
    }

    @Layout(Rows.Spike.class)
    @Widget(title = "Add a spike", description = "Adds the stripes of one bad sample of k-space.")
    @Effect(predicate = Augmenting.class, type = EffectType.SHOW)
    @ValueReference(SpikeOn.class)
    boolean m_spike;

    @Layout(Rows.Spike.class)
    @Widget(title = "Add a spike: how often", description = "Share of the images, 0 to 1.")
    @Effect(predicate = IsSpike.class, type = EffectType.SHOW)
    @NumberInputWidget(minValidation = MinValidation.IsNonNegativeValidation.class, maxValidation = MostShare.class,
        stepSize = 0.05)
    double m_spikeProbability = 0.1;

    @Layout(Rows.Spike.Range.class)
    @Widget(title = "Weakest stripes", description = "Amplitude as a share of the standard deviation of intensities,"
        + " 0 or more.")
    @Effect(predicate = IsSpike.class, type = EffectType.SHOW)
    @NumberInputWidget(minValidation = MinValidation.IsNonNegativeValidation.class)
    double m_spikeMin = 0.2;

    @Layout(Rows.Spike.Range.class)
    @Widget(title = "Strongest stripes", description = "The upper end of what is drawn; at least the weakest.")
    @Effect(predicate = IsSpike.class, type = EffectType.SHOW)
    @NumberInputWidget(minValidation = MinValidation.IsNonNegativeValidation.class)
    double m_spikeMax = 1;

    static final class GaussianNoiseOn implements BooleanReference {
    }

    static final class IsGaussianNoise implements EffectPredicateProvider {
        @Override
        public EffectPredicate init(final PredicateInitializer i) {
            return Augmenting.and(i, GaussianNoiseOn.class);
        }
    }

    @Layout(Rows.GaussianNoise.class)
    @Widget(title = "Add Gaussian noise", description = "Adds normal noise to the intensities.")
    @Effect(predicate = Augmenting.class, type = EffectType.SHOW)
    @ValueReference(GaussianNoiseOn.class)
    boolean m_gaussianNoise = true;

    @Layout(Rows.GaussianNoise.class)
    @Widget(title = "Add Gaussian noise: how often", description = "Share of the images, 0 to 1.")
    @Effect(predicate = IsGaussianNoise.class, type = EffectType.SHOW)
    @NumberInputWidget(minValidation = MinValidation.IsNonNegativeValidation.class, maxValidation = MostShare.class,
        stepSize = 0.05)
    double m_gaussianNoiseProbability = 0.1;

    @Layout(Rows.GaussianNoise.class)
    @Widget(title = "Strongest Gaussian noise", description = "Standard deviation as a share of that of the"
        + " intensities, 0 or more.")
    @Effect(predicate = IsGaussianNoise.class, type = EffectType.SHOW)
    @NumberInputWidget(minValidation = MinValidation.IsNonNegativeValidation.class, stepSize = 0.05)
    double m_gaussianNoiseMax = 0.1;

    static final class RicianNoiseOn implements BooleanReference {
    }

    static final class IsRicianNoise implements EffectPredicateProvider {
        @Override
        public EffectPredicate init(final PredicateInitializer i) {
            return Augmenting.and(i, RicianNoiseOn.class);
        }
    }

    @Layout(Rows.RicianNoise.class)
    @Widget(title = "Add Rician noise", description = "Makes intensities the magnitude of a noisy signal, as in MR"
        + " images.")
    @Effect(predicate = Augmenting.class, type = EffectType.SHOW)
    @ValueReference(RicianNoiseOn.class)
    boolean m_ricianNoise = true;

    @Layout(Rows.RicianNoise.class)
    @Widget(title = "Add Rician noise: how often", description = "Share of the images, 0 to 1.")
    @Effect(predicate = IsRicianNoise.class, type = EffectType.SHOW)
    @NumberInputWidget(minValidation = MinValidation.IsNonNegativeValidation.class, maxValidation = MostShare.class,
        stepSize = 0.05)
    double m_ricianNoiseProbability = 0.1;

    @Layout(Rows.RicianNoise.Range.class)
    @Widget(title = "Lowest signal to noise", description = "Drawn evenly between this and the largest; above"
        + " 0.")
    @Effect(predicate = IsRicianNoise.class, type = EffectType.SHOW)
    @NumberInputWidget(minValidation = MinValidation.IsPositiveDoubleValidation.class)
    double m_snrMin = 15;

    @Layout(Rows.RicianNoise.Range.class)
    @Widget(title = "Highest signal to noise", description = "The upper end of what is drawn; at least the"
        + " lowest.")
    @Effect(predicate = IsRicianNoise.class, type = EffectType.SHOW)
    @NumberInputWidget(minValidation = MinValidation.IsPositiveDoubleValidation.class)
    double m_snrMax = 60;

    static final class LeastGhosts extends MinValidation {
        @Override
        protected double getMin() {
            return 2;
        }
    }

    static final class LeastThickness extends MinValidation {
        @Override
        protected double getMin() {
            return 1;
        }
    }

    static final class MostDegrees extends MaxValidation {
        @Override
        protected double getMax() {
            return 180;
        }
    }

    static final class MostGhosts extends MaxValidation {
        @Override
        protected double getMax() {
            return 100;
        }
    }

    static final class MostMoves extends MaxValidation {
        @Override
        protected double getMax() {
            return 20;
        }
    }

    static final class MostShare extends MaxValidation {
        @Override
        protected double getMax() {
            return 1;
        }
    }

    static final class MostThickness extends MaxValidation {
        @Override
        protected double getMax() {
            return 20;
        }
    }

    /** The steps in the order in which they are applied. */
    List<Step> steps() {
        return List.of(Step.of("Blur", m_blur, m_blurProbability, () -> new Blur(new Range(m_blurMin, m_blurMax))),
            Step.of("Lower the resolution", m_lowResolution, m_lowResolutionProbability, () -> new LowResolution(new Range(m_lowResolutionMin, m_lowResolutionMax))),
            Step.of("Thicken slices", m_thickSlices, m_thickSlicesProbability, () -> new ThickSlices(new Range(m_thickSlicesMin, m_thickSlicesMax))),
            Step.of("Let the head move", m_motion, m_motionProbability, () -> new Motion(1, new Range(1, m_motionMoves), Range.symmetric(m_motionDegrees),
                Range.symmetric(m_motionMillimeters))),
            Step.of("Add ghosts", m_ghosting, m_ghostingProbability, () -> new Ghosting(1, new Range(m_ghostsMin, m_ghostsMax), new Range(m_ghostingMin, m_ghostingMax))),
            Step.of("Add a spike", m_spike, m_spikeProbability, () -> new Spike(new Range(m_spikeMin, m_spikeMax))),
            Step.of("Add Gaussian noise", m_gaussianNoise, m_gaussianNoiseProbability, () -> new GaussianNoise(new Range(0, m_gaussianNoiseMax))),
            Step.of("Add Rician noise", m_ricianNoise, m_ricianNoiseProbability, () -> new RicianNoise(new Range(m_snrMin, m_snrMax))));
    }

    /** Checks also what is switched off, so that switching it on later brings no surprise. */
    @Override
    public void validate() throws InvalidSettingsException {
        Augmenting.check(steps());
    }
}

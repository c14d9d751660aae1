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
import org.scanbridge.imaging.normalize.N4BiasCorrection;
import org.scanbridge.knime.nodes.volumenormalizer.VolumeNormalizerParameters.IsN4;

/** How N4 estimates a brightness field. */
@LoadDefaultsForAbsentFields
final class N4Parameters implements NodeParameters {

    @Widget(title = "Levels of the field", description = "How often the distance of the field's control points is halved,"
        + " 1 to 6. The default of 4, ITK's, ends with an eighth of the field of view between them.")
    @Effect(predicate = IsN4.class, type = EffectType.SHOW)
    @NumberInputWidget(minValidation = MinValidation.IsPositiveIntegerValidation.class,
        maxValidation = MostLevels.class)
    int m_levels = N4BiasCorrection.DEFAULT.levels();

    @Widget(title = "Iterations of a level", description = "At most this many, 1 to 500; a level ends earlier when the field"
        + " changes by less than a thousandth. The default of 50 is ITK's.", advanced = true)
    @Effect(predicate = IsN4.class, type = EffectType.SHOW)
    @NumberInputWidget(minValidation = MinValidation.IsPositiveIntegerValidation.class,
        maxValidation = MostIterations.class)
    int m_iterations = N4BiasCorrection.DEFAULT.iterations();

    @Widget(title = "Estimate from every n-th voxel", description = "Along each axis, 1 to 8. A field is smooth, so the"
        + " default of 4 takes a fraction of the time and finds the same field; short axes keep all their voxels.")
    @Effect(predicate = IsN4.class, type = EffectType.SHOW)
    @NumberInputWidget(minValidation = MinValidation.IsPositiveIntegerValidation.class,
        maxValidation = MostShrink.class)
    int m_shrink = N4BiasCorrection.DEFAULT.shrink();

    static final class MostLevels extends MaxValidation {
        @Override
        protected double getMax() {
            return 6;
        }
    }

    static final class MostIterations extends MaxValidation {
        @Override
        protected double getMax() {
            return 500;
        }
    }

    static final class MostShrink extends MaxValidation {
        @Override
        protected double getMax() {
            return 8;
        }
    }

    /** @throws IllegalArgumentException if a number is out of range */
    N4BiasCorrection correction(final Foreground foreground) {
        return new N4BiasCorrection(foreground, m_levels, m_iterations, m_shrink);
    }

    String description() {
        return m_levels + " levels of at most " + m_iterations + " iterations, every "
            + (m_shrink == 1 ? "voxel" : m_shrink + "th voxel");
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

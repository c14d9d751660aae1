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
import org.scanbridge.imaging.normalize.Clahe;
import org.scanbridge.imaging.normalize.Foreground;
import org.scanbridge.knime.nodes.volumenormalizer.VolumeNormalizerParameters.IsClahe;

/** How local contrast is equalized. */
@LoadDefaultsForAbsentFields
final class ClaheParameters implements NodeParameters {

    private static final int MIN_BINS = 2;

    private static final int MAX_BINS = 65536;

    @Widget(title = "Tiles per axis", description = "Into how many tiles each axis is cut, at least 1. The default of 8"
        + " is scikit-image's; more tiles equalize smaller neighborhoods.")
    @Effect(predicate = IsClahe.class, type = EffectType.SHOW)
    @NumberInputWidget(minValidation = MinValidation.IsPositiveIntegerValidation.class)
    int m_tiles = Clahe.Settings.DEFAULT.tiles();

    @Widget(title = "Bins", description = "Number of histogram bins, 2 to 65536. The default is 256.", advanced = true)
    @Effect(predicate = IsClahe.class, type = EffectType.SHOW)
    @NumberInputWidget(minValidation = LeastBins.class, maxValidation = MostBins.class)
    int m_bins = Clahe.Settings.DEFAULT.bins();

    @Widget(title = "Clip limit", description = "The largest share of a tile's voxels in one bin before the excess is"
        + " spread over all bins; above 0, at most 1. The default of 0.01 keeps noise low; 1 is plain adaptive"
        + " equalization.")
    @Effect(predicate = IsClahe.class, type = EffectType.SHOW)
    @NumberInputWidget(minValidation = MinValidation.IsPositiveDoubleValidation.class,
        maxValidation = MostClip.class, stepSize = 0.005)
    double m_clipLimit = Clahe.Settings.DEFAULT.clip();

    static final class LeastBins extends MinValidation {
        @Override
        protected double getMin() {
            return MIN_BINS;
        }
    }

    static final class MostBins extends MaxValidation {
        @Override
        protected double getMax() {
            return MAX_BINS;
        }
    }

    static final class MostClip extends MaxValidation {
        @Override
        protected double getMax() {
            return 1;
        }
    }

    /** @throws IllegalArgumentException if a number is out of range */
    Clahe.Settings settings(final Method method, final Foreground foreground) {
        return new Clahe.Settings(method == Method.CLAHE_VOLUME ? Clahe.Mode.VOLUME : Clahe.Mode.SLICES, m_tiles,
            m_bins, m_clipLimit, foreground);
    }

    String description() {
        return m_tiles + " tiles per axis, " + m_bins + " bins, clip limit " + m_clipLimit;
    }

    @Override
    public void validate() throws InvalidSettingsException {
        try {
            settings(Method.CLAHE_VOLUME, Foreground.WHOLE_IMAGE);
        } catch (final IllegalArgumentException e) {
            throw new InvalidSettingsException(e.getMessage() + ".", e);
        }
    }
}

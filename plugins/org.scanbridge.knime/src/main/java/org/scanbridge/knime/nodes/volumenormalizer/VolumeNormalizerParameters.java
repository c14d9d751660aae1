package org.scanbridge.knime.nodes.volumenormalizer;

import java.util.Locale;

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
import org.knime.node.parameters.updates.util.BooleanReference;
import org.knime.node.parameters.widget.choices.ChoicesProvider;
import org.knime.node.parameters.widget.choices.Label;
import org.knime.node.parameters.widget.number.NumberInputWidget;
import org.knime.node.parameters.widget.number.NumberInputWidgetValidation.MaxValidation;
import org.knime.node.parameters.widget.number.NumberInputWidgetValidation.MinValidation;
import org.knime.node.parameters.widget.text.TextInputWidget;
import org.scanbridge.imaging.normalize.Background;
import org.scanbridge.imaging.normalize.Foreground;
import org.scanbridge.imaging.normalize.IntensityMethod;
import org.scanbridge.imaging.normalize.IntensityNormalization;
import org.scanbridge.imaging.normalize.MinMax;
import org.scanbridge.imaging.normalize.PercentileScaling;
import org.scanbridge.imaging.normalize.Scope;
import org.scanbridge.imaging.normalize.ZScore;
import org.scanbridge.knime.data.VolumeValue;
import org.scanbridge.knime.util.Columns;
import org.scanbridge.knime.util.StudyTable;
import org.scanbridge.knime.util.TextColumns;
import org.scanbridge.knime.util.VolumeColumns;

/** Settings of {@link VolumeNormalizerNodeFactory}. */
@LoadDefaultsForAbsentFields
final class VolumeNormalizerParameters implements NodeParameters {

    private static final double MAX_PERCENTILE = 100;

    /** What is done to intensities. */
    enum Method {
            @Label(value = "None", description = "Copies the images, so that workflows can compare with and without.")
            NONE,

            @Label(value = "Z-score", description = "(x - mean) / standard deviation over the foreground; the"
                + " background becomes 0.")
            Z_SCORE,

            @Label(value = "Min-max", description = "Maps the foreground's extremes to 0 and 1. One bright artifact"
                + " changes everything.")
            MIN_MAX,

            @Label(value = "Percentiles", description = "Clips at two percentiles of the foreground and maps them to 0"
                + " and 1: min-max without its weakness.")
            PERCENTILE
    }

    /** Over which images statistics are taken. */
    enum StatisticsScope {
            @Label(value = "Each image", description = "Every image by its own statistics.")
            PER_IMAGE(Scope.IMAGE),

            @Label(value = "Each site", description = "One map per site.")
            PER_SITE(Scope.SITE),

            @Label(value = "All images", description = "One map for everything. It changes the scale, but brings sites"
                + " no nearer to each other.")
            DATA_SET(Scope.DATA_SET);

        private final Scope m_scope;

        StatisticsScope(final Scope scope) {
            m_scope = scope;
        }
    }

    /** Where statistics come from within an image. */
    enum ForegroundRule {
            @Label(value = "Above 0", description = "For images whose background is 0, such as skull-stripped ones.")
            ABOVE_ZERO(Foreground.ABOVE_ZERO),

            @Label(value = "Above the mean", description = "For heads in noisy air.")
            ABOVE_MEAN(Foreground.ABOVE_MEAN),

            @Label(value = "Above Otsu's threshold", description = "The threshold that separates two intensity classes"
                + " best.")
            OTSU(Foreground.OTSU),

            @Label(value = "Whole image", description = "Every voxel; the size of the background then counts.")
            WHOLE_IMAGE(Foreground.WHOLE_IMAGE);

        private final Foreground m_foreground;

        ForegroundRule(final Foreground foreground) {
            m_foreground = foreground;
        }
    }

    @Section(title = "Columns")
    interface InputColumns {
    }

    @Section(title = "Normalization")
    @After(InputColumns.class)
    interface Normalization {
    }

    @Section(title = "Output")
    @After(Normalization.class)
    interface Output {
    }

    static final class MethodReference implements ParameterReference<Method> {
    }

    static final class ScopeReference implements ParameterReference<StatisticsScope> {
    }

    static final class ReplaceReference implements BooleanReference {
    }

    static final class IsPercentile implements EffectPredicateProvider {
        @Override
        public EffectPredicate init(final PredicateInitializer i) {
            return i.getEnum(MethodReference.class).isOneOf(Method.PERCENTILE);
        }
    }

    static final class IsNone implements EffectPredicateProvider {
        @Override
        public EffectPredicate init(final PredicateInitializer i) {
            return i.getEnum(MethodReference.class).isOneOf(Method.NONE);
        }
    }

    static final class MaxPercentile extends MaxValidation {
        @Override
        protected double getMax() {
            return MAX_PERCENTILE;
        }
    }

    @Layout(InputColumns.class)
    @Widget(title = "Image column", description = "The images to normalize. Their voxels are not changed; new images"
        + " are made.")
    @ChoicesProvider(VolumeColumns.class)
    String m_imageColumn = "";

    @Layout(InputColumns.class)
    @Widget(title = "Site column", description = "The site of each image. Needed for statistics per site.")
    @ChoicesProvider(TextColumns.class)
    String m_siteColumn = StudyTable.SITE;

    @Layout(Normalization.class)
    @Widget(title = "Method", description = "How intensities are mapped to a common scale. The default, z-score, is"
        + " what most segmentation networks for MR are trained with.")
    @ValueReference(MethodReference.class)
    Method m_method = Method.Z_SCORE;

    @Layout(Normalization.class)
    @Widget(title = "Statistics of", description = "The images that share statistics. The default, each image by its"
        + " own, lets nothing leak from test to training images. For the others, statistics come from the second input"
        + " if it is connected; connect the training images there, else test images influence the scale.")
    @ValueReference(ScopeReference.class)
    @Effect(predicate = IsNone.class, type = EffectType.DISABLE)
    StatisticsScope m_scope = StatisticsScope.PER_IMAGE;

    @Layout(Normalization.class)
    @Widget(title = "Foreground", description = "The voxels statistics are taken from. The default fits images whose"
        + " background is 0.")
    @Effect(predicate = IsNone.class, type = EffectType.DISABLE)
    ForegroundRule m_foreground = ForegroundRule.ABOVE_ZERO;

    @Layout(Normalization.class)
    @Widget(title = "Lower percentile", description = "What becomes 0, from 0 to below the upper percentile. The"
        + " default of 0.5 cuts off single dark voxels.")
    @Effect(predicate = IsPercentile.class, type = EffectType.SHOW)
    @NumberInputWidget(minValidation = MinValidation.IsNonNegativeValidation.class,
        maxValidation = MaxPercentile.class)
    double m_lowerPercentile = 0.5;

    @Layout(Normalization.class)
    @Widget(title = "Upper percentile", description = "What becomes 1, up to 100. The default of 99.5 cuts off bright"
        + " vessels and spikes.")
    @Effect(predicate = IsPercentile.class, type = EffectType.SHOW)
    @NumberInputWidget(minValidation = MinValidation.IsNonNegativeValidation.class,
        maxValidation = MaxPercentile.class)
    double m_upperPercentile = 99.5;

    @Layout(Output.class)
    @Widget(title = "Replace the image column", description = "Puts the normalized images in place of the original"
        + " ones. Off by default, so that a later node can compare both.")
    @ValueReference(ReplaceReference.class)
    boolean m_replace;

    @Layout(Output.class)
    @Widget(title = "Name of the new column", description = "The column that is appended. A number is added if the name"
        + " is taken.")
    @Effect(predicate = ReplaceReference.class, type = EffectType.HIDE)
    @TextInputWidget
    String m_outputColumn = StudyTable.NORMALIZED;

    /** Defaults for a node without input. */
    VolumeNormalizerParameters() {
        // the initial values
    }

    /** Defaults that fit the input table. */
    VolumeNormalizerParameters(final NodeParametersInput input) {
        m_imageColumn = Columns.defaultName(input, 0, VolumeValue.class, StudyTable.IMAGE);
        m_siteColumn = Columns.defaultName(input, 0, StringValue.class, StudyTable.SITE);
    }

    /** Whether a site column is needed. */
    boolean needsSite() {
        return m_method != Method.NONE && m_scope == StatisticsScope.PER_SITE;
    }

    /** The settings in the algorithm's terms; not for {@link Method#NONE}. */
    IntensityNormalization normalization() {
        final IntensityMethod method = switch (m_method) {
            case Z_SCORE -> new ZScore();
            case MIN_MAX -> MinMax.UNIT;
            case PERCENTILE -> new PercentileScaling(m_lowerPercentile, m_upperPercentile, 0, 1);
            case NONE -> throw new IllegalStateException("no normalization is chosen");
        };
        return new IntensityNormalization(method, m_foreground.m_foreground, m_scope.m_scope, Background.CONSTANT);
    }

    /** For people: {@code z-score of each image, foreground above zero}. */
    String description() {
        final String method = switch (m_method) {
            case NONE -> "none";
            case Z_SCORE -> "z-score";
            case MIN_MAX -> "min-max";
            case PERCENTILE -> "percentiles " + m_lowerPercentile + " to " + m_upperPercentile;
        };
        final String scope = switch (m_scope) {
            case PER_IMAGE -> "each image";
            case PER_SITE -> "each site";
            case DATA_SET -> "all images";
        };
        return m_method == Method.NONE ? method : method + " of " + scope + ", foreground "
            + m_foreground.name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }

    @Override
    public void validate() throws InvalidSettingsException {
        // NaN fails too.
        if (!(m_lowerPercentile >= 0 && m_lowerPercentile < m_upperPercentile
            && m_upperPercentile <= MAX_PERCENTILE)) {
            throw new InvalidSettingsException("\"Lower percentile\" " + m_lowerPercentile
                + " and \"Upper percentile\" " + m_upperPercentile + " must be increasing within 0 to 100.");
        }
        if (!m_replace && (m_outputColumn == null || m_outputColumn.isBlank())) {
            throw new InvalidSettingsException("\"Name of the new column\" is blank; give a name, such as "
                + StudyTable.NORMALIZED + ".");
        }
    }
}

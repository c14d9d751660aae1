package org.scanbridge.knime.nodes.volumenormalizer;

import org.knime.core.data.DataRow;
import org.knime.core.data.StringValue;
import org.knime.core.node.InvalidSettingsException;
import org.knime.node.parameters.NodeParameters;
import org.knime.node.parameters.NodeParametersInput;
import org.knime.node.parameters.Widget;
import org.knime.node.parameters.layout.After;
import org.knime.node.parameters.layout.HorizontalLayout;
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
import org.knime.node.parameters.widget.choices.SuggestionsProvider;
import org.knime.node.parameters.widget.number.NumberInputWidget;
import org.knime.node.parameters.widget.number.NumberInputWidgetValidation.MaxValidation;
import org.knime.node.parameters.widget.number.NumberInputWidgetValidation.MinValidation;
import org.knime.node.parameters.widget.text.TextInputWidget;
import org.scanbridge.imaging.normalize.Background;
import org.scanbridge.imaging.normalize.ClippedZScore;
import org.scanbridge.imaging.normalize.IntensityMethod;
import org.scanbridge.imaging.normalize.IntensityNormalization;
import org.scanbridge.imaging.normalize.MinMax;
import org.scanbridge.imaging.normalize.PercentileScaling;
import org.scanbridge.imaging.normalize.PolynomialBiasCorrection;
import org.scanbridge.imaging.normalize.RobustScaling;
import org.scanbridge.imaging.normalize.ZScore;
import org.scanbridge.knime.data.LabelVolumeValue;
import org.scanbridge.knime.data.VolumeValue;
import org.scanbridge.knime.nodes.volumenormalizer.Method.Kind;
import org.scanbridge.knime.util.ColumnGuess;
import org.scanbridge.knime.util.ColumnGuess.Otherwise;
import org.scanbridge.knime.util.ColumnGuesses;
import org.scanbridge.knime.util.GuessedColumns;
import org.scanbridge.knime.util.KnownRows;
import org.scanbridge.knime.util.LabelColumns;
import org.scanbridge.knime.util.NodeMemory;
import org.scanbridge.knime.util.RefusedSetting;
import org.scanbridge.knime.util.StudyTable;
import org.scanbridge.knime.util.TextColumns;
import org.scanbridge.knime.util.VolumeColumns;

/** Settings of {@link VolumeNormalizerNodeFactory}. */
@LoadDefaultsForAbsentFields
final class VolumeNormalizerParameters implements NodeParameters, GuessedColumns {

    private static final double MAX_PERCENTILE = 100;

    @Section(title = "Columns")
    interface InputColumns {
    }

    @Section(title = "Normalization")
    @After(InputColumns.class)
    interface Normalization {

        @HorizontalLayout
        interface Percentiles {
        }

        @After(Percentiles.class)
        interface BelowPercentiles {
        }
    }

    @Section(title = "Fitting", description = "Which images statistics per site, statistics of all images, landmarks and"
        + " the reference come from.")
    @Effect(predicate = HasScale.class, type = EffectType.SHOW)
    @After(Normalization.class)
    interface Fitting {
    }

    @Section(title = "Output")
    @After(Fitting.class)
    interface Output {
    }

    static final class MethodReference implements ParameterReference<Method> {
    }

    static final class ForegroundReference implements ParameterReference<ForegroundRule> {
    }

    static final class FitRowsReference implements ParameterReference<FitRows> {
    }

    static final class ReplaceReference implements BooleanReference {
    }

    static final class IsPercentile implements EffectPredicateProvider {
        @Override
        public EffectPredicate init(final PredicateInitializer i) {
            return i.getEnum(MethodReference.class).isOneOf(Method.PERCENTILE, Method.CLIPPED_Z_SCORE);
        }
    }

    static final class IsLine implements EffectPredicateProvider {
        @Override
        public EffectPredicate init(final PredicateInitializer i) {
            return i.getEnum(MethodReference.class).isOneOf(Method.Z_SCORE, Method.MIN_MAX, Method.PERCENTILE,
                Method.CLIPPED_Z_SCORE, Method.ROBUST);
        }
    }

    static final class HasScale implements EffectPredicateProvider {
        @Override
        public EffectPredicate init(final PredicateInitializer i) {
            return i.getEnum(MethodReference.class).isOneOf(Method.Z_SCORE, Method.MIN_MAX, Method.PERCENTILE,
                Method.CLIPPED_Z_SCORE, Method.ROBUST, Method.NYUL, Method.QUANTILE_MATCHING);
        }
    }

    static final class IsReference implements EffectPredicateProvider {
        @Override
        public EffectPredicate init(final PredicateInitializer i) {
            return i.getEnum(MethodReference.class).isOneOf(Method.QUANTILE_MATCHING);
        }
    }

    static final class IsClahe implements EffectPredicateProvider {
        @Override
        public EffectPredicate init(final PredicateInitializer i) {
            return i.getEnum(MethodReference.class).isOneOf(Method.CLAHE_SLICES, Method.CLAHE_VOLUME);
        }
    }

    static final class IsBiasField implements EffectPredicateProvider {
        @Override
        public EffectPredicate init(final PredicateInitializer i) {
            return i.getEnum(MethodReference.class).isOneOf(Method.BIAS_FIELD);
        }
    }

    static final class IsN4 implements EffectPredicateProvider {
        @Override
        public EffectPredicate init(final PredicateInitializer i) {
            return i.getEnum(MethodReference.class).isOneOf(Method.N4);
        }
    }

    static final class IsNone implements EffectPredicateProvider {
        @Override
        public EffectPredicate init(final PredicateInitializer i) {
            return i.getEnum(MethodReference.class).isOneOf(Method.NONE);
        }
    }

    static final class IsMask implements EffectPredicateProvider {
        @Override
        public EffectPredicate init(final PredicateInitializer i) {
            return i.getEnum(ForegroundReference.class).isOneOf(ForegroundRule.MASK);
        }
    }

    static final class IsMarked implements EffectPredicateProvider {
        @Override
        public EffectPredicate init(final PredicateInitializer i) {
            return i.getEnum(FitRowsReference.class).isOneOf(FitRows.MARKED)
                .and(i.getPredicate(HasScale.class));
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
        + " are made."
        + " Blank: \"Image\", else the first image column.")
    @ChoicesProvider(VolumeColumns.class)
    @ColumnGuess(type = VolumeValue.class, names = StudyTable.IMAGE)
    String m_imageColumn = "";

    @Layout(InputColumns.class)
    @Widget(title = "Site column", description = "The site of each image. Needed for statistics per site."
        + " Blank: \"Site\".")
    @ChoicesProvider(TextColumns.class)
    @ColumnGuess(type = StringValue.class, names = StudyTable.SITE, otherwise = Otherwise.NONE)
    String m_siteColumn = StudyTable.SITE;

    @Layout(Normalization.class)
    @Widget(title = "Method", description = "How intensities are mapped to a common scale. The default, z-score, is"
        + " what most segmentation networks for MR are trained with.")
    @ValueReference(MethodReference.class)
    Method m_method = Method.Z_SCORE;

    @Layout(Normalization.class)
    @Widget(title = "Statistics of", description = "The images that share statistics. The default, each image by its"
        + " own, lets nothing leak from test to training images. For the others, statistics come from the images that"
        + " the section Fitting names.")
    @Effect(predicate = IsLine.class, type = EffectType.SHOW)
    StatisticsScope m_scope = StatisticsScope.PER_IMAGE;

    @Layout(Normalization.class)
    @Widget(title = "Foreground", description = "The voxels statistics are taken from. The default looks at each image"
        + " whether it has a background, and which.")
    @Effect(predicate = IsNone.class, type = EffectType.HIDE)
    @ValueReference(ForegroundReference.class)
    ForegroundRule m_foreground = ForegroundRule.AUTOMATIC;

    @Layout(Normalization.class)
    @Widget(title = "Mask column", description = "Segmentations on the images' grids; every label but 0 counts as"
        + " foreground."
        + " Blank: \"Mask\", else \"Segmentation\", else the first segmentation column.")
    @Effect(predicate = IsMask.class, type = EffectType.SHOW)
    @ChoicesProvider(LabelColumns.class)
    @ColumnGuess(type = LabelVolumeValue.class, names = {"Mask", StudyTable.SEGMENTATION})
    String m_maskColumn = "";

    @Layout(Normalization.class)
    @Widget(title = "Background becomes", description = "What happens to the voxels outside the foreground. The default,"
        + " a constant, keeps noise in the air from the network.")
    @Effect(predicate = HasScale.class, type = EffectType.SHOW)
    BackgroundRule m_background = BackgroundRule.CONSTANT;

    @Layout(Normalization.Percentiles.class)
    @Widget(title = "Lower percentile", description = "Where intensities are clipped; with the method Percentiles, what"
        + " becomes 0. From 0 to below the upper percentile. The default of 0.5 cuts off single dark voxels.")
    @Effect(predicate = IsPercentile.class, type = EffectType.SHOW)
    @NumberInputWidget(minValidation = MinValidation.IsNonNegativeValidation.class,
        maxValidation = MaxPercentile.class)
    double m_lowerPercentile = 0.5;

    @Layout(Normalization.Percentiles.class)
    @Widget(title = "Upper percentile", description = "Where intensities are clipped; with the method Percentiles, what"
        + " becomes 1. Up to 100. The default of 99.5 cuts off bright vessels and spikes.")
    @Effect(predicate = IsPercentile.class, type = EffectType.SHOW)
    @NumberInputWidget(minValidation = MinValidation.IsNonNegativeValidation.class,
        maxValidation = MaxPercentile.class)
    double m_upperPercentile = 99.5;

    @Layout(Normalization.BelowPercentiles.class)
    ClaheParameters m_clahe = new ClaheParameters();

    @Layout(Normalization.BelowPercentiles.class)
    BiasFieldParameters m_biasField = new BiasFieldParameters();

    @Layout(Normalization.BelowPercentiles.class)
    N4Parameters m_n4 = new N4Parameters();

    @Layout(Normalization.BelowPercentiles.class)
    @Widget(title = "Replace NaN and infinite voxels", description = "Puts 0 in their place first. Off by default: such"
        + " voxels usually mean that something went wrong before, so such an image gets a missing cell, and a warning names"
        + " its row.",
        advanced = true)
    @Effect(predicate = IsNone.class, type = EffectType.HIDE)
    boolean m_replaceNonFinite;

    @Layout(Fitting.class)
    @Widget(title = "Fit to", description = "The rows of the second input, or of the first if the second is not"
        + " connected, that are fitted to. Test images must not be among them, else they influence the scale. Not used"
        + " for statistics of each image.")
    @Effect(predicate = HasScale.class, type = EffectType.SHOW)
    @ValueReference(FitRowsReference.class)
    FitRows m_fitRows = FitRows.ALL;

    @Layout(Fitting.class)
    @Widget(title = "Marking column", description = "The column that says what a row is used for."
        + " Blank: \"Role\".")
    @Effect(predicate = IsMarked.class, type = EffectType.SHOW)
    @ChoicesProvider(TextColumns.class)
    @ColumnGuess(type = StringValue.class, names = StudyTable.ROLE, otherwise = Otherwise.NONE)
    @ValueReference(Marks.Column.class)
    String m_fitColumn = StudyTable.ROLE;

    @Layout(Fitting.class)
    @Widget(title = "Marked with", description = "Rows with exactly this text are fitted to. The default is what the"
        + " Subject Splitter calls its training part.")
    @Effect(predicate = IsMarked.class, type = EffectType.SHOW)
    @TextInputWidget
    @SuggestionsProvider(Marks.class)
    String m_fitValue = StudyTable.TRAINING;

    @Layout(Fitting.class)
    @Widget(title = "Row of the reference image", description = "Row ID of the image whose intensity distribution the"
        + " others get. Blank, the default: the first of the rows that are fitted to.")
    @Effect(predicate = IsReference.class, type = EffectType.SHOW)
    @TextInputWidget(placeholder = "(first row)")
    @SuggestionsProvider(KnownRows.class)
    String m_referenceRow = "";

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
        ColumnGuesses.defaults(this, input);
    }

    @Override
    public boolean reads(final String setting) {
        return switch (setting) {
            case "Site column" -> needsSite();
            case "Mask column" -> needsMask();
            case "Marking column" -> learns() && m_fitRows == FitRows.MARKED;
            default -> true;
        };
    }

    /** Whether a site column is needed. */
    boolean needsSite() {
        return m_method.kind() == Kind.LINE && m_scope == StatisticsScope.PER_SITE;
    }

    /** Whether a mask column is needed. */
    boolean needsMask() {
        return m_method != Method.NONE && m_foreground == ForegroundRule.MASK;
    }

    /** What becomes of the other voxels; changes within an image never map them. */
    Background background() {
        return m_method.kind() == Kind.LOCAL ? Background.CONSTANT : m_background.background();
    }

    /** Whether each row is told which foreground it got. */
    boolean tellsForeground() {
        return m_method != Method.NONE && m_foreground == ForegroundRule.AUTOMATIC;
    }

    /** Whether something is learned from images other than the normalized one. */
    boolean learns() {
        return m_method.kind() == Kind.CURVE || m_method.kind() == Kind.LINE && m_scope != StatisticsScope.PER_IMAGE;
    }

    /** What normalizing the image of a row takes of Java's heap; 0 without an image. */
    long bytes(final SampleColumns columns, final DataRow row) {
        final long voxels = columns.voxels(row);
        final long mask = needsMask() ? voxels : 0;
        return switch (m_method) {
            case NONE -> 0;
            case CLAHE_SLICES, CLAHE_VOLUME -> NodeMemory.NORMALIZER_CLAHE.bytes(voxels, mask);
            case BIAS_FIELD -> NodeMemory.NORMALIZER_BIAS.bytes(voxels, mask,
                Math.min(voxels, PolynomialBiasCorrection.MAX_VOXELS));
            case N4 -> NodeMemory.NORMALIZER_N4.bytes(voxels, mask, voxels == 0 ? 0
                : m_n4.correction(m_foreground.foreground()).sampled(((VolumeValue)row.getCell(columns.image())).geometry()));
            default -> NodeMemory.NORMALIZER.bytes(voxels, mask, 0);
        };
    }

    /** What stays of the image of a row while percentiles of several images are taken: a copy of it, and of all at last. */
    long bytesKept(final SampleColumns columns, final DataRow row) {
        final boolean pooled = m_method == Method.PERCENTILE || m_method == Method.CLIPPED_Z_SCORE || m_method == Method.ROBUST;
        return pooled ? NodeMemory.NORMALIZER.bytes(0, 0,
            Math.min(columns.voxels(row), PercentileScaling.MAX_VALUES_PER_IMAGE)) : 0;
    }

    /** The settings in the algorithm's terms; only for methods that map by a line. */
    IntensityNormalization line() {
        final IntensityMethod method = switch (m_method) {
            case Z_SCORE -> new ZScore();
            case MIN_MAX -> MinMax.UNIT;
            case PERCENTILE -> new PercentileScaling(m_lowerPercentile, m_upperPercentile, 0, 1);
            case CLIPPED_Z_SCORE -> new ClippedZScore(m_lowerPercentile, m_upperPercentile);
            case ROBUST -> new RobustScaling();
            default -> throw new IllegalStateException(m_method + " is no line");
        };
        return new IntensityNormalization(method, m_foreground.foreground(), m_scope.scope(),
            m_background.background());
    }

    /** For people: {@code z-score of each image, foreground above zero}. */
    String description() {
        final String method = switch (m_method) {
            case NONE -> "none";
            case Z_SCORE -> "z-score";
            case MIN_MAX -> "min-max";
            case PERCENTILE -> "percentiles " + m_lowerPercentile + " to " + m_upperPercentile;
            case CLIPPED_Z_SCORE -> "z-score between percentiles " + m_lowerPercentile + " and " + m_upperPercentile;
            case ROBUST -> "median and quartiles";
            case NYUL -> "histogram landmarks";
            case QUANTILE_MATCHING -> "histogram of a reference image";
            case CLAHE_SLICES -> "CLAHE of slices with " + m_clahe.description();
            case CLAHE_VOLUME -> "CLAHE of the volume with " + m_clahe.description();
            case BIAS_FIELD -> "bias field removed, " + m_biasField.description();
            case N4 -> "bias field removed by N4, " + m_n4.description();
        };
        if (m_method == Method.NONE) {
            return method;
        }
        return method + (m_method.kind() == Kind.LINE ? " of " + m_scope.text() : "") + ", foreground "
            + m_foreground.text()
            + (m_method.kind() != Kind.LOCAL && m_background == BackgroundRule.MAPPED ? ", background mapped too" : "")
            + (m_replaceNonFinite ? ", NaN and infinite voxels replaced by 0" : "");
    }

    @Override
    public void validate() throws InvalidSettingsException {
        RefusedSetting.named(this, VolumeNormalizerParameters::check);
    }

    private void check() throws InvalidSettingsException {
        // NaN fails too.
        if (!(m_lowerPercentile >= 0 && m_lowerPercentile < m_upperPercentile
            && m_upperPercentile <= MAX_PERCENTILE)) {
            throw new InvalidSettingsException("\"Lower percentile\" " + m_lowerPercentile
                + " and \"Upper percentile\" " + m_upperPercentile + " must be increasing within 0 to 100.");
        }
        m_clahe.validate();
        m_biasField.validate();
        m_n4.validate();
        if (learns() && m_fitRows == FitRows.MARKED && (m_fitValue == null || m_fitValue.isBlank())) {
            throw new InvalidSettingsException("\"Marked with\" is blank; give the text that marks the rows to fit to,"
                + " such as " + StudyTable.TRAINING + ".");
        }
        if (!m_replace && (m_outputColumn == null || m_outputColumn.isBlank())) {
            throw new InvalidSettingsException("\"Name of the new column\" is blank; give a name, such as "
                + StudyTable.NORMALIZED + ".");
        }
    }
}

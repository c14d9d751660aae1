package org.scanbridge.knime.nodes.intensitydivergencescorer;

import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

import org.knime.core.data.StringValue;
import org.knime.core.node.InvalidSettingsException;
import org.knime.node.parameters.NodeParameters;
import org.knime.node.parameters.NodeParametersInput;
import org.knime.node.parameters.Widget;
import org.knime.node.parameters.array.ArrayWidget;
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
import org.knime.node.parameters.widget.choices.ChoicesProvider;
import org.knime.node.parameters.widget.choices.Label;
import org.knime.node.parameters.widget.choices.SuggestionsProvider;
import org.knime.node.parameters.widget.number.NumberInputWidget;
import org.knime.node.parameters.widget.number.NumberInputWidgetValidation.MaxValidation;
import org.knime.node.parameters.widget.number.NumberInputWidgetValidation.MinValidation;
import org.knime.node.parameters.widget.text.TextInputWidget;
import org.scanbridge.imaging.metrics.HistogramRange;
import org.scanbridge.imaging.metrics.JensenShannonDivergence;
import org.scanbridge.imaging.metrics.LogBase;
import org.scanbridge.imaging.normalize.Foreground;
import org.scanbridge.knime.data.LabelVolumeValue;
import org.scanbridge.knime.util.ClassListSuggestions;
import org.scanbridge.knime.util.ColumnGuess.Otherwise;
import org.scanbridge.knime.util.ColumnGuess;
import org.scanbridge.knime.util.ColumnGuesses;
import org.scanbridge.knime.util.KnownSites;
import org.scanbridge.knime.util.LabelColumns;
import org.scanbridge.knime.util.NotAnnotated;
import org.scanbridge.knime.util.SiteColumn;
import org.scanbridge.knime.util.StudyTable;
import org.scanbridge.knime.util.TextColumns;

/** Settings of {@link IntensityDivergenceScorerNodeFactory}. */
@LoadDefaultsForAbsentFields
final class IntensityDivergenceScorerParameters implements NodeParameters {

    private static final int MIN_BINS = 2;

    private static final int MAX_BINS = 65536;

    /** Which voxels the overall divergence counts. */
    enum Voxels {
            @Label(value = "Segmented tissue", description = "Voxels of any class of the segmentation; images without"
                + " one are left out.")
            SEGMENTED(null),

            @Label(value = "Chosen by the image", description = "For each image by itself, as the Volume Normalizer does: what"
                + " is not the one value around a brain that was cut out, whatever a z-score made of it; tissue in noisy air;"
                + " all of a CT.")
            AUTOMATIC(Foreground.AUTOMATIC),

            @Label(value = "Above 0", description = "For images whose background is 0.")
            ABOVE_ZERO(Foreground.ABOVE_ZERO),

            @Label(value = "Above the mean", description = "For heads in noisy air.")
            ABOVE_MEAN(Foreground.ABOVE_MEAN),

            @Label(value = "Above Otsu's threshold", description = "The threshold that separates two intensity classes"
                + " best.")
            OTSU(Foreground.OTSU);

        private final Foreground m_foreground;

        Voxels(final Foreground foreground) {
            m_foreground = foreground;
        }

        /** The rule; null for {@link #SEGMENTED}. */
        Foreground foreground() {
            return m_foreground;
        }
    }

    /** Where the bins lie. */
    enum Range {
            @Label(value = "Middle 99.8 % of all voxels", description = "Between the 0.1th and 99.9th percentile of the"
                + " intensities of all sites together, for each image column anew.")
            POOLED,

            @Label(value = "Given", description = "For images whose scale is known, such as 0 to 1: results of different"
                + " studies then compare.")
            FIXED
    }

    /** The logarithm. */
    enum Logarithm {
            @Label(value = "Natural (nats)", description = "At most ln N for N sites: 0.693 for two.")
            NATURAL(LogBase.NATURAL, "nats"),

            @Label(value = "Base 2 (bits)", description = "At most 1 for two sites.")
            TWO(LogBase.TWO, "bits");

        private final LogBase m_base;

        private final String m_unit;

        Logarithm(final LogBase base, final String unit) {
            m_base = base;
            m_unit = unit;
        }

        /** The divergence measured with it. */
        JensenShannonDivergence divergence() {
            return new JensenShannonDivergence(m_base);
        }

        /** What it is measured in. */
        String unit() {
            return m_unit;
        }
    }

    /** How much a site counts. */
    enum Weights {
            @Label(value = "Equal", description = "Every site the same, however many images it has.")
            EQUAL,

            @Label(value = "By images", description = "By the number of its images.")
            IMAGES,

            @Label(value = "By voxels", description = "By the number of its voxels.")
            VOXELS,

            @Label(value = "Given", description = "By the numbers below.")
            GIVEN
    }

    /** The weight of one site. */
    @LoadDefaultsForAbsentFields
    static final class SiteNumber implements NodeParameters {

        @Widget(title = "Site", description = "Name of the site, as the table has it.")
        @TextInputWidget
        @SuggestionsProvider(KnownSites.class)
        String m_site = "";

        @Widget(title = "Weight", description = "How much it counts; only the ratio to the other sites matters.")
        @NumberInputWidget(minValidation = MinValidation.IsPositiveDoubleValidation.class)
        double m_weight = 1;
    }

    static final class RangeReference implements ParameterReference<Range> {
    }

    static final class WeightsReference implements ParameterReference<Weights> {
    }

    static final class IsFixed implements EffectPredicateProvider {
        @Override
        public EffectPredicate init(final PredicateInitializer i) {
            return i.getEnum(RangeReference.class).isOneOf(Range.FIXED);
        }
    }

    static final class IsGiven implements EffectPredicateProvider {
        @Override
        public EffectPredicate init(final PredicateInitializer i) {
            return i.getEnum(WeightsReference.class).isOneOf(Weights.GIVEN);
        }
    }

    @Section(title = "Columns")
    interface InputColumns {
    }

    @Section(title = "Histograms")
    @After(InputColumns.class)
    interface Histograms {

        @HorizontalLayout
        interface Ends {
        }
    }

    @Section(title = "Divergence")
    @After(Histograms.class)
    interface Divergence {
    }

    @Layout(InputColumns.class)
    @Widget(title = "Segmentation column", description = "Tells the tissue class of each voxel. Images without a"
        + " segmentation do not take part in the divergence per class."
        + " Blank: \"Segmentation\", else the first segmentation column.")
    @ChoicesProvider(LabelColumns.class)
    @ColumnGuess(type = LabelVolumeValue.class, names = StudyTable.SEGMENTATION)
    String m_segmentationColumn = StudyTable.SEGMENTATION;

    @Layout(InputColumns.class)
    @Widget(title = NotAnnotated.TITLE, description = "For segmentations that are complete in part: names or label values,"
        + " separated by commas, of classes that only say that nobody looked there. Such voxels are no"
        + " segmented tissue and of no class. Where such a class overlaps another, as in <tt>liver + unknown</tt>, the voxels are not annotated"
        + " either. Blank, the default: everything is annotated, and what has no label is background.", advanced = true)
    @TextInputWidget(placeholder = "(everything is annotated)")
    @SuggestionsProvider(ClassListSuggestions.OfNotAnnotated.class)
    @ValueReference(ClassListSuggestions.OfNotAnnotated.Setting.class)
    String m_notAnnotated = "";

    @Layout(InputColumns.class)
    @Widget(title = "Site column", description = "The site of each image."
        + " Blank: \"Site\".")
    @ChoicesProvider(TextColumns.class)
    @ColumnGuess(type = StringValue.class, names = StudyTable.SITE, otherwise = Otherwise.NONE)
    @ValueReference(SiteColumn.class)
    String m_siteColumn = StudyTable.SITE;

    @Layout(Histograms.class)
    @Widget(title = "Overall divergence counts", description = "The voxels that the overall divergence is computed"
        + " from. Segmented tissue, the default, is the fairest comparison; choose another rule where a site has no"
        + " segmentations.")
    Voxels m_voxels = Voxels.SEGMENTED;

    @Layout(Histograms.class)
    @Widget(title = "Bins", description = "Number of bins, 2 to 65536. The default of 256 is usual in the literature;"
        + " fewer bins smooth.")
    @NumberInputWidget(minValidation = BinsMinimum.class, maxValidation = BinsMaximum.class)
    int m_bins = HistogramRange.DEFAULT_BINS;

    @Layout(Histograms.class)
    @Widget(title = "Range of the bins", description = "All sites share the bins. Intensities outside are counted in the"
        + " first and last bin; the column Outside tells their share.")
    @ValueReference(RangeReference.class)
    Range m_range = Range.POOLED;

    @Layout(Histograms.Ends.class)
    @Widget(title = "Lowest intensity", description = "Where the first bin begins. The default range of 0 to 1 is that of"
        + " min-max and percentile normalization.")
    @Effect(predicate = IsFixed.class, type = EffectType.SHOW)
    double m_minimum;

    @Layout(Histograms.Ends.class)
    @Widget(title = "Highest intensity", description = "Where the last bin ends.")
    @Effect(predicate = IsFixed.class, type = EffectType.SHOW)
    double m_maximum = 1;

    @Layout(Divergence.class)
    @Widget(title = "Logarithm", description = "What the divergence is measured in. Most publications take the natural"
        + " logarithm; the Jensen-Shannon distance of many software packages is the root of either.")
    Logarithm m_logarithm = Logarithm.NATURAL;

    @Layout(Divergence.class)
    @Widget(title = "Weights of the sites", description = "How much each site counts in the mixture that all are compared"
        + " with. Equal weights, the default, keep a large site from hiding a small one.")
    @ValueReference(WeightsReference.class)
    Weights m_weights = Weights.EQUAL;

    @Layout(Divergence.class)
    @Widget(title = "Weights", description = "One entry for every site of the table.")
    @Effect(predicate = IsGiven.class, type = EffectType.SHOW)
    @ArrayWidget(addButtonText = "Add weight of a site", elementLayout = ArrayWidget.ElementLayout.HORIZONTAL_SINGLE_LINE)
    SiteNumber[] m_siteWeights = {};

    static final class BinsMinimum extends MinValidation {
        @Override
        protected double getMin() {
            return MIN_BINS;
        }
    }

    static final class BinsMaximum extends MaxValidation {
        @Override
        protected double getMax() {
            return MAX_BINS;
        }
    }

    /** Defaults for a node without input. */
    IntensityDivergenceScorerParameters() {
        // the initial values
    }

    /** Defaults that fit the input table. */
    IntensityDivergenceScorerParameters(final NodeParametersInput input) {
        ColumnGuesses.defaults(this, input);
    }

    /** The given weights by site; empty if they are not used. */
    Map<String, Double> givenWeights() {
        final Map<String, Double> weights = new TreeMap<>();
        if (m_weights == Weights.GIVEN && m_siteWeights != null) {
            for (final SiteNumber number : m_siteWeights) {
                weights.put(number.m_site.strip(), number.m_weight);
            }
        }
        return weights;
    }

    @Override
    public void validate() throws InvalidSettingsException {
        if (m_bins < MIN_BINS || m_bins > MAX_BINS) {
            throw new InvalidSettingsException(
                "\"Bins\" is " + m_bins + "; choose " + MIN_BINS + " to " + MAX_BINS + ".");
        }
        if (m_range == Range.FIXED
            && !(m_minimum < m_maximum && Double.isFinite(m_minimum) && Double.isFinite(m_maximum))) {
            throw new InvalidSettingsException("\"Lowest intensity\" " + m_minimum + " must lie below \"Highest"
                + " intensity\" " + m_maximum + ".");
        }
        NotAnnotated.of(m_notAnnotated);
        if (m_weights == Weights.GIVEN) {
            validateWeights();
        }
    }

    private void validateWeights() throws InvalidSettingsException {
        if (m_siteWeights == null || m_siteWeights.length == 0) {
            throw new InvalidSettingsException("\"Weights\" has no entry; give one for every site, or choose other"
                + " \"Weights of the sites\".");
        }
        final Set<String> seen = new HashSet<>();
        for (final SiteNumber number : m_siteWeights) {
            if (number.m_site == null || number.m_site.isBlank() || !seen.add(number.m_site.strip())) {
                throw new InvalidSettingsException("\"Weights\" has an entry "
                    + (number.m_site == null || number.m_site.isBlank() ? "without a site"
                        : "too many for site \"" + number.m_site.strip() + "\"")
                    + "; give exactly one for every site.");
            }
            if (!(number.m_weight > 0 && Double.isFinite(number.m_weight))) {
                throw new InvalidSettingsException("The weight of site \"" + number.m_site + "\" is " + number.m_weight
                    + "; choose a positive number.");
            }
        }
    }
}

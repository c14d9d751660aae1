package org.scanbridge.knime.nodes.intensitydivergencescorer;

import org.knime.core.data.StringValue;
import org.knime.core.node.InvalidSettingsException;
import org.knime.node.parameters.NodeParameters;
import org.knime.node.parameters.NodeParametersInput;
import org.knime.node.parameters.Widget;
import org.knime.node.parameters.layout.After;
import org.knime.node.parameters.layout.Layout;
import org.knime.node.parameters.layout.Section;
import org.knime.node.parameters.migration.LoadDefaultsForAbsentFields;
import org.knime.node.parameters.widget.choices.ChoicesProvider;
import org.knime.node.parameters.widget.choices.Label;
import org.knime.node.parameters.widget.number.NumberInputWidget;
import org.knime.node.parameters.widget.number.NumberInputWidgetValidation.MaxValidation;
import org.knime.node.parameters.widget.number.NumberInputWidgetValidation.MinValidation;
import org.scanbridge.imaging.metrics.HistogramRange;
import org.scanbridge.imaging.normalize.Foreground;
import org.scanbridge.knime.data.LabelVolumeValue;
import org.scanbridge.knime.util.Columns;
import org.scanbridge.knime.util.LabelColumns;
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

    @Section(title = "Columns")
    interface InputColumns {
    }

    @Section(title = "Histograms")
    @After(InputColumns.class)
    interface Histograms {
    }

    @Layout(InputColumns.class)
    @Widget(title = "Segmentation column", description = "Tells the tissue class of each voxel. Images without a"
        + " segmentation do not take part in the divergence per class.")
    @ChoicesProvider(LabelColumns.class)
    String m_segmentationColumn = StudyTable.SEGMENTATION;

    @Layout(InputColumns.class)
    @Widget(title = "Site column", description = "The site of each image.")
    @ChoicesProvider(TextColumns.class)
    String m_siteColumn = StudyTable.SITE;

    @Layout(Histograms.class)
    @Widget(title = "Overall divergence counts", description = "The voxels that the overall divergence is computed"
        + " from. Segmented tissue, the default, is the fairest comparison; choose another rule where a site has no"
        + " segmentations.")
    Voxels m_voxels = Voxels.SEGMENTED;

    @Layout(Histograms.class)
    @Widget(title = "Bins", description = "Number of bins, 2 to 65536, between the 0.1th and 99.9th percentile of the"
        + " intensities of all sites together. The default of 256 is usual in the literature; fewer bins smooth.")
    @NumberInputWidget(minValidation = BinsMinimum.class, maxValidation = BinsMaximum.class)
    int m_bins = HistogramRange.DEFAULT_BINS;

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
        m_segmentationColumn = Columns.defaultName(input, 0, LabelVolumeValue.class, StudyTable.SEGMENTATION);
        m_siteColumn = Columns.defaultName(input, 0, StringValue.class, StudyTable.SITE);
    }

    @Override
    public void validate() throws InvalidSettingsException {
        if (m_bins < MIN_BINS || m_bins > MAX_BINS) {
            throw new InvalidSettingsException(
                "\"Bins\" is " + m_bins + "; choose " + MIN_BINS + " to " + MAX_BINS + ".");
        }
    }
}

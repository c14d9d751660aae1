package org.scanbridge.knime.nodes.atlasbuilder;

import org.knime.core.data.DataTableSpec;
import org.knime.core.node.InvalidSettingsException;
import org.knime.node.parameters.NodeParameters;
import org.knime.node.parameters.NodeParametersInput;
import org.knime.node.parameters.Widget;
import org.knime.node.parameters.layout.After;
import org.knime.node.parameters.layout.Layout;
import org.knime.node.parameters.layout.Section;
import org.knime.node.parameters.migration.LoadDefaultsForAbsentFields;
import org.knime.node.parameters.widget.choices.ChoicesProvider;
import org.knime.node.parameters.widget.number.NumberInputWidget;
import org.knime.node.parameters.widget.number.NumberInputWidgetValidation.MinValidation.IsNonNegativeValidation;
import org.knime.node.parameters.widget.number.NumberInputWidgetValidation.MinValidation.IsPositiveDoubleValidation;
import org.knime.node.parameters.widget.number.NumberInputWidgetValidation.MinValidation.IsPositiveIntegerValidation;
import org.scanbridge.imaging.atlas.AtlasOptions;
import org.scanbridge.knime.data.LabelVolumeValue;
import org.scanbridge.knime.data.VolumeValue;
import org.scanbridge.knime.util.ColumnGuess;
import org.scanbridge.knime.util.ColumnGuesses;
import org.scanbridge.knime.util.Columns;
import org.scanbridge.knime.util.LabelColumns;
import org.scanbridge.knime.util.StudyTable;
import org.scanbridge.knime.util.VolumeColumns;

/** Settings of {@link AtlasBuilderNodeFactory}. */
@LoadDefaultsForAbsentFields
public final class AtlasBuilderParameters implements NodeParameters {

    @Section(title = "Columns")
    interface InputColumns {
    }

    @Section(title = "Atlas")
    @After(InputColumns.class)
    interface AtlasSection {
    }

    @Layout(InputColumns.class)
    @Widget(title = "Image column", description = """
            The images that belong to the segmentations. They align the subjects and tell apart what has no label; the \
            atlas keeps nothing of their intensities. All of one contrast, not normalized or normalized alike. \
            Blank: "Image", else the first image column.""")
    @ChoicesProvider(VolumeColumns.class)
    @ColumnGuess(type = VolumeValue.class, names = StudyTable.IMAGE)
    String m_imageColumn = "";

    @Layout(InputColumns.class)
    @Widget(title = "Segmentation column", description = """
            The reference segmentations, on the grid of the images. Rows without one are left out. \
            Blank: "Segmentation", else the first segmentation column.""")
    @ChoicesProvider(LabelColumns.class)
    @ColumnGuess(type = LabelVolumeValue.class, names = StudyTable.SEGMENTATION)
    String m_segmentationColumn = "";

    @Layout(AtlasSection.class)
    @Widget(title = "Voxel size (mm)", description = "Of the atlas, 0.5 to 8 mm. Smaller ones need more memory, and more subjects.")
    @NumberInputWidget(minValidation = IsPositiveDoubleValidation.class)
    double m_voxelSize = AtlasOptions.DEFAULT.spacing();

    @Layout(AtlasSection.class)
    @Widget(title = "Margin (mm)", description = """
            How far around the labels the atlas reaches, 0 to 100 mm: what surrounds them must be known to be told from them.""")
    @NumberInputWidget(minValidation = IsNonNegativeValidation.class)
    double m_margin = AtlasOptions.DEFAULT.margin();

    @Layout(AtlasSection.class)
    @Widget(title = "Classes of unlabeled tissue", description = """
            Into how many classes of like intensity everything without a label is split, 1 to 32. Without such classes, \
            skull and skin would be taken for one of the labels.""")
    @NumberInputWidget(minValidation = IsPositiveIntegerValidation.class)
    int m_clusters = AtlasOptions.DEFAULT.clusters();

    @Layout(AtlasSection.class)
    @Widget(title = "Smoothing (mm)", description = """
            Full width at half maximum by which probabilities are smoothed, 0 to 20 mm. It makes up for shapes that few \
            subjects do not show: more with few subjects, less with many.""")
    @NumberInputWidget(minValidation = IsNonNegativeValidation.class)
    double m_smoothing = AtlasOptions.DEFAULT.blur();

    AtlasBuilderParameters() {
        // for KNIME
    }

    AtlasBuilderParameters(final NodeParametersInput input) {
        ColumnGuesses.defaults(this, input);
    }

    int image(final DataTableSpec spec) throws InvalidSettingsException {
        return Columns.index(spec, m_imageColumn, VolumeValue.class, "Image column");
    }

    int segmentation(final DataTableSpec spec) throws InvalidSettingsException {
        return Columns.index(spec, m_segmentationColumn, LabelVolumeValue.class, "Segmentation column");
    }

    /** @throws InvalidSettingsException if a number is out of range */
    AtlasOptions options() throws InvalidSettingsException {
        require(m_voxelSize, 0.5, 8, "Voxel size (mm)");
        require(m_margin, 0, 100, "Margin (mm)");
        require(m_clusters, 1, 32, "Classes of unlabeled tissue");
        require(m_smoothing, 0, 20, "Smoothing (mm)");
        return new AtlasOptions(m_voxelSize, m_margin, m_clusters, m_smoothing);
    }

    private static void require(final double x, final double from, final double to, final String title)
        throws InvalidSettingsException {
        if (!(x >= from && x <= to)) {
            throw new InvalidSettingsException("\"" + title + "\" is " + x + ". Choose a number from " + from + " to " + to + ".");
        }
    }

    @Override
    public void validate() throws InvalidSettingsException {
        options();
    }
}

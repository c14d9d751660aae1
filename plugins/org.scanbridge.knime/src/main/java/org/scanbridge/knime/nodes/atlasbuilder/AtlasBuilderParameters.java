package org.scanbridge.knime.nodes.atlasbuilder;

import org.knime.core.data.DataTableSpec;
import org.knime.core.data.StringValue;
import org.knime.core.node.InvalidSettingsException;
import org.knime.node.parameters.NodeParameters;
import org.knime.node.parameters.NodeParametersInput;
import org.knime.node.parameters.Widget;
import org.knime.node.parameters.layout.After;
import org.knime.node.parameters.layout.Layout;
import org.knime.node.parameters.layout.Section;
import org.knime.node.parameters.migration.LoadDefaultsForAbsentFields;
import org.knime.node.parameters.updates.ValueReference;
import org.knime.node.parameters.widget.choices.ChoicesProvider;
import org.knime.node.parameters.widget.choices.SuggestionsProvider;
import org.knime.node.parameters.widget.message.TextMessage;
import org.knime.node.parameters.widget.number.NumberInputWidget;
import org.knime.node.parameters.widget.number.NumberInputWidgetValidation.MinValidation.IsNonNegativeValidation;
import org.knime.node.parameters.widget.number.NumberInputWidgetValidation.MinValidation.IsPositiveDoubleValidation;
import org.knime.node.parameters.widget.number.NumberInputWidgetValidation.MinValidation.IsPositiveIntegerValidation;
import org.knime.node.parameters.widget.text.TextInputWidget;
import org.scanbridge.imaging.atlas.AtlasOptions;
import org.scanbridge.knime.data.LabelVolumeValue;
import org.scanbridge.knime.data.VolumeValue;
import org.scanbridge.knime.util.ColumnGuess;
import org.scanbridge.knime.util.ColumnGuess.Otherwise;
import org.scanbridge.knime.util.ColumnGuesses;
import org.scanbridge.knime.util.Columns;
import org.scanbridge.knime.util.GuessedColumns;
import org.scanbridge.knime.util.KnownSites;
import org.scanbridge.knime.util.KnownSitesNote;
import org.scanbridge.knime.util.LabelColumns;
import org.scanbridge.knime.util.SiteColumn;
import org.scanbridge.knime.util.StudyTable;
import org.scanbridge.knime.util.TextColumns;
import org.scanbridge.knime.util.VolumeColumns;

/** Settings of {@link AtlasBuilderNodeFactory}. */
@LoadDefaultsForAbsentFields
public final class AtlasBuilderParameters implements NodeParameters, GuessedColumns {

    static final String SITE_COLUMN = "Site column";

    static final String SOURCE_SITE = "Source site";

    @Section(title = "Columns")
    interface InputColumns {
    }

    @Section(title = "Sites")
    @After(InputColumns.class)
    interface Sites {
    }

    @Section(title = "Atlas")
    @After(Sites.class)
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

    @Layout(Sites.class)
    @Widget(title = SITE_COLUMN, description = """
            Says which scanner or hospital an image comes from; only read if a source site is named below. Blank: "Site".""")
    @ChoicesProvider(TextColumns.class)
    @ColumnGuess(type = StringValue.class, names = StudyTable.SITE, otherwise = Otherwise.NONE)
    @ValueReference(SiteColumn.class)
    String m_siteColumn = "";

    @Layout(Sites.class)
    @Widget(title = SOURCE_SITE, description = """
            The site whose images make the atlas; rows of other sites are left out, with a segmentation or without. Name it \
            where the table also has labeled images of the site that the atlas is to be tried on, lest it learn from their \
            labels. Blank, the default: the rows of all sites.""")
    @TextInputWidget(placeholder = "(all sites)")
    @SuggestionsProvider(KnownSites.class)
    String m_sourceSite = "";

    @Layout(Sites.class)
    @TextMessage(KnownSitesNote.class)
    Void m_knownSites;

    @Layout(AtlasSection.class)
    @Widget(title = "Voxel size (mm)", description = "Of the atlas, 0.5 to 8 mm. Smaller ones need more memory, and more subjects.")
    @NumberInputWidget(minValidation = IsPositiveDoubleValidation.class)
    double m_voxelSize = AtlasOptions.DEFAULT.spacing();

    @Layout(AtlasSection.class)
    @Widget(title = "Margin (mm)", description = """
            How far around the labels the atlas reaches, 0 to 100 mm: what surrounds them must be known to be told from them. \
            It never reaches beyond what the images show, so tightly cropped images need no smaller margin.""")
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

    /** The only site that makes the atlas; blank for all. */
    String source() {
        return m_sourceSite == null ? "" : m_sourceSite.strip();
    }

    /** Where the sites stand; -1 if those of all rows make the atlas. */
    int site(final DataTableSpec spec) throws InvalidSettingsException {
        return source().isEmpty() ? -1 : Columns.index(spec, m_siteColumn, StringValue.class, SITE_COLUMN);
    }

    @Override
    public boolean reads(final String setting) {
        return !setting.equals(SITE_COLUMN) || !source().isEmpty();
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

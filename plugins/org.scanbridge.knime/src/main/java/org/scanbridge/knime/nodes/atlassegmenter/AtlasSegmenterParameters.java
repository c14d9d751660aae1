package org.scanbridge.knime.nodes.atlassegmenter;

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
import org.knime.node.parameters.widget.number.NumberInputWidgetValidation.MinValidation.IsPositiveIntegerValidation;
import org.knime.node.parameters.widget.text.TextInputWidget;
import org.scanbridge.imaging.atlas.SegmenterOptions;
import org.scanbridge.knime.data.VolumeValue;
import org.scanbridge.knime.util.ColumnGuess;
import org.scanbridge.knime.util.ColumnGuesses;
import org.scanbridge.knime.util.StudyTable;

/** Settings of {@link AtlasSegmenterNodeFactory}. */
@LoadDefaultsForAbsentFields
public final class AtlasSegmenterParameters implements NodeParameters {

    @Section(title = "Columns")
    interface InputColumns {
    }

    @Section(title = "Segmentation")
    @After(InputColumns.class)
    interface Segmentation {
    }

    @Section(title = "Further results")
    @After(Segmentation.class)
    interface Results {
    }

    @Layout(InputColumns.class)
    @Widget(title = "Image column", description = """
            The images to segment, of any contrast; gain and offset do not matter, so they need no normalization. Blank: \
            "Image", else the first image column.""")
    @ChoicesProvider(AtlasImageColumns.class)
    @ColumnGuess(port = AtlasSegmenterNodeFactory.IMAGES, type = VolumeValue.class, names = StudyTable.IMAGE)
    String m_imageColumn = "";

    @Layout(InputColumns.class)
    @Widget(title = "Name of the new column", description = "Name of the column with the segmentations.")
    @TextInputWidget(placeholder = "atlas")
    String m_outputColumn = "atlas";

    @Layout(Segmentation.class)
    @Widget(title = "Gaussians per label", description = """
            How many Gaussians make up the intensities of a label, 1 to 4. One for tissues; more for labels of several \
            tissues, such as whole organs.""")
    @NumberInputWidget(minValidation = IsPositiveIntegerValidation.class)
    int m_gaussians = SegmenterOptions.DEFAULT.gaussians();

    @Layout(Segmentation.class)
    @Widget(title = "Order of the bias field", description = """
            Order of the polynomial that takes slow changes of brightness out of the image, 0 to 6; 0 for none, as in CT.""")
    @NumberInputWidget(minValidation = IsNonNegativeValidation.class)
    int m_fieldOrder = SegmenterOptions.DEFAULT.fieldOrder();

    @Layout(Segmentation.class)
    @Widget(title = "Weight of neighbors", description = """
            How strongly a voxel is drawn to the label of its neighbors, 0 to 3. 0 not at all; more for noisy images, but \
            thin structures get lost.""")
    @NumberInputWidget(minValidation = IsNonNegativeValidation.class, stepSize = 0.05)
    double m_neighbors = SegmenterOptions.DEFAULT.neighbors();

    @Layout(Segmentation.class)
    @Widget(title = "Steps", description = "Of the estimation at most, 1 to 200; it ends when nothing changes any more.")
    @NumberInputWidget(minValidation = IsPositiveIntegerValidation.class)
    int m_steps = SegmenterOptions.DEFAULT.steps();

    @Layout(Results.class)
    @Widget(title = "Probabilities", description = "Appends an image of probabilities for each label.")
    boolean m_probabilities;

    @Layout(Results.class)
    @Widget(title = "Image without bias field", description = """
            Appends the image with the estimated field taken out, in its own units.""")
    boolean m_corrected;

    AtlasSegmenterParameters() {
        // for KNIME
    }

    AtlasSegmenterParameters(final NodeParametersInput input) {
        ColumnGuesses.defaults(this, input);
    }

    /** @throws InvalidSettingsException if a number is out of range */
    SegmenterOptions options() throws InvalidSettingsException {
        require(m_gaussians, 1, 4, "Gaussians per label");
        require(m_fieldOrder, 0, 6, "Order of the bias field");
        require(m_neighbors, 0, 3, "Weight of neighbors");
        require(m_steps, 1, 200, "Steps");
        return new SegmenterOptions(m_gaussians, m_fieldOrder, m_neighbors, m_steps, SegmenterOptions.DEFAULT.sampling());
    }

    private static void require(final double x, final int from, final int to, final String title)
        throws InvalidSettingsException {
        if (!(x >= from && x <= to)) {
            throw new InvalidSettingsException("\"" + title + "\" is " + x + ". Choose a number from " + from + " to " + to + ".");
        }
    }

    @Override
    public void validate() throws InvalidSettingsException {
        options();
        if (m_outputColumn == null || m_outputColumn.isBlank()) {
            throw new InvalidSettingsException("\"Name of the new column\" is blank. Enter a name, such as atlas.");
        }
    }
}

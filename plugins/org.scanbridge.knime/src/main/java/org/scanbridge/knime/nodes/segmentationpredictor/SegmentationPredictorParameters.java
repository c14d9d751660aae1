package org.scanbridge.knime.nodes.segmentationpredictor;

import org.knime.core.node.InvalidSettingsException;
import org.knime.node.parameters.NodeParameters;
import org.knime.node.parameters.NodeParametersInput;
import org.knime.node.parameters.Widget;
import org.knime.node.parameters.migration.LoadDefaultsForAbsentFields;
import org.knime.node.parameters.widget.choices.ChoicesProvider;
import org.knime.node.parameters.widget.text.TextInputWidget;
import org.scanbridge.knime.data.VolumeValue;
import org.scanbridge.knime.learn.TrainingImageColumns;
import org.scanbridge.knime.util.Columns;
import org.scanbridge.knime.util.StudyTable;

/** Settings of the Segmentation Predictor. */
@LoadDefaultsForAbsentFields
public final class SegmentationPredictorParameters implements NodeParameters {

    @Widget(title = "Image column", description = """
            The images to segment. They must be normalized in the same way as the images the network was trained on.""")
    @ChoicesProvider(TrainingImageColumns.class)
    String m_imageColumn = "";

    @Widget(title = "Name of the new column", description = """
            Name of the column with the segmentations. Choose the name of the model, such as "adapted": the Segmentation \
            Scorer and the report use it.""")
    @TextInputWidget(placeholder = "prediction")
    String m_outputColumn = "prediction";

    /** For KNIME. */
    public SegmentationPredictorParameters() {
        // the default column needs a table
    }

    SegmentationPredictorParameters(final NodeParametersInput input) {
        m_imageColumn = Columns.defaultName(input, 1, VolumeValue.class, StudyTable.NORMALIZED, StudyTable.IMAGE);
    }

    @Override
    public void validate() throws InvalidSettingsException {
        if (m_outputColumn == null || m_outputColumn.isBlank()) {
            throw new InvalidSettingsException("The new column has no name. Enter one, such as \"adapted\".");
        }
    }
}

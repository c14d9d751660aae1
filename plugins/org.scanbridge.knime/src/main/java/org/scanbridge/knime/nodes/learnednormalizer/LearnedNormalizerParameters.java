package org.scanbridge.knime.nodes.learnednormalizer;

import org.knime.core.node.InvalidSettingsException;
import org.knime.node.parameters.NodeParameters;
import org.knime.node.parameters.NodeParametersInput;
import org.knime.node.parameters.Widget;
import org.knime.node.parameters.migration.LoadDefaultsForAbsentFields;
import org.knime.node.parameters.widget.choices.ChoicesProvider;
import org.knime.node.parameters.widget.number.NumberInputWidget;
import org.knime.node.parameters.widget.number.NumberInputWidgetValidation.MaxValidation;
import org.knime.node.parameters.widget.number.NumberInputWidgetValidation.MinValidation.IsNonNegativeValidation;
import org.knime.node.parameters.widget.text.TextInputWidget;
import org.scanbridge.knime.data.VolumeValue;
import org.scanbridge.knime.learn.TrainingImageColumns;
import org.scanbridge.knime.util.ColumnGuess;
import org.scanbridge.knime.util.ColumnGuesses;
import org.scanbridge.knime.util.StudyTable;

/** Settings of {@link LearnedNormalizerNodeFactory}. */
@LoadDefaultsForAbsentFields
public final class LearnedNormalizerParameters implements NodeParameters {

    private static final double MAX_OVERLAP = 0.9;

    @Widget(title = "Image column", description = """
            The images to normalize, scaled in the same way as the images the generator was trained on. \
            Blank: "Normalized", else "Image", else the first image column.""")
    @ChoicesProvider(TrainingImageColumns.class)
    @ColumnGuess(port = 1, type = VolumeValue.class, names = {StudyTable.NORMALIZED, StudyTable.IMAGE})
    String m_imageColumn = "";

    @Widget(title = "Name of the new column", description = "Name of the column with the normalized images.")
    @TextInputWidget(placeholder = "Learned")
    String m_outputColumn = "Learned";

    @Widget(title = "Overlap", description = """
            Share of a block that neighboring blocks have in common, from 0 to 0.9. Where blocks overlap, their results are \
            blended, so that no seams show. More is smoother and slower.""", advanced = true)
    @NumberInputWidget(minValidation = IsNonNegativeValidation.class, maxValidation = OverlapMaximum.class)
    double m_overlap = 0.5;

    static final class OverlapMaximum extends MaxValidation {
        @Override
        protected double getMax() {
            return MAX_OVERLAP;
        }
    }

    /** For KNIME. */
    public LearnedNormalizerParameters() {
        // the default column needs a table
    }

    LearnedNormalizerParameters(final NodeParametersInput input) {
        ColumnGuesses.defaults(this, input);
    }

    @Override
    public void validate() throws InvalidSettingsException {
        if (m_outputColumn == null || m_outputColumn.isBlank()) {
            throw new InvalidSettingsException("The new column has no name. Enter one, such as \"Learned\".");
        }
        if (!(m_overlap >= 0 && m_overlap <= MAX_OVERLAP)) {
            throw new InvalidSettingsException("Overlap " + m_overlap + ": 0 to " + MAX_OVERLAP + ".");
        }
    }
}

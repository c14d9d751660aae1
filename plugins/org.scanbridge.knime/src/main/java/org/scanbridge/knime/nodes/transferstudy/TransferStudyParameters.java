package org.scanbridge.knime.nodes.transferstudy;

import java.util.ArrayList;
import java.util.List;

import org.knime.core.node.InvalidSettingsException;
import org.knime.node.parameters.NodeParameters;
import org.knime.node.parameters.NodeParametersInput;
import org.knime.node.parameters.Widget;
import org.knime.node.parameters.layout.After;
import org.knime.node.parameters.layout.Layout;
import org.knime.node.parameters.layout.Section;
import org.knime.node.parameters.migration.LoadDefaultsForAbsentFields;
import org.knime.node.parameters.widget.number.NumberInputWidget;
import org.knime.node.parameters.widget.number.NumberInputWidgetValidation.MinValidation.IsPositiveIntegerValidation;
import org.knime.node.parameters.widget.text.TextInputWidget;
import org.scanbridge.knime.learn.CaseColumns;
import org.scanbridge.knime.learn.TrainingParameters;
import org.scanbridge.learning.method.TransferStudyOptions;

/** Settings of the Transfer Study. */
@LoadDefaultsForAbsentFields
public final class TransferStudyParameters implements NodeParameters {

    @Section(title = "Images")
    interface Images {
    }

    @Section(title = "Study")
    @After(Images.class)
    interface Study {
    }

    @Section(title = "Each training")
    @After(Study.class)
    interface Training {
    }

    @Layout(Images.class)
    CaseColumns m_columns = new CaseColumns();

    @Layout(Study.class)
    @Widget(title = "Numbers of training cases", description = """
            With how many labeled subjects of the new site to train, separated by commas. Doubling them each time gives an \
            even curve.""")
    @TextInputWidget(placeholder = "1, 2, 4, 8")
    String m_cases = "1, 2, 4, 8";

    @Layout(Study.class)
    @Widget(title = "Numbers of trained blocks", description = """
            How many of the last blocks of the network are trained, separated by commas; the blocks before them stay as they \
            are. A number larger than the network's means all. The default are the depths of the paper that are worth \
            their time.""")
    @TextInputWidget(placeholder = "1, 2, 3, 6, 15")
    String m_tuned = "1, 2, 3, 6, 15";

    @Layout(Study.class)
    @Widget(title = "Also train from scratch", description = """
            Trains a network with fresh weights on the same subjects, which shows what the source network is worth.""")
    boolean m_scratch = true;

    @Layout(Study.class)
    @Widget(title = "Repetitions", description = """
            How often everything is repeated with other subjects and other random numbers. With few cases the choice of \
            the subjects matters more than anything else: use at least 3 for a result to be shown to others.""")
    @NumberInputWidget(minValidation = IsPositiveIntegerValidation.class)
    int m_repetitions = 1;

    @Layout(Training.class)
    TrainingParameters m_training = new TrainingParameters();

    /** For KNIME. */
    public TransferStudyParameters() {
        // the defaults need a table
    }

    TransferStudyParameters(final NodeParametersInput input) {
        m_columns = new CaseColumns(input);
    }

    /** @throws InvalidSettingsException if a number is out of range */
    TransferStudyOptions options() throws InvalidSettingsException {
        try {
            return new TransferStudyOptions(m_training.options(0), numbers("Numbers of training cases", m_cases),
                numbers("Numbers of trained blocks", m_tuned), m_scratch, m_repetitions);
        } catch (final IllegalArgumentException e) {
            throw new InvalidSettingsException(e.getMessage(), e);
        }
    }

    private static List<Integer> numbers(final String title, final String text) throws InvalidSettingsException {
        final List<Integer> numbers = new ArrayList<>();
        for (final String part : text == null || text.isBlank() ? new String[0] : text.split(",")) {
            try {
                numbers.add(Integer.valueOf(part.strip()));
            } catch (final NumberFormatException e) {
                throw new InvalidSettingsException("\"" + title + "\": \"" + part.strip()
                    + "\" is no whole number. Give numbers separated by commas, such as 1, 2, 4.", e);
            }
        }
        return numbers;
    }

    @Override
    public void validate() throws InvalidSettingsException {
        options();
        m_training.checkpoints();
    }
}

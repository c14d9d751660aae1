package org.scanbridge.knime.nodes.imageregistration;

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
import org.knime.node.parameters.widget.text.TextInputWidget;
import org.scanbridge.imaging.register.Freedom;
import org.scanbridge.knime.data.VolumeValue;
import org.scanbridge.knime.util.ColumnGuess;
import org.scanbridge.knime.util.ColumnGuesses;
import org.scanbridge.knime.util.StudyTable;
import org.scanbridge.knime.util.VolumeColumns;

/** Settings of {@link ImageRegistrationNodeFactory}. */
@LoadDefaultsForAbsentFields
public final class ImageRegistrationParameters implements NodeParameters {

    /** What may be done to the moving image. */
    enum Transformation {
            @Label(value = "Rigid", description = "Shifts and rotations: images of one session or of one subject.")
            RIGID(Freedom.RIGID),

            @Label(value = "Affine", description = "Scales and shears as well: images of different subjects.")
            AFFINE(Freedom.AFFINE);

        private final Freedom m_freedom;

        Transformation(final Freedom freedom) {
            m_freedom = freedom;
        }

        Freedom freedom() {
            return m_freedom;
        }
    }

    @Section(title = "Columns")
    interface InputColumns {
    }

    @Section(title = "Registration")
    @After(InputColumns.class)
    interface Registering {
    }

    @Layout(InputColumns.class)
    @Widget(title = "Fixed image column", description = "The images that stay where they are, such as FLAIR. Blank: \"Image\","
        + " else the first image column.")
    @ChoicesProvider(VolumeColumns.class)
    @ColumnGuess(type = VolumeValue.class, names = StudyTable.IMAGE)
    String m_fixedColumn = "";

    @Layout(InputColumns.class)
    @Widget(title = "Moving image column", description = """
            The images that are brought onto the fixed ones of the same row, such as T1. The contrast may be another. \
            Blank: the last image column.""")
    @ChoicesProvider(VolumeColumns.class)
    @ColumnGuess(type = VolumeValue.class, otherwise = ColumnGuess.Otherwise.LAST)
    String m_movingColumn = "";

    @Layout(InputColumns.class)
    @Widget(title = "Name of the new column", description = "Name of the column with the moved images.")
    @TextInputWidget(placeholder = "registered")
    String m_outputColumn = "registered";

    @Layout(Registering.class)
    @Widget(title = "Transformation", description = "What may be done to the moving image.")
    Transformation m_transformation = Transformation.RIGID;

    @Layout(Registering.class)
    @Widget(title = "Look past shading", description = """
            Registers the images without the slow changes of brightness that MR coils leave (bias field, removed by N4). With \
            a strong one, the transform would be off by more than half a millimeter. The result keeps the intensities of the \
            moving image. CT, and images that were z-scored, are registered as they are.""")
    boolean m_unshaded = true;

    ImageRegistrationParameters() {
        // for KNIME
    }

    ImageRegistrationParameters(final NodeParametersInput input) {
        ColumnGuesses.defaults(this, input);
    }

    @Override
    public void validate() throws InvalidSettingsException {
        if (m_outputColumn == null || m_outputColumn.isBlank()) {
            throw new InvalidSettingsException("\"Name of the new column\" is blank. Enter a name, such as registered.");
        }
        if (m_fixedColumn != null && !m_fixedColumn.isEmpty() && m_fixedColumn.equals(m_movingColumn)) {
            throw new InvalidSettingsException("\"Fixed image column\" and \"Moving image column\" are both \"" + m_fixedColumn
                + "\". Choose two different columns.");
        }
    }
}

package org.scanbridge.knime.nodes.trainingplanner;

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
import org.knime.node.parameters.widget.number.NumberInputWidget;
import org.knime.node.parameters.widget.number.NumberInputWidgetValidation.MinValidation.IsPositiveDoubleValidation;
import org.knime.node.parameters.widget.number.NumberInputWidgetValidation.MinValidation.IsPositiveIntegerValidation;
import org.scanbridge.knime.data.LabelVolumeValue;
import org.scanbridge.knime.data.VolumeValue;
import org.scanbridge.knime.util.ClassListSuggestions;
import org.scanbridge.knime.util.ColumnGuess;
import org.scanbridge.knime.util.ColumnGuess.Otherwise;
import org.scanbridge.knime.util.ColumnGuesses;
import org.scanbridge.knime.util.LabelColumns;
import org.scanbridge.knime.util.NotAnnotated;
import org.scanbridge.knime.util.StudyTable;
import org.scanbridge.knime.util.TextColumns;
import org.scanbridge.knime.util.VolumeColumns;

/** Settings of {@link TrainingPlannerNodeFactory}. */
@LoadDefaultsForAbsentFields
public final class TrainingPlannerParameters implements NodeParameters {

    @Section(title = "Images")
    interface Images {
    }

    @Section(title = "Time and network")
    @After(Images.class)
    interface Time {
    }

    @Layout(Images.class)
    @Widget(title = "Image column", description = """
            The images as they were read, before they are resampled and normalized: how to do that is part of the plan. \
            Blank: "Image", else the first image column.""")
    @ChoicesProvider(VolumeColumns.class)
    @ColumnGuess(type = VolumeValue.class, names = StudyTable.IMAGE)
    String m_imageColumn = "";

    @Layout(Images.class)
    @Widget(title = "Segmentation column", description = """
            The reference segmentations, on the grid of the images. A site without any is taken for the new site that the \
            network has to be adapted to. Blank: "Segmentation", else the first segmentation column.""")
    @ChoicesProvider(LabelColumns.class)
    @ColumnGuess(type = LabelVolumeValue.class, names = StudyTable.SEGMENTATION)
    String m_segmentationColumn = "";

    @Layout(Images.class)
    @Widget(title = NotAnnotated.TITLE, description = """
            Classes that only mark what nobody annotated, as names or label values, separated by commas. They are no classes \
            of the network. Blank if everything is annotated.""")
    @SuggestionsProvider(ClassListSuggestions.OfNotAnnotated.class)
    @ValueReference(ClassListSuggestions.OfNotAnnotated.Setting.class)
    String m_notAnnotated = "";

    @Layout(Images.class)
    @Widget(title = "Subject column", description = "Says which person an image shows. Blank: \"Subject\".")
    @ChoicesProvider(TextColumns.class)
    @ColumnGuess(type = StringValue.class, names = StudyTable.SUBJECT, otherwise = Otherwise.NONE)
    String m_subjectColumn = "";

    @Layout(Images.class)
    @Widget(title = "Site column", description = "Says which scanner or hospital an image comes from. Blank: \"Site\".")
    @ChoicesProvider(TextColumns.class)
    @ColumnGuess(type = StringValue.class, names = StudyTable.SITE, otherwise = Otherwise.NONE)
    String m_siteColumn = "";

    @Layout(Time.class)
    @Widget(title = "Minutes for the training", description = """
            How long the training may take on this machine. The plan is the best that fits; some steps are made on noise to \
            see how long they take here. 30 by default, a lunch break; real images deserve a night (480).""")
    @NumberInputWidget(minValidation = IsPositiveDoubleValidation.class)
    double m_minutes = 30;

    @Layout(Time.class)
    @Widget(title = "Input channels", description = """
            How many images of each subject the network gets, such as 2 for FLAIR and T1. The plan looks at the image column \
            above; the others must lie on the same grid.""")
    @NumberInputWidget(minValidation = IsPositiveIntegerValidation.class)
    int m_inputChannels = 1;

    @Layout(Time.class)
    @Widget(title = "Seed", description = "The initial weights are drawn from it; the same seed gives the same weights.",
        advanced = true)
    long m_seed = 1;

    TrainingPlannerParameters() {
        // for KNIME
    }

    TrainingPlannerParameters(final NodeParametersInput input) {
        ColumnGuesses.defaults(this, input);
    }

    @Override
    public void validate() throws InvalidSettingsException {
        if (!(m_minutes > 0) || Double.isInfinite(m_minutes)) {
            throw new InvalidSettingsException("\"Minutes for the training\" is " + m_minutes + ". Give more than 0.");
        }
        if (m_inputChannels < 1 || m_inputChannels > 64) {
            throw new InvalidSettingsException("\"Input channels\" is " + m_inputChannels + ". Give 1 to 64.");
        }
        NotAnnotated.of(m_notAnnotated);
    }
}

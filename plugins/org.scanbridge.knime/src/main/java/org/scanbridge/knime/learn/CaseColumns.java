package org.scanbridge.knime.learn;

import org.knime.core.data.StringValue;
import org.knime.core.node.InvalidSettingsException;
import org.knime.node.parameters.NodeParameters;
import org.knime.node.parameters.NodeParametersInput;
import org.knime.node.parameters.Widget;
import org.knime.node.parameters.array.ArrayWidget;
import org.knime.node.parameters.migration.LoadDefaultsForAbsentFields;
import org.knime.node.parameters.updates.ValueReference;
import org.knime.node.parameters.widget.choices.ChoicesProvider;
import org.knime.node.parameters.widget.choices.SuggestionsProvider;
import org.knime.node.parameters.widget.text.TextInputWidget;
import org.scanbridge.knime.data.LabelVolumeValue;
import org.scanbridge.knime.data.VolumeValue;
import org.scanbridge.knime.util.ClassListSuggestions;
import org.scanbridge.knime.util.ColumnGuess.Otherwise;
import org.scanbridge.knime.util.ColumnGuess;
import org.scanbridge.knime.util.ColumnGuesses;
import org.scanbridge.knime.util.NotAnnotated;
import org.scanbridge.knime.util.SiteColumn;
import org.scanbridge.knime.util.StudyTable;

/** Which columns hold the cases of a training. */
@LoadDefaultsForAbsentFields
public final class CaseColumns implements NodeParameters {

    @Widget(title = "Image column", description = """
            The images to train on. Choose the column of the Volume Normalizer rather than the raw one: the network must \
            later be given images normalized in the same way. \
            Blank: "Normalized", else "Image", else the first image column.""")
    @ChoicesProvider(TrainingImageColumns.class)
    @ColumnGuess(port = 1, type = VolumeValue.class, names = {StudyTable.NORMALIZED, StudyTable.IMAGE})
    String m_imageColumn = "";

    @Widget(title = "Further images", description = """
            More images of each subject that the network gets together with the first one, such as T1 beside FLAIR: one per \
            input channel of the network, in the order in which it was trained. They must lie on the grid of the first \
            image (the Volume Resampler brings them there) and should be normalized in the same way. None for networks of \
            one channel.""")
    @ArrayWidget(addButtonText = "Add further image", elementLayout = ArrayWidget.ElementLayout.HORIZONTAL_SINGLE_LINE,
        showSortButtons = true)
    FurtherImage[] m_furtherImages = {};

    @Widget(title = "Segmentation column", description = """
            The reference segmentations. A missing cell means that the image has none. \
            Blank: "Segmentation", else the first segmentation column.""")
    @ChoicesProvider(TrainingLabelColumns.class)
    @ColumnGuess(port = 1, type = LabelVolumeValue.class, names = StudyTable.SEGMENTATION)
    String m_segmentationColumn = "";

    @Widget(title = NotAnnotated.TITLE, description = """
            For segmentations that are complete in part: names or label values, separated by commas, of classes that only \
            say that nobody looked there. Such voxels count in no loss and no validation, no patch is centered on them, and \
            the network needs no class for them; one that has such a class is refused. Where such a class overlaps \
            another, as in <tt>liver + unknown</tt>, the voxels are not annotated either. Blank, the default: everything is \
            annotated, and what has no label is background. nnU-Net gives this mark the highest label value.""", advanced = true)
    @TextInputWidget(placeholder = "(everything is annotated)")
    @SuggestionsProvider(ClassListSuggestions.OfNotAnnotated.class)
    @ValueReference(ClassListSuggestions.OfNotAnnotated.Setting.class)
    String m_notAnnotated = "";

    @Widget(title = "Subject column", description = """
            Says which images belong to one person. A subject in both the training and the validation table is refused, \
            because the validation would be too good. \
            Blank: "Subject".""")
    @ChoicesProvider(TrainingTextColumns.class)
    @ColumnGuess(port = 1, type = StringValue.class, names = StudyTable.SUBJECT, otherwise = Otherwise.NONE)
    String m_subjectColumn = "";

    @Widget(title = "Site column", description = "Says which scanner or hospital an image comes from."
        + " Blank: \"Site\".")
    @ChoicesProvider(TrainingTextColumns.class)
    @ColumnGuess(port = 1, type = StringValue.class, names = StudyTable.SITE, otherwise = Otherwise.NONE)
    @ValueReference(SiteColumn.class)
    String m_siteColumn = "";

    /** For KNIME. */
    public CaseColumns() {
        // the defaults need a table
    }

    /** Of a learner that needs no segmentations. */
    public CaseColumns(final String image, final String subject, final String site) {
        m_imageColumn = image;
        m_subjectColumn = subject;
        m_siteColumn = site;
    }

    /** Chooses defaults from the table at the second input. */
    public CaseColumns(final NodeParametersInput input) {
        ColumnGuesses.defaults(this, input);
    }

    /** Name of the first image column. */
    public String image() {
        return m_imageColumn;
    }

    /** All image columns: the channels of the network's input. */
    public ChannelColumns images() {
        return ChannelColumns.of(m_imageColumn, m_furtherImages);
    }

    /** Name of the segmentation column. */
    public String segmentation() {
        return m_segmentationColumn;
    }

    /**
     * Which classes of the segmentations are none.
     *
     * @throws InvalidSettingsException if it names the background or a number that is no label value
     */
    public NotAnnotated notAnnotated() throws InvalidSettingsException {
        return NotAnnotated.of(m_notAnnotated);
    }

    @Override
    public void validate() throws InvalidSettingsException {
        notAnnotated();
    }

    /** Name of the subject column. */
    public String subject() {
        return m_subjectColumn;
    }

    /** Name of the site column. */
    public String site() {
        return m_siteColumn;
    }
}

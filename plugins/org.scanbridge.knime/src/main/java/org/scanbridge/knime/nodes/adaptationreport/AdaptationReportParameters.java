package org.scanbridge.knime.nodes.adaptationreport;

import org.knime.core.node.InvalidSettingsException;
import org.knime.core.webui.node.dialog.defaultdialog.internal.file.FileSelectionWidget;
import org.knime.core.webui.node.dialog.defaultdialog.internal.file.FileSystemOption;
import org.knime.core.webui.node.dialog.defaultdialog.internal.file.SingleFileSelectionMode;
import org.knime.core.webui.node.dialog.defaultdialog.internal.file.WithFileSystem;
import org.knime.node.parameters.NodeParameters;
import org.knime.node.parameters.NodeParametersInput;
import org.knime.node.parameters.Widget;
import org.knime.node.parameters.layout.After;
import org.knime.node.parameters.layout.Layout;
import org.knime.node.parameters.layout.Section;
import org.knime.node.parameters.migration.LoadDefaultsForAbsentFields;
import org.knime.node.parameters.widget.choices.ChoicesProvider;
import org.knime.node.parameters.widget.choices.SuggestionsProvider;
import org.knime.node.parameters.widget.number.NumberInputWidget;
import org.knime.node.parameters.widget.number.NumberInputWidgetValidation.MinValidation.IsNonNegativeValidation;
import org.knime.node.parameters.widget.text.TextInputWidget;
import org.scanbridge.knime.data.LabelVolumeValue;
import org.scanbridge.knime.data.VolumeValue;
import org.scanbridge.knime.util.ColumnGuess;
import org.scanbridge.knime.util.ColumnGuesses;
import org.scanbridge.knime.util.GuessedColumns;
import org.scanbridge.knime.util.OutputFolder;
import org.scanbridge.knime.util.PortColumns;
import org.scanbridge.knime.util.ScoredModels;
import org.scanbridge.knime.util.StudyTable;
import org.scanbridge.learning.report.ReportModel.ModelRoles;

/** Settings of the Adaptation Report. */
@LoadDefaultsForAbsentFields
public final class AdaptationReportParameters implements NodeParameters, GuessedColumns {

    @Section(title = "Report")
    interface Report {
    }

    @Section(title = "Models", description = "Which models the gap closure compares, by their names in the scores.")
    @After(Report.class)
    interface Models {
    }

    @Section(title = "Pictures")
    @After(Models.class)
    interface Pictures {
    }

    static final class SegmentedImages extends PortColumns {
        SegmentedImages() {
            super(AdaptationReportNodeFactory.SEGMENTED, VolumeValue.class);
        }
    }

    static final class SegmentedLabels extends PortColumns {
        SegmentedLabels() {
            super(AdaptationReportNodeFactory.SEGMENTED, LabelVolumeValue.class);
        }
    }

    @Layout(Report.class)
    @Widget(title = "Title", description = "What stands at the top of the page, such as the name of the study.")
    String m_title = "Adaptation report";

    @Layout(Report.class)
    @Widget(title = "Folder", description = """
            Where report.html, scores.csv, divergence.csv and manifest.json are written; files of an earlier report are \
            replaced. Left blank, nothing is written and the report is only shown as the node's view. A path that does not \
            begin at the root is taken inside the folder "ScanBridge" of your home folder.""")
    @TextInputWidget(placeholder = "/path/to/results")
    @FileSelectionWidget(value = SingleFileSelectionMode.FOLDER, placeholder = "/path/to/results")
    @WithFileSystem(FileSystemOption.LOCAL)
    String m_folder = "";

    @Layout(Models.class)
    @Widget(title = "Source-only model", description = "Name of the model that was trained on the source site alone.")
    @SuggestionsProvider(ScoredModels.class)
    String m_sourceOnly = "source-only";

    @Layout(Models.class)
    @Widget(title = "Adapted model", description = "Name of the model that was adapted.")
    @SuggestionsProvider(ScoredModels.class)
    String m_adapted = "adapted";

    @Layout(Models.class)
    @Widget(title = "Oracle", description = """
            Name of the model that was trained with the target's own labels: the upper bound of any adaptation.""")
    @SuggestionsProvider(ScoredModels.class)
    String m_oracle = "oracle";

    @Layout(Pictures.class)
    @Widget(title = "Image column", description = "The images that are shown with their segmentations."
        + " Blank: \"Image\", else the first image column.")
    @ChoicesProvider(SegmentedImages.class)
    @ColumnGuess(port = AdaptationReportNodeFactory.SEGMENTED, type = VolumeValue.class, names = StudyTable.IMAGE)
    String m_imageColumn = "";

    @Layout(Pictures.class)
    @Widget(title = "Reference column", description = "The reference segmentations."
        + " Blank: \"Segmentation\", else the first segmentation column.")
    @ChoicesProvider(SegmentedLabels.class)
    @ColumnGuess(port = AdaptationReportNodeFactory.SEGMENTED, type = LabelVolumeValue.class, names = StudyTable.SEGMENTATION)
    String m_referenceColumn = "";

    @Layout(Pictures.class)
    @Widget(title = "Subjects per site", description = """
            How many test subjects of each site are shown: first the one that the adapted model segments worst, then the \
            one in the middle, then the best, then others. 0 shows none.""")
    @NumberInputWidget(minValidation = IsNonNegativeValidation.class)
    int m_subjects = 2;

    /** For KNIME. */
    public AdaptationReportParameters() {
        // the defaults need a table
    }

    AdaptationReportParameters(final NodeParametersInput input) {
        ColumnGuesses.defaults(this, input);
    }

    @Override
    public boolean reads(final String setting) {
        return m_subjects > 0;
    }

    ModelRoles roles() {
        return new ModelRoles(m_sourceOnly, m_adapted, m_oracle);
    }

    @Override
    public void validate() throws InvalidSettingsException {
        if (m_subjects < 0) {
            throw new InvalidSettingsException("Subjects per site " + m_subjects + ": 0 or more.");
        }
        OutputFolder.of(m_folder);
    }
}

package org.scanbridge.knime.nodes.segmentationscorer;

import org.knime.core.data.StringValue;
import org.knime.core.node.InvalidSettingsException;
import org.knime.node.parameters.NodeParameters;
import org.knime.node.parameters.NodeParametersInput;
import org.knime.node.parameters.Widget;
import org.knime.node.parameters.layout.After;
import org.knime.node.parameters.layout.Layout;
import org.knime.node.parameters.layout.Section;
import org.knime.node.parameters.migration.LoadDefaultsForAbsentFields;
import org.knime.node.parameters.widget.choices.ChoicesProvider;
import org.knime.node.parameters.widget.text.TextInputWidget;
import org.scanbridge.knime.data.LabelVolumeValue;
import org.scanbridge.knime.util.Columns;
import org.scanbridge.knime.util.LabelColumns;
import org.scanbridge.knime.util.StudyTable;
import org.scanbridge.knime.util.TextColumns;
import org.scanbridge.learning.report.ReportModel.ModelRoles;

/** Settings of {@link SegmentationScorerNodeFactory}. */
@LoadDefaultsForAbsentFields
final class SegmentationScorerParameters implements NodeParameters {

    @Section(title = "Columns")
    interface InputColumns {
    }

    @Section(title = "Scores")
    @After(InputColumns.class)
    interface Scores {
    }

    @Section(title = "Sites")
    @After(Scores.class)
    interface Sites {
    }

    @Section(title = "Gap closure", description = "How much of what the source-only model loses on a target site the"
        + " adapted model wins back: (adapted - source-only) / (oracle - source-only). Computed if all three columns"
        + " are in the table.")
    @After(Sites.class)
    interface Gap {
    }

    @Layout(InputColumns.class)
    @Widget(title = "Reference column", description = "The segmentations that count as the truth. Every other"
        + " segmentation column is scored against it and is named after its model. Rows without a reference are left"
        + " out.")
    @ChoicesProvider(LabelColumns.class)
    String m_referenceColumn = StudyTable.SEGMENTATION;

    @Layout(InputColumns.class)
    @Widget(title = "Subject column", description = "The subject of each row.")
    @ChoicesProvider(TextColumns.class)
    String m_subjectColumn = StudyTable.SUBJECT;

    @Layout(InputColumns.class)
    @Widget(title = "Site column", description = "The site of each row.")
    @ChoicesProvider(TextColumns.class)
    String m_siteColumn = StudyTable.SITE;

    @Layout(InputColumns.class)
    @Widget(title = "Role column", description = "Whether a row was used for training, validation or test. Scores of"
        + " different roles are never averaged together. If none is chosen, all rows count as test.")
    @ChoicesProvider(TextColumns.class)
    String m_roleColumn = "";

    @Layout(Scores.class)
    @Widget(title = "Surface distances", description = "Computes the 95th percentile of the Hausdorff distance (HD95)"
        + " and the average symmetric surface distance (ASSD). Switch it off to save time with large images; their"
        + " columns are then missing.")
    boolean m_surfaceDistances = true;

    @Layout(Sites.class)
    @Widget(title = "Source site", description = "The site whose labels models were trained on; all other sites are"
        + " targets. Blank: the first in alphabetical order.")
    @TextInputWidget(placeholder = "(first in alphabetical order)")
    String m_sourceSite = "";

    @Layout(Gap.class)
    @Widget(title = "Source-only model", description = "Column of the model trained on the source site only.")
    @TextInputWidget
    String m_sourceOnlyModel = "source-only";

    @Layout(Gap.class)
    @Widget(title = "Adapted model", description = "Column of the model adapted to the target sites.")
    @TextInputWidget
    String m_adaptedModel = "adapted";

    @Layout(Gap.class)
    @Widget(title = "Oracle model", description = "Column of the model trained with the target site's labels: what"
        + " adapting could reach at best.")
    @TextInputWidget
    String m_oracleModel = "oracle";

    /** Defaults for a node without input. */
    SegmentationScorerParameters() {
        // the initial values
    }

    /** Defaults that fit the input table. */
    SegmentationScorerParameters(final NodeParametersInput input) {
        m_referenceColumn = Columns.defaultName(input, 0, LabelVolumeValue.class, StudyTable.SEGMENTATION);
        m_subjectColumn = Columns.defaultName(input, 0, StringValue.class, StudyTable.SUBJECT);
        m_siteColumn = Columns.defaultName(input, 0, StringValue.class, StudyTable.SITE);
        m_roleColumn = Columns.defaultText(input, 0, StudyTable.ROLE);
    }

    /** The three models that gap closure compares. */
    ModelRoles models() {
        return new ModelRoles(m_sourceOnlyModel, m_adaptedModel, m_oracleModel);
    }

    @Override
    public void validate() throws InvalidSettingsException {
        if (isBlank(m_sourceOnlyModel) || isBlank(m_adaptedModel) || isBlank(m_oracleModel)) {
            throw new InvalidSettingsException("A model of \"Gap closure\" has no name. Give the names of the columns,"
                + " even if the table does not have them.");
        }
    }

    private static boolean isBlank(final String name) {
        return name == null || name.isBlank();
    }
}

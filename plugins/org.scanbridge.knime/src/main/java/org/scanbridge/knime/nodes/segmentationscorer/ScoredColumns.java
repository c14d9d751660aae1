package org.scanbridge.knime.nodes.segmentationscorer;

import java.util.LinkedHashMap;
import java.util.Map;

import org.knime.core.data.DataRow;
import org.knime.core.data.DataTableSpec;
import org.knime.core.data.StringValue;
import org.knime.core.node.InvalidSettingsException;
import org.scanbridge.knime.data.LabelVolumeValue;
import org.scanbridge.knime.util.Columns;
import org.scanbridge.knime.util.StudyColumns;
import org.scanbridge.knime.util.StudyTable;

/** Which columns are compared with which. */
final class ScoredColumns {

    private final StudyColumns m_study;

    private final int m_role;

    private final Map<String, Integer> m_models = new LinkedHashMap<>();

    /** @throws InvalidSettingsException if a column is not there, or there is nothing to score */
    ScoredColumns(final SegmentationScorerParameters parameters, final DataTableSpec spec)
        throws InvalidSettingsException {
        Columns.index(spec, parameters.m_referenceColumn, LabelVolumeValue.class, "Reference column");
        m_study = StudyColumns.of(spec, parameters.m_subjectColumn, parameters.m_siteColumn, null,
            parameters.m_referenceColumn);
        m_role = Columns.optionalIndex(spec, parameters.m_roleColumn, StringValue.class, "Role column");
        for (final String name : Columns.names(spec, LabelVolumeValue.class)) {
            if (!name.equals(parameters.m_referenceColumn)) {
                m_models.put(name, spec.findColumnIndex(name));
            }
        }
        if (m_models.isEmpty()) {
            throw new InvalidSettingsException("The table has no segmentation column besides the reference \""
                + parameters.m_referenceColumn + "\". Connect the output of a Segmentation Predictor.");
        }
    }

    /** Subject, site and reference. */
    StudyColumns study() {
        return m_study;
    }

    /** Column indices by model, in table order. */
    Map<String, Integer> models() {
        return m_models;
    }

    /** What a row was used for. */
    String role(final DataRow row) {
        return m_role < 0 ? StudyTable.TEST : Columns.text(row, m_role);
    }
}

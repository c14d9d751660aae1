package org.scanbridge.knime.util;

import java.util.Optional;

import org.knime.core.data.DataCell;
import org.knime.core.data.DataRow;
import org.knime.core.data.DataTableSpec;
import org.knime.core.data.StringValue;
import org.knime.core.node.InvalidSettingsException;
import org.scanbridge.knime.data.LabelVolumeValue;
import org.scanbridge.knime.data.VolumeValue;

/**
 * Where a study's table keeps subject, site, image and segmentation.
 *
 * @param subject index of the subject column; -1 if not used, as for the others
 * @param site index of the site column
 * @param image index of the image column
 * @param segmentation index of the segmentation column
 */
public record StudyColumns(int subject, int site, int image, int segmentation) {

    /**
     * Finds columns by name.
     *
     * @param spec the table
     * @param subject name of the subject column; required
     * @param site name of the site column; required
     * @param image name of the image column; null if not needed
     * @param segmentation name of the segmentation column; null or empty if not used
     * @throws InvalidSettingsException naming the column and the setting
     */
    public static StudyColumns of(final DataTableSpec spec, final String subject, final String site,
        final String image, final String segmentation) throws InvalidSettingsException {
        return new StudyColumns(Columns.index(spec, subject, StringValue.class, "Subject column"),
            Columns.index(spec, site, StringValue.class, "Site column"),
            image == null ? -1 : Columns.index(spec, image, VolumeValue.class, "Image column"),
            Columns.optionalIndex(spec, segmentation, LabelVolumeValue.class, "Segmentation column"));
    }

    /** Reads a row; voxels are not touched. */
    public StudyRow row(final DataRow row) {
        return new StudyRow(row.getKey().getString(), Columns.text(row, subject), Columns.text(row, site),
            cell(row, image).map(VolumeValue.class::cast),
            cell(row, segmentation).map(LabelVolumeValue.class::cast));
    }

    private static Optional<DataCell> cell(final DataRow row, final int index) {
        return index < 0 || row.getCell(index).isMissing() ? Optional.empty() : Optional.of(row.getCell(index));
    }
}
